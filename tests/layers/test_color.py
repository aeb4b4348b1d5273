import re

import pytest

from convlet import layers
from convlet.errors import ArgumentError, ShapeError, UnsupportedError


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: layers.RandomBrightness(2),
            "RandomBrightness needs factor to be a number from -1 to 1, or two of them. "
            "Received factor=2.",
        ),
        (
            lambda: layers.RandomContrast(-0.1),
            "RandomContrast needs factor to be a number from 0 to 1, or two of them. "
            "Received factor=-0.1.",
        ),
        (
            lambda: layers.RandomPosterization(9),
            "RandomPosterization needs factor to be a number from 1 to 8, or two of them. "
            "Received factor=9.",
        ),
        (
            lambda: layers.Solarization(threshold_factor=(0, 2)),
            "Solarization needs threshold_factor to be a number from 0 to 1, or two of them. "
            "Received threshold_factor=(0, 2).",
        ),
        (
            lambda: layers.RandomGrayscale(1.5),
            "RandomGrayscale needs factor to be a number at least 0 and at most 1. "
            "Received factor=1.5.",
        ),
        (
            lambda: layers.RandomColorJitter(hue_factor=2),
            "RandomHue needs factor to be a number from 0 to 1, or two of them. Received factor=2.",
        ),
        (
            lambda: layers.RandomInvert(value_range=1),
            "RandomInvert needs value_range to be the smallest and the largest value of a pixel. "
            "Received value_range=1.",
        ),
    ],
)
def test_settings_that_are_refused(make, message):
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        make()


@pytest.mark.parametrize(
    ("layer", "numbers"),
    [
        (layers.RandomHue(0.1, name="h"), "3"),
        (layers.RandomSaturation(0.1, name="h"), "3"),
        (layers.RandomGrayscale(0.1, name="h"), "1 or 3"),
        (layers.RandomColorDegeneration(0.1, name="h"), "1 or 3"),
        (layers.RandomColorJitter(saturation_factor=0.1, name="h"), "3"),
    ],
)
def test_images_without_colours(layer, numbers):
    message = (
        f"{type(layer).__name__} 'h' needs images of {numbers} channels: red, green and blue. "
        "Received shape (None, 4, 4, 2)."
    )
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
        layer.build((None, 4, 4, 2))


def test_a_jitter_of_brightness_alone_takes_any_image():
    layer = layers.RandomColorJitter(brightness_factor=0.1, contrast_factor=0.2)
    assert layer.compute_output_shape((None, 4, 4, 2)) == (None, 4, 4, 2)


def test_the_data_format_of_contrast_stretching():
    assert layers.AutoContrast(data_format="channels_last").data_format == "channels_last"
    message = (
        "AutoContrast does not support data_format='channels_first' yet. "
        "The only value is 'channels_last'."
    )
    with pytest.raises(UnsupportedError, match=f"^{re.escape(message)}$"):
        layers.AutoContrast(data_format="channels_first")
