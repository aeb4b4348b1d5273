"""Models of the same layers with weights of their own."""

import numpy as np
import pytest

from convlet import layers, models
from convlet.errors import UnsupportedError

X = np.random.default_rng(1).normal(size=(3, 4)).astype(np.float32)


def functional():
    x = layers.Input((4,))
    return models.Model(x, layers.Add()([layers.Dense(2)(x), layers.Dense(2)(x)]), name="sum")


def stacked():
    return models.Sequential([layers.Input((4,)), layers.Dense(2)], name="stack")


@pytest.mark.parametrize("make", [functional, stacked])
def test_a_clone_has_the_same_layers_and_other_weights(make):
    model = make()
    clone = models.clone_model(model)
    assert type(clone) is type(model)
    assert clone.get_config() == model.get_config()
    assert not clone.compiled
    assert not np.allclose(clone.predict(X, verbose=0), model.predict(X, verbose=0))
    clone.set_weights(model.get_weights())
    np.testing.assert_array_equal(clone.predict(X, verbose=0), model.predict(X, verbose=0))


def test_what_is_not_supported():
    with pytest.raises(UnsupportedError) as info:
        models.clone_model(stacked(), clone_function=len)
    assert str(info.value) == (
        "clone_model does not support clone_function=<built-in function len> yet. "
        "The only value is None."
    )
