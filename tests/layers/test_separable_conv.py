import re

import pytest

from convlet import layers
from convlet.errors import ArgumentError, NotBuiltError


def test_the_channels_of_all_windows_are_mixed():
    layer = layers.SeparableConv2D(8, 3, depth_multiplier=2)
    layer.build((None, 5, 5, 6))
    assert layer.depthwise_kernel.shape == (3, 3, 6, 2)
    assert layer.pointwise_kernel.shape == (1, 1, 12, 8)
    assert layer.multiply_adds((None, 5, 5, 6)) == 3 * 3 * (3 * 3 * 12 + 12 * 8)


def test_the_configuration_has_keras_names():
    config = layers.SeparableConv2D(8, 3).get_config()
    assert {"depthwise_initializer", "pointwise_initializer", "bias_initializer"} < set(config)
    assert not [name for name in config if name.startswith("kernel_") and name != "kernel_size"]


@pytest.mark.parametrize("argument", ["filters", "depth_multiplier"])
def test_constructor_refuses(argument):
    message = (
        f"SeparableConv2D needs {argument} to be an integer of at least 1. Received {argument}=0."
    )
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        layers.SeparableConv2D(**{"filters": 8, "kernel_size": 3, argument: 0})


def test_has_no_kernels_before_it_is_built():
    message = (
        "SeparableConv2D 'mix' needs to be built before it has a pointwise_kernel. "
        "Add it to a model whose input shape is known, or call build(input_shape)."
    )
    with pytest.raises(NotBuiltError, match=f"^{re.escape(message)}$"):
        _ = layers.SeparableConv2D(8, 3, name="mix").pointwise_kernel
