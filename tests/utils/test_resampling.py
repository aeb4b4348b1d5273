"""Other sizes of an image: each kernel against its definition, pixel by pixel."""

from __future__ import annotations

import math

import numpy as np
import pytest

from convlet.utils.resampling import INTERPOLATIONS, resampled

IMAGE = np.random.default_rng(0).integers(0, 256, (7, 10, 3)).astype(np.uint8)


def keys(x):
    if x <= 1:
        return 1.5 * x**3 - 2.5 * x**2 + 1
    return -0.5 * x**3 + 2.5 * x**2 - 4 * x + 2 if x < 2 else 0.0


def mitchell(x):
    if x < 1:
        return (7 * x**3 - 12 * x**2 + 16 / 3) / 6
    return (-7 / 3 * x**3 + 12 * x**2 - 20 * x + 32 / 3) / 6 if x < 2 else 0.0


def lanczos(radius):
    def kernel(x):
        if x == 0:
            return 1.0
        angle = math.pi * x
        inside = radius * math.sin(angle) * math.sin(angle / radius) / angle**2
        return inside if x < radius else 0.0

    return kernel


KERNELS = {
    "bilinear": lambda x: max(0.0, 1 - x),
    "bicubic": keys,
    "gaussian": lambda x: math.exp(-(x**2) / (2 * 0.5**2)) if x < 1.5 else 0.0,
    "lanczos3": lanczos(3),
    "lanczos5": lanczos(5),
    "mitchellcubic": mitchell,
}


def matrix(count, length, interpolation):
    """What each of `length` new pixels takes from each of `count` old ones."""
    weights = np.zeros((length, count))
    for new in range(length):
        centre = (new + 0.5) * count / length
        for old in range(count):
            if interpolation == "nearest":
                weights[new, old] = old == math.floor(centre)
            elif interpolation == "area":
                begin, end = new * count / length, (new + 1) * count / length
                weights[new, old] = max(0.0, min(end, old + 1) - max(begin, old))
            else:
                weights[new, old] = KERNELS[interpolation](abs(centre - 0.5 - old))
    return weights / weights.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("size", [(3, 4), (14, 25), (7, 4), (1, 1), (5, 10)], ids=str)
@pytest.mark.parametrize("interpolation", INTERPOLATIONS)
def test_each_new_pixel_is_the_mean_that_the_kernel_says(interpolation, size):
    down = matrix(7, size[0], interpolation)
    across = matrix(10, size[1], interpolation)
    expected = np.einsum("ay,bx,yxc->abc", down, across, IMAGE)
    got = resampled(IMAGE, size, interpolation)
    assert got.shape == (*size, 3)
    assert got.dtype == np.uint8
    np.testing.assert_allclose(got, np.clip(expected, 0, 255), atol=0.501)


@pytest.mark.parametrize("interpolation", INTERPOLATIONS)
def test_the_same_size_changes_nothing(interpolation):
    np.testing.assert_array_equal(resampled(IMAGE, (7, 10), interpolation), IMAGE)
