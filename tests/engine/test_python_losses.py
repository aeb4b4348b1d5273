"""Losses that Python computes between two halves of a step."""

import re

import numpy as np
import pytest

from convlet import engine, layers, losses, models, optimizers
from convlet.errors import ShapeError
from tests.engine.comparison import worst_error
from tests.engine.graphs_table import GRAPHS
from tests.engine.test_graphs import data, stepped


class Squares(losses.Loss):
    """The mean squared error without a kernel."""

    def call(self, y_true, y_pred):
        return ((y_pred - y_true) ** 2).mean(axis=-1)

    def gradient(self, y_true, y_pred):
        return 2 * (y_pred - y_true) / y_pred.shape[-1]


@pytest.mark.parametrize("name", ["two ends", "residual", "an end inside"])
@pytest.mark.parametrize("images", [5, 23])
def test_it_is_what_a_kernel_computes(name, images):
    graph = GRAPHS[name]().graph
    xs, ys, kinds, weights = data(graph, images)
    ys = [y.astype(np.float32) for y in ys]
    results = []
    for kind in (losses.MeanSquaredError(), Squares()):
        batch = xs, ys, [kind, *kinds[1:]], weights
        results.append(stepped(graph, batch, images))
    (expected, *arrays), (found, *others) = results
    assert found.each == pytest.approx(expected.each, rel=1e-6)
    assert found.total == pytest.approx(expected.total, rel=1e-6)
    for wanted, actual in zip(arrays[0] + arrays[1], others[0] + others[1], strict=True):
        assert worst_error(actual, wanted) < 2e-6


def test_explained_and_measured():
    model = models.Sequential([layers.Input((6, 6, 1)), layers.Conv2D(4, 3), layers.Flatten()])
    model.add(layers.Dense(2))
    model.compile("sgd", Squares())
    explanation = model.profile(batch_size=8, steps=2)
    assert [phase.name for phase in explanation.phases][:2] == ["pack", "chunks 1"]
    assert explanation.milliseconds > 0
    assert "computed in Python" in str(model.explain())


def test_a_gradient_of_another_shape():
    class Wrong(Squares):
        def gradient(self, y_true, y_pred):
            return np.ones((len(y_pred), 7), np.float32)

    model = models.Sequential([layers.Input((3,)), layers.Dense(2)])
    program = engine.TrainingProgram(model.graph, 4, [Wrong()], optimizers.SGD())
    message = "Wrong needs a gradient of the predictions' shape (4, 2). Received shape (4, 7)."
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
        program.step([np.ones((4, 3), np.float32)], [np.ones((4, 2), np.float32)], np.arange(4))


def test_fit_with_a_loss_without_a_kernel():
    model = models.Sequential([layers.Input((3,)), layers.Dense(1)])
    model.compile(optimizers.SGD(0.1), "huber")
    generator = np.random.default_rng(0)
    x = generator.standard_normal((64, 3)).astype(np.float32)
    y = x @ np.array([[1.0], [-2.0], [0.5]], np.float32)
    history = model.fit(x, y, epochs=60, batch_size=16, verbose=0)
    assert history.history["loss"][-1] < 1e-3 < history.history["loss"][0]
