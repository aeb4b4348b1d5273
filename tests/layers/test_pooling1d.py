import re

import pytest

from convlet import layers
from convlet.errors import ArgumentError, ShapeError, UnknownNameError

POOLS = [layers.MaxPooling1D, layers.AveragePooling1D]
GLOBAL_POOLS = [layers.GlobalMaxPooling1D, layers.GlobalAveragePooling1D]


@pytest.mark.parametrize("pool", POOLS)
def test_strides_are_the_window_by_default(pool):
    layer = pool(3)
    assert layer.strides == layer.pool_size == (3,)
    assert pool(3, strides=(1,)).strides == (1,)


def test_default_window():
    assert layers.MaxPooling1D().pool_size == (2,)


@pytest.mark.parametrize("pool", POOLS)
@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        (
            {"pool_size": (2, 2)},
            ArgumentError,
            "needs pool_size to be an integer of at least 1. Received pool_size=(2, 2).",
        ),
        (
            {"pool_size": 2, "padding": "causal"},
            UnknownNameError,
            "needs padding to be one of 'same', 'valid'. Received padding='causal'.",
        ),
    ],
)
def test_constructor_refuses(pool, settings, error, message):
    with pytest.raises(error, match=f"^{re.escape(f'{pool.__name__} {message}')}$"):
        pool(**settings)


@pytest.mark.parametrize("pool", POOLS)
def test_needs_room_for_its_window(pool):
    message = (
        f"{pool.__name__} 'pool' needs at least 3 steps for its window. "
        "Received shape (None, 2, 8). Use padding='same', smaller windows, "
        "or fewer layers that shrink the sequence before it."
    )
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
        pool(3, name="pool").compute_output_shape((None, 2, 8))


@pytest.mark.parametrize(
    "layer", [*(pool(2) for pool in POOLS), *(pool() for pool in GLOBAL_POOLS)]
)
def test_needs_sequences(layer):
    message = (
        f"{layer.label} needs a 3D input (batch, steps, channels). Received shape (None, 28). "
        "Add the channel axis: x[..., None] has shape (batch, 28, 1)."
    )
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
        layer.compute_output_shape((None, 28))


@pytest.mark.parametrize("pool", GLOBAL_POOLS)
def test_keepdims(pool):
    assert pool().compute_output_shape((None, 3, 8)) == (None, 8)
    assert pool(keepdims=True).compute_output_shape((None, 3, 8)) == (None, 1, 8)
