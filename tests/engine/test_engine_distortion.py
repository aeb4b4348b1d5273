"""Erasing, elastic distortion and blur: the engine beside the definition."""

import numpy as np
import pytest

from convlet import layers
from convlet.engine import reference
from tests.engine.augmented import check_augmentation, pictures


@pytest.mark.parametrize("fill_value", [None, 300.0, (10, 20, 30)])
def test_erasing(fill_value):
    layer = layers.RandomErasing((0.5, 1), (0.1, 0.9), fill_value, (20, 240), seed=3)
    check_augmentation(layer, x=pictures(10, (6, 5, 3)))


@pytest.mark.parametrize("fill_mode", ["reflect", "wrap", "constant", "nearest"])
def test_elastic(fill_mode):
    layer = layers.RandomElasticTransform((0.5, 1), (0.5, 1), fill_mode=fill_mode, seed=3)
    check_augmentation(layer, x=pictures(8, (19, 23, 2)))


def test_elastic_of_nearest_pixels_of_a_small_image():
    layer = layers.RandomElasticTransform(1.0, 1.0, "nearest", value_range=(10, 200), seed=3)
    check_augmentation(layer, x=pictures(20, (3, 4, 1)))


@pytest.mark.parametrize("settings", [{"scale": 0}, {"factor": 0}])
def test_elastic_of_nothing_does_not_even_clip(settings):
    layer = layers.RandomElasticTransform(**settings, value_range=(10, 20))
    check_augmentation(layer, x=pictures(3, (3, 4, 1)))


@pytest.mark.parametrize("kernel_size", [1, (3, 5), (7, 1), 9])
def test_blur(kernel_size):
    layer = layers.RandomGaussianBlur((0.5, 1), kernel_size, 1.0, (20, 250), seed=3)
    check_augmentation(layer, x=pictures(8, (5, 6, 3)))


@pytest.mark.parametrize("shape", [(5, 6, 3), (1, 1, 2)])
def test_sharpness(shape):
    layer = layers.RandomSharpness((0, 1), (10, 250), seed=3)
    check_augmentation(layer, x=pictures(8, shape))


def test_a_sharpness_of_a_half_changes_nothing_and_of_0_is_smooth():
    x = np.zeros((1, 3, 3, 1))
    x[0, 1, 1] = 130.0
    for factor, expected in ((0.5, x[0, :, :, 0]), (0, [[10, 10, 10], [10, 50, 10], [10, 10, 10]])):
        layer = layers.RandomSharpness((factor, factor))
        layer.build((None, 3, 3, 1))
        y = reference.forward([layer], x, training=True)
        np.testing.assert_allclose(y[0, :, :, 0], expected, atol=1e-10)


def test_erased_windows():
    layer = layers.RandomErasing((0.25, 0.25), (0.25, 0.25), 0.0, seed=1)
    layer.build((None, 8, 12, 1))
    y = reference.forward([layer], np.ones((1000, 8, 12, 1)), training=True)
    erased = (y == 0).sum(axis=(1, 2, 3))
    assert (erased > 0).mean() == pytest.approx(0.25, abs=0.06)
    assert set(np.unique(erased)) <= {0, 24}  # 4 x 6 pixels wherever they lie
    places = (y == 0).mean(axis=0)[:, :, 0]
    assert places[4, 6] == places.max()
    assert places[0, 0] < places[4, 6] / 3
