"""Flips, rotations, translations, zooms and shears of the engine beside their definition."""

import numpy as np
import pytest

from convlet import engine, layers
from convlet.engine import program as programs
from convlet.layers.graph import chain
from tests.engine.augmented import check_augmentation, pictures, stack_of, train_on

FILL_MODES = ["reflect", "wrap", "constant", "nearest"]
AFFINE = {
    "rotation": lambda **more: layers.RandomRotation(0.3, **more),
    "translation": lambda **more: layers.RandomTranslation((0.1, 0.9), 0.6, **more),
    "zoom": lambda **more: layers.RandomZoom(0.8, **more),
    "zoom of both axes": lambda **more: layers.RandomZoom((-0.5, 0), (0.1, 1), **more),
    "shear": lambda **more: layers.RandomShear(0.5, (0.1, 0.9), **more),
}


@pytest.mark.parametrize("mode", layers.RandomFlip.MODES)
@pytest.mark.parametrize("shape", [(5, 7, 3), (4, 1, 1), (1, 6, 2)])
def test_flips(mode, shape):
    check_augmentation(layers.RandomFlip(mode, seed=1), x=pictures(20, shape))


@pytest.mark.parametrize("fill_mode", FILL_MODES)
@pytest.mark.parametrize("interpolation", ["nearest", "bilinear"])
@pytest.mark.parametrize("kind", AFFINE)
def test_affine_maps(kind, interpolation, fill_mode):
    settings = {"interpolation": interpolation, "fill_mode": fill_mode, "fill_value": 7.5}
    layer = AFFINE[kind](seed=4, **settings)
    check_augmentation(layer, x=pictures(9, (7, 10, 3)))


@pytest.mark.parametrize("dtype", [np.uint8, np.float64])
def test_several_in_a_row_on_other_types_of_numbers(dtype):
    front = [
        layers.Rescaling(1 / 255),
        layers.RandomFlip(seed=1),
        layers.RandomRotation(0.1, seed=2),
        layers.RandomZoom(0.2, seed=3),
    ]
    check_augmentation(*front, x=pictures(12, (9, 9, 1), dtype))


def test_threads_change_nothing(monkeypatch):
    monkeypatch.setattr(programs, "WORK_PER_THREAD", 1)
    front = [layers.RandomRotation(0.1, seed=2), layers.Conv2D(4, 3)]
    stack, x = stack_of(*front, shape=(9, 9, 1)), pictures(20, (9, 9, 1))
    outputs = []
    for threads in (1, 2, 2):
        engine.set_threads(threads)
        outputs.append(train_on(stack, x, np.arange(20)))
    engine.set_threads(None)
    np.testing.assert_array_equal(outputs[1], outputs[0])
    np.testing.assert_array_equal(outputs[2], outputs[0])


def test_each_epoch_image_and_seed_draws_anew():
    x = np.repeat(pictures(1, (8, 8, 1)), 10, axis=0)
    first = stack_of(layers.RandomRotation(0.2, seed=1), shape=(8, 8, 1))
    other = stack_of(layers.RandomRotation(0.2, seed=2), shape=(8, 8, 1))
    drawn = np.concatenate(
        [
            train_on(first, x, np.arange(10)),
            train_on(first, x, np.arange(10), epoch=1),
            train_on(other, x, np.arange(10)),
        ]
    )
    assert len(np.unique(drawn, axis=0)) == 30


def test_images_stay_as_they_are_outside_of_training():
    stack = stack_of(layers.RandomFlip(), layers.RandomRotation(0.5), shape=(5, 6, 3))
    x = pictures(4, (5, 6, 3))
    outputs = engine.InferenceProgram(chain(stack)).run(x)
    np.testing.assert_array_equal(outputs, x.reshape(4, -1))
