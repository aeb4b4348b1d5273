import re

import numpy as np
import pytest
from matplotlib.colors import to_hex

from convlet import figures
from convlet.errors import ArgumentError
from convlet.figures.canvas import ORANGE, mix


def words(figure):
    return [text.get_text() for text in figure.axes[0].texts if text.get_text()]


def numbers(figure):
    """The numbers in the cells, in the order in which they were drawn: left to right by grid."""
    cells = [word.replace("−", "-") for word in words(figure)]
    return [float(word) for word in cells if re.fullmatch(r"-?[\d.]+", word)]


def test_the_convolution_is_computed_and_written_out():
    figure = figures.convolution()
    output = np.reshape(numbers(figure)[36 + 9 :], (4, 4))
    np.testing.assert_array_equal(
        output, [[0, -3, -12, -12], [18, 18, 15, 6], [-3, -9, 0, 3], [-9, -3, 0, 9]]
    )
    assert words(figure)[-1] == "9·1 + 9·1 + 9·1 − 0·1 − 0·1 − 9·1 = 18"


def test_another_image_kernel_and_position():
    figure = figures.convolution([[1, 2, 3], [4, 5, 6]], [[1, -2]], position=(1, 1))
    assert numbers(figure)[6 + 2 :] == [-3, -4, -6, -7]
    assert words(figure)[-1] == "5·1 − 6·2 = −7"


def test_padding_surrounds_the_image_with_zeros_and_keeps_its_size():
    figure = figures.padding(size=4, window=3)
    assert {"padding='valid': 4×4", "2×2", "padding='same': 4×4", "4×4"} <= set(words(figure))
    zeros = [
        patch
        for patch in figure.axes[0].patches
        if to_hex(patch.get_facecolor()) == mix(ORANGE, 0.16)
    ]
    assert len(zeros) == 6 * 6 - 4 * 4


@pytest.mark.parametrize(("stride", "positions"), [(1, 5), (2, 3), (3, 2), (5, 1)])
def test_strides_leave_fewer_positions(stride, positions):
    figure = figures.strides(size=7, window=3, stride=stride)
    assert len(numbers(figure)) == 7 * 7 + positions**2


def test_pooling_shows_maxima_and_averages():
    figure = figures.pooling([[1, 2, 0, 0], [3, 10, 0, 4]])
    assert numbers(figure)[8:] == [10, 4, 4, 1]


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (
            lambda: figures.convolution([1, 2, 3]),
            "figures.convolution needs image to be a matrix (height, width). Received shape (3,).",
        ),
        (
            lambda: figures.convolution(position=(4, 0)),
            "figures.convolution needs a position inside the output of shape (4, 4). "
            "Received position=(4, 0).",
        ),
        (
            lambda: figures.convolution([[1]]),
            "figures.convolution needs kernel to be at most as large as the image, (1, 1). "
            "Received shape (3, 3).",
        ),
        (
            lambda: figures.padding(size=3, window=4),
            "figures.padding needs window to be at most the input's size, 3. Received window=4.",
        ),
        (
            lambda: figures.strides(stride=0),
            "figures.strides needs stride to be an integer of at least 1. Received stride=0.",
        ),
        (
            lambda: figures.pooling([[1, 2]]),
            "figures.pooling needs pool_size to be at most the input's size, 1. "
            "Received pool_size=2.",
        ),
    ],
)
def test_mistakes_are_named(draw, message):
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        draw()
