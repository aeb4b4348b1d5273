"""Schedules against Keras's values, and their messages."""

from __future__ import annotations

import re

import pytest

from convlet.errors import ArgumentError, UnknownNameError
from convlet.optimizers import schedules
from tests import keras_values as keras


@pytest.mark.parametrize(("name", "settings", "values"), keras.SCHEDULES)
def test_schedules_are_those_of_keras(name, settings, values):
    schedule = getattr(schedules, name)(**settings)
    assert [schedule(step) for step in keras.STEPS] == pytest.approx(values, rel=1e-5, abs=1e-9)


@pytest.mark.parametrize(("name", "settings"), [row[:2] for row in keras.SCHEDULES])
def test_configuration_comes_back(name, settings):
    schedule = getattr(schedules, name)(**settings)
    again = schedules.deserialize(schedules.serialize(schedule))
    assert type(again) is type(schedule)
    assert again.get_config() == schedule.get_config()
    assert settings.items() <= again.get_config().items()


def halving(step):
    return 0.5**step


def test_a_function_is_a_schedule():
    schedule = schedules.get(halving)
    assert (schedule(0), schedule(3)) == (1.0, 0.125)
    saved = schedules.serialize(schedule)
    assert (saved["class_name"], saved["config"]) == ("function", "halving")


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (
            lambda: schedules.CosineDecay(0.1, decay_steps=0),
            ArgumentError,
            "CosineDecay needs decay_steps to be a number above 0. Received decay_steps=0.",
        ),
        (
            lambda: schedules.CosineDecayRestarts(0.1, first_decay_steps=0),
            ArgumentError,
            "CosineDecayRestarts needs first_decay_steps to be a number above 0. "
            "Received first_decay_steps=0.",
        ),
        (
            lambda: schedules.PiecewiseConstantDecay([1, 2], [0.1, 0.2]),
            ArgumentError,
            "PiecewiseConstantDecay needs one value more than boundaries. "
            "Received 2 boundaries and 2 values.",
        ),
        (
            lambda: schedules.PiecewiseConstantDecay([2, 1], [0.1, 0.2, 0.3]),
            ArgumentError,
            "PiecewiseConstantDecay needs boundaries in rising order. Received boundaries=[2, 1].",
        ),
        (
            lambda: schedules.deserialize({"class_name": "CosineDekay", "config": {}}),
            UnknownNameError,
            "A saved learning-rate schedule needs class_name to be one of 'CosineDecay', "
            "'CosineDecayRestarts', 'ExponentialDecay', 'InverseTimeDecay', "
            "'PiecewiseConstantDecay', 'PolynomialDecay'. "
            "Received class_name='CosineDekay'. Did you mean 'CosineDecay'?",
        ),
    ],
)
def test_messages(make, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        make()
