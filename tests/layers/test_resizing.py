import re

import pytest

from convlet import layers
from convlet.errors import ArgumentError
from convlet.layers.resizing import Box, largest_box, smallest_frame


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"height": 0},
            "Resizing needs height to be an integer of at least 1. Received height=0.",
        ),
        (
            {"interpolation": "area"},
            "Resizing needs interpolation to be one of 'bilinear', 'nearest', 'bicubic', "
            "'lanczos3', 'lanczos5'. Received interpolation='area'.",
        ),
        (
            {"fill_mode": "reflect"},
            "Resizing needs fill_mode to be 'constant'. Received fill_mode='reflect'.",
        ),
        (
            {"crop_to_aspect_ratio": True, "pad_to_aspect_ratio": True},
            "Resizing needs crop_to_aspect_ratio or pad_to_aspect_ratio to be False. "
            "Received True for both. Choose one.",
        ),
    ],
)
def test_resizing_that_is_refused(settings, message):
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        layers.Resizing(**{"height": 4, "width": 5, **settings})


@pytest.mark.parametrize("kind", [layers.CenterCrop, layers.RandomCrop])
def test_crops_that_are_refused(kind):
    message = f"{kind.__name__} needs width to be an integer of at least 1. Received width=2.5."
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        kind(3, 2.5)


def test_windows_with_the_proportions_of_another():
    assert largest_box(10, 20, 5, 5) == Box(0, 5, 10, 10)
    assert largest_box(20, 10, 5, 5) == Box(5, 0, 10, 10)
    assert largest_box(7, 3, 100, 1) == Box(0, 1, 7, 1)
    assert smallest_frame(10, 20, 5, 5) == Box(-5, 0, 20, 20)
    assert smallest_frame(9, 4, 1, 1) == Box(0, -2, 9, 8)  # one column short, as Keras does it


def test_the_middle_of_an_image():
    assert layers.CenterCrop(3, 4).box(8, 8) == Box(2, 2, 3, 4)
    assert layers.CenterCrop(3, 10).box(8, 8) == Box(3, 0, 2, 8)
