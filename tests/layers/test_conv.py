import re

import pytest

from convlet import layers
from convlet.errors import ArgumentError, ShapeError, UnknownNameError, UnsupportedError
from tests.activations.test_lookup import WITH_ALIASES

INITIALIZERS = (
    "'constant', 'glorot_normal', 'glorot_uniform', 'he_normal', 'he_uniform', 'identity', "
    "'lecun_normal', 'lecun_uniform', 'ones', 'orthogonal', 'random_normal', 'random_uniform', "
    "'truncated_normal', 'variance_scaling', 'zeros'"
)


def test_settings_are_normalised():
    layer = layers.Conv2D(8, 3, strides=[1, 2], padding="SAME")
    assert layer.kernel_size == (3, 3)
    assert layer.strides == (1, 2)
    assert layer.dilation_rate == (1, 1)
    assert layer.padding == "same"
    assert layer.data_format == "channels_last"
    assert layer.activation.__name__ == "linear"


def test_without_bias():
    layer = layers.Conv2D(8, 3, use_bias=False)
    layer.build((None, 5, 5, 2))
    assert layer.bias is None
    assert layer.count_params() == 3 * 3 * 2 * 8


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        (
            {"filters": 0},
            ArgumentError,
            "Conv2D needs filters to be an integer of at least 1. Received filters=0.",
        ),
        (
            {"kernel_size": (3,)},
            ArgumentError,
            "Conv2D needs kernel_size to be an integer or 2 integers, each at least 1. "
            "Received kernel_size=(3,).",
        ),
        (
            {"strides": 0},
            ArgumentError,
            "Conv2D needs strides to be an integer or 2 integers, each at least 1. "
            "Received strides=0.",
        ),
        (
            {"dilation_rate": (1, -1)},
            ArgumentError,
            "Conv2D needs dilation_rate to be an integer or 2 integers, each at least 1. "
            "Received dilation_rate=(1, -1).",
        ),
        (
            {"padding": "some"},
            UnknownNameError,
            "Conv2D needs padding to be one of 'same', 'valid'. Received padding='some'. "
            "Did you mean 'same'?",
        ),
        (
            {"padding": 1},
            UnknownNameError,
            "Conv2D needs padding to be one of 'same', 'valid'. Received padding=1.",
        ),
        (
            {"activation": "rleu"},
            UnknownNameError,
            f"Conv2D needs activation to be one of {WITH_ALIASES}. "
            "Received activation='rleu'. Did you mean 'relu'?",
        ),
        (
            {"kernel_initializer": "he_norml"},
            UnknownNameError,
            f"Conv2D needs kernel_initializer to be one of {INITIALIZERS}. "
            "Received kernel_initializer='he_norml'. Did you mean 'he_normal'?",
        ),
        (
            {"use_bias": "no"},
            ArgumentError,
            "Conv2D needs use_bias to be True or False. Received use_bias='no'.",
        ),
        (
            {"strides": 2, "dilation_rate": 2},
            ArgumentError,
            "Conv2D needs strides or dilation_rate to be 1. "
            "Received strides=(2, 2) and dilation_rate=(2, 2).",
        ),
        (
            {"groups": 2},
            UnsupportedError,
            "Conv2D does not support groups=2 yet. The only value is 1.",
        ),
        (
            {"data_format": "channels_first"},
            UnsupportedError,
            "Conv2D does not support data_format='channels_first' yet. "
            "The only value is 'channels_last'.",
        ),
        (
            {"data_format": "channels_lst"},
            UnknownNameError,
            "Conv2D needs data_format to be one of 'channels_first', 'channels_last'. "
            "Received data_format='channels_lst'. Did you mean 'channels_last'?",
        ),
    ],
)
def test_constructor_refuses(settings, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        layers.Conv2D(**{"filters": 8, "kernel_size": 3, **settings})


@pytest.mark.parametrize(
    ("input_shape", "fix"),
    [
        ((None, 784), " Reshape to (-1, 28, 28, 1) first."),
        (
            (None, 28, 28),
            " Add the channel axis: x[..., None] has shape (batch, 28, 28, 1).",
        ),
        ((None, 10), ""),
        (
            (None, 60000, 28, 28, 1),
            " Leave the number of images out of the shape: (28, 28, 1).",
        ),
    ],
)
def test_needs_images(input_shape, fix):
    message = (
        "Conv2D 'first' needs a 4D input (batch, height, width, channels). "
        f"Received shape {input_shape}.{fix}"
    )
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
        layers.Conv2D(8, 3, name="first").build(input_shape)


@pytest.mark.parametrize(
    ("settings", "extent"),
    [
        ({"kernel_size": 5}, "5 x 5"),
        ({"kernel_size": (1, 5)}, "1 x 5"),
        ({"kernel_size": 3, "dilation_rate": 2}, "5 x 5"),
    ],
)
def test_needs_room_for_its_window(settings, extent):
    message = (
        f"Conv2D 'first' needs an image of at least {extent} for its window. "
        "Received shape (None, 9, 4, 1). "
        "Use padding='same', smaller windows, or fewer layers that shrink the image before it."
    )
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
        layers.Conv2D(8, name="first", **settings).compute_output_shape((None, 9, 4, 1))


def test_padding_makes_room():
    layer = layers.Conv2D(8, 5, padding="same")
    assert layer.compute_output_shape((None, 9, 4, 1)) == (None, 9, 4, 8)
