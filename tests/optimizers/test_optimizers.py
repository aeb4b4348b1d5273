"""What optimizers declare: defaults, slots, the step's numbers, state and messages."""

from __future__ import annotations

import re

import numpy as np
import pytest

from convlet import optimizers
from convlet.errors import ArgumentError, UnknownNameError, UnsupportedError
from convlet.optimizers import SGD, Adam, AdamW, RMSprop, schedules
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
ADAM = {"learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7, "amsgrad": False}
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
    ],
)
def test_slots_and_the_order_in_which_keras_saves_them(optimizer, slots, variables):
    assert optimizer.slot_names == slots
    optimizer.build([Variable(np.ones((2, 3)), "a"), Variable(np.ones(3), "b")])
    assert [variable.name for variable in optimizer.variables] == variables
    assert all(not variable.value.any() for variable in optimizer.variables)
    assert all(not variable.trainable for variable in optimizer.variables)


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


def test_bias_corrections_count_steps_from_one():
    optimizer = Adam(beta_1=0.5, beta_2=0.75)
    optimizer.iterations = 1
    scalars = optimizer.scalars()
    assert scalars["bias_correction_1"] == 0.75
    assert scalars["bias_correction_2"] == 0.4375


def _schedule_set_by_hand():
    optimizer = SGD(schedules.ExponentialDecay(0.5, 1, 0.5))
    optimizer.learning_rate = 0.1


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
            "optimizers.get needs optimizer to be one of 'adam', 'adamw', 'rmsprop', 'sgd'. "
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
            lambda: RMSprop(use_ema=True),
            UnsupportedError,
            "RMSprop does not support use_ema=True yet. The only value is False.",
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
