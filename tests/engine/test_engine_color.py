"""Brightness, contrast and colours: the engine beside the definition."""

import numpy as np
import pytest

from convlet import engine, layers
from convlet.layers.graph import chain
from tests.engine.augmented import check_augmentation, pictures, stack_of

CHANGES = {
    "brightness": lambda **more: layers.RandomBrightness(0.6, **more),
    "contrast": lambda **more: layers.RandomContrast((0.5, 0.9), **more),
    "inversion": lambda **more: layers.RandomInvert((0.3, 0.7), **more),
    "posterization": lambda **more: layers.RandomPosterization((1, 8), **more),
    "posterization to one level": lambda **more: layers.RandomPosterization((3, 3), **more),
    "solarization": lambda **more: layers.Solarization(0.3, (0.2, 0.8), **more),
    "degeneration": lambda **more: layers.RandomColorDegeneration((-0.5, 1), **more),
    "hue": lambda **more: layers.RandomHue(0.8, **more),
    "saturation": lambda **more: layers.RandomSaturation((0.1, 0.8), **more),
    "jitter": lambda **more: layers.RandomColorJitter(
        brightness_factor=0.2,
        contrast_factor=0.4,
        saturation_factor=(0.3, 0.6),
        hue_factor=0.2,
        **more,
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_changes(change):
    check_augmentation(CHANGES[change](seed=2), x=pictures(20, (4, 5, 3)))


@pytest.mark.parametrize("change", sorted(set(CHANGES) - {"saturation", "jitter"}))
def test_other_ranges(change):
    x = np.arange(12 * 60).reshape(12, 4, 5, 3).astype(np.float32) / 720 * 2 - 1
    check_augmentation(CHANGES[change](seed=3, value_range=(-1, 1)), x=x)


@pytest.mark.parametrize("change", ["brightness", "contrast", "degeneration", "inversion"])
def test_gray_images(change):
    check_augmentation(CHANGES[change](seed=2), x=pictures(8, (3, 5, 1)))


def test_auto_contrast():
    x = pictures(8, (4, 5, 3)) / 3 + 20
    x[2, :, :, 1] = 7.0  # of one value: left alone
    layer = layers.AutoContrast((-1, 1))
    check_augmentation(layer, x=x)
    stack = stack_of(layer, shape=(4, 5, 3))
    outputs = engine.InferenceProgram(chain(stack)).run(x).reshape(x.shape)
    assert outputs[0].min() == -1
    assert outputs[0].max() == 1
    assert (outputs[2, :, :, 1] == 7).all()


def test_grayscale():
    check_augmentation(layers.RandomGrayscale(0.5, seed=1), x=pictures(12, (4, 5, 3)))
    check_augmentation(layers.RandomGrayscale(0.5, seed=1), x=pictures(12, (4, 5, 1)))
