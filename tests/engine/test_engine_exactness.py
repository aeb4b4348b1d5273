"""Gradients of networks that learn digits: float64's, at the start and after 300 steps.

The weights have all their digits, so images are chosen that keep away from where a relu or a
maximum changes its mind: there the gradient jumps, and rounding may carry a value across.
"""

import numpy as np
import pytest

from convlet import engine, losses, networks, optimizers
from convlet.datasets import digits
from convlet.engine import reference
from convlet.layers.graph import chain
from tests.engine.cases import Case
from tests.engine.comparison import check_gradients

SIZE, BATCH, STEPS = 18, 16, 300
AWAY = 1e-6


@pytest.fixture(scope="module")
def data():
    (images, labels), _ = digits.load_data(image_size=SIZE)
    x = images[..., np.newaxis].astype(np.float32) / np.float32(255)
    return x, np.eye(10, dtype=np.float32)[labels]


def clear_batch(layers, x):
    """The first images that keep away from kinks: most of them do."""
    distances = reference.kink_distances(layers, x[: 4 * BATCH])
    clear = np.flatnonzero(distances > AWAY)[:BATCH].astype(np.int64)
    assert len(clear) == BATCH
    return clear


def trained(layers, loss, x, y):
    """Takes the steps that the networks learn in; returns the last losses."""
    program = engine.TrainingProgram(chain(layers), BATCH, [loss], optimizers.RMSprop())
    order = np.random.default_rng(0).integers(0, len(x), (STEPS, BATCH))
    return [program.step([x], [y], index)[0].total for index in order][-20:]


@pytest.mark.parametrize("name", networks.NETWORKS)
def test_gradients_at_the_start_and_after_300_steps(name, data):
    x, y = data
    layers = networks.build(name, (SIZE, SIZE, 1), 10).layers
    loss = losses.CategoricalCrossentropy()
    check_gradients(Case(layers, loss, x, y, clear_batch(layers, x), None))
    assert np.mean(trained(layers, loss, x, y)) < 0.5
    check_gradients(Case(layers, loss, x, y, clear_batch(layers, x), None))
