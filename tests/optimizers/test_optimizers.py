"""What optimizers declare: defaults, slots, the step's numbers, state and messages."""

from __future__ import annotations

import pickle
import re

import numpy as np
import pytest

from convlet import optimizers
from convlet.errors import ArgumentError, StateError, UnknownNameError, UnsupportedError
from convlet.optimizers import (
    SGD,
    Adadelta,
    Adafactor,
    Adagrad,
    Adam,
    Adamax,
    AdamW,
    Ftrl,
    Lamb,
    Lion,
    Nadam,
    Optimizer,
    RMSprop,
    schedules,
)
from convlet.variable import Variable

SHARED = {
    "weight_decay": None,
    "clipnorm": None,
    "global_clipnorm": None,
    "clipvalue": None,
    "use_ema": False,
    "ema_momentum": 0.99,
    "ema_overwrite_frequency": None,
    "loss_scale_factor": None,
    "gradient_accumulation_steps": None,
}
MEANS = {"learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7}
ADAM = {**MEANS, "amsgrad": False}
# As Keras 3.15.1's get_config() gives them, but for the names and the rounding to float32.
DEFAULTS = {
    RMSprop: {
        "learning_rate": 0.001,
        "rho": 0.9,
        "momentum": 0.0,
        "epsilon": 1e-7,
        "centered": False,
    },
    SGD: {"learning_rate": 0.01, "momentum": 0.0, "nesterov": False},
    Adam: ADAM,
    AdamW: {**ADAM, "weight_decay": 0.004},
    Adadelta: {"learning_rate": 0.001, "rho": 0.95, "epsilon": 1e-7},
    Adafactor: {
        "learning_rate": 0.001,
        "beta_2_decay": -0.8,
        "epsilon_1": 1e-30,
        "epsilon_2": 0.001,
        "clip_threshold": 1.0,
        "relative_step": True,
    },
    Adagrad: {"learning_rate": 0.001, "initial_accumulator_value": 0.1, "epsilon": 1e-7},
    Adamax: MEANS,
    Ftrl: {
        "learning_rate": 0.001,
        "learning_rate_power": -0.5,
        "initial_accumulator_value": 0.1,
        "l1_regularization_strength": 0.0,
        "l2_regularization_strength": 0.0,
        "l2_shrinkage_regularization_strength": 0.0,
        "beta": 0.0,
    },
    Lamb: MEANS,
    Lion: {"learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.99},
    Nadam: MEANS,
}


@pytest.mark.parametrize("optimizer", DEFAULTS)
def test_defaults_are_those_of_keras(optimizer):
    config = optimizer().get_config()
    name = config.pop("name")
    assert config == {**SHARED, **DEFAULTS[optimizer]}
    assert name.lower() == optimizer.__name__.lower()


@pytest.mark.parametrize("optimizer", DEFAULTS)
def test_found_by_name(optimizer):
    name = optimizer.__name__
    for identifier in (name, name.lower(), optimizer, optimizers.serialize(optimizer())):
        assert type(optimizers.get(identifier)) is optimizer


@pytest.mark.parametrize(
    ("optimizer", "slots", "variables"),
    [
        (RMSprop(), ("velocity",), ["a_velocity", "b_velocity"]),
        (
            RMSprop(momentum=0.5, centered=True),
            ("velocity", "momentum", "average_gradient"),
            [f"{w}_{s}" for s in ("velocity", "momentum", "average_gradient") for w in "ab"],
        ),
        (SGD(), (), []),
        (SGD(momentum=0.9), ("momentum",), ["a_momentum", "b_momentum"]),
        (
            Adam(amsgrad=True),
            ("momentum", "velocity", "velocity_hat"),
            [f"{w}_{s}" for w in "ab" for s in ("momentum", "velocity")]
            + [f"{w}_velocity_hat" for w in "ab"],
        ),
        (
            Adadelta(),
            ("accumulated_grad", "accumulated_delta_var"),
            [f"{w}_{s}" for w in "ab" for s in ("accumulated_grad", "accumulated_delta_var")],
        ),
        (
            SGD(momentum=0.9, use_ema=True, gradient_accumulation_steps=2),
            ("average", "gradient_accumulator", "momentum"),
            [f"{w}_{s}" for s in ("average", "gradient_accumulator", "momentum") for w in "ab"],
        ),
        (Adamax(), ("momentum", "norm"), [f"{w}_{s}" for w in "ab" for s in ("momentum", "norm")]),
        (Lion(), ("momentum",), ["a_momentum", "b_momentum"]),
    ],
)
def test_slots_and_the_order_in_which_keras_saves_them(optimizer, slots, variables):
    assert optimizer.slot_names == slots
    optimizer.build([Variable(np.ones((2, 3)), "a"), Variable(np.ones(3), "b")])
    assert [variable.name for variable in optimizer.variables] == variables
    assert all(not variable.value.any() for variable in optimizer.variables)
    assert all(not variable.trainable for variable in optimizer.variables)


@pytest.mark.parametrize("optimizer", [Adagrad(), Ftrl(initial_accumulator_value=0.25)])
def test_sums_of_squares_start_above_zero(optimizer):
    optimizer.build([Variable(np.ones((2, 3)), "a")])
    accumulator = optimizer.slots["accumulator"][0]
    assert (accumulator.value == np.float32(optimizer.initial_accumulator_value)).all()


def test_adafactor_keeps_rows_and_columns():
    optimizer = Adafactor(use_ema=True)
    optimizer.build([Variable(np.ones((5, 3, 2, 4)), "a"), Variable(np.ones(4), "b")])
    names = ("average", "r", "c", "velocity")
    shapes = {name: [slot.shape for slot in optimizer.slots[name]] for name in names}
    assert shapes == {
        "average": [(5, 3, 2, 4), (4,)],
        "r": [(5, 3, 2), ()],
        "c": [(5, 3, 4), ()],
        "velocity": [(5, 3, 2, 4), (4,)],
    }


def test_nadam_stores_its_product_last():
    optimizer, store = Nadam(beta_1=0.5), {}
    optimizer.build([Variable(np.ones(2), "a")])
    optimizer.iterations = 2
    optimizer.save_own_variables(store)
    assert list(store) == ["0", "1", "2", "3", "4"]
    assert store["4"] == pytest.approx(0.5 * (1 - 0.48) * 0.5 * (1 - 0.48 * 0.96))
    optimizer.iterations = 0
    optimizer.load_own_variables(store)
    assert optimizer.iterations == 2


def test_the_product_of_nadam_settles():
    exact = np.prod(0.999 * (1 - 0.5 * 0.96 ** np.arange(1, 3001)))
    assert Nadam(beta_1=0.999)._u_product(3000) == pytest.approx(exact, rel=1e-9)


def test_gathered_gradients_count_as_one_update():
    optimizer = Adam(gradient_accumulation_steps=3)
    optimizer.iterations = 8
    assert (optimizer.updates, optimizer.scalars()["step"]) == (2, 3)


def test_weights_that_do_not_decay():
    kernel, bias, other = (Variable(np.ones(2), name) for name in ("kernel", "bias", "kernel"))
    optimizer = AdamW()
    optimizer.exclude_from_weight_decay([other], ["bi.s"])
    assert [optimizer.decays(weight) for weight in (kernel, bias, other)] == [True, False, False]
    assert SGD().decays(bias)


def test_weights_become_their_averages():
    weight = Variable(np.ones(2), "a")
    plain, averaging = SGD(), SGD(use_ema=True)
    for optimizer in (plain, averaging):
        optimizer.build([weight])
    averaging.slots["average"][0].assign([3.0, 4.0])
    plain.finalize_variable_values([weight])
    assert weight.numpy().tolist() == [1.0, 1.0]
    averaging.finalize_variable_values([weight])
    assert weight.numpy().tolist() == [3.0, 4.0]


def test_a_function_as_learning_rate():
    optimizer = SGD(lambda step: 0.5 / (1 + step))
    optimizer.iterations = 4
    assert optimizer.learning_rate == 0.1
    assert SGD(lambda: 0.25).learning_rate == 0.25  # as Keras has it
    assert "1" not in saved(SGD(lambda step: 0.5))


def saved(optimizer):
    store = {}
    optimizer.save_own_variables(store)
    return store


def test_building_again_keeps_the_slots():
    weights = [Variable(np.ones(2), "a")]
    optimizer = RMSprop()
    optimizer.build(weights)
    slot = optimizer.slots["velocity"][0]
    optimizer.build(list(weights))
    assert optimizer.slots["velocity"][0] is slot


def test_an_unbuilt_one_shares_settings_and_steps_but_no_slots():
    optimizer = Adam(0.5, clipnorm=2.0)
    optimizer.build([Variable(np.zeros(3, np.float32), "a")])
    optimizer.iterations = 7
    other = optimizer.unbuilt()
    assert (other.built, other.slots, other.iterations) == (False, {}, 7)
    assert other.get_config() == optimizer.get_config()
    other.build([Variable(np.zeros(2, np.float32), "b")])
    other.iterations += 1
    assert [variable.shape for variable in optimizer.variables] == [(3,), (3,)]
    assert (optimizer.built, optimizer.iterations) == (True, 7)


def test_state_comes_back():
    def made():
        optimizer = Adam(learning_rate=0.5)
        optimizer.build([Variable(np.ones(2), "a")])
        return optimizer

    first, second, store = made(), made(), {}
    first.iterations = 7
    first.learning_rate = 0.25
    first.slots["velocity"][0].assign([1.0, 2.0])
    first.save_own_variables(store)
    assert list(store) == ["0", "1", "2", "3"]
    second.load_own_variables(store)
    assert second.iterations == 7
    assert second.learning_rate == 0.25
    assert second.slots["velocity"][0].numpy().tolist() == [1.0, 2.0]


def test_a_schedule_follows_the_iterations():
    optimizer = SGD(schedules.PiecewiseConstantDecay([1], [0.5, 0.25]))
    assert optimizer.learning_rate == 0.5
    optimizer.iterations = 2
    assert optimizer.learning_rate == 0.25
    assert optimizer.scalars()["learning_rate"] == 0.25
    again = optimizers.deserialize(optimizers.serialize(optimizer))
    assert again.get_config() == optimizer.get_config()
    optimizer.learning_rate = schedules.ExponentialDecay(0.5, 1, 0.5)
    assert optimizer.learning_rate == 0.125


def test_steps_are_counted_from_one():
    optimizer = Adam(beta_1=0.5)
    optimizer.iterations = 1
    assert (optimizer.scalars()["step"], optimizer.scalars()["beta_1"]) == (2, 0.5)


def _schedule_set_by_hand():
    optimizer = SGD(schedules.ExponentialDecay(0.5, 1, 0.5))
    optimizer.learning_rate = 0.1


class Custom(Optimizer):
    pass


def _excluded_late():
    optimizer = SGD()
    optimizer.build([Variable(np.ones(2), "a")])
    optimizer.exclude_from_weight_decay(var_names=["bias"])


def _built_for_others():
    optimizer = SGD()
    optimizer.build([Variable(np.ones(2), "a")])
    optimizer.build([Variable(np.ones(2), "a")])


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (
            lambda: optimizers.get("adm"),
            UnknownNameError,
            "optimizers.get needs optimizer to be one of 'adadelta', 'adafactor', 'adagrad', "
            "'adam', 'adamax', 'adamw', 'ftrl', 'lamb', 'lion', 'nadam', 'rmsprop', 'sgd'. "
            "Received optimizer='adm'. Did you mean 'adam'?",
        ),
        (
            lambda: SGD(learning_rate=-1),
            ArgumentError,
            "SGD needs learning_rate to be a number at least 0. Received learning_rate=-1.",
        ),
        (
            lambda: Adam(clipnorm=1.0, clipvalue=0.5),
            ArgumentError,
            "Adam clips gradients in one way at a time. Received clipnorm=1.0, clipvalue=0.5.",
        ),
        (
            lambda: RMSprop(use_ema=1),
            ArgumentError,
            "RMSprop needs use_ema to be True or False. Received use_ema=1.",
        ),
        (
            lambda: RMSprop(ema_momentum=1.5),
            ArgumentError,
            "RMSprop needs ema_momentum to be a number at least 0 and at most 1. "
            "Received ema_momentum=1.5.",
        ),
        (
            lambda: SGD(ema_overwrite_frequency=0),
            ArgumentError,
            "SGD needs ema_overwrite_frequency to be an integer of at least 1. "
            "Received ema_overwrite_frequency=0.",
        ),
        (
            lambda: SGD(gradient_accumulation_steps=1),
            ArgumentError,
            "SGD needs gradient_accumulation_steps to be an integer of at least 2. "
            "Received gradient_accumulation_steps=1.",
        ),
        (
            lambda: SGD(loss_scale_factor=0),
            ArgumentError,
            "SGD needs loss_scale_factor to be a number above 0. Received loss_scale_factor=0.",
        ),
        (
            lambda: Lion(beta_1=0),
            ArgumentError,
            "Lion needs beta_1 to be a number above 0 and at most 1. Received beta_1=0.",
        ),
        (
            lambda: Ftrl(learning_rate_power=0.5),
            ArgumentError,
            "Ftrl needs learning_rate_power to be a number at most 0. "
            "Received learning_rate_power=0.5.",
        ),
        (
            lambda: Adafactor(clip_threshold=0),
            ArgumentError,
            "Adafactor needs clip_threshold to be a number above 0. Received clip_threshold=0.",
        ),
        (
            lambda: optimizers.get("Muon"),
            UnsupportedError,
            "optimizers.get does not support the optimizer 'Muon' yet. Use AdamW.",
        ),
        (
            lambda: optimizers.deserialize({"class_name": "MultiOptimizer", "config": {}}),
            UnsupportedError,
            "optimizers.deserialize does not support the optimizer 'MultiOptimizer' yet. "
            "Use one optimizer for all weights.",
        ),
        (
            lambda: Custom(0.1).rule,
            UnsupportedError,
            "Custom needs an update rule that the engine knows. Make it a subclass of SGD, Adam "
            "or another optimizer, and change that one's numbers.",
        ),
        (
            _excluded_late,
            StateError,
            "SGD needs exclude_from_weight_decay to be called before it is built. "
            "Call it before compile.",
        ),
        (
            lambda: AdamW(weight_decay=None),
            ArgumentError,
            "AdamW needs weight_decay to be a number. Received weight_decay=None. "
            "Use Adam to train without weight decay.",
        ),
        (
            _schedule_set_by_hand,
            ArgumentError,
            "SGD follows the schedule ExponentialDecay, so its learning rate is not set by hand. "
            "Received learning_rate=0.1. Make the optimizer with a number as its learning_rate, "
            "or set another schedule.",
        ),
        (
            _built_for_others,
            ArgumentError,
            "SGD keeps running averages for the weights that it was built for. "
            "Received other weights. Call compile() with a new optimizer.",
        ),
        (
            lambda: SGD().load_own_variables({"0": np.array(1)}),
            ArgumentError,
            "SGD needs 2 arrays to restore its state. Received 1. "
            "Build it for the same weights and settings first.",
        ),
    ],
)
def test_messages(act, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        act()


def test_a_rate_that_was_read_can_be_assigned():
    optimizer = optimizers.Adam(0.5)
    optimizer.learning_rate.assign(0.25)
    assert optimizer.learning_rate == optimizer.learning_rate.numpy() == 0.25
    assert type(pickle.loads(pickle.dumps(optimizer.learning_rate))) is float
