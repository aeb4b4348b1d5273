"""Which way layers turn, shift, zoom and slant, and how much: the ranges that Keras documents."""

import numpy as np
import pytest

from convlet import layers
from convlet.engine import reference
from convlet.engine.reference import geometric
from convlet.engine.reference.draws import Draws

COUNT = 2000
HEIGHT, WIDTH = 8, 4


def matrices(layer):
    """One for each of many images."""
    draws = Draws(layer.seed, 0, range(COUNT))
    return geometric.MATRICES[type(layer).__name__](layer, draws, HEIGHT, WIDTH)


def check_range(values, lower, upper):
    """Asserts that they are uniform between bounds."""
    assert values.min() == pytest.approx(lower, abs=0.01 * (upper - lower))
    assert values.max() == pytest.approx(upper, abs=0.01 * (upper - lower))
    spread = (upper - lower) / np.sqrt(12 * COUNT)
    assert values.mean() == pytest.approx((lower + upper) / 2, abs=5 * spread)


def apply(layer, x):
    layer.build((None, *x.shape[1:]))
    return reference.forward([layer], x, training=True)


def test_a_positive_factor_turns_counter_clockwise():
    x = np.arange(9.0).reshape(1, 3, 3, 1)
    y = apply(layers.RandomRotation((0.25, 0.25)), x)
    np.testing.assert_allclose(y[0, :, :, 0], np.rot90(x[0, :, :, 0]), atol=1e-12)


def test_angles():
    a, b, c, d, e, f = matrices(layers.RandomRotation((-0.1, 0.2), seed=1)).T
    check_range(np.arctan2(d, a) / (2 * np.pi), -0.1, 0.2)
    np.testing.assert_allclose(a * a + d * d, 1)
    np.testing.assert_allclose([b, e], [-d, a])
    x, y = (WIDTH - 1) / 2, (HEIGHT - 1) / 2  # the centre stays where it is
    np.testing.assert_allclose(a * x + b * y + c, x)
    np.testing.assert_allclose(d * x + e * y + f, y)


def test_positive_factors_shift_down_and_to_the_right():
    x = np.arange(1.0, 10).reshape(1, 3, 3, 1)
    third = (1 / 3, 1 / 3)
    y = apply(layers.RandomTranslation(third, third, "constant"), x)
    np.testing.assert_allclose(y[0, :, :, 0], [[0, 0, 0], [0, 1, 2], [0, 4, 5]], atol=1e-12)


def test_shifts():
    _, _, right, _, _, down = matrices(layers.RandomTranslation(0.5, (0, 0.25), seed=1)).T
    check_range(-down, -0.5 * HEIGHT, 0.5 * HEIGHT)
    check_range(-right, 0, 0.25 * WIDTH)
    assert abs(np.corrcoef(down, right)[0, 1]) < 0.1


def test_a_negative_factor_zooms_in():
    x = np.arange(16.0).reshape(1, 4, 4, 1)
    y = apply(layers.RandomZoom((-0.5, -0.5)), x)
    assert y.min() > x.min()
    assert y.max() < x.max()


def test_zooms():
    a, *_, e, _ = matrices(layers.RandomZoom(0.5, seed=1)).T
    np.testing.assert_array_equal(a, e)
    check_range(a, 0.5, 1.5)
    a, *_, e, _ = matrices(layers.RandomZoom((0, 1), (-0.5, 0), seed=1)).T
    check_range(e, 1, 2)
    check_range(a, 0.5, 1)


def test_slants():
    _, right, _, down, _, _ = matrices(layers.RandomShear((0.1, 0.3), (0.5, 0.7), seed=1)).T
    check_range(np.abs(right), 0.1, 0.3)
    check_range(np.abs(down), 0.5, 0.7)
    np.testing.assert_array_equal(np.sign(right), np.sign(down))
    assert (right > 0).mean() == pytest.approx(0.5, abs=5 / np.sqrt(4 * COUNT))


@pytest.mark.parametrize("mode", layers.RandomFlip.MODES)
def test_half_of_the_images_are_mirrored(mode):
    x = np.tile(np.arange(6.0).reshape(1, 2, 3, 1), (COUNT, 1, 1, 1))
    y = apply(layers.RandomFlip(mode, seed=1), x)
    axes = [axis for axis, name in ((1, "vertical"), (2, "horizontal")) if name in mode]
    mirrored = (y == np.flip(x, axes)).all(axis=(1, 2, 3))
    assert mirrored.mean() == pytest.approx(0.5, abs=5 / np.sqrt(4 * COUNT))
    np.testing.assert_array_equal(y[~mirrored], x[~mirrored])
