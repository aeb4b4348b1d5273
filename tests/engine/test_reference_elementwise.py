import numpy as np
import pytest

from convlet.engine import reference
from tests.engine.differences import central_differences, random_like

X = np.random.default_rng(0).standard_normal((3, 4, 2, 5)) * 2
RELUS = [
    {},
    {"max_value": 1.5},
    {"negative_slope": 0.25},
    {"threshold": 0.7},
    {"max_value": 2.0, "negative_slope": 0.1, "threshold": 0.5},
]


@pytest.mark.parametrize("name", reference.ACTIVATIONS)
def test_activation_gradients_are_those_of_central_differences(name):
    forward, backward = reference.ACTIVATIONS[name]
    dy = random_like(np.random.default_rng(1), forward, X)
    np.testing.assert_allclose(backward(dy, X), central_differences(forward, X, dy), atol=1e-7)


@pytest.mark.parametrize("axis", [1, -1])
def test_softmax_along_an_axis(axis):
    y = reference.softmax(X, axis)
    np.testing.assert_allclose(y.sum(axis=axis), 1.0)
    dy = random_like(np.random.default_rng(1), lambda x: reference.softmax(x, axis), X)
    expected = central_differences(lambda x: reference.softmax(x, axis), X, dy)
    np.testing.assert_allclose(reference.softmax_backward(dy, X, axis), expected, atol=1e-7)


@pytest.mark.parametrize("settings", RELUS)
def test_relu_gradients_are_those_of_central_differences(settings):
    dy = random_like(np.random.default_rng(1), reference.relu, X)
    expected = central_differences(lambda x: reference.relu(x, **settings), X, dy)
    np.testing.assert_allclose(reference.relu_backward(dy, X, **settings), expected, atol=1e-7)


def test_relu_by_hand():
    x = np.array([-10.0, -5.0, 0.0, 5.0, 10.0])
    assert reference.relu(x).tolist() == [0.0, 0.0, 0.0, 5.0, 10.0]
    y = reference.relu(x, max_value=7.0, negative_slope=0.5)
    assert y.tolist() == [-5.0, -2.5, 0.0, 5.0, 7.0]
    assert reference.relu(x, threshold=5.0).tolist() == [0.0, 0.0, 0.0, 0.0, 10.0]
    y = reference.relu(x, negative_slope=0.5, threshold=2.0)
    assert y.tolist() == [-6.0, -3.5, -1.0, 5.0, 10.0]


def test_relu_at_its_corners_and_of_not_a_number():
    corners = np.array([0.0, -0.0, 6.0, np.nan])
    ones = np.ones(4)
    assert np.isnan(reference.relu(corners)).tolist() == [False, False, False, True]
    assert reference.relu_backward(ones, corners, max_value=6.0).tolist() == [0.0, 0.0, 0.0, 0.0]
    assert reference.relu_backward(ones, corners).tolist() == [0.0, 0.0, 1.0, 0.0]


def test_sigmoid_and_softmax_do_not_overflow():
    extremes = np.array([[-1e4, 0.0, 1e4]])
    assert reference.sigmoid(extremes).tolist() == [[0.0, 0.5, 1.0]]
    assert reference.softmax(extremes).tolist() == [[0.0, 0.0, 1.0]]


@pytest.mark.parametrize("shape", [(4, 3), (2, 2, 3, 3)])
def test_dense_gradients_are_those_of_central_differences(shape):
    generator = np.random.default_rng(0)
    x, kernel, bias = (generator.standard_normal(s) for s in (shape, (3, 5), (5,)))
    dy = random_like(generator, lambda x: reference.dense(x, kernel, bias), x)
    dx, dkernel, dbias = reference.dense_backward(dy, x, kernel)
    expected = central_differences(lambda x: reference.dense(x, kernel, bias), x, dy)
    np.testing.assert_allclose(dx, expected, atol=1e-8)
    expected = central_differences(lambda kernel: reference.dense(x, kernel, bias), kernel, dy)
    np.testing.assert_allclose(dkernel, expected, atol=1e-8)
    expected = central_differences(lambda bias: reference.dense(x, kernel, bias), bias, dy)
    np.testing.assert_allclose(dbias, expected, atol=1e-8)


def test_dense_by_hand():
    y = reference.dense(np.array([[1.0, 2.0]]), np.array([[3.0], [10.0]]), np.array([100.0]))
    assert y.tolist() == [[123.0]]


def test_dropout_scales_what_it_keeps():
    mask = np.array([1.0, 0.0, 1.0, 1.0])
    assert reference.dropout(np.full(4, 3.0), 0.25, mask).tolist() == [4.0, 0.0, 4.0, 4.0]
    assert reference.dropout(np.full(4, 3.0), 1.0, mask).tolist() == [0.0] * 4


def test_rescaling():
    x = np.array([[0.0, 255.0]])
    np.testing.assert_allclose(reference.rescaling(x, 1 / 255, -0.5), [[-0.5, 0.5]])
    assert reference.rescaling_backward(x, 2.0).tolist() == [[0.0, 510.0]]
