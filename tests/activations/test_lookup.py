import json
import re
from functools import partial

import numpy as np
import pytest

from convlet import activations, layers
from convlet.activations.lookup import FUNCTIONS, describe, is_named
from convlet.errors import ArgumentError, UnknownNameError, UnsupportedError

FUNCTION_NAMES = (
    "'celu', 'elu', 'exponential', 'gelu', 'glu', 'hard_shrink', 'hard_sigmoid', 'hard_silu', "
    "{}'hard_tanh', 'leaky_relu', 'linear', 'log_sigmoid', 'log_softmax', 'mish', 'relu', 'relu6', "
    "'selu', 'sigmoid', 'silu', 'soft_shrink', 'softmax', 'softplus', 'softsign', 'sparse_plus', "
    "'sparse_sigmoid', 'sparsemax', 'squareplus', {}'tanh', 'tanh_shrink', 'threshold'"
)
LISTED = FUNCTION_NAMES.format("", "")
WITH_ALIASES = FUNCTION_NAMES.format("'hard_swish', ", "'swish', ")


@pytest.mark.parametrize("name", sorted(FUNCTIONS.keys() - {"glu", "threshold"}))
def test_get_and_serialize(name):
    function = activations.get(name)
    assert function is getattr(activations, name)
    assert activations.get(function) is function
    assert activations.serialize(function) == name
    assert activations.deserialize(name) is function


def test_none_is_linear():
    assert activations.get(None) is activations.linear


def test_the_other_names():
    assert activations.get("swish") is activations.swish is activations.silu
    assert activations.get("hard_swish") is activations.hard_swish is activations.hard_silu


def test_a_function_with_arguments_is_described_and_serialized_with_them():
    celu = partial(activations.celu, alpha=0.5)
    assert activations.get(celu) is celu
    assert describe(celu) == ("celu", {"alpha": 0.5})
    again = activations.deserialize(json.loads(json.dumps(activations.serialize(celu))))
    assert describe(again) == describe(celu)


@pytest.mark.parametrize(
    ("layer", "described"),
    [
        (layers.LeakyReLU(0.1), ("leaky_relu", {"negative_slope": 0.1})),
        (layers.ELU(0.5), ("elu", {"alpha": 0.5})),
        (layers.Softmax(axis=1), ("softmax", {"axis": 1})),
        (
            layers.ReLU(6.0),
            ("relu", {"negative_slope": 0.0, "max_value": 6.0, "threshold": 0.0}),
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_layer_that_only_computes_a_function_stands_for_it(layer, described):
    assert describe(activations.get(layer)) == described
    saved = activations.serialize(layer)
    assert saved["class_name"] == type(layer).__name__
    assert type(layer)(**saved["config"]).get_config().keys() == layer.get_config().keys()
    assert describe(activations.deserialize(json.loads(json.dumps(saved)))) == described
    assert describe(activations.deserialize(layers.serialize(layer))) == described


def test_a_name_with_the_arguments_that_it_has_anyway():
    assert is_named(partial(activations.relu, max_value=None), "relu")
    assert not is_named(partial(activations.relu, threshold=1.0), "relu")
    assert not is_named(activations.elu, "relu")


def test_what_keras_writes_for_a_function():
    keras = {"module": "builtins", "class_name": "function", "config": "gelu"}
    assert activations.get({**keras, "registered_name": "function"}) is activations.gelu


@pytest.mark.parametrize(
    ("identifier", "error", "message"),
    [
        (
            "rleu",
            UnknownNameError,
            f"Dense needs activation to be one of {WITH_ALIASES}. Received activation='rleu'. "
            "Did you mean 'relu'?",
        ),
        (
            np.sin,
            UnsupportedError,
            "Dense does not support an activation function of one's own. Received sin. "
            f"Choose one of {LISTED}.",
        ),
        (
            layers.PReLU(),
            UnsupportedError,
            "Dense does not support an activation function of one's own. Received PReLU. "
            f"Choose one of {LISTED}.",
        ),
        (
            3,
            ArgumentError,
            f"Dense needs activation to be one of {LISTED} or None. Received activation=3.",
        ),
        (
            "glu",
            UnsupportedError,
            "Dense does not support the activation 'glu', whose output is half as long as its "
            "input. Call activations.glu on arrays.",
        ),
        (
            "threshold",
            ArgumentError,
            "Dense needs all arguments of the activation 'threshold'. Received none for threshold "
            "and default_value. Use functools.partial(activations.threshold, threshold=..., "
            "default_value=...).",
        ),
        (
            partial(activations.elu, alpa=1.0),
            ArgumentError,
            "activations.elu has no argument 'alpa'. Did you mean 'alpha'?",
        ),
        (
            partial(activations.elu, alpha="1"),
            ArgumentError,
            "activations.elu needs alpha to be a number. Received alpha='1'.",
        ),
        (
            partial(activations.gelu, approximate=1),
            ArgumentError,
            "activations.gelu needs approximate to be True or False. Received approximate=1.",
        ),
        (
            partial(activations.softmax, axis=0.5),
            ArgumentError,
            "activations.softmax needs axis to be an integer. Received axis=0.5.",
        ),
        (
            {"class_name": "PReLU", "config": {}},
            ArgumentError,
            "Dense needs activation to be a name or the configuration of an activation function. "
            "Received activation={'class_name': 'PReLU', 'config': {}}.",
        ),
    ],
)
def test_get_refuses(identifier, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        activations.get(identifier, "Dense")
