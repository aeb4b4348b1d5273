import re

import pytest

from convlet import layers, rng
from convlet.errors import ArgumentError, UnsupportedError


@pytest.mark.parametrize("rate", [-0.1, 1.1, "half", None])
def test_rate(rate):
    message = f"Dropout needs rate to be a number at least 0 and at most 1. Received rate={rate!r}."
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        layers.Dropout(rate)


def test_noise_shape():
    message = "Dropout does not support noise_shape=(1, 3) yet. The only value is None."
    with pytest.raises(UnsupportedError, match=f"^{re.escape(message)}$"):
        layers.Dropout(0.5, noise_shape=(1, 3))


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
