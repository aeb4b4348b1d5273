import re

import pytest

from convlet import layers
from convlet.errors import ArgumentError, ShapeError
from convlet.layers.windows import Window


@pytest.mark.parametrize("units", [0, 2.0, "10", None, (10,)])
def test_units(units):
    message = f"Dense needs units to be an integer of at least 1. Received units={units!r}."
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        layers.Dense(units)


def test_needs_features():
    message = (
        "Dense 'first' needs an input of at least 2 axes (batch, features). "
        "Received shape (None,). Use x[:, None] for a single feature."
    )
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
        layers.Dense(3, name="first").build((None,))


def test_window():
    layer = layers.Dense(3)
    layer.build((None, 576))
    assert layer.window is None
    pixelwise = layers.Dense(3)
    pixelwise.build((None, 28, 28, 1))
    assert pixelwise.window == Window()
