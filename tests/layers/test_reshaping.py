import re

import pytest

from convlet import layers
from convlet.errors import ArgumentError, ShapeError


@pytest.mark.parametrize("target_shape", [7, (0, 7), (-1, -1), (-2,), "7", (7.0,), (True,)])
def test_reshape_refuses(target_shape):
    message = (
        "Reshape needs target_shape to be a tuple of sizes, each an integer of at least 1, "
        f"one of them -1 at most. Received target_shape={target_shape!r}."
    )
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        layers.Reshape(target_shape)


@pytest.mark.parametrize("target_shape", [(28, 28), (3, -1)])
def test_reshape_needs_as_many_values(target_shape):
    message = (
        "Reshape 'square' needs a target_shape for 785 values, as many as its input of shape "
        f"(None, 785) has. Received target_shape={target_shape}."
    )
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
        layers.Reshape(target_shape, name="square").compute_output_shape((None, 785))


@pytest.mark.parametrize(
    ("padding", "sides"),
    [
        (0, ((0, 0), (0, 0))),
        (2, ((2, 2), (2, 2))),
        ((1, 2), ((1, 1), (2, 2))),
        (((0, 1), (2, 3)), ((0, 1), (2, 3))),
        ([[0, 1], 2], ((0, 1), (2, 2))),
    ],
)
def test_zero_padding(padding, sides):
    assert layers.ZeroPadding2D(padding).padding == sides


@pytest.mark.parametrize("padding", [-1, (1, 2, 3), ((1, 2), (3,)), "same", 1.5, None])
def test_zero_padding_refuses(padding):
    message = (
        "ZeroPadding2D needs padding to be an integer of at least 0, 2 of them, or "
        f"((above, below), (left, right)). Received padding={padding!r}."
    )
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        layers.ZeroPadding2D(padding)


def test_zero_padding_needs_images():
    with pytest.raises(ShapeError, match=r"needs a 4D input .* Reshape to \(-1, 28, 28, 1\)"):
        layers.ZeroPadding2D().build((None, 784))
