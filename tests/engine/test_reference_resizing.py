"""Weights of resized axes, and windows that are resized."""

import numpy as np
import pytest

from convlet import layers
from convlet.engine import reference
from convlet.engine.reference import resizing
from convlet.engine.reference.draws import Draws
from convlet.layers.resizing import INTERPOLATIONS, Box
from tests.engine.differences import central_differences, random_like


@pytest.mark.parametrize("interpolation", INTERPOLATIONS)
@pytest.mark.parametrize("sizes", [(5, 5), (5, 9), (9, 5), (1, 4), (7, 1)])
@pytest.mark.parametrize("antialias", [False, True])
def test_weights_add_up_to_one(interpolation, sizes, antialias):
    weights = resizing.weights(*sizes, interpolation, antialias)
    assert weights.shape == sizes[::-1]
    np.testing.assert_allclose(weights.sum(axis=1), 1)
    if sizes[0] == sizes[1]:
        np.testing.assert_allclose(weights, np.eye(sizes[0]), atol=1e-12)


def test_weights_by_hand():
    assert resizing.weights(4, 2, "bilinear").tolist() == [[0.5, 0.5, 0, 0], [0, 0, 0.5, 0.5]]
    assert resizing.weights(4, 2, "nearest").tolist() == [[0, 1, 0, 0], [0, 0, 0, 1]]
    assert resizing.weights(2, 4, "bilinear").tolist() == [
        [1, 0],
        [0.75, 0.25],
        [0.25, 0.75],
        [0, 1],
    ]
    weights = resizing.weights(4, 2, "bilinear", antialias=True)
    np.testing.assert_allclose(weights[0], np.array([3, 3, 1, 0]) / 7)
    weights = resizing.weights(4, 2, "bicubic")
    np.testing.assert_allclose(weights[0], np.array([9, 9, -1, 0]) / 17)


def test_what_lies_outside_of_an_axis_is_left_out():
    weights = resizing.window_weights(3, -1, 5, 5, "bilinear", False)
    assert weights.tolist() == np.eye(5)[:, 1:4].tolist()
    weights = resizing.window_weights(5, 1, 3, 3, "bilinear", False)
    assert weights.tolist() == np.eye(5)[1:4].tolist()


def test_frames_have_the_fill_value():
    layer = layers.Resizing(4, 4, pad_to_aspect_ratio=True, fill_value=9.0)
    y = resizing.resizing(layer, np.ones((1, 2, 4, 1)))
    assert y[0, :, :, 0].tolist() == [[9] * 4, [1] * 4, [1] * 4, [9] * 4]


def test_gradients_are_those_of_central_differences():
    generator = np.random.default_rng(0)
    x = generator.standard_normal((2, 5, 4, 2))
    layer = layers.Resizing(3, 7, "bicubic", crop_to_aspect_ratio=True)

    def forward(x):
        return resizing.resizing(layer, x)

    dy = random_like(generator, forward, x)
    expected = central_differences(forward, x, dy)
    np.testing.assert_allclose(resizing.resizing_backward(layer, dy, x), expected, atol=1e-8)


def test_every_place_of_a_random_crop_is_as_likely():
    layer = layers.RandomCrop(2, 3, seed=3)
    x = np.tile(np.arange(20.0).reshape(1, 4, 5, 1), (1800, 1, 1, 1))
    corners = resizing.random_crop(layer, x, Draws(layer.seed, 0, range(1800)))[:, 0, 0, 0]
    places, counts = np.unique(corners, return_counts=True)
    assert places.tolist() == [0, 1, 2, 5, 6, 7, 10, 11, 12]
    assert np.abs(counts - 200).max() < 5 * np.sqrt(200)


def test_a_random_crop_of_an_image_that_is_not_larger():
    layer = layers.RandomCrop(4, 4)
    assert layer.box(4, 8, training=True) == Box(0, 2, 4, 4)
    assert layer.box(2, 8, training=True) == Box(0, 3, 2, 4)
    assert layer.box(2, 8, training=False) == Box(0, 3, 2, 2)


def test_outside_of_training_the_largest_middle_window_is_resized():
    layer = layers.RandomCrop(2, 2)
    layer.build((None, 4, 6, 1))
    x = np.arange(24.0).reshape(1, 4, 6, 1)
    y = reference.forward([layer], x)
    assert y[0, :, :, 0].tolist() == [[4.5, 6.5], [16.5, 18.5]]
