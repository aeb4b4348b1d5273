import re

import pytest

from convlet import layers
from convlet.errors import ArgumentError, ShapeError, UnknownNameError, UnsupportedError
from convlet.layers.windows import receptive_field


def test_settings_are_normalised():
    layer = layers.UpSampling2D(3, interpolation="BILINEAR")
    assert (layer.size, layer.interpolation) == ((3, 3), "bilinear")
    assert layers.UpSampling2D().size == (2, 2)
    assert layers.UpSampling1D().size == 2


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        (
            {"size": 0.5},
            ArgumentError,
            "UpSampling2D needs size to be an integer or 2 integers, each at least 1. "
            "Received size=0.5.",
        ),
        (
            {"interpolation": "bilinaer"},
            UnknownNameError,
            "UpSampling2D needs interpolation to be one of 'bicubic', 'bilinear', 'lanczos3', "
            "'lanczos5', 'nearest'. Received interpolation='bilinaer'. Did you mean 'bilinear'?",
        ),
        (
            {"data_format": "channels_first"},
            UnsupportedError,
            "UpSampling2D does not support data_format='channels_first' yet. "
            "The only value is 'channels_last'.",
        ),
    ],
)
def test_images_refuse(settings, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        layers.UpSampling2D(**settings)


def test_sequences_refuse():
    message = "UpSampling1D needs size to be an integer of at least 1. Received size=(2,)."
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        layers.UpSampling1D((2,))


@pytest.mark.parametrize(
    ("layer", "needed"),
    [
        (layers.UpSampling1D(), "3D input (batch, steps, channels)"),
        (layers.UpSampling2D(), "4D input (batch, height, width, channels)"),
    ],
)
def test_needs_its_axes(layer, needed):
    with pytest.raises(ShapeError, match=re.escape(f"{layer.label} needs a {needed}. Received")):
        layer.build((None, 10))


@pytest.mark.parametrize(
    ("stack", "field"),
    [
        ([layers.UpSampling2D(2), layers.Conv2D(1, 3)], (2, 2)),
        ([layers.UpSampling2D((1, 3)), layers.Conv2D(1, 5)], (5, 3)),
        ([layers.UpSampling2D(2, interpolation="bilinear"), layers.Conv2D(1, 3)], (3, 3)),
        ([layers.UpSampling2D((1, 2), interpolation="bicubic")], (1, 4)),
        ([layers.MaxPooling2D(2), layers.UpSampling2D(2), layers.Conv2D(1, 3)], (4, 4)),
        ([layers.UpSampling1D(2), layers.Conv1D(1, 4)], (1, 3)),
    ],
)
def test_receptive_field(stack, field):
    """What is enlarged is seen in smaller steps: part of a pixel counts as a pixel."""
    assert receptive_field(stack) == field
