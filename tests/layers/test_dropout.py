import re

import pytest

from convlet import layers, rng
from convlet.errors import ArgumentError, ShapeError, UnsupportedError


@pytest.mark.parametrize("rate", [-0.1, 1.1, "half", None])
def test_rate(rate):
    message = f"Dropout needs rate to be a number at least 0 and at most 1. Received rate={rate!r}."
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        layers.Dropout(rate)


def test_alpha_dropout_keeps_something():
    message = "AlphaDropout needs rate to be a number at least 0 and below 1. Received rate=1."
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        layers.AlphaDropout(1)


@pytest.mark.parametrize(
    ("noise_shape", "sizes", "one_for_all"),
    [
        (None, (5, 3), False),
        ((None, None, 1), (5, 1), False),
        ((64, 1, 3), (1, 3), False),
        ([1, 5, 1], (5, 1), True),
    ],
)
def test_noise_shape(noise_shape, sizes, one_for_all):
    layer = layers.Dropout(0.5, noise_shape)
    assert layer.noise_sizes((5, 3)) == sizes
    assert layer.one_for_all is one_for_all


@pytest.mark.parametrize(
    ("noise_shape", "message"),
    [
        (
            "12",
            "Dropout needs noise_shape to be a tuple of sizes, each an integer of at least 1 or "
            "None. Received noise_shape='12'.",
        ),
        (
            (),
            "Dropout needs noise_shape to be a shape with a batch axis, or None. "
            "Received noise_shape=().",
        ),
    ],
)
def test_noise_shapes_that_are_none(noise_shape, message):
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        layers.Dropout(0.5, noise_shape)


@pytest.mark.parametrize("noise_shape", [(None, 2, 3), (None, 3), (None, 5, 3, 1)])
def test_noise_shapes_that_do_not_fit(noise_shape):
    layer = layers.Dropout(0.5, noise_shape, name="d")
    message = (
        "Dropout 'd' needs a noise_shape whose sizes are 1, None or the input's. "
        f"Received noise_shape={noise_shape} for an input of shape (None, 5, 3)."
    )
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
        layer.build((None, 5, 3))


@pytest.mark.parametrize(
    ("layer", "shape", "message"),
    [
        (
            layers.SpatialDropout1D(0.5, name="s"),
            (None, 5),
            "SpatialDropout1D 's' needs a 3D input (batch, steps, channels). "
            "Received shape (None, 5).",
        ),
        (
            layers.SpatialDropout2D(0.5, name="s"),
            (None, 5, 3),
            "SpatialDropout2D 's' needs a 4D input (batch, height, width, channels). "
            "Received shape (None, 5, 3).",
        ),
    ],
)
def test_spatial_dropout_needs_axes(layer, shape, message):
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
        layer.build(shape)


def test_spatial_dropout_has_the_configuration_that_keras_takes():
    assert layers.SpatialDropout1D(0.5, seed=1, name="s").get_config() == {
        "name": "s",
        "dtype": "float32",
        "rate": 0.5,
        "seed": 1,
    }
    config = layers.SpatialDropout2D(0.5, data_format="channels_last", name="s").get_config()
    assert config.keys() == {"name", "dtype", "rate", "seed", "data_format"}
    with pytest.raises(UnsupportedError, match="data_format='channels_first'"):
        layers.SpatialDropout2D(0.5, data_format="channels_first")


def test_seed():
    assert layers.Dropout(0.5, seed=3).seed == 3
    rng.set_random_seed(1)
    first, second = layers.Dropout(0.5), layers.Dropout(0.5)
    assert first.seed != second.seed
    rng.set_random_seed(1)
    assert layers.Dropout(0.5).seed == first.seed


def test_a_copy_drops_other_values():
    layer = layers.Dropout(0.5)
    assert layers.Dropout.from_config(layer.get_config()).seed != layer.seed
