import re

import numpy as np
import pytest

from convlet import activations
from convlet.errors import ArgumentError, UnknownNameError, UnsupportedError

LISTED = "'linear', 'relu', 'sigmoid', 'softmax', 'tanh'"


@pytest.mark.parametrize("name", ["linear", "relu", "sigmoid", "softmax", "tanh"])
def test_get_and_serialize(name):
    function = activations.get(name)
    assert function is getattr(activations, name)
    assert activations.get(function) is function
    assert activations.serialize(function) == name


def test_none_is_linear():
    assert activations.get(None) is activations.linear


@pytest.mark.parametrize(
    ("identifier", "error", "message"),
    [
        (
            "rleu",
            UnknownNameError,
            f"Dense needs activation to be one of {LISTED}. Received activation='rleu'. "
            "Did you mean 'relu'?",
        ),
        (
            np.sin,
            UnsupportedError,
            "Dense does not support an activation function of one's own. Received sin. "
            f"Choose one of {LISTED}.",
        ),
        (
            3,
            ArgumentError,
            f"Dense needs activation to be one of {LISTED} or None. Received activation=3.",
        ),
    ],
)
def test_get_refuses(identifier, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        activations.get(identifier, "Dense")


def test_relu():
    x = np.array([-2.0, 0.0, 0.5, 1.0, 9.0, np.nan])
    np.testing.assert_array_equal(activations.relu(x), [0, 0, 0.5, 1, 9, np.nan])
    np.testing.assert_allclose(
        activations.relu(x, negative_slope=0.1, max_value=6.0, threshold=1.0),
        [-0.3, -0.1, -0.05, 1, 6, np.nan],
    )


@pytest.mark.parametrize("function", [activations.sigmoid, activations.softmax, activations.tanh])
def test_large_numbers_do_not_overflow(function):
    assert np.isfinite(function(np.array([-1e4, 0.0, 1e4], dtype=np.float32))).all()


@pytest.mark.parametrize("function", [activations.relu, activations.sigmoid, activations.softmax])
def test_float32_stays_float32(function):
    assert function(np.ones(3, dtype=np.float32)).dtype == np.float32


def test_softmax_along_an_axis():
    x = np.array([[1.0, 2.0], [3.0, 2.0]])
    np.testing.assert_allclose(activations.softmax(x).sum(axis=-1), 1.0)
    np.testing.assert_allclose(activations.softmax(x, axis=0)[:, 1], 0.5)
    np.testing.assert_allclose(activations.softmax(x)[0], [1 / (1 + np.e), np.e / (1 + np.e)])
