import numpy as np
import pytest

from convlet import layers
from convlet.engine.reference import normalization, normalizing
from tests.engine.differences import central_differences, random_like

GENERATOR = np.random.default_rng(0)
X = GENERATOR.standard_normal((3, 4, 2, 5)) * 2 + 1
EPSILON = 0.01


def batch_normalised(x):
    return normalization.normalised(x, *normalization.batch_moments(x), EPSILON)


def test_normalised_values_have_a_mean_of_0_and_a_variance_of_1():
    y = normalization.normalised(X, *normalization.batch_moments(X), 0.0)
    np.testing.assert_allclose(y.mean(axis=(0, 1, 2)), 0.0, atol=1e-12)
    np.testing.assert_allclose((y * y).mean(axis=(0, 1, 2)), 1.0)


def test_gradients_are_those_of_central_differences():
    dy = random_like(np.random.default_rng(1), batch_normalised, X)
    actual = normalization.normalised_backward(
        dy, X, *normalization.batch_moments(X), EPSILON, (0, 1, 2)
    )
    np.testing.assert_allclose(actual, central_differences(batch_normalised, X, dy), atol=1e-7)


def test_gradients_of_given_statistics_are_those_of_central_differences():
    mean, variance = np.arange(5.0), np.arange(1.0, 6.0)

    def normalised(x):
        return normalization.normalised(x, mean, variance, EPSILON)

    dy = random_like(np.random.default_rng(1), normalised, X)
    actual = normalization.normalised_backward(dy, X, mean, variance, EPSILON, ())
    np.testing.assert_allclose(actual, central_differences(normalised, X, dy), atol=1e-7)


@pytest.mark.parametrize("which", [0, 1, 2])
def test_gradients_of_scale_and_centre_are_those_of_central_differences(which):
    given = [X, GENERATOR.standard_normal(5), GENERATOR.standard_normal(5)]

    def scaled(value):
        return normalization.affine(*[*given[:which], value, *given[which + 1 :]])

    dy = random_like(np.random.default_rng(1), scaled, given[which])
    actual = normalization.affine_backward(dy, X, given[1])[which]
    np.testing.assert_allclose(actual, central_differences(scaled, given[which], dy), atol=1e-7)


def test_without_scale_and_centre():
    dy = GENERATOR.standard_normal(X.shape)
    assert normalization.affine(X, None, None) is X
    assert normalization.affine_backward(dy, X, None)[0] is dy


def test_a_moving_statistic_by_hand():
    assert normalization.moving(np.array([2.0]), np.array([4.0]), 0.75).tolist() == [2.5]


@pytest.mark.parametrize("axes", [(3,), (2, 3), (1, 2, 3)])
def test_gradients_along_axes_are_those_of_central_differences(axes):
    def rms(x):
        return normalization.rms_normalised(x, axes, EPSILON)

    def unit(x):
        return normalization.unit_normalised(x, axes)

    dy = random_like(np.random.default_rng(1), unit, X)
    for forward, actual in (
        (rms, normalization.rms_normalised_backward(dy, X, axes, EPSILON)),
        (unit, normalization.unit_normalised_backward(dy, X, axes)),
    ):
        np.testing.assert_allclose(actual, central_differences(forward, X, dy), atol=1e-7)


LAYERS = [
    (layers.LayerNormalization(axis=[2, 3]), "layer_normalization"),
    (layers.LayerNormalization(center=False), "layer_normalization"),
    (layers.GroupNormalization(2), "group_normalization"),
    (layers.GroupNormalization(-1, scale=False), "group_normalization"),
    (layers.RMSNormalization(axis=(1, 2, 3)), "rms_normalization"),
]


@pytest.mark.parametrize(("layer", "name"), LAYERS)
def test_layers_gradients_are_those_of_central_differences(layer, name):
    x = GENERATOR.standard_normal((2, 3, 2, 4))
    layer.build((None, 3, 2, 4))
    layer.set_weights([np.round(GENERATOR.standard_normal(w.shape) * 8) / 8 for w in layer.weights])
    forward = getattr(normalizing, name)
    dy = random_like(np.random.default_rng(1), lambda x: forward(layer, x), x)
    dx, gradients = getattr(normalizing, f"{name}_backward")(layer, dy, x)
    expected = central_differences(lambda x: forward(layer, x), x, dy)
    np.testing.assert_allclose(dx, expected, atol=1e-7)
    for weight, gradient in zip(layer.weights, gradients, strict=True):

        def of_weight(value, weight=weight):
            weight.assign(value)
            return forward(layer, x)

        # Steps that float32 holds exactly; the layer is linear in its weights.
        expected = central_differences(of_weight, weight.numpy().astype(float), dy, step=2.0**-8)
        np.testing.assert_allclose(gradient, expected, atol=1e-9)


def test_by_hand():
    assert normalization.rms_normalised(np.array([[1.0, 7.0]]), (1,), 0.0).tolist() == [[0.2, 1.4]]
    assert normalization.unit_normalised(np.array([[3.0, 4.0]]), (1,)).tolist() == [[0.6, 0.8]]
    assert normalization.unit_normalised(np.zeros((1, 2)), (1,)).tolist() == [[0.0, 0.0]]
