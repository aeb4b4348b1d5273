import json
import re

import numpy as np
import pytest

from convlet import constraints, layers
from convlet.constraints import Constraint, MaxNorm, MinMaxNorm, NonNeg, UnitNorm
from convlet.errors import ArgumentError, UnknownNameError

MATRIX = np.array([[3.0, 0.3, 0.0], [-4.0, -0.4, 0.0]])  # columns of norms 5, 0.5 and 0


@pytest.mark.parametrize(
    ("constraint", "norms"),
    [
        (MaxNorm(), [2.0, 0.5, 0.0]),
        (MaxNorm(0.25), [0.25, 0.25, 0.0]),
        (UnitNorm(), [1.0, 1.0, 0.0]),
        (MinMaxNorm(), [1.0, 0.5, 0.0]),
        (MinMaxNorm(0.75, 4.0), [4.0, 0.75, 0.0]),
        (MinMaxNorm(0.75, 4.0, rate=0.25), [4.75, 0.5625, 0.0]),
    ],
)
def test_norms(constraint, norms):
    result = constraint(MATRIX)
    np.testing.assert_allclose(np.linalg.norm(result, axis=0), norms, rtol=1e-6)
    assert (np.sign(result) == np.sign(MATRIX)).all()


@pytest.mark.parametrize("kind", [MaxNorm, UnitNorm, MinMaxNorm])
def test_the_axes_of_a_norm(kind):
    kernel = np.random.default_rng(0).normal(size=(3, 2, 4, 5))
    result = kind(axis=[0, 1, 2])(kernel)
    expected = kind(axis=0)(kernel.reshape(-1, 5)).reshape(kernel.shape)
    np.testing.assert_allclose(result, expected, rtol=1e-12)
    assert kind(axis=(0, 1, 2)).axis == (0, 1, 2)


def test_non_negative():
    assert NonNeg()(MATRIX).tolist() == [[3.0, 0.3, 0.0], [0.0, 0.0, 0.0]]


def test_the_base_changes_nothing():
    np.testing.assert_array_equal(Constraint()(MATRIX), MATRIX)
    assert Constraint().get_config() == {}


@pytest.mark.parametrize(
    ("identifier", "kind"),
    [
        ("max_norm", MaxNorm),
        ("MaxNorm", MaxNorm),
        ("min_max_norm", MinMaxNorm),
        ("non_neg", NonNeg),
        ("unit_norm", UnitNorm),
        (NonNeg, NonNeg),
        (NonNeg(), NonNeg),
    ],
)
def test_found_by_name(identifier, kind):
    assert type(constraints.get(identifier)) is kind
    assert constraints.get(None) is None


def test_short_names_are_the_classes():
    short = (constraints.max_norm, constraints.min_max_norm, constraints.non_neg)
    assert (*short, constraints.unit_norm) == (MaxNorm, MinMaxNorm, NonNeg, UnitNorm)


@pytest.mark.parametrize(
    "constraint",
    [MaxNorm(3, [0, 1]), MinMaxNorm(0.5, 2.0, 0.1, 1), NonNeg(), UnitNorm(1)],
    ids=lambda constraint: type(constraint).__name__,
)
def test_config_round_trip(constraint):
    again = constraints.get(json.loads(json.dumps(constraints.serialize(constraint))))
    assert type(again) is type(constraint)
    assert again.get_config() == constraint.get_config()


def halved(w):
    return w / 2


def test_a_function():
    constraint = constraints.get(halved)
    assert constraint(np.array([3.0])).tolist() == [1.5]
    assert constraints.serialize(constraint)["config"] == "halved"


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (
            lambda: MaxNorm(-1),
            ArgumentError,
            "MaxNorm needs max_value to be a number at least 0. Received max_value=-1.",
        ),
        (
            lambda: MinMaxNorm(2.0, 1.0),
            ArgumentError,
            "MinMaxNorm needs max_value to be a number at least 2. Received max_value=1.0.",
        ),
        (
            lambda: UnitNorm("last"),
            ArgumentError,
            "UnitNorm needs axis to be an integer or several. Received axis='last'.",
        ),
        (
            lambda: UnitNorm(0.5),
            ArgumentError,
            "UnitNorm needs axis to be an integer or several. Received axis=0.5.",
        ),
        (
            lambda: layers.Dense(3, kernel_constraint="maxnorm"),
            UnknownNameError,
            "Dense needs kernel_constraint to be one of 'max_norm', 'min_max_norm', 'non_neg', "
            "'unit_norm'. Received kernel_constraint='maxnorm'. Did you mean 'max_norm'?",
        ),
        (
            lambda: layers.Dense(3, bias_constraint=3),
            ArgumentError,
            "Dense needs bias_constraint to be a name, a function or a Constraint object. "
            "Received bias_constraint=3.",
        ),
    ],
)
def test_messages(act, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        act()
