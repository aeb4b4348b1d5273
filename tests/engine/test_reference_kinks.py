import numpy as np
import pytest

from convlet.engine import reference
from convlet.layers import Activation, Conv2D, Dense, GlobalMaxPooling2D, MaxPooling2D, ReLU


def distances(x, *layers):
    x = np.array(x, float)
    for layer in layers:
        layer.build((None, *x.shape[1:]))
    return reference.kink_distances(layers, x).tolist()


def test_a_relu_has_its_kink_at_zero():
    assert distances([[4.0, -1.0], [-8.0, 1.0]], Activation("relu")) == [0.25, 0.125]


def test_a_relu_layer_has_them_where_it_says():
    layer = ReLU(max_value=6.0, threshold=1.0)
    assert distances([[8.0, 5.0], [2.0, -8.0]], layer) == [0.125, 0.125]


def test_exact_zeros_and_ties_do_not_count():
    assert distances([[0.0, 0.0]], Activation("relu")) == [np.inf]
    assert distances(np.full((1, 2, 2, 1), 3.0), MaxPooling2D(2)) == [np.inf]


def test_a_pool_has_its_kink_where_another_value_would_win():
    image = [[1.0, 6.0, 0.0, 8.0], [6.0, 4.0, 5.0, 0.0]]
    assert distances(np.reshape(image, (1, 2, 4, 1)), MaxPooling2D(2)) == [0.25]
    assert distances(np.reshape(image, (1, 2, 4, 1)), GlobalMaxPooling2D()) == [0.25]


def test_weights_are_multiplied_before_a_relu():
    layer = Dense(1, activation="relu", kernel_initializer="ones", bias_initializer="ones")
    assert distances([[1.0, 2.0], [3.0, -4.0]], layer) == [1.0, np.inf]


@pytest.mark.parametrize(("pooled", "expected"), [(True, 1.0), (False, 0.125)])
def test_before_a_pool_a_relu_decides_about_maxima_only(pooled, expected):
    layer = Conv2D(1, 1, activation="relu", kernel_initializer="ones")
    image = np.reshape([[2.0, -0.5], [-1.0, -4.0]], (1, 2, 2, 1))
    assert distances(image, layer, *([MaxPooling2D(2)] if pooled else [])) == [expected]
