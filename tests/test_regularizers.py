import json
import re

import numpy as np
import pytest

from convlet import layers, regularizers
from convlet.errors import ArgumentError, ShapeError, UnknownNameError, UnsupportedError
from convlet.regularizers import L1, L1L2, L2, OrthogonalRegularizer, Regularizer
from tests.engine.differences import central_differences

MATRIX = np.array([[1.0, -2.0, 0.5], [3.0, 4.0, -1.0]])


@pytest.mark.parametrize(
    ("regularizer", "penalty"),
    [
        (L1(), 0.115),
        (L1(2.0), 23.0),
        (L2(0.5), 15.625),
        (L1L2(), 0.0),
        (L1L2(0.1, 0.2), 7.4),
        (OrthogonalRegularizer(0.5), 0.5 * 5.5 / np.sqrt(5.25 * 26)),
    ],
)
def test_penalties_by_hand(regularizer, penalty):
    assert regularizer(MATRIX) == pytest.approx(penalty, rel=1e-12)
    assert regularizer(MATRIX.astype(np.float32)) == pytest.approx(penalty, rel=1e-6)


def test_the_columns_mode_looks_at_the_transpose():
    rows, columns = OrthogonalRegularizer(0.3), OrthogonalRegularizer(0.3, "columns")
    assert columns(MATRIX) == rows(MATRIX.T) != rows(MATRIX)
    np.testing.assert_array_equal(columns.gradient(MATRIX), rows.gradient(MATRIX.T).T)


@pytest.mark.parametrize("shape", [(1, 4), (2, 3)])
def test_orthogonal_or_single_rows_cost_nothing(shape):
    assert OrthogonalRegularizer()(np.eye(*shape)) == 0.0
    assert not OrthogonalRegularizer().gradient(np.eye(*shape)).any()


def test_a_row_of_zeros_is_orthogonal_to_all():
    assert OrthogonalRegularizer()([[0.0, 0.0], [1.0, 1.0]]) == 0.0


@pytest.mark.parametrize(
    "regularizer",
    [
        L1(0.3),
        L2(0.3),
        L1L2(0.2, 0.4),
        OrthogonalRegularizer(0.7),
        OrthogonalRegularizer(0.7, "columns"),
    ],
    ids=lambda regularizer: type(regularizer).__name__,
)
def test_gradients_are_the_slopes_of_the_penalty(regularizer):
    expected = central_differences(lambda x: np.array(regularizer(x)), MATRIX, 1.0)
    np.testing.assert_allclose(regularizer.gradient(MATRIX), expected, rtol=1e-6, atol=1e-8)


def test_the_slope_of_an_absolute_value_is_0_at_0():
    assert L1(0.5).gradient([0.0, -1.0]).tolist() == [0.0, -0.5]


@pytest.mark.parametrize(
    ("identifier", "kind"),
    [
        ("l1", L1),
        ("L1", L1),
        ("l2", L2),
        ("l1_l2", L1L2),
        ("L1L2", L1L2),
        ("l1l2", L1L2),
        ("orthogonal_regularizer", OrthogonalRegularizer),
        (L2, L2),
        (L2(0.5), L2),
    ],
)
def test_found_by_name(identifier, kind):
    assert type(regularizers.get(identifier)) is kind
    assert regularizers.get(None) is None


def test_short_names_are_the_classes():
    assert (regularizers.l1, regularizers.l2, regularizers.l1_l2) == (L1, L2, L1L2)
    assert regularizers.orthogonal_regularizer is OrthogonalRegularizer


@pytest.mark.parametrize(
    "regularizer",
    [L1(0.5), L2(0.25), L1L2(0.1, 0.2), OrthogonalRegularizer(0.5, "columns")],
    ids=lambda regularizer: type(regularizer).__name__,
)
def test_config_round_trip(regularizer):
    saved = json.loads(json.dumps(regularizers.serialize(regularizer)))
    assert saved["module"] == "keras.regularizers"
    again = regularizers.get(saved)
    assert type(again) is type(regularizer)
    assert again.get_config() == regularizer.get_config()


def test_none_stands_for_the_default():
    assert (L1(None).l1, L2(None).l2, L1L2(None, None).get_config()) == (
        0.01,
        0.01,
        {"l1": 0.0, "l2": 0.0},
    )


def squares(x):
    return float(np.square(x).sum())


squares.gradient = lambda x: 2 * x


def test_a_function_with_a_gradient():
    regularizer = regularizers.get(squares)
    assert regularizer([1.0, 2.0]) == 5.0
    assert regularizer.gradient(np.array([1.0, 2.0])).tolist() == [2.0, 4.0]
    saved = regularizers.serialize(regularizer)
    assert (saved["class_name"], saved["config"]) == ("function", "squares")


class Underivable(Regularizer):
    def __call__(self, x):
        return 0.0


ADVICE = (
    "Define gradient(x), which returns the penalty's derivative by each element of x, in the class "
    "or as the function's attribute."
)


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (
            lambda: L1(-1),
            ArgumentError,
            "L1 needs l1 to be a number at least 0. Received l1=-1.",
        ),
        (
            lambda: OrthogonalRegularizer(mode="row"),
            UnknownNameError,
            "OrthogonalRegularizer needs mode to be one of 'rows', 'columns'. "
            "Received mode='row'. Did you mean 'rows'?",
        ),
        (
            lambda: OrthogonalRegularizer()(np.ones((3, 3, 1, 2))),
            ShapeError,
            "OrthogonalRegularizer needs a matrix. Received shape (3, 3, 1, 2). "
            "Use it for the kernel of a Dense layer.",
        ),
        (
            lambda: layers.Dense(3, kernel_regularizer="l2_"),
            UnknownNameError,
            "Dense needs kernel_regularizer to be one of 'l1', 'l1_l2', 'l2', "
            "'orthogonal_regularizer'. Received kernel_regularizer='l2_'. Did you mean 'l2'?",
        ),
        (
            lambda: layers.Dense(3, bias_regularizer=0.1),
            ArgumentError,
            "Dense needs bias_regularizer to be a name, a function or a Regularizer object. "
            "Received bias_regularizer=0.1.",
        ),
        (
            lambda: layers.Dense(3, kernel_regularizer=Underivable()),
            ArgumentError,
            "Dense needs kernel_regularizer to have a gradient: convlet does not derive it. "
            f"Received Underivable without. {ADVICE}",
        ),
        (
            lambda: regularizers.get(np.sum),
            ArgumentError,
            "regularizers.get needs regularizer to have a gradient: convlet does not derive it. "
            f"Received sum without. {ADVICE}",
        ),
        (
            lambda: layers.Dense(3, activity_regularizer=squares),
            UnsupportedError,
            "Dense does not support activity_regularizer=squares yet. Use L1, L2 or L1L2.",
        ),
        (
            lambda: regularizers.deserialize({"class_name": "function", "config": "squares"}),
            UnknownNameError,
            "A saved regularizer needs class_name to be one of 'l1', 'l1_l2', 'l2', "
            "'orthogonal_regularizer'. Received class_name='squares'.",
        ),
        (
            lambda: Regularizer()([1.0]),
            NotImplementedError,
            "Regularizer needs to define __call__(x).",
        ),
        (
            lambda: Underivable().gradient([1.0]),
            NotImplementedError,
            "Underivable needs to define gradient(x).",
        ),
    ],
)
def test_messages(act, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        act()
