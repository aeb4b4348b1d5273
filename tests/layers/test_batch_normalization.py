import re

import numpy as np
import pytest

from convlet import layers
from convlet.errors import ArgumentError, UnsupportedError


def test_the_configuration_has_keras_keys_and_defaults():
    config = layers.BatchNormalization(name="bn").get_config()
    initializers = {
        name: config.pop(name)["class_name"] for name in list(config) if "initializer" in name
    }
    assert initializers == {
        "beta_initializer": "Zeros",
        "gamma_initializer": "Ones",
        "moving_mean_initializer": "Zeros",
        "moving_variance_initializer": "Ones",
    }
    assert config == {
        "name": "bn",
        "trainable": True,
        "dtype": "float32",
        "axis": -1,
        "momentum": 0.99,
        "epsilon": 0.001,
        "center": True,
        "scale": True,
        "beta_regularizer": None,
        "gamma_regularizer": None,
        "beta_constraint": None,
        "gamma_constraint": None,
        "synchronized": False,
        "renorm": False,
        "renorm_clipping": None,
        "renorm_momentum": 0.99,
    }


def test_weights_start_as_said():
    layer = layers.BatchNormalization(gamma_initializer="zeros", moving_mean_initializer="ones")
    layer.build((None, 2))
    np.testing.assert_equal(layer.get_weights(), [[0, 0], [0, 0], [1, 1], [1, 1]])
    assert layer.gamma is layer.weights[0]
    assert layer.beta is layer.weights[1]
    assert layer.moving_mean is layer.weights[2]
    assert layer.moving_variance is layer.weights[3]


def test_without_centre_and_scale():
    layer = layers.BatchNormalization(center=False, scale=False)
    layer.build((None, 2))
    assert (layer.gamma, layer.beta) == (None, None)


def test_penalties_and_bounds():
    layer = layers.BatchNormalization(beta_regularizer="l2", gamma_constraint="non_neg")
    layer.build((None, 2))
    assert layer.beta.regularizer.get_config() == {"l2": 0.01}
    assert type(layer.gamma.constraint).__name__ == "NonNeg"
    config = layer.get_config()
    assert config["beta_regularizer"]["class_name"] == "L2"
    assert config["gamma_constraint"]["class_name"] == "NonNeg"


@pytest.mark.parametrize("axis", [0, 1, 2, -2])
def test_another_axis_than_the_last(axis):
    message = (
        "BatchNormalization 'bn' does not support an axis other than the last yet. "
        f"Received axis={axis} for an input of shape (None, 5, 4, 3)."
    )
    with pytest.raises(UnsupportedError, match=f"^{re.escape(message)}$"):
        layers.BatchNormalization(axis, name="bn").build((None, 5, 4, 3))


@pytest.mark.parametrize(
    ("argument", "value", "only"),
    [
        ("renorm", True, False),
        ("renorm_clipping", {"rmax": 2}, None),
        ("synchronized", True, False),
    ],
)
def test_what_is_not_there(argument, value, only):
    message = (
        f"BatchNormalization does not support {argument}={value!r} yet. The only value is {only!r}."
    )
    with pytest.raises(UnsupportedError, match=f"^{re.escape(message)}$"):
        layers.BatchNormalization(**{argument: value})


def test_momentum_and_epsilon():
    message = (
        "BatchNormalization needs momentum to be a number at least 0 and at most 1. "
        "Received momentum=1.5."
    )
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        layers.BatchNormalization(momentum=1.5)
    message = "BatchNormalization needs epsilon to be a number at least 0. Received epsilon=-1."
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        layers.BatchNormalization(epsilon=-1)
