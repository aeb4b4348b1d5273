"""Layers from which no way leads to a loss: their penalties count, and nothing else of them."""

import numpy as np
import pytest

from convlet import engine, layers, losses, models, optimizers
from convlet.engine import reference
from convlet.engine.reference.network import penalty
from convlet.layers import BatchNormalization, Conv2D, Dense, Input
from tests.engine.comparison import TOLERANCE, worst_error

RATE = 2.0**30
"""Of gradient descent: so large that the weights before do not matter, and a power of two."""


def penalised_weights():
    x = Input((6,))
    aside = Dense(20, kernel_regularizer="l2", bias_initializer="ones", bias_regularizer="l1")(x)
    return models.Model(x, [aside, Dense(1)(x)])


def a_penalty_of_ones_own():
    x = Input((6,))
    return models.Model(x, [Dense(4, kernel_regularizer="orthogonal_regularizer")(x), Dense(1)(x)])


def penalised_outputs():
    x = Input((5, 6, 2))
    y = Conv2D(4, 3, activity_regularizer="l2")(x)
    aside = BatchNormalization(activity_regularizer="l1", gamma_regularizer="l2")(y)
    return models.Model(x, [aside, Dense(1)(layers.GlobalMaxPooling2D()(Conv2D(3, 2)(x)))])


def normalization_in_two_places():
    x = Input((6,))
    layer = BatchNormalization()
    aside = layer(x)
    return models.Model(x, [aside, Dense(1)(layer(Dense(6, "tanh")(x)))])


@pytest.mark.parametrize(
    "make",
    [penalised_weights, a_penalty_of_ones_own, penalised_outputs, normalization_in_two_places],
)
def test_every_step_has_gradients_of_its_own(make):
    """Several steps: nothing of one may be left in the next."""
    graph = make().graph
    generator = np.random.default_rng(0)
    x = generator.standard_normal((11, *graph.input_shapes[0])).astype(np.float32)
    y = generator.standard_normal((11, 1)).astype(np.float32)
    batch = [x], [None, y], [None, losses.MeanSquaredError()]
    expected_losses, _, expected = reference.gradients_graph(graph, *batch)
    total = expected_losses[1] + penalty(graph, [x])
    variables = [v for layer in graph.layers for v in layer.trainable_weights]
    start = [variable.numpy() for variable in variables]
    program = engine.TrainingProgram(graph, 11, batch[2], optimizers.SGD(RATE))
    for _ in range(3):
        for variable, value in zip(variables, start, strict=True):
            variable.assign(value)
        found, _ = program.step(*batch[:2], np.arange(11))
        assert found.total == pytest.approx(total, rel=TOLERANCE)
        for variable, value, gradient in zip(variables, start, expected, strict=True):
            actual = (value.astype(np.float64) - variable.value) / RATE
            assert worst_error(actual, gradient) < TOLERANCE
