"""Training with every loss: one step of every weight, against the loss's own gradient."""

from __future__ import annotations

import numpy as np
import pytest

from convlet import layers, losses, models, optimizers
from convlet.errors import UnsupportedError
from tests.losses.test_gradients import ROWS, array

RATE = 0.5
GENERATOR = np.random.default_rng(2)
INPUTS = GENERATOR.normal(size=(3, 5)).astype(np.float32)
COMPILED = {
    "BinaryCrossentropy",
    "CategoricalCrossentropy",
    "MeanSquaredError",
    "SparseCategoricalCrossentropy",
}


def one_step(name, settings, y, p, weighted):
    """The weights after one step of a network that predicts what Keras's table has."""
    loss = getattr(losses, name)(**settings)
    layer = layers.Dense(4)
    model = models.Sequential([layers.Input((5,)), layer])
    model.compile(optimizers.SGD(RATE), loss)
    predicted = array(p)
    kernel = np.linalg.lstsq(INPUTS, predicted, rcond=None)[0].astype(np.float32)
    model.set_weights([kernel, np.zeros(4, np.float32)])
    weights = array("WEIGHTS") if weighted else None
    value = model.train_on_batch(INPUTS, array(y), sample_weight=weights)
    outputs = INPUTS @ kernel
    expected, gradient = loss.value_and_gradient(loss.prepare(array(y), (4,)), outputs, weights)
    assert value == pytest.approx(expected, rel=1e-4)
    scale = np.abs(gradient).max()
    changes = [kernel - layer.kernel.value, -layer.bias.value]
    for change, slope in zip(changes, (INPUTS.T @ gradient, gradient.sum(0)), strict=True):
        np.testing.assert_allclose(change, RATE * slope, rtol=1e-3, atol=1e-4 * scale)


CASES = [row[:5] for row in ROWS if row[5] == "sum_over_batch_size"]


@pytest.mark.parametrize(
    ("name", "settings", "y", "p", "weighted"),
    [case for case in CASES if case[0] in COMPILED and "ignore_class" not in case[1]],
)
def test_a_step_with_a_loss_that_the_engine_computes(name, settings, y, p, weighted):
    one_step(name, settings, y, p, weighted)


@pytest.mark.xfail(raises=UnsupportedError, reason="the engine takes no other losses yet")
@pytest.mark.parametrize(
    ("name", "settings", "y", "p", "weighted"),
    [case for case in CASES if case[0] not in COMPILED or "ignore_class" in case[1]],
)
def test_a_step_with_any_other_loss(name, settings, y, p, weighted):
    one_step(name, settings, y, p, weighted)
