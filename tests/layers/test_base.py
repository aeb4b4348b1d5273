import re

import numpy as np
import pytest

from convlet import layers
from convlet.errors import (
    ArgumentError,
    NotBuiltError,
    ShapeError,
    UnknownNameError,
    UnsupportedError,
)

NOT_BUILT_FIX = "Add it to a model whose input shape is known, or call build(input_shape)."


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        (
            {"nmae": "first"},
            ArgumentError,
            "Dense has no argument 'nmae'. Did you mean 'name'?",
        ),
        (
            {"unit": 3},
            ArgumentError,
            "Dense has no argument 'unit'. Did you mean 'units'?",
        ),
        (
            {"xyz": 3},
            ArgumentError,
            "Dense has no argument 'xyz'. Its arguments are activation, activity_regularizer, "
            "bias_constraint, bias_initializer, bias_regularizer, dtype, input_dim, input_shape, "
            "kernel_constraint, kernel_initializer, kernel_regularizer, name, trainable, units, "
            "use_bias.",
        ),
        (
            {"name": "a/b"},
            ArgumentError,
            "Dense needs name to be a text without '/', or None. Received name='a/b'.",
        ),
        (
            {"trainable": 1},
            ArgumentError,
            "Dense needs trainable to be True or False. Received trainable=1.",
        ),
        (
            {"dtype": "float16"},
            UnsupportedError,
            "Dense does not support dtype='float16' yet. The only value is 'float32'.",
        ),
        (
            {"activity_regularizer": "orthogonal_regularizer"},
            UnsupportedError,
            "Dense does not support activity_regularizer=OrthogonalRegularizer yet. "
            "Use L1, L2 or L1L2.",
        ),
        (
            {"input_shape": (None, 3)},
            UnsupportedError,
            "Dense does not support sizes left open yet. Received input_shape=(None, 3). "
            "Leave the batch axis out: (3,).",
        ),
        (
            {"input_shape": 784},
            ArgumentError,
            "Dense needs input_shape to be a tuple of sizes, each an integer of at least 1 or "
            "None. Received input_shape=784. Write (784,) for a single size.",
        ),
        (
            {"input_dim": 0},
            ArgumentError,
            "Dense needs input_dim to be an integer of at least 1. Received input_dim=0.",
        ),
    ],
)
def test_constructor_refuses(settings, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        layers.Dense(3, **settings)


@pytest.mark.parametrize(
    "dtype",
    [None, "float32", np.float32, {"class_name": "DTypePolicy", "config": {"name": "float32"}}],
)
def test_dtype(dtype):
    assert layers.Dense(3, dtype=dtype).dtype == "float32"


def test_input_dim_is_short_for_input_shape():
    assert layers.Dense(3, input_dim=784).sample_shape == (784,)
    assert layers.Dense(3, input_shape=[28, 28]).sample_shape == (28, 28)


@pytest.mark.parametrize(
    ("ask", "what"),
    [
        (lambda layer: layer.input_shape, "its shapes are known"),
        (lambda layer: layer.output_shape, "its shapes are known"),
        (lambda layer: layer.count_params(), "its parameters can be counted"),
        (lambda layer: layer.kernel, "it has a kernel"),
        (lambda layer: layer.bias, "it has a bias"),
        (lambda layer: layer.set_weights([]), "its weights are set"),
    ],
)
def test_before_it_is_built(ask, what):
    message = f"Dense 'first' needs to be built before {what}. {NOT_BUILT_FIX}"
    with pytest.raises(NotBuiltError, match=f"^{re.escape(message)}$"):
        ask(layers.Dense(3, name="first"))


def test_unbuilt_attributes_are_missing_as_in_keras():
    layer = layers.Dense(3)
    assert not hasattr(layer, "kernel")
    assert layer.weights == []


def test_building_again_keeps_the_weights():
    layer = layers.Conv2D(2, 3)
    layer.build((None, 8, 8, 3))
    kernel = layer.kernel
    layer.build((None, 9, 9, 3))
    assert layer.kernel is kernel
    assert layer.output_shape == (None, 7, 7, 2)


def test_building_again_for_other_weights_is_refused():
    layer = layers.Dense(3, name="first")
    layer.build((None, 576))
    message = (
        "Dense 'first' needs inputs of shape (None, 576), for which it was built. "
        "Received shape (None, 784)."
    )
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
        layer.build((None, 784))
    assert layer.input_shape == (None, 576)


def test_an_input_needs_a_batch_axis():
    with pytest.raises(ShapeError, match=r"needs an input with a batch axis\. Received shape \(\)"):
        layers.Flatten().compute_output_shape(())


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (
            [np.ones((4, 3))],
            "Dense 'first' needs 2 arrays of weights (first/kernel (4, 3), first/bias (3,)). "
            "Received 1.",
        ),
        (
            [np.ones((3, 4)), np.ones(3)],
            "Dense 'first' needs 'first/kernel' to have shape (4, 3). Received shape (3, 4).",
        ),
    ],
)
def test_set_weights_refuses(weights, message):
    layer = layers.Dense(3, name="first")
    layer.build((None, 4))
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
        layer.set_weights(weights)


def test_weights_are_float32_and_random():
    first, second = layers.Dense(3), layers.Dense(3)
    first.build((None, 4))
    second.build((None, 4))
    assert first.kernel.dtype == np.float32
    assert (first.kernel.value != second.kernel.value).any()
    np.testing.assert_array_equal(first.bias.value, 0)


def test_trainable():
    layer = layers.Dense(3, trainable=False)
    layer.build((None, 4))
    assert layer.trainable_weights == []
    layer.trainable = True
    assert layer.trainable_variables == layer.weights == layer.variables
    assert layer.non_trainable_variables == []


def test_repr():
    assert repr(layers.Dense(3, name="first")) == "<Dense 'first'>"


def test_deserialize_knows_only_its_layers():
    with pytest.raises(UnknownNameError, match="Received class_name='Lambda'"):
        layers.deserialize({"class_name": "Lambda", "config": {"function": "import os"}})


def test_second_names():
    assert layers.Convolution2D is layers.Conv2D
    assert layers.MaxPool2D is layers.MaxPooling2D
    assert layers.AvgPool2D is layers.AveragePooling2D
    assert layers.GlobalMaxPool2D is layers.GlobalMaxPooling2D
    assert layers.GlobalAvgPool2D is layers.GlobalAveragePooling2D
