import re

import pytest

from convlet import layers
from convlet.errors import ArgumentError, ShapeError


@pytest.mark.parametrize(
    ("shared_axes", "shape"),
    [(None, (6, 5, 4)), (1, (1, 5, 4)), ([1, 2], (1, 1, 4)), ((-1,), (6, 5, 1))],
)
def test_shared_axes(shared_axes, shape):
    layer = layers.PReLU(shared_axes=shared_axes)
    layer.build((None, 6, 5, 4))
    assert layer.alpha.shape == shape


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (
            lambda: layers.PReLU(shared_axes=["a"]),
            ArgumentError,
            "PReLU needs shared_axes to be an integer. Received shared_axes='a'.",
        ),
        (
            lambda: layers.PReLU(shared_axes=[3], name="p").build((None, 6, 4)),
            ShapeError,
            "PReLU 'p' needs an axis of its input other than the batch's. "
            "Received axis=3 for an input of shape (None, 6, 4).",
        ),
    ],
)
def test_refuses(make, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        make()
