import copy

import numpy as np
import pytest

from convlet import engine, layers, losses, optimizers
from convlet.engine import program as programs
from convlet.engine import reference
from convlet.layers.graph import chain
from tests.engine.cases import built
from tests.engine.network import Network

SETTINGS = {
    "SGD": lambda: optimizers.SGD(1e-4),
    "SGD with momentum": lambda: optimizers.SGD(1e-4, momentum=0.9),
    "SGD with nesterov": lambda: optimizers.SGD(1e-4, momentum=0.9, nesterov=True),
    "SGD with decay": lambda: optimizers.SGD(1e-4, weight_decay=0.1),
    "SGD with clipnorm": lambda: optimizers.SGD(0.01, momentum=0.5, clipnorm=0.5),
    "SGD with clipvalue": lambda: optimizers.SGD(0.01, clipvalue=0.3),
    "SGD with global_clipnorm": lambda: optimizers.SGD(0.01, global_clipnorm=0.7),
    "SGD with a norm below clipnorm": lambda: optimizers.SGD(0.01, clipnorm=1e4),
    "SGD with a norm below global_clipnorm": lambda: optimizers.SGD(0.01, global_clipnorm=1e4),
    "SGD with a schedule": lambda: optimizers.SGD(
        optimizers.schedules.ExponentialDecay(2e-4, decay_steps=2, decay_rate=0.5)
    ),
    "RMSprop": lambda: optimizers.RMSprop(),
    "RMSprop with momentum": lambda: optimizers.RMSprop(rho=0.8, momentum=0.6, epsilon=1e-3),
    "RMSprop centered": lambda: optimizers.RMSprop(centered=True, epsilon=1e-2),
    "RMSprop with everything": lambda: optimizers.RMSprop(
        0.002, momentum=0.3, centered=True, epsilon=1e-2, weight_decay=0.01, global_clipnorm=2.0
    ),
    "Adam": lambda: optimizers.Adam(),
    "Adam with amsgrad": lambda: optimizers.Adam(0.01, beta_1=0.8, beta_2=0.5, amsgrad=True),
    "Adam with decay and clipvalue": lambda: optimizers.Adam(weight_decay=0.05, clipvalue=0.2),
    "AdamW": lambda: optimizers.AdamW(),
    "Adadelta": lambda: optimizers.Adadelta(1.0),
    "Adadelta with clipnorm": lambda: optimizers.Adadelta(0.5, rho=0.7, epsilon=1e-4, clipnorm=0.3),
    "Adafactor": lambda: optimizers.Adafactor(0.01),
    "Adafactor with decay and clipvalue": lambda: optimizers.Adafactor(
        0.01, clip_threshold=0.5, epsilon_2=2.0, weight_decay=0.1, clipvalue=0.2
    ),
    "Adagrad": lambda: optimizers.Adagrad(0.01),
    "Adagrad from nothing": lambda: optimizers.Adagrad(0.01, initial_accumulator_value=0.0),
    "Adamax": lambda: optimizers.Adamax(),
    "Adamax that forgets": lambda: optimizers.Adamax(0.01, beta_1=0.5, beta_2=0.6, clipvalue=0.3),
    "Ftrl": lambda: optimizers.Ftrl(0.01),
    "Ftrl with everything": lambda: optimizers.Ftrl(
        0.1,
        learning_rate_power=-0.75,
        initial_accumulator_value=0.5,
        l1_regularization_strength=0.25,
        l2_regularization_strength=0.5,
        l2_shrinkage_regularization_strength=0.125,
        beta=0.5,
    ),
    "Lamb": lambda: optimizers.Lamb(),
    "Lamb with decay and global_clipnorm": lambda: optimizers.Lamb(
        0.01, beta_1=0.5, weight_decay=0.1, global_clipnorm=0.5
    ),
    "Lion": lambda: optimizers.Lion(),
    "Lion with decay": lambda: optimizers.Lion(1e-3, beta_1=0.5, beta_2=0.8, weight_decay=0.1),
    "Nadam": lambda: optimizers.Nadam(),
    "Nadam with other means": lambda: optimizers.Nadam(0.01, beta_1=0.6, beta_2=0.7, epsilon=1e-4),
    "SGD with averages": lambda: optimizers.SGD(1e-4, use_ema=True, ema_momentum=0.75),
    "Adam with averages taken over": lambda: optimizers.Adam(
        use_ema=True, ema_momentum=0.5, ema_overwrite_frequency=2
    ),
    "Adam that gathers gradients": lambda: optimizers.Adam(
        gradient_accumulation_steps=2, clipnorm=0.5, use_ema=True, ema_overwrite_frequency=2
    ),
    "Adafactor that gathers gradients": lambda: optimizers.Adafactor(gradient_accumulation_steps=5),
    "Lamb that gathers gradients": lambda: optimizers.Lamb(gradient_accumulation_steps=3),
    "AdamW with amsgrad and clipnorm": lambda: optimizers.AdamW(amsgrad=True, clipnorm=0.1),
}
STEPS = 5


def positive_case():
    """Weights and images above 0 and targets far below.

    Then no sum of a gradient cancels, and each element is right to float32's last digits: Adam and
    RMSprop divide by a gradient's size, so they show every digit that is wrong in a small one.
    """
    generator = np.random.default_rng(0)
    stack = built(
        Network(
            (6, 5, 2),
            lambda: [
                layers.Conv2D(17, 3),
                layers.Flatten(),
                layers.Dense(33, use_bias=False),
                layers.Dense(3),
            ],
        )
    )
    for variable in [variable for layer in stack for variable in layer.weights]:
        size = np.prod(variable.shape[:-1])
        variable.assign(generator.uniform(0.5, 1.5, variable.shape) / size)
    x = generator.uniform(0.5, 1.5, (8, 6, 5, 2)).astype(np.float32)
    y = generator.uniform(-30, -20, (8, 3)).astype(np.float32)
    return stack, x, y


@pytest.mark.parametrize("name", SETTINGS)
def test_five_steps(name):
    stack, x, y = positive_case()
    loss = losses.MeanSquaredError()
    variables = [variable for layer in stack for variable in layer.trainable_weights]
    optimizer = SETTINGS[name]()
    program = engine.TrainingProgram(chain(stack), len(x), [loss], optimizer)
    # The reference walks beside the engine: same settings, weights and slots of its own.
    expected_optimizer = copy.deepcopy(SETTINGS[name]())
    expected = [variable.value.astype(np.float64) for variable in variables]
    slots = reference.new_slots(expected_optimizer, expected)
    start = [array.copy() for array in expected]
    for _ in range(STEPS):
        gradients = reference.gradients(stack, x, y, loss)[2]
        reference.apply_gradients(expected_optimizer, expected, gradients, slots)
        expected_optimizer.iterations += 1

        program.step([x], [y], np.arange(len(x)))
        optimizer.iterations += 1

    for variable, array, first in zip(variables, expected, start, strict=True):
        moved = np.abs(array - first).max()
        assert moved > 1e-6
        np.testing.assert_allclose(
            variable.value, array, rtol=1e-6, atol=2e-5 * moved, err_msg=variable.path
        )
    assert optimizer.slot_names == tuple(slots)
    for slot, arrays in slots.items():
        for variable, array in zip(optimizer.slots[slot], arrays, strict=True):
            np.testing.assert_allclose(
                variable.value, array, rtol=1e-4, atol=1e-7 * np.abs(array).max(),
                err_msg=variable.path,
            )  # fmt: skip


@pytest.mark.parametrize("setting", [{"clipnorm": 1.0}, {"global_clipnorm": 1.0}])
def test_a_gradient_of_zero_is_not_clipped_into_nothing(setting):
    stack = built(Network((2,), lambda: [layers.Dense(1)]))
    before = stack[0].get_weights()
    optimizer = optimizers.SGD(1.0, **setting)
    program = engine.TrainingProgram(chain(stack), 1, [losses.MeanSquaredError()], optimizer)
    x = np.zeros((1, 2), np.float32)
    (loss_value, _), _ = program.step([x], [np.zeros((1, 1), np.float32)], np.arange(1))
    assert loss_value == 0.0
    assert all((a == b).all() for a, b in zip(before, stack[0].get_weights(), strict=True))


def test_a_new_learning_rate_counts_from_the_next_step():
    stack, x, y = positive_case()
    optimizer = optimizers.SGD(0.0)
    program = engine.TrainingProgram(chain(stack), len(x), [losses.MeanSquaredError()], optimizer)
    before = stack[0].kernel.numpy()
    program.step([x], [y], np.arange(len(x)))
    assert (stack[0].kernel.value == before).all()
    optimizer.learning_rate = 0.01
    program.step([x], [y], np.arange(len(x)))
    assert (stack[0].kernel.value != before).all()


def test_weights_that_do_not_decay():
    stack = built(Network((2,), lambda: [layers.Dense(1)]))
    stack[0].set_weights([np.ones((2, 1)), np.ones(1)])
    optimizer = optimizers.SGD(0.5, weight_decay=0.5)
    optimizer.exclude_from_weight_decay(var_names=["bias"])
    program = engine.TrainingProgram(chain(stack), 1, [losses.MeanSquaredError()], optimizer)
    x = np.zeros((1, 2), np.float32)
    program.step([x], [np.ones((1, 1), np.float32)], np.arange(1))  # the prediction: no gradient
    assert stack[0].kernel.numpy().tolist() == [[0.75], [0.75]]
    assert stack[0].bias.numpy().tolist() == [1.0]


@pytest.mark.parametrize("kind", [optimizers.Lamb, optimizers.Adafactor])
def test_the_same_bits_for_any_number_of_threads(kind, monkeypatch):
    monkeypatch.setattr(programs, "WORK_PER_THREAD", 1)
    results = []
    for threads in (1, 2, 3):
        engine.set_threads(threads)
        stack, x, y = positive_case()
        loss, optimizer = losses.MeanSquaredError(), kind(0.01)
        program = engine.TrainingProgram(chain(stack), len(x), [loss], optimizer)
        for _ in range(2):
            program.step([x], [y], np.arange(len(x)))
            optimizer.iterations += 1
        results.append([v.numpy().tobytes() for layer in stack for v in layer.weights])
    engine.set_threads(None)
    assert results[1:] == results[:1] * 2
