import re

import pytest

from convlet import layers
from convlet.errors import ArgumentError, UnsupportedError


@pytest.mark.parametrize(
    "layer",
    [
        layers.Input((28, 28, 1)).node.layer,
        layers.Input(shape=[28, 28, 1], name="images").node.layer,
        layers.InputLayer(batch_shape=(None, 28, 28, 1)),
        layers.InputLayer((28, 28, 1), sparse=False, ragged=False, optional=False),
    ],
)
def test_shapes(layer):
    assert layer.batch_shape == layer.input_shape == layer.output_shape == (None, 28, 28, 1)
    assert layer.weights == []


def test_config_round_trip():
    layer = layers.InputLayer((28, 28, 1), name="images")
    assert layer.get_config() == {
        "name": "images",
        "dtype": "float32",
        "batch_shape": (None, 28, 28, 1),
    }
    again = layers.deserialize(layers.serialize(layer))
    assert again.get_config() == layer.get_config()


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        (
            {},
            ArgumentError,
            "Input needs either shape or batch_shape. Received shape=None and batch_shape=None.",
        ),
        (
            {"shape": (3,), "batch_shape": (None, 3)},
            ArgumentError,
            "Input needs either shape or batch_shape. "
            "Received shape=(3,) and batch_shape=(None, 3).",
        ),
        (
            {"shape": 28},
            ArgumentError,
            "Input needs shape to be a tuple of sizes, each an integer of at least 1 or None. "
            "Received shape=28. Write (28,) for a single size.",
        ),
        (
            {"shape": (None, None, 3)},
            UnsupportedError,
            "Input does not support sizes left open yet. Received shape=(None, None, 3). "
            "Give each axis its size.",
        ),
        (
            {"shape": (3,), "batch_size": 32},
            UnsupportedError,
            "Input does not support batch_size=32 yet. The only value is None.",
        ),
        (
            {"batch_shape": (32, 3)},
            UnsupportedError,
            "Input does not support batch_shape[0]=32 yet. The only value is None.",
        ),
    ],
)
def test_refuses(settings, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        layers.Input(**settings)


def test_sparse_is_refused():
    message = "Input does not support sparse=True yet. The only value is None."
    with pytest.raises(UnsupportedError, match=f"^{re.escape(message)}$"):
        layers.InputLayer((3,), sparse=True)
