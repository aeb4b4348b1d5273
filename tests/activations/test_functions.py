import numpy as np
import pytest

from convlet import activations
from convlet.activations.lookup import FUNCTIONS
from tests.keras_activations import ACTIVATIONS, inputs


@pytest.mark.parametrize(("name", "arguments", "values", "gradients"), ACTIVATIONS)
def test_values_are_those_of_keras(name, arguments, values, gradients):
    y = getattr(activations, name)(inputs(name)[np.newaxis], **arguments)
    np.testing.assert_allclose(y[0], values, rtol=2e-6, atol=3e-7)


def test_every_function_is_compared_with_keras():
    assert {row[0] for row in ACTIVATIONS} == FUNCTIONS.keys() - {"glu"}


def test_glu():
    x = inputs("glu")[:12]
    keras = [-15.93628, -2.768258, -1.764463, -1.064941, -0.704935, -0.2489825]
    np.testing.assert_allclose(activations.glu(x), keras, rtol=1e-6)
    np.testing.assert_allclose(activations.glu(np.stack([x[:6], x[6:]]), axis=0)[0], keras, 1e-6)


def test_relu():
    x = np.array([-2.0, 0.0, 0.5, 1.0, 9.0, np.nan])
    np.testing.assert_array_equal(activations.relu(x), [0, 0, 0.5, 1, 9, np.nan])
    np.testing.assert_allclose(
        activations.relu(x, negative_slope=0.1, max_value=6.0, threshold=1.0),
        [-0.3, -0.1, -0.05, 1, 6, np.nan],
    )


REQUIRED = {"threshold": {"threshold": 0.5, "default_value": 0.0}}


@pytest.mark.parametrize("name", sorted(FUNCTIONS.keys() - {"exponential"}))
def test_large_numbers_do_not_overflow(name):
    x = np.array([-1e4, 0.0, 5.0, 1e4], dtype=np.float32)
    assert np.isfinite(FUNCTIONS[name](x, **REQUIRED.get(name, {}))).all()


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_float32_stays_float32_and_integers_become_floats(name):
    function, required = FUNCTIONS[name], REQUIRED.get(name, {})
    x = np.array([-1, 2, 0, 3])
    assert function(x.astype(np.float32), **required).dtype == np.float32
    if name not in ("linear", "relu"):
        assert function(x, **required).dtype == np.float64


@pytest.mark.parametrize("name", sorted(FUNCTIONS.keys() - {"glu", "sparsemax"}))
def test_not_a_number_stays_one(name):
    y = FUNCTIONS[name](np.array([1.0, np.nan]), **REQUIRED.get(name, {}))
    assert np.isnan(y[1])


@pytest.mark.parametrize("name", ["softmax", "log_softmax", "sparsemax"])
def test_along_an_axis(name):
    x = np.array([[1.0, 2.0], [3.0, 2.25]])
    function = FUNCTIONS[name]
    np.testing.assert_allclose(function(x, axis=0), function(x.T).T)
    probabilities = np.exp(function(x)) if name == "log_softmax" else function(x)
    np.testing.assert_allclose(probabilities.sum(axis=-1), 1.0)


def test_sparsemax_by_hand():
    y = activations.sparsemax([[0.5, 0.5, 0.5, 0.5], [3.0, 1.0, 0.0, 1.0], [0.2, 0.1, -1.0, 0.0]])
    np.testing.assert_allclose(
        y, [[0.25] * 4, [1, 0, 0, 0], [13 / 30, 1 / 3, 0, 7 / 30]], atol=1e-12
    )
