import re

import pytest

from convlet import layers
from convlet.errors import ArgumentError, ShapeError, UnknownNameError, UnsupportedError

POOLS = [layers.MaxPooling2D, layers.AveragePooling2D]
GLOBAL_POOLS = [layers.GlobalMaxPooling2D, layers.GlobalAveragePooling2D]


@pytest.mark.parametrize("pool", POOLS)
def test_strides_are_the_window_by_default(pool):
    layer = pool((3, 2))
    assert layer.strides == layer.pool_size == (3, 2)
    assert pool(3, strides=1).strides == (1, 1)


def test_default_window():
    assert layers.MaxPooling2D().pool_size == (2, 2)


@pytest.mark.parametrize("pool", POOLS)
@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        (
            {"pool_size": 0},
            ArgumentError,
            "needs pool_size to be an integer or 2 integers, each at least 1. "
            "Received pool_size=0.",
        ),
        (
            {"pool_size": 2, "strides": (0, 1)},
            ArgumentError,
            "needs strides to be an integer or 2 integers, each at least 1. "
            "Received strides=(0, 1).",
        ),
        (
            {"pool_size": 2, "padding": "vlaid"},
            UnknownNameError,
            "needs padding to be one of 'same', 'valid'. Received padding='vlaid'. "
            "Did you mean 'valid'?",
        ),
        (
            {"pool_size": 2, "data_format": "channels_first"},
            UnsupportedError,
            "does not support data_format='channels_first' yet. The only value is 'channels_last'.",
        ),
    ],
)
def test_constructor_refuses(pool, settings, error, message):
    with pytest.raises(error, match=f"^{re.escape(f'{pool.__name__} {message}')}$"):
        pool(**settings)


@pytest.mark.parametrize("pool", POOLS)
def test_needs_room_for_its_window(pool):
    message = (
        f"{pool.__name__} 'pool' needs an image of at least 2 x 2 for its window. "
        "Received shape (None, 1, 3, 8). "
        "Use padding='same', smaller windows, or fewer layers that shrink the image before it."
    )
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
        pool(2, name="pool").compute_output_shape((None, 1, 3, 8))


@pytest.mark.parametrize(
    "layer", [*(pool(2) for pool in POOLS), *(pool() for pool in GLOBAL_POOLS)]
)
def test_needs_images(layer):
    message = (
        f"{layer.label} needs a 4D input (batch, height, width, channels). "
        "Received shape (None, 28, 28). "
        "Add the channel axis: x[..., None] has shape (batch, 28, 28, 1)."
    )
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
        layer.compute_output_shape((None, 28, 28))


@pytest.mark.parametrize("pool", GLOBAL_POOLS)
def test_keepdims(pool):
    assert pool().compute_output_shape((None, 3, 4, 8)) == (None, 8)
    message = f"{pool.__name__} needs keepdims to be True or False. Received keepdims=1."
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        pool(keepdims=1)
