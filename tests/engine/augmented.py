"""What layers at the front of a network make of images in a training step."""

import numpy as np

from convlet import engine, layers, losses, optimizers
from convlet.engine import reference
from convlet.layers.graph import chain
from tests.engine.cases import built
from tests.engine.comparison import worst_error
from tests.engine.network import Network

ROUNDING = 2e-6
"""How far float32 may be from the definition, relative to the largest value."""


def stack_of(*front, shape):
    """The layers, built, and a Flatten that makes the pictures a network's predictions."""
    return built(Network(shape, lambda: [*front, layers.Flatten()]))


def train_on(stack, x, index, epoch=0, batch=None):
    """The predictions of training steps on the images at some positions: batch after batch."""
    width = stack[-1].output_shape[-1]
    batch = batch or len(index)
    program = engine.TrainingProgram(
        chain(stack), batch, [losses.MeanSquaredError()], optimizers.SGD(0.0)
    )
    y = np.zeros((len(x), width), np.float32)
    parts = []
    for start in range(0, len(index), batch):
        positions = np.ascontiguousarray(index[start : start + batch], np.int64)
        parts.append(program.step([x], [y], positions, epoch=epoch)[1][0].copy())
    return np.concatenate(parts)


def check_augmentation(*front, x, epoch=3):
    """Asserts that the engine changes images as the definition does, whatever the batch."""
    stack = stack_of(*front, shape=x.shape[1:])
    index = np.random.default_rng(5).permutation(len(x))
    actual = train_on(stack, x, index, epoch)
    expected = reference.forward(stack, x[index], training=True, epoch=epoch, images=index)
    assert worst_error(actual, expected) < ROUNDING
    again = train_on(stack, x, np.sort(index), epoch, batch=3)
    np.testing.assert_array_equal(again[index], actual)


def pictures(count, shape, dtype=np.float32):
    """Random images with values from 0 to 255."""
    values = np.random.default_rng(2).integers(0, 256, (count, *shape))
    return values.astype(dtype)
