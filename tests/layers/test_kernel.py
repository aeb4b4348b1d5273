"""The settings of a weight: how it starts, what it costs, what bounds it."""

import copy
import pickle

import pytest

from convlet import constraints, layers, regularizers
from convlet.layers.kernel import settings_of, weight_settings

REGULARISED = {
    "kernel_regularizer": regularizers.L2(0.5),
    "bias_regularizer": "l1",
    "kernel_constraint": constraints.MaxNorm(3),
    "bias_constraint": "non_neg",
}


@pytest.fixture
def layer():
    layer = layers.Dense(3, name="named", **REGULARISED)
    layer.build((None, 4))
    return layer


def test_weights_know_their_penalties_and_bounds(layer):
    assert layer.kernel.regularizer is REGULARISED["kernel_regularizer"]
    assert layer.kernel.constraint is REGULARISED["kernel_constraint"]
    assert isinstance(layer.bias.regularizer, regularizers.L1)
    assert isinstance(layer.bias.constraint, constraints.NonNeg)
    plain = layers.Dense(3)
    plain.build((None, 4))
    assert (plain.kernel.regularizer, plain.kernel.constraint) == (None, None)


@pytest.mark.parametrize("again", [copy.deepcopy, lambda layer: pickle.loads(pickle.dumps(layer))])
def test_copies_keep_them(layer, again):
    kernel = again(layer).kernel
    assert kernel.regularizer.get_config() == {"l2": 0.5}
    assert kernel.constraint.get_config() == {"max_value": 3, "axis": 0}


def test_what_the_penalties_amount_to(layer):
    kernel = 0.5 * (layer.kernel.value**2).sum()
    assert layer.losses == pytest.approx([kernel, 0.0])
    layer.trainable = False
    assert layer.losses == []


def test_the_settings_of_any_weight():
    settings = weight_settings("Anything", "depthwise", "zeros", "l2", "unit_norm")
    declaration = settings.declare("depthwise_kernel", (3, 3, 2, 1))
    assert declaration[:3] == ("depthwise_kernel", (3, 3, 2, 1), settings.initializer)
    assert declaration[3:] == (True, settings.regularizer, settings.constraint)
    assert list(settings.config("depthwise")) == [
        "depthwise_initializer", "depthwise_regularizer", "depthwise_constraint",
    ]  # fmt: skip
    bare = weight_settings("Anything", "kernel", "zeros").config("kernel")
    assert (bare["kernel_regularizer"], bare["kernel_constraint"]) == (None, None)


def test_settings_are_read_where_the_layer_keeps_them():
    layer = layers.Dense(3)
    layer.kernel_constraint = constraints.NonNeg()
    assert settings_of(layer, "kernel").constraint is layer.kernel_constraint
