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


@pytest.mark.parametrize("dims", [1, (), (0, 1), (1, 3), (1, 1), "12", (1.0, 2), (True, 2), None])
def test_permute_refuses(dims):
    message = (
        "Permute needs dims to be a tuple that names each axis once: the numbers from 1 on, in "
        f"any order. Received dims={dims!r}."
    )
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        layers.Permute(dims)


def test_permute_needs_as_many_axes():
    message = (
        "Permute 'turned' needs an input of 2 axes besides the batch, for dims=(2, 1). "
        "Received shape (None, 28, 28, 1)."
    )
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
        layers.Permute([2, 1], name="turned").build((None, 28, 28, 1))


def test_permuted_images_have_no_receptive_field():
    assert layers.Permute((2, 1, 3)).window is None


def test_repeat_vector_needs_features():
    message = (
        "RepeatVector 'again' needs a 2D input (batch, features). "
        "Received shape (None, 4, 3). Put a Flatten before it."
    )
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
        layers.RepeatVector(2, name="again").build((None, 4, 3))


def test_repeat_vector_refuses():
    message = "RepeatVector needs n to be an integer of at least 1. Received n=0."
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        layers.RepeatVector(0)
