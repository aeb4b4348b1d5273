import re
from fractions import Fraction

import pytest

from convlet import layers
from convlet.errors import ArgumentError


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"filters": 0},
            "Conv2DTranspose needs filters to be an integer of at least 1. Received filters=0.",
        ),
        (
            {"strides": (3, 2), "output_padding": 2},
            "Conv2DTranspose needs each output_padding to be less than its stride. "
            "Received output_padding=(2, 2) and strides=(3, 2).",
        ),
        (
            {"output_padding": -1},
            "Conv2DTranspose needs output_padding to be an integer or 2 integers, each at least 0. "
            "Received output_padding=-1.",
        ),
        (
            {"strides": 2, "dilation_rate": 2},
            "Conv2DTranspose needs strides or dilation_rate to be 1. "
            "Received strides=(2, 2) and dilation_rate=(2, 2).",
        ),
    ],
)
def test_constructor_refuses(settings, message):
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        layers.Conv2DTranspose(**{"filters": 8, "kernel_size": 3, **settings})


@pytest.mark.parametrize(
    ("padding", "output_padding", "size"),
    [("valid", None, 15), ("valid", 1, 16), ("same", None, 14), ("same", 0, 13), ("same", 1, 14)],
)
def test_the_image_grows(padding, output_padding, size):
    layer = layers.Conv2DTranspose(8, 3, 2, padding, output_padding)
    assert layer.compute_output_shape((None, 7, 7, 4)) == (None, size, size, 8)


def test_each_value_of_the_input_meets_the_whole_kernel():
    layer = layers.Conv2DTranspose(8, 3, 2)
    layer.build((None, 7, 5, 4))
    assert layer.multiply_adds((None, 7, 5, 4)) == 7 * 5 * 3 * 3 * 8 * 4


def test_a_value_of_the_output_sees_few_of_the_input():
    window = layers.Conv2DTranspose(8, (4, 3), (2, 3)).window
    assert window == ((2, 1), (Fraction(1, 2), Fraction(1, 3)))
