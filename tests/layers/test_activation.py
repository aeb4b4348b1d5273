import re
from functools import partial

import pytest

from convlet import activations, layers
from convlet.activations.lookup import describe
from convlet.errors import ArgumentError, ShapeError
from tests.activations.test_lookup import WITH_ALIASES


def test_activation_takes_a_function():
    assert layers.Activation(activations.tanh).activation is activations.tanh


def test_layers_of_activations_have_the_arguments_of_their_functions():
    described = [
        describe(layer.activation)
        for layer in (
            layers.ReLU(6.0, 0.5, 1.0),
            layers.LeakyReLU(),
            layers.ELU(0.5),
            layers.Softmax(2),
        )
    ]
    assert described == [
        ("relu", {"negative_slope": 0.5, "max_value": 6.0, "threshold": 1.0}),
        ("leaky_relu", {"negative_slope": 0.3}),
        ("elu", {"alpha": 0.5}),
        ("softmax", {"axis": 2}),
    ]


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (
            lambda: layers.Activation("rleu"),
            ArgumentError,
            f"Activation needs activation to be one of {WITH_ALIASES}. "
            "Received activation='rleu'. Did you mean 'relu'?",
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
            lambda: layers.Softmax(axis=0, name="s").compute_output_shape((None, 5, 4, 3)),
            ShapeError,
            "Softmax 's' needs an axis of its input other than the batch's. "
            "Received axis=0 for an input of shape (None, 5, 4, 3).",
        ),
        (
            lambda: layers.Activation(partial(activations.softmax, axis=-2), name="a").build(
                (None, 5)
            ),
            ShapeError,
            "Activation 'a' needs an axis of its input other than the batch's. "
            "Received axis=-2 for an input of shape (None, 5).",
        ),
        (
            lambda: layers.LeakyReLU(negative_slope=-1),
            ArgumentError,
            "LeakyReLU needs negative_slope to be a number at least 0. Received negative_slope=-1.",
        ),
        (
            lambda: layers.ELU("1"),
            ArgumentError,
            "ELU needs alpha to be a number. Received alpha='1'.",
        ),
    ],
)
def test_refuses(make, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        make()
