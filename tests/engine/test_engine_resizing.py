"""Images of another size: the engine beside the definition."""

import numpy as np
import pytest

from convlet import engine, layers
from convlet.engine import program as programs
from convlet.engine import reference
from convlet.layers.graph import chain
from convlet.layers.resizing import INTERPOLATIONS
from tests.engine.augmented import ROUNDING, check_augmentation, pictures, stack_of
from tests.engine.comparison import worst_error

FITTED = [{}, {"crop_to_aspect_ratio": True}, {"pad_to_aspect_ratio": True, "fill_value": 8.0}]


@pytest.mark.parametrize("fitted", FITTED)
@pytest.mark.parametrize("interpolation", INTERPOLATIONS)
def test_resizing(interpolation, fitted):
    layer = layers.Resizing(7, 9, interpolation, **fitted)
    check_augmentation(layer, x=pictures(5, (13, 6, 3)))


@pytest.mark.parametrize("size", [(1, 1), (30, 40)])
def test_extreme_sizes(size):
    check_augmentation(layers.Resizing(*size, antialias=True), x=pictures(3, (9, 11, 2), np.uint8))


@pytest.mark.parametrize("size", [(4, 5), (9, 11), (12, 4), (3, 20)])
@pytest.mark.parametrize("kind", [layers.CenterCrop, layers.RandomCrop])
def test_crops(kind, size):
    stack = stack_of(kind(*size), shape=(9, 11, 2))
    x = pictures(6, (9, 11, 2))
    check_augmentation(stack[0], x=x)
    outputs = engine.InferenceProgram(chain(stack)).run(x)
    assert worst_error(outputs, reference.forward(stack, x)) < ROUNDING


def test_threads_that_share_an_image_change_nothing(monkeypatch):
    monkeypatch.setattr("convlet.engine.inference.SHARED_WORK_PER_THREAD", 1)
    monkeypatch.setattr(programs, "WORK_PER_THREAD", 1)
    stack = stack_of(layers.Resizing(31, 17, "lanczos3"), layers.Conv2D(2, 3), shape=(20, 25, 3))
    x = pictures(1, (20, 25, 3))
    program = engine.InferenceProgram(chain(stack))
    outputs = []
    for threads in (1, 2):
        engine.set_threads(threads)
        outputs.append(program.run(x))
    engine.set_threads(None)
    np.testing.assert_array_equal(outputs[0], outputs[1])
