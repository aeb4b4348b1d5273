import re

import pytest

from convlet import layers
from convlet.errors import ArgumentError, ShapeError


def test_settings_are_normalised():
    layer = layers.DepthwiseConv2D(3, strides=[2, 2], padding="SAME", dilation_rate=2)
    assert (layer.kernel_size, layer.strides, layer.dilation_rate) == ((3, 3), (2, 2), (2, 2))
    assert (layer.padding, layer.depth_multiplier) == ("same", 1)


def test_each_channel_has_its_windows_and_each_of_these_a_bias():
    layer = layers.DepthwiseConv2D((3, 2), depth_multiplier=4)
    layer.build((None, 5, 5, 6))
    assert [weight.shape for weight in layer.weights] == [(3, 2, 6, 4), (24,)]
    assert layer.output_shape == (None, 3, 4, 24)


def test_the_configuration_has_keras_names():
    config = layers.DepthwiseConv2D(3, depthwise_initializer="he_normal").get_config()
    assert config["depthwise_initializer"]["class_name"] == "HeNormal"
    assert not [name for name in config if name.startswith("kernel_") and name != "kernel_size"]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"depth_multiplier": 0},
            "DepthwiseConv2D needs depth_multiplier to be an integer of at least 1. "
            "Received depth_multiplier=0.",
        ),
        (
            {"kernel_size": "3"},
            "DepthwiseConv2D needs kernel_size to be an integer or 2 integers, each at least 1. "
            "Received kernel_size='3'.",
        ),
        (
            {"depthwise_initializer": 3},
            "DepthwiseConv2D needs depthwise_initializer to be a name, a function or an "
            "Initializer object. Received depthwise_initializer=3.",
        ),
    ],
)
def test_constructor_refuses(settings, message):
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        layers.DepthwiseConv2D(**{"kernel_size": 3, **settings})


def test_needs_images():
    message = (
        "DepthwiseConv2D 'deep' needs a 4D input (batch, height, width, channels). "
        "Received shape (None, 784). Reshape to (-1, 28, 28, 1) first."
    )
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
        layers.DepthwiseConv2D(3, name="deep").build((None, 784))
