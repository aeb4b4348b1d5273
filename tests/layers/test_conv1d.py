import re

import pytest

from convlet import layers
from convlet.errors import ArgumentError, ShapeError, UnknownNameError, UnsupportedError


def test_settings_are_normalised():
    layer = layers.Conv1D(8, 3, strides=[2], padding="CAUSAL")
    assert layer.kernel_size == (3,)
    assert layer.strides == (2,)
    assert layer.dilation_rate == (1,)
    assert layer.padding == "causal"


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        (
            {"kernel_size": (3, 3)},
            ArgumentError,
            "Conv1D needs kernel_size to be an integer of at least 1. Received kernel_size=(3, 3).",
        ),
        (
            {"strides": 0},
            ArgumentError,
            "Conv1D needs strides to be an integer of at least 1. Received strides=0.",
        ),
        (
            {"padding": "casual"},
            UnknownNameError,
            "Conv1D needs padding to be one of 'causal', 'same', 'valid'. "
            "Received padding='casual'. Did you mean 'causal'?",
        ),
        (
            {"strides": 2, "dilation_rate": 2},
            ArgumentError,
            "Conv1D needs strides or dilation_rate to be 1. "
            "Received strides=(2,) and dilation_rate=(2,).",
        ),
        (
            {"data_format": "channels_first"},
            UnsupportedError,
            "Conv1D does not support data_format='channels_first' yet. "
            "The only value is 'channels_last'.",
        ),
    ],
)
def test_constructor_refuses(settings, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        layers.Conv1D(**{"filters": 8, "kernel_size": 3, **settings})


@pytest.mark.parametrize(
    ("input_shape", "fix"),
    [
        ((None, 100), " Add the channel axis: x[..., None] has shape (batch, 100, 1)."),
        ((None, 28, 28, 1), " Reshape to (-1, 784, 1) first, or use the 2D layer."),
        ((None, 2, 28, 28, 1), ""),
    ],
)
def test_needs_sequences(input_shape, fix):
    message = (
        "Conv1D 'first' needs a 3D input (batch, steps, channels). "
        f"Received shape {input_shape}.{fix}"
    )
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
        layers.Conv1D(8, 3, name="first").build(input_shape)


def test_needs_room_for_its_window():
    message = (
        "Conv1D 'first' needs at least 5 steps for its window. Received shape (None, 4, 1). "
        "Use padding='same', smaller windows, or fewer layers that shrink the sequence before it."
    )
    layer = layers.Conv1D(8, 3, dilation_rate=2, name="first")
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
        layer.compute_output_shape((None, 4, 1))


def test_only_conv1d_is_causal():
    message = "Conv2D needs padding to be one of 'same', 'valid'. Received padding='causal'."
    with pytest.raises(UnknownNameError, match=f"^{re.escape(message)}$"):
        layers.Conv2D(8, 3, padding="causal")


def test_multiply_adds():
    layer = layers.Conv1D(8, 3, padding="causal", strides=2)
    layer.build((None, 9, 2))
    assert layer.multiply_adds((None, 9, 2)) == 5 * 3 * 2 * 8
