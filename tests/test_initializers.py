import json
import re

import numpy as np
import pytest

from convlet import initializers, rng
from convlet.errors import ArgumentError, UnknownNameError

KERNEL = (3, 3, 64, 128)
FAN_IN = 3 * 3 * 64
FAN_AVERAGE = 3 * 3 * (64 + 128) / 2

# name, variance, bound of the absolute value (a truncated normal reaches 2 standard deviations of
# the normal it is cut from, which are 2 / 0.8796 of its own)
SCALED = [
    ("glorot_uniform", 1 / FAN_AVERAGE, np.sqrt(3)),
    ("glorot_normal", 1 / FAN_AVERAGE, 2 / 0.8796),
    ("he_uniform", 2 / FAN_IN, np.sqrt(3)),
    ("he_normal", 2 / FAN_IN, 2 / 0.8796),
    ("lecun_uniform", 1 / FAN_IN, np.sqrt(3)),
    ("lecun_normal", 1 / FAN_IN, 2 / 0.8796),
    ("random_uniform", 0.05**2 / 3, np.sqrt(3)),
    ("random_normal", 0.05**2, 6),
    ("truncated_normal", (0.05 * 0.87962566) ** 2, 2 / 0.8796),
]


@pytest.mark.parametrize(("name", "variance", "bound"), SCALED)
def test_random_values(name, variance, bound):
    values = initializers.get(name)(KERNEL)
    assert values.shape == KERNEL
    deviation = np.sqrt(variance)
    assert values.std() == pytest.approx(deviation, rel=0.01)
    assert abs(values.mean()) < 0.02 * deviation
    assert 0.98 * min(bound, 4) * deviation < abs(values).max() <= bound * 1.0001 * deviation


@pytest.mark.parametrize(("name", "value"), [("zeros", 0.0), ("ones", 1.0), ("constant", 0.0)])
def test_one_value(name, value):
    np.testing.assert_array_equal(initializers.get(name)((2, 3)), np.full((2, 3), value))


@pytest.mark.parametrize(
    ("shape", "fans"),
    [((), (1, 1)), ((5,), (5, 5)), ((4, 7), (4, 7)), ((3, 2, 5, 7), (30, 42))],
)
def test_fans(shape, fans):
    assert initializers._fans(shape) == fans


@pytest.mark.parametrize("distribution", ["uniform", "truncated_normal", "untruncated_normal"])
@pytest.mark.parametrize("mode", ["fan_in", "fan_out", "fan_avg"])
def test_variance_scaling(mode, distribution):
    values = initializers.VarianceScaling(3.0, mode, distribution)((200, 600))
    n = {"fan_in": 200, "fan_out": 600, "fan_avg": 400}[mode]
    assert values.var() == pytest.approx(3.0 / n, rel=0.02)


@pytest.mark.parametrize("name", [name for name, *_ in SCALED])
def test_seeds(name):
    cls = type(initializers.get(name))
    np.testing.assert_array_equal(cls(seed=3)((4, 5)), cls(seed=3)((4, 5)))
    assert (cls(seed=3)((4, 5)) != cls(seed=4)((4, 5))).any()
    rng.set_random_seed(1)
    first, second = cls()((4, 5)), cls()((4, 5))
    rng.set_random_seed(1)
    np.testing.assert_array_equal(cls()((4, 5)), first)
    assert (first != second).any()


@pytest.mark.parametrize(
    "initializer",
    [
        initializers.Constant(0.5),
        initializers.HeNormal(seed=3),
        initializers.RandomNormal(1.0, 2.0, seed=3),
        initializers.RandomUniform(-1.0, 2.0),
        initializers.TruncatedNormal(1.0, 2.0),
        initializers.VarianceScaling(2.0, "fan_out", "uniform", seed=3),
        initializers.Zeros(),
    ],
    ids=lambda initializer: type(initializer).__name__,
)
def test_config_round_trip(initializer):
    again = initializers.get(json.loads(json.dumps(initializers.serialize(initializer))))
    assert type(again) is type(initializer)
    assert again.get_config() == initializer.get_config()
    assert initializers.get(initializer) is initializer


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: initializers.Constant("1"),
            "Constant needs value to be a number. Received value='1'.",
        ),
        (
            lambda: initializers.HeNormal(seed=-1),
            "HeNormal needs seed to be an integer of at least 0. Received seed=-1.",
        ),
        (
            lambda: initializers.RandomNormal(stddev=-1),
            "RandomNormal needs stddev to be a number at least 0. Received stddev=-1.",
        ),
        (
            lambda: initializers.RandomUniform(1, 0),
            "RandomUniform needs maxval to be a number at least 1. Received maxval=0.",
        ),
        (
            lambda: initializers.VarianceScaling(scale=0),
            "VarianceScaling needs scale to be a number above 0. Received scale=0.",
        ),
    ],
)
def test_refuses(make, message):
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        make()


def test_misspelt_name():
    with pytest.raises(UnknownNameError, match=r"Did you mean 'glorot_uniform'\?$"):
        initializers.get("glorot_unifrm")


def test_neither_name_nor_initializer():
    message = (
        "Dense needs initializer to be a name or an Initializer object. Received initializer=3."
    )
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        initializers.get(3, owner="Dense")
