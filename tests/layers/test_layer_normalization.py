import re

import pytest

from convlet import layers
from convlet.errors import ArgumentError, UnsupportedError

KINDS = [layers.LayerNormalization, layers.RMSNormalization, layers.UnitNormalization]


def test_the_configuration_has_keras_keys_and_defaults():
    config = layers.LayerNormalization(name="ln").get_config()
    initializers = {
        name: config.pop(name)["class_name"] for name in list(config) if "initializer" in name
    }
    assert initializers == {"beta_initializer": "Zeros", "gamma_initializer": "Ones"}
    common = {"name": "ln", "trainable": True, "dtype": "float32", "axis": -1}
    assert config == common | {
        "epsilon": 0.001,
        "center": True,
        "scale": True,
        "rms_scaling": False,
        "beta_regularizer": None,
        "gamma_regularizer": None,
        "beta_constraint": None,
        "gamma_constraint": None,
    }
    assert layers.RMSNormalization(name="ln").get_config() == common | {"epsilon": 1e-6}
    assert layers.UnitNormalization(name="ln").get_config() == common


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("axis", [1, [1, 2], [1, 3], 0, [0, 1, 2, 3], -5])
def test_axes_that_are_not_the_last(kind, axis):
    message = (
        f"{kind.__name__} 'n' does not support axes other than the last yet. "
        f"Received axis={axis} for an input of shape (None, 5, 4, 3)."
    )
    with pytest.raises(UnsupportedError, match=f"^{re.escape(message)}$"):
        kind(axis=axis, name="n").build((None, 5, 4, 3))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("axis", ["last", 1.0, [], [1, "2"], True])
def test_axes_that_are_none(kind, axis):
    received = "2" if axis == [1, "2"] else axis
    message = (
        f"{kind.__name__} needs axis to be an integer or a list of integers. "
        f"Received axis={received!r}."
    )
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        kind(axis=axis)


def test_weights_have_the_shape_of_the_axes():
    for axis, shape in ((-1, (3,)), ((3, 2), (4, 3)), ([-3, -2, -1], (5, 4, 3))):
        layer = layers.LayerNormalization(axis)
        layer.build((None, 5, 4, 3))
        assert layer.gamma.shape == layer.beta.shape == shape
        layer = layers.RMSNormalization(axis)
        layer.build((None, 5, 4, 3))
        assert layer.scale.shape == shape


def test_rms_scaling():
    message = "LayerNormalization does not support rms_scaling=True yet. The only value is False."
    with pytest.raises(UnsupportedError, match=f"^{re.escape(message)}$"):
        layers.LayerNormalization(rms_scaling=True)
