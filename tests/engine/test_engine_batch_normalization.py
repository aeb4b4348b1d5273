"""Batch normalization in the engine: what its table of networks doesn't show."""

import numpy as np
import pytest

from convlet import engine, losses, optimizers
from convlet.engine import reference
from convlet.engine.reference import normalization
from convlet.layers import Activation, BatchNormalization, Conv2D, Dense, Flatten, ReLU
from convlet.layers.graph import chain
from tests.engine.cases import built, make_case
from tests.engine.comparison import TOLERANCE, check_gradients, check_inference, worst_error
from tests.engine.network import Network
from tests.engine.networks_table import NETWORKS

BETWEEN = "batch normalization between convolutions"


def built_for(shape, *layers):
    return built(Network(shape, lambda: layers))


def program_of(layers, batch, loss=None):
    loss = loss or losses.MeanSquaredError()
    return engine.TrainingProgram(chain(layers), batch, [loss], optimizers.SGD(0.0))


@pytest.mark.parametrize("images", [1, 2, 3, 11, 16])
def test_moving_statistics_follow_the_batches(images):
    """Of any number of images, whole chunks or not; far from 0, where squares cancel."""
    generator = np.random.default_rng(0)
    layer = BatchNormalization(momentum=0.75)
    layers = built_for((5, 4, 3), layer, Flatten(), Dense(2))
    x = (1000 + generator.standard_normal((16, 5, 4, 3))).astype(np.float32)
    program = program_of(layers, 16)
    mean, variance = np.zeros(3), np.ones(3)
    for _ in range(3):
        index = generator.permutation(16)[:images]
        program.step([x], [np.zeros((16, 2), np.float32)], index)
        moments = normalization.batch_moments(x[index].astype(np.float64))
        mean = normalization.moving(mean, moments[0], 0.75)
        variance = normalization.moving(variance, moments[1], 0.75)
        assert worst_error(layer.moving_mean.value, mean) < 1e-6
        assert worst_error(layer.moving_variance.value, variance) < TOLERANCE


def test_predictions_follow_the_moving_statistics():
    case = make_case(NETWORKS[BETWEEN])
    inference = engine.InferenceProgram(chain(case.layers))
    before = inference.run(case.x)
    program = program_of(case.layers, len(case.index), case.loss)
    program.step([case.x], [case.y], case.index)
    after = inference.run(case.x)
    assert (before != after).any()
    assert worst_error(after, reference.forward(case.layers, case.x)) < TOLERANCE


def test_a_frozen_layer_takes_the_moving_statistics_and_keeps_them():
    case = make_case(NETWORKS[BETWEEN])
    frozen = case.layers[4]
    frozen.trainable = False
    before = frozen.get_weights()
    check_gradients(case)
    check_inference(case)
    np.testing.assert_equal(frozen.get_weights(), before)


def test_all_frozen_is_one_stage():
    layers = built_for((5, 4, 3), Conv2D(4, 3), BatchNormalization(trainable=False), Flatten())
    explained = engine.explain(program_of(layers, 8), 8)
    assert [phase.name for phase in explained.phases if "chunks" in phase.name] == ["chunks"]


def test_stages_are_explained():
    layers = built_for((5, 4, 3), Conv2D(4, 3, name="c"), BatchNormalization(name="bn"), Flatten())
    explained = engine.explain(program_of(layers, 8), 8)
    names = [phase.name for phase in explained.phases]
    assert names[-7:-2] == ["chunks 1", "batch 1", "chunks 2", "batch 2", "chunks 3"]
    assert explained.slots == -(-8 // explained.chunk)
    (operation,) = (op for op in explained.operations if op.name == "c + bn")
    assert operation.work == "3x3 convolution + bias + batch normalization"
    assert operation.weight_bytes == 4 * (3 * 3 * 3 * 4 + 4 + 4 * 4)
    assert [(task.direction, task.name) for task in operation.tasks] == [
        ("forward", "output"),
        ("forward", "moments"),
        ("forward", "batch statistics"),
        ("forward", "output"),
        ("backward", "weight gradient"),
        ("backward", "batch gradients"),
        ("backward", "input gradient"),
        ("backward", "preactivation gradient"),
        ("backward", "weight gradient"),
    ]


def test_infinities_and_nan_spread_through_their_channel_alone():
    layer = BatchNormalization()
    layers = built_for((2, 2, 3), layer, Flatten())
    x = np.random.default_rng(0).standard_normal((4, 2, 2, 3)).astype(np.float32)
    x[1, 0, 0, 0], x[2, 1, 1, 2] = np.nan, np.inf
    program = program_of(layers, 4)
    _, (outputs,) = program.step([x], [np.zeros((4, 12), np.float32)], np.arange(4))
    finite = np.isfinite(outputs.reshape(4, 2, 2, 3))
    assert finite[..., 1].all()
    assert not finite[..., 0].any()
    assert np.isnan(layer.moving_mean.value[0])


STACKS = {
    "3x3 convolution + bias + batch normalization + relu": lambda: [
        Conv2D(4, 3),
        BatchNormalization(),
        ReLU(),
    ],
    "3x3 convolution + batch normalization + relu6": lambda: [
        Conv2D(4, 3, use_bias=False),
        BatchNormalization(),
        ReLU(6),
    ],
    "dense + bias + batch normalization": lambda: [Dense(4), BatchNormalization()],
    "dense + bias + batch normalization, relu": lambda: [Dense(4), BatchNormalization(), ReLU(5)],
    "dense + bias, tanh, batch normalization + relu": lambda: [
        Dense(4, activation="tanh"),
        BatchNormalization(),
        Activation("relu"),
    ],
    "dense + bias + relu, batch normalization": lambda: [
        Dense(4, activation="relu"),
        BatchNormalization(),
    ],
    "batch normalization + relu, relu": lambda: [BatchNormalization(), ReLU(), ReLU()],
}


@pytest.mark.parametrize("works", STACKS)
def test_what_joins_it(works):
    layers = built_for((5, 4, 3), *STACKS[works](), Flatten())
    explained = engine.explain(program_of(layers, 8), 8)
    assert ", ".join(op.work for op in explained.operations[1:-2]) == works


@pytest.mark.parametrize("works", STACKS)
def test_predictions_with_what_joins_it(works):
    """In each way: folded into weights with and without bias, or by itself."""
    check_inference(make_case(Network((5, 4, 3), STACKS[works], exact=False)))


def test_folded_weights_are_packed_like_others():
    layers = built_for((5, 4, 3), *STACKS["3x3 convolution + batch normalization + relu6"]())
    inference = engine.explain(engine.InferenceProgram(chain(layers)), 8)
    assert [phase.name for phase in inference.phases] == ["fold", "pack", "chunks"]
