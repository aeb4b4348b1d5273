"""Penalties and constraints in the engine, beside what the table of networks compares."""

import numpy as np
import pytest

from convlet import engine, layers, losses, optimizers
from convlet.constraints import Constraint
from convlet.engine import reference
from convlet.engine.cpu.conv2d import Convolution
from convlet.engine.cpu.elementwise import Elementwise
from convlet.engine.cpu.penalties import OutputPenalty
from convlet.engine.cpu.pooling import Pooling
from convlet.engine.lowering import lower
from convlet.layers.graph import chain
from convlet.regularizers import Regularizer
from tests.engine.cases import built, make_case
from tests.engine.comparison import check_gradients
from tests.engine.network import Network


class Cubes(Regularizer):
    def __call__(self, x):
        return 0.25 * float((np.abs(x) ** 3).sum())

    def gradient(self, x):
        return 0.75 * x * np.abs(x)


def cubes(x):
    return 0.25 * float((np.abs(x) ** 3).sum())


cubes.gradient = lambda x: 0.75 * x * np.abs(x)


@pytest.mark.parametrize("regularizer", [Cubes(), cubes])
def test_a_penalty_of_ones_own(regularizer):
    network = Network(
        (6, 6, 2),
        lambda: [
            layers.Conv2D(9, 3, kernel_regularizer=regularizer),
            layers.Flatten(),
            layers.Dense(3, activation="softmax", bias_regularizer=regularizer),
        ],
    )
    check_gradients(make_case(network))


@pytest.mark.parametrize("images", [9, 2, 1])
def test_a_batch_shorter_than_the_program_is_made_for(images):
    network = Network(
        (5, 4, 2),
        lambda: [layers.Dense(7, activity_regularizer="l2"), layers.Flatten(), layers.Dense(3)],
        loss=losses.MeanSquaredError(),
        batch=9,
    )
    case = make_case(network)
    check_gradients(case._replace(index=case.index[:images]), batch_size=9)


def test_frozen_weights_have_no_penalty():
    network = Network(
        (5,), lambda: [layers.Dense(4, kernel_regularizer="l2"), layers.Dense(3)],
        loss=losses.MeanSquaredError(),
    )  # fmt: skip
    case = make_case(network)
    x, y, _ = case.batch
    with_penalty = reference.gradients(case.layers, x, y, case.loss)[0]
    penalty = 0.01 * float(np.square(case.layers[0].kernel.value).sum())
    case.layers[0].trainable = False
    assert reference.gradients(case.layers, x, y, case.loss)[0] == pytest.approx(
        with_penalty - penalty, rel=1e-12
    )
    check_gradients(case)


def step(stack, input_shape, rate=1.0):
    """One step of gradient descent on an image of ones whose targets are far away."""
    optimizer = optimizers.SGD(rate)
    program = engine.TrainingProgram(chain(stack), 1, [losses.MeanSquaredError()], optimizer)
    x = np.ones((1, *input_shape), np.float32)
    y = np.full((1, *stack[-1].output_shape[1:]), -100.0, np.float32)
    program.step([x], [y], np.zeros(1, np.int64))


class AtMostOne(Constraint):
    def __call__(self, w):
        return np.clip(w, -1.0, 1.0)


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [("non_neg", 0.0), (AtMostOne(), -1.0), (lambda w: 0 * w + 0.5, 0.5)],
)
def test_constraints_hold_after_a_step(constraint, expected):
    stack = built(Network((3,), lambda: [layers.Dense(2, kernel_constraint=constraint)]))
    changes = stack[0].kernel.changes
    step(stack, (3,))
    assert (stack[0].kernel.value == expected).all()
    assert (stack[0].bias.value < -1.0).all()  # it has none
    assert stack[0].kernel.changes > changes


def test_frozen_weights_are_not_constrained():
    stack = built(
        Network((3,), lambda: [layers.Dense(2, kernel_constraint="unit_norm"), layers.Dense(1)])
    )
    stack[0].trainable = False
    before = stack[0].kernel.numpy()
    step(stack, (3,))
    assert (stack[0].kernel.value == before).all()


def kinds(*stack):
    return [type(op) for op in lower(chain(built(Network((9, 9, 3), lambda: stack)))).ops]


def test_what_is_penalised_is_computed():
    """A layer whose outputs are penalised is not fused with the layers behind it."""
    conv = layers.Conv2D(4, 3, activity_regularizer="l2")
    assert kinds(conv, layers.ReLU(), layers.MaxPooling2D(2)) == [
        Convolution, OutputPenalty, Elementwise, Pooling,
    ]  # fmt: skip
    relu = layers.ReLU(activity_regularizer="l1")
    assert kinds(layers.Conv2D(4, 3), relu, layers.MaxPooling2D(2)) == [
        Convolution, OutputPenalty, Pooling,
    ]  # fmt: skip
    pool = layers.MaxPooling2D(2, activity_regularizer="l1")
    assert kinds(layers.Conv2D(4, 3), pool) == [Convolution, OutputPenalty]
    assert kinds(layers.Rescaling(0.5, activity_regularizer="l1")) == [Elementwise, OutputPenalty]


def test_a_penalty_costs_inference_nothing():
    network = Network((4,), lambda: [layers.Dense(4, activity_regularizer="l2")])
    case = make_case(network)
    program = engine.InferenceProgram(chain(case.layers))
    program.run(case.x)
    names = [kernel.source for kernel in program.kernels("float32")]
    assert not any(name.startswith("penalties") for name in names)
