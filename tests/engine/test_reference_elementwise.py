import numpy as np
import pytest

from convlet.engine import reference
from tests.engine.differences import central_differences, random_like


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


def test_alpha_dropout_by_hand():
    mask, affine = np.array([1.0, 0.0]), (0.5, 1.0, -2.0)
    assert reference.alpha_dropout(np.array([4.0, 4.0]), affine, mask).tolist() == [3.0, -2.0]
    assert reference.alpha_dropout_backward(np.full(2, 8.0), affine, mask).tolist() == [4.0, 0.0]


def test_gaussian_dropout_multiplies():
    noise = np.array([-1.0, 0.0, 2.0])
    assert reference.gaussian_dropout(np.full(3, 4.0), 0.5, noise).tolist() == [2.0, 4.0, 8.0]


@pytest.mark.parametrize("shared", [(), (0,), (0, 1), (0, 1, 2)])
def test_prelu_gradients_are_those_of_central_differences(shared):
    generator = np.random.default_rng(0)
    x = generator.standard_normal((3, 4, 2, 5))
    alpha = generator.standard_normal([1 if a in shared else s for a, s in enumerate((4, 2, 5))])
    dy = random_like(generator, lambda x: reference.prelu(x, alpha), x)
    dx, dalpha = reference.prelu_backward(dy, x, alpha)
    expected = central_differences(lambda x: reference.prelu(x, alpha), x, dy)
    np.testing.assert_allclose(dx, expected, atol=1e-8)
    expected = central_differences(lambda alpha: reference.prelu(x, alpha), alpha, dy)
    np.testing.assert_allclose(dalpha, expected, atol=1e-8)


def test_rescaling():
    x = np.array([[0.0, 255.0]])
    np.testing.assert_allclose(reference.rescaling(x, 1 / 255, -0.5), [[-0.5, 0.5]])
    assert reference.rescaling_backward(x, 2.0).tolist() == [[0.0, 510.0]]
