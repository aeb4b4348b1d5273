import re

import pytest

from convlet import layers
from convlet.errors import ArgumentError, ShapeError, UnsupportedError


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


def test_one_integer_or_two_for_each_side():
    assert layers.ZeroPadding1D().padding == (1, 1)
    assert layers.ZeroPadding1D([2, 0]).padding == (2, 0)
    assert layers.Cropping1D(3).cropping == (3, 3)
    assert layers.Cropping2D().cropping == ((0, 0), (0, 0))
    assert layers.Cropping2D((1, (0, 2))).cropping == ((1, 1), (0, 2))


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


def test_cropping_refuses():
    message = (
        "Cropping2D needs cropping to be an integer of at least 0, 2 of them, or "
        "((above, below), (left, right)). Received cropping=(1, 2, 3)."
    )
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        layers.Cropping2D((1, 2, 3))


@pytest.mark.parametrize(
    ("layer", "argument"), [(layers.ZeroPadding1D, "padding"), (layers.Cropping1D, "cropping")]
)
def test_borders_of_sequences_refuse(layer, argument):
    message = (
        f"{layer.__name__} needs {argument} to be an integer or 2 integers, each at least 0. "
        f"Received {argument}=(1, -1)."
    )
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        layer((1, -1))


@pytest.mark.parametrize(
    ("layer", "shape", "cropping"),
    [
        (layers.Cropping1D((2, 1)), (None, 3, 8), "(2, 1)"),
        (layers.Cropping2D(((0, 0), (2, 2))), (None, 9, 4, 1), "((0, 0), (2, 2))"),
    ],
)
def test_something_must_be_left(layer, shape, cropping):
    message = (
        f"{layer.label} needs an input larger than what it cuts off. "
        f"Received shape {shape} for cropping={cropping}. Cut less off."
    )
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
        layer.build(shape)


@pytest.mark.parametrize("layer", [layers.ZeroPadding1D(), layers.Cropping1D()])
def test_borders_need_sequences(layer):
    message = (
        f"{layer.label} needs a 3D input (batch, steps, channels). Received shape (None, 28). "
        "Add the channel axis: x[..., None] has shape (batch, 28, 1)."
    )
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
        layer.build((None, 28))


@pytest.mark.parametrize("layer", [layers.ZeroPadding1D, layers.ZeroPadding2D, layers.Cropping2D])
def test_channels_first_is_refused(layer):
    message = (
        f"{layer.__name__} does not support data_format='channels_first' yet. "
        "The only value is 'channels_last'."
    )
    with pytest.raises(UnsupportedError, match=f"^{re.escape(message)}$"):
        layer(data_format="channels_first")
