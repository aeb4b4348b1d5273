import re

import numpy as np
import pytest

import convlet
from convlet import layers
from convlet.errors import (
    ArgumentError,
    NotBuiltError,
    ShapeError,
    UnknownNameError,
)


@pytest.fixture
def model():
    return convlet.Sequential(
        [
            convlet.Input((4,)),
            layers.Dense(3, name="hidden"),
            layers.Dense(2, name="output"),
        ],
        name="small",
    )


def test_get_layer(model):
    assert model.get_layer("output") is model.get_layer(index=1) is model.layers[-1]
    assert model.get_layer(index=-2).name == "hidden"


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        (
            {"name": "ouput"},
            UnknownNameError,
            "Sequential 'small' has no layer 'ouput'. Did you mean 'output'?",
        ),
        (
            {"name": "xyz"},
            UnknownNameError,
            "Sequential 'small' has no layer 'xyz'. Its layers are hidden, output.",
        ),
        (
            {"index": 2},
            ArgumentError,
            "get_layer needs index to be the position of one of 2 layers. Received index=2.",
        ),
        (
            {},
            ArgumentError,
            "get_layer needs either name or index. Received name=None and index=None.",
        ),
    ],
)
def test_get_layer_refuses(model, settings, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        model.get_layer(**settings)


def test_weights_round_trip(model):
    values = [np.full(weight.shape, i) for i, weight in enumerate(model.weights)]
    model.set_weights(values)
    np.testing.assert_equal(model.get_weights(), values)
    model.get_weights()[0][...] = 9  # a copy
    assert model.layers[0].kernel.value.max() == 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda values: values[:-1],
            "Sequential 'small' needs 4 arrays of weights (hidden/kernel (4, 3), hidden/bias (3,), "
            "output/kernel (3, 2), output/bias (2,)). Received 3.",
        ),
        (
            lambda values: [*values[:-1], np.zeros(3)],
            "Sequential 'small' needs 'output/bias' to have shape (2,). Received shape (3,).",
        ),
    ],
)
def test_set_weights_refuses(model, change, message):
    before = model.get_weights()
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
        model.set_weights(change([value + 1 for value in before]))
    np.testing.assert_equal(model.get_weights(), before)


def test_name():
    with pytest.raises(
        ArgumentError, match=r"needs name to be a text without '/', or None\. Received name=3\."
    ):
        convlet.Sequential(name=3)


def test_call_predicts(model):
    x = np.random.default_rng(0).random((5, 4), dtype=np.float32)
    hidden, output = model.layers
    expected = (x @ hidden.kernel.value) @ output.kernel.value
    np.testing.assert_allclose(model(x), expected, rtol=1e-4, atol=1e-5)


def test_call_as_in_training_draws_anew():
    model = convlet.Sequential([layers.Input((1000,)), layers.Dropout(0.5, seed=1)])
    x = np.ones((1, 1000))
    first, second = model(x, training=True), model(x, training=True)
    assert 0.3 < (first == 0).mean() < 0.7
    assert (first != second).any()
    np.testing.assert_array_equal(model(x), x)


def test_compute_output_shape(model):
    assert model.compute_output_shape((7, 4)) == (7, 2)


def test_repr(model):
    assert repr(model) == "<Sequential 'small'>"


def test_a_predictor_predicts_what_the_model_does(model):
    predict = model.predictor()
    x = np.random.default_rng(0).random((3, 4)).astype(np.float32)
    out = np.empty((3, 2), np.float32)
    assert predict(x, out) is out
    np.testing.assert_array_equal(out, model.predict(x, verbose=0))
    np.testing.assert_array_equal(predict(x.astype(np.float64)), out)
    model.set_weights([weight + 1 for weight in model.get_weights()])
    np.testing.assert_array_equal(predict(x), model.predict(x, verbose=0))


def test_a_predictor_needs_a_built_model():
    model = convlet.Sequential([layers.Dense(2)], name="open")
    message = (
        "Sequential 'open' needs to be built before it has a predictor. "
        "Give its first layer an input_shape, or call build(input_shape) or fit."
    )
    with pytest.raises(NotBuiltError, match=f"^{re.escape(message)}$"):
        model.predictor()


def test_a_predictor_refuses_other_types_of_numbers(model):
    message = (
        "predictor needs dtype to be one of 'uint8', 'float32', 'float64'. "
        "Received dtype='float16'. Did you mean 'float64'?"
    )
    with pytest.raises(UnknownNameError, match=f"^{re.escape(message)}$"):
        model.predictor("float16")
