"""Training with every loss: one step of every weight, against the loss's own gradient."""

from __future__ import annotations

import numpy as np
import pytest

from convlet import layers, losses, models, optimizers
from tests.losses.test_gradients import ROWS, array

INPUTS = np.random.default_rng(2).normal(size=(3, 5)).astype(np.float32)
CASES = {row[0]: row[:5] for row in ROWS if row[5] == "sum_over_batch_size"}


@pytest.mark.parametrize(("name", "settings", "y", "p", "weighted"), CASES.values(), ids=CASES)
def test_a_step_with_every_loss(name, settings, y, p, weighted):
    loss = getattr(losses, name)(**settings)
    kernel = np.linalg.lstsq(INPUTS, array(p), rcond=None)[0].astype(np.float32)
    weights = array("WEIGHTS") if weighted else None
    target = loss.prepare(array(y), (4,))
    expected, gradient = loss.value_and_gradient(target, INPUTS @ kernel, weights)
    rate = 1 / np.abs(gradient).max()  # for changes that float32 weights can show

    layer = layers.Dense(4)
    model = models.Sequential([layers.Input((5,)), layer])
    model.compile(optimizers.SGD(rate), loss)
    model.set_weights([kernel, np.zeros(4, np.float32)])
    value = model.train_on_batch(INPUTS, array(y), sample_weight=weights)
    assert value == pytest.approx(expected, rel=1e-4)
    changes = [kernel - layer.kernel.value, -layer.bias.value]
    for change, slope in zip(changes, (INPUTS.T @ gradient, gradient.sum(0)), strict=True):
        np.testing.assert_allclose(change, rate * slope, rtol=1e-3, atol=1e-4)
