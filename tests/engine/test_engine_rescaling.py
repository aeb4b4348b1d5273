"""Rescaling and Normalization with numbers for each place: the engine beside the definition."""

import numpy as np
import pytest

from convlet import layers
from tests.engine.augmented import check_augmentation, pictures

RANDOM = np.random.default_rng(1)
RESCALINGS = {
    "channels": ([0.5, 2, 4], [1, 2, 3]),
    "channels, one offset": ([0.5, 2, 4], 7),
    "one scale": (0.5, [1, 2, 3]),
    "rows": (RANDOM.uniform(1, 2, (5, 1, 1)), 0.0),
    "columns": (RANDOM.uniform(1, 2, (4, 1)), 1.0),
    "places": (1.0, RANDOM.uniform(1, 2, (5, 4, 3))),
}
AXES = [-1, None, 1, 2, (1, 3), (1, 2, 3)]


@pytest.mark.parametrize("numbers", RESCALINGS)
def test_rescaling(numbers):
    check_augmentation(layers.Rescaling(*RESCALINGS[numbers]), x=pictures(5, (5, 4, 3)))


@pytest.mark.parametrize("invert", [False, True])
@pytest.mark.parametrize("axis", AXES)
def test_normalization(axis, invert):
    layer = layers.Normalization(axis, invert=invert)
    layer.adapt(pictures(7, (5, 4, 3)))
    check_augmentation(layer, x=pictures(5, (5, 4, 3), np.uint8))


@pytest.mark.parametrize("shape", [(3,), (6, 3)])
def test_normalization_by_numbers_that_were_given(shape):
    layer = layers.Normalization(mean=[1, 2, 3], variance=[4, 0, 1e-20])
    check_augmentation(layer, x=pictures(5, shape))


def test_a_mean_far_from_zero_costs_no_digits():
    layer = layers.Normalization(None, mean=1000.0, variance=1e-4)
    check_augmentation(layer, x=1000 + pictures(5, (6,)) / 2**14)
