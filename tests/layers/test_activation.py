import re

import pytest

from convlet import activations, layers
from convlet.errors import ArgumentError, UnsupportedError


def test_activation_takes_a_function():
    assert layers.Activation(activations.tanh).activation is activations.tanh


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (
            lambda: layers.Activation("rleu"),
            ArgumentError,
            "Activation needs activation to be one of 'linear', 'relu', 'sigmoid', 'softmax', "
            "'tanh'. Received activation='rleu'. Did you mean 'relu'?",
        ),
        (
            lambda: layers.ReLU(max_value=-1),
            ArgumentError,
            "ReLU needs max_value to be a number at least 0. Received max_value=-1.",
        ),
        (
            lambda: layers.ReLU(negative_slope=None),
            ArgumentError,
            "ReLU needs negative_slope to be a number at least 0. Received negative_slope=None.",
        ),
        (
            lambda: layers.ReLU(threshold=-0.1),
            ArgumentError,
            "ReLU needs threshold to be a number at least 0. Received threshold=-0.1.",
        ),
        (
            lambda: layers.Softmax(axis="last"),
            ArgumentError,
            "Softmax needs axis to be an integer. Received axis='last'.",
        ),
        (
            lambda: layers.Softmax(axis=1, name="s").compute_output_shape((None, 5, 4, 3)),
            UnsupportedError,
            "Softmax 's' does not support an axis other than the last yet. "
            "Received axis=1 for an input of shape (None, 5, 4, 3).",
        ),
    ],
)
def test_refuses(make, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        make()
