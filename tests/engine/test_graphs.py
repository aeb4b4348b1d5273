"""Graphs in the engine: what the reference computes, to its rounding, and always the same bits."""

import numpy as np
import pytest

from convlet import engine, losses, optimizers
from convlet.engine import program as programs
from convlet.engine import reference
from tests.engine.comparison import TOLERANCE, worst_error
from tests.engine.graphs_table import GRAPHS

RATE = 2.0**30
"""Of gradient descent: so large that the weights before do not matter, and a power of two."""


def data(graph, images, seed=0):
    """Inputs, targets and losses for each output, and sample weights for the first."""
    generator = np.random.default_rng(seed)
    xs = [
        generator.standard_normal((images, *shape)).astype(np.float32)
        for shape in graph.input_shapes
    ]
    ys, kinds = [], []
    for shape in graph.output_shapes:
        if shape[-1] > 1:
            y = np.eye(shape[-1])[generator.integers(0, shape[-1], images)]
            kinds.append(losses.CategoricalCrossentropy())
        else:
            y = generator.standard_normal((images, *shape))
            kinds.append(losses.MeanSquaredError())
        ys.append(kinds[-1].prepare(y, shape))
    weights = [generator.uniform(0.5, 2.0, images).astype(np.float32)]
    weights += [None] * (len(ys) - 1)
    return xs, ys, kinds, weights


def stepped(graph, batch, images=5, threads=None):
    """One step's losses, predictions and gradients."""
    xs, ys, kinds, weights = batch
    before = [(v, v.numpy()) for layer in graph.layers for v in layer.weights]
    shares = [1.0, 0.25][: len(ys)]
    program = engine.TrainingProgram(graph, images, kinds, optimizers.SGD(RATE), shares)
    found, outputs = program.step(xs, ys, np.arange(images), weights)
    gradients = [
        (old.astype(np.float64) - variable.value) / RATE
        for variable, old in before
        if variable.trainable
    ]
    outputs = [output.copy() for output in outputs]
    for variable, old in before:
        variable.assign(old)
    return found, outputs, gradients


@pytest.mark.parametrize("name", GRAPHS)
def test_predictions_losses_and_gradients(name):
    graph = GRAPHS[name]().graph
    batch = xs, ys, kinds, weights = data(graph, 5)
    found, outputs, gradients = stepped(graph, batch)
    expected_losses, expected_outputs, expected = reference.gradients_graph(
        graph, xs, ys, kinds, weights, [1.0, 0.25][: len(ys)]
    )
    assert found.each == pytest.approx(expected_losses, rel=TOLERANCE)
    shares = [1.0, 0.25][: len(ys)]
    assert found.total == pytest.approx(np.dot(expected_losses, shares), rel=TOLERANCE)
    for actual, wanted in zip(outputs + gradients, expected_outputs + expected, strict=True):
        assert worst_error(actual, wanted) < TOLERANCE
    inferred = engine.InferenceProgram(graph).run_all(xs)
    for actual, wanted in zip(inferred, reference.forward_graph(graph, xs), strict=True):
        assert worst_error(actual, wanted) < TOLERANCE


@pytest.mark.parametrize("name", ["two ends", "shared convolution", "stretched"])
def test_gradients_are_the_slopes_of_the_loss(name):
    """The definition itself: a little way along each variable's gradient, in float64."""
    graph = GRAPHS[name]().graph
    xs, ys, kinds, weights = data(graph, 2)

    def total():
        return sum(reference.gradients_graph(graph, xs, ys, kinds, weights)[0])

    gradients = reference.gradients_graph(graph, xs, ys, kinds, weights)[2]
    variables = [v for layer in graph.layers for v in layer.trainable_weights]
    for variable, gradient in zip(variables, gradients, strict=True):
        start = np.round(variable.numpy() * 2**12) / 2**12
        step = np.random.default_rng(1).integers(-1, 2, variable.shape) * 2.0**-21
        variable.assign(start + step)
        ahead = total()
        variable.assign(start - step)
        behind = total()
        variable.assign(start)
        assert (ahead - behind) / 2 == pytest.approx((gradient * step).sum(), rel=5e-2, abs=1e-7)


@pytest.mark.parametrize("name", GRAPHS)
def test_the_bits_hang_on_no_thread(name, monkeypatch):
    monkeypatch.setattr(programs, "WORK_PER_THREAD", 1)
    graph = GRAPHS[name]().graph
    batch = data(graph, 11)
    results = []
    for threads in (1, 2, 3):
        engine.set_threads(threads)
        found, outputs, gradients = stepped(graph, batch, 11)
        results.append([found, *(array.tobytes() for array in outputs + gradients)])
    assert results[1] == results[0]
    assert results[2] == results[0]
