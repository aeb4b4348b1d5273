"""What changes of brightness and colour do, by hand, and the ranges of their draws."""

import colorsys

import numpy as np
import pytest

from convlet import layers
from convlet.engine import reference
from convlet.engine.reference import color

COUNT = 2000


def changed(layer, x):
    x = np.asarray(x, np.float64)
    layer.build((None, *x.shape[1:]))
    return reference.forward([layer], x, training=True)


def constant(value, channels=1):
    return np.full((COUNT, 1, 1, channels), float(value))


def check_range(values, lower, upper):
    assert values.min() == pytest.approx(lower, abs=0.01 * (upper - lower))
    assert values.max() == pytest.approx(upper, abs=0.01 * (upper - lower))
    assert values.mean() == pytest.approx((lower + upper) / 2, abs=0.05 * (upper - lower))


def test_brightness():
    check_range(changed(layers.RandomBrightness((-0.2, 0.4), seed=1), constant(100)), 49, 202)
    y = changed(layers.RandomBrightness((0.5, 0.5), (-1, 1)), [[[[-1, -0.5, 0.5]]]])
    assert y.ravel().tolist() == [0.0, 0.5, 1.0]


def test_contrast_of_one_number_only_grows_as_in_keras():
    x = np.tile(np.array([100.0, 120.0]).reshape(1, 1, 2, 1), (COUNT, 1, 1, 1))
    y = changed(layers.RandomContrast(0.5, seed=1), x)
    np.testing.assert_allclose(y.mean(axis=(1, 2, 3)), 110)
    check_range((y[:, 0, 1, 0] - y[:, 0, 0, 0]) / 20, 1.0, 1.5)
    y = changed(layers.RandomContrast((0.25, 0.75), seed=1), x)
    check_range((y[:, 0, 1, 0] - y[:, 0, 0, 0]) / 20, 0.75, 1.75)


def test_inversion():
    y = changed(layers.RandomInvert(seed=1), constant(10))
    assert set(y.ravel()) == {10, 245}
    assert (y == 245).mean() == pytest.approx(0.5, abs=0.05)
    assert (changed(layers.RandomInvert((1, 1)), constant(0.25)) == 254.75).all()


def test_posterization():
    y = changed(layers.RandomPosterization((1, 4), seed=1), constant(255))
    assert set(y.ravel()) == {128, 192, 224}
    y = changed(layers.RandomPosterization((2, 2)), [[[[0, 63, 64, 200.5]]]])
    assert y.ravel().tolist() == [0, 0, 64, 192]
    y = changed(
        layers.RandomPosterization((8, 8), (0, 1)), np.arange(256).reshape(1, 1, -1, 1) / 255
    )
    np.testing.assert_allclose(y.ravel() * 255, np.arange(256))


def test_solarization():
    y = changed(layers.Solarization(threshold_factor=(0.5, 0.5), seed=1), constant(100))
    assert set(y.ravel()) == {100, 155}  # thresholds from 0.5 to 127.5, as in Keras
    y = changed(layers.Solarization(addition_factor=0.5, seed=1), constant(0))
    check_range(y, 127.5, 255)


def test_gray():
    y = changed(
        layers.RandomGrayscale(0.25, seed=1), np.tile([[[[100.0, 200, 50]]]], (COUNT, 1, 1, 1))
    )
    gray = (y == y[..., :1]).all(axis=-1)
    assert gray.mean() == pytest.approx(0.25, abs=0.05)
    np.testing.assert_allclose(y[gray], 0.2989 * 100 + 0.587 * 200 + 0.114 * 50)
    y = changed(layers.RandomColorDegeneration((1, 1)), [[[[100.0, 200, 50]]]])
    np.testing.assert_allclose(y, 0.2989 * 100 + 0.587 * 200 + 0.114 * 50)
    y = changed(layers.RandomColorDegeneration((0.5, 0.5)), [[[[300.0]]]])
    assert y.item() == 255


def test_colours_as_pythons_colorsys_has_them():
    x = np.random.default_rng(0).uniform(0, 1, (50, 3))
    x[:3] = [[0.5, 0.5, 0.5], [0, 0, 0], [1, 0, 0]]
    expected = np.array([colorsys.rgb_to_hsv(*pixel) for pixel in x]).T
    np.testing.assert_allclose(color.to_hsv(x), expected, atol=1e-12)
    np.testing.assert_allclose(color.from_hsv(*expected), x, atol=1e-12)


def test_hue():
    x = np.tile([[[[255.0, 0, 0]]]], (COUNT, 1, 1, 1))
    y = changed(layers.RandomHue((0.2, 0.4), seed=1), x)
    turns = color.to_hsv(y)[0].ravel()
    turns = np.where(turns > 0.5, turns - 1, turns)
    check_range(np.abs(turns), 0.1, 0.2)
    assert (turns > 0).mean() == pytest.approx(0.5, abs=0.05)


def test_saturation():
    x = [[[[100.0, 150, 200]]]]
    np.testing.assert_allclose(changed(layers.RandomSaturation((0.5, 0.5)), x), x, rtol=1e-6)
    np.testing.assert_allclose(changed(layers.RandomSaturation((0, 0)), x), 200)


def test_parts_of_a_jitter_draw_for_themselves():
    layer = layers.RandomColorJitter(brightness_factor=0.1, contrast_factor=0.1, seed=2**63 - 1)
    assert [part.seed for part in layer.parts] == [2**63 - 1, 0]
    x = np.random.default_rng(0).uniform(100, 150, (4, 3, 3, 3))
    expected = x
    for part in layer.parts:
        expected = changed(part, expected)
    np.testing.assert_array_equal(changed(layer, x), expected)
