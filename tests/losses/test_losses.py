"""Loss objects: how they are found, configured and reduced."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from convlet import losses
from convlet.errors import ArgumentError, ShapeError, UnknownNameError, UnsupportedError

NAMES = sorted(losses.functions.__all__)


@pytest.mark.parametrize("name", NAMES)
def test_found_by_every_name(name):
    made = losses.get(name)
    loss = type(made)
    assert loss.__name__.lower() == name.replace("_", "")
    assert made.name == {"huber": "huber_loss"}.get(name, name)
    for identifier in (loss.__name__, loss, getattr(losses, name), losses.serialize(made)):
        assert type(losses.get(identifier)) is loss
    assert losses.get(made) is made
    assert made.fn is getattr(losses, name)
    assert made.differentiable


@pytest.mark.parametrize(
    ("alias", "loss"),
    [
        ("bce", losses.BinaryCrossentropy),
        ("kld", losses.KLDivergence),
        ("mae", losses.MeanAbsoluteError),
        ("mape", losses.MeanAbsolutePercentageError),
        ("mse", losses.MeanSquaredError),
        ("msle", losses.MeanSquaredLogarithmicError),
    ],
)
def test_found_by_alias(alias, loss):
    assert type(losses.get(alias)) is loss
    assert type(losses.get(alias.upper())) is loss


SETTINGS = {
    "BinaryFocalCrossentropy": {
        "apply_class_balancing": True,
        "alpha": 0.5,
        "gamma": 1.0,
        "from_logits": True,
        "label_smoothing": 0.1,
        "axis": -1,
    },
    "CategoricalFocalCrossentropy": {
        "alpha": [0.5, 1.0],
        "gamma": 1.0,
        "from_logits": True,
        "label_smoothing": 0.1,
        "axis": -1,
    },
    "CategoricalGeneralizedCrossEntropy": {"q": 0.25},
    "Circle": {"gamma": 2.0, "margin": 0.5, "remove_diagonal": False},
    "CosineSimilarity": {"axis": 1},
    "Dice": {"axis": (1, 2)},
    "Huber": {"delta": 2.0},
    "SparseCategoricalCrossentropy": {"from_logits": True, "ignore_class": -1},
    "Tversky": {"alpha": 0.25, "beta": 0.75, "axis": None},
}


@pytest.mark.parametrize(("name", "settings"), SETTINGS.items())
def test_settings_come_back_and_are_attributes(name, settings):
    loss = getattr(losses, name)(**settings, reduction="sum", name="mine")
    assert loss.get_config() == {"name": "mine", "reduction": "sum", **settings}
    saved = json.loads(json.dumps(losses.serialize(loss)))
    assert losses.deserialize(saved).get_config() == loss.get_config()
    assert {setting: getattr(loss, setting) for setting in settings} == settings


def test_configuration_comes_back():
    loss = losses.CategoricalCrossentropy(True, 0.25, reduction="sum", name="smooth")
    assert loss.get_config() == {
        "name": "smooth",
        "reduction": "sum",
        "from_logits": True,
        "label_smoothing": 0.25,
        "axis": -1,
    }
    assert losses.deserialize(losses.serialize(loss)).get_config() == loss.get_config()


class OwnLoss(losses.Loss):
    def call(self, y_true, y_pred):
        return absolute(y_true, y_pred)


def absolute(y_true, y_pred):
    return np.abs(y_pred - y_true).sum(axis=-1)


def its_gradient(y_true, y_pred):
    return np.sign(y_pred - y_true)


def with_attribute(y_true, y_pred):
    return absolute(y_true, y_pred)


with_attribute.gradient = its_gradient


@pytest.mark.parametrize(
    "loss",
    [losses.custom(absolute, its_gradient), losses.get(with_attribute)],
    ids=lambda loss: loss.name,
)
def test_a_function_of_ones_own_with_its_gradient(loss):
    assert loss.differentiable
    value, gradient = loss.value_and_gradient([[1.0], [1.0]], [[2.0], [-3.0]], [1.0, 3.0])
    assert value == 6.5
    assert gradient.tolist() == [[0.5], [-1.5]]


def test_losses_of_ones_own_can_do_without_a_gradient():
    for loss in (losses.get(absolute), OwnLoss()):
        assert not loss.differentiable
        assert loss([[1.0], [1.0]], [[2.0], [-3.0]]) == 2.5
    assert losses.get(absolute).name == "absolute"


def test_targets_of_losses_of_ones_own_have_any_shape():
    for loss in (losses.get(absolute), OwnLoss()):
        assert loss.prepare([1, 2], (1,)).tolist() == [[1.0], [2.0]]
        assert loss.prepare([1, 2], (3,)).tolist() == [1.0, 2.0]
    assert losses.Circle().prepare([[1.0], [2.0]], (8,)).tolist() == [1, 2]


def test_no_reduction_keeps_every_value():
    loss = losses.MeanSquaredError(reduction=None)
    assert loss([[0.0], [2.0]], [[1.0], [0.0]], [1, 2]).tolist() == [1.0, 8.0]


def test_weights_as_a_column():
    loss = losses.MeanSquaredError()
    assert loss([[0.0], [2.0]], [[1.0], [0.0]], [[1], [2]]) == 4.5


def test_weights_over_positions():
    loss = losses.MeanSquaredError()
    prediction = np.ones((2, 3, 1), np.float32)
    assert loss(np.zeros((2, 3, 1)), prediction, [1, 0]) == 0.5


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (
            lambda: losses.get("categorical_crossentorpy"),
            UnknownNameError,
            f"losses.get needs loss to be one of {', '.join(map(repr, NAMES))}. Received "
            "loss='categorical_crossentorpy'. Did you mean 'categorical_crossentropy'?",
        ),
        (
            lambda: losses.get(3),
            ArgumentError,
            "losses.get needs loss to be a name or a Loss object. Received loss=3.",
        ),
        (
            lambda: losses.CategoricalCrossentropy(label_smoothing=2),
            ArgumentError,
            "CategoricalCrossentropy needs label_smoothing to be a number at least 0 and at most "
            "1. "
            "Received label_smoothing=2.",
        ),
        (
            lambda: losses.MeanSquaredError(reduction="average"),
            UnknownNameError,
            "MeanSquaredError needs reduction to be one of 'sum_over_batch_size', 'sum', 'mean', "
            "'mean_with_sample_weight', 'none'. Received reduction='average'.",
        ),
        (
            lambda: losses.SparseCategoricalCrossentropy(ignore_class="void"),
            ArgumentError,
            "SparseCategoricalCrossentropy needs ignore_class to be an integer. "
            "Received ignore_class='void'.",
        ),
        (
            lambda: losses.BinaryCrossentropy(axis=1),
            UnsupportedError,
            "BinaryCrossentropy does not support axis=1 yet. The only value is -1.",
        ),
        (
            lambda: losses.CategoricalGeneralizedCrossEntropy(q=1),
            ArgumentError,
            "CategoricalGeneralizedCrossEntropy needs q to be a number above 0 and below 1. "
            "Received q=1.",
        ),
        (
            lambda: losses.CategoricalFocalCrossentropy(alpha=[1.0, -1.0]),
            ArgumentError,
            "CategoricalFocalCrossentropy needs alpha to be a number at least 0. "
            "Received alpha=-1.0.",
        ),
        (
            lambda: losses.circle([0, 0], np.eye(2), ref_labels=[1, 1]),
            UnsupportedError,
            "circle does not support ref_labels=[1, 1] yet. The only value is None.",
        ),
        (
            lambda: losses.get("ctc"),
            UnsupportedError,
            "convlet does not have the loss CTC: its networks see images, not sequences of their "
            "parts. Give the image one label for each place and use SparseCategoricalCrossentropy, "
            "or pass losses.custom(function, gradient).",
        ),
        (
            lambda: losses.custom(3),
            ArgumentError,
            "custom needs function to be a function. Received function=3.",
        ),
        (
            lambda: losses.custom(print, 3),
            ArgumentError,
            "custom needs gradient to be a function. Received gradient=3.",
        ),
        (
            lambda: losses.custom(absolute).gradient([[1.0]], [[1.0]]),
            UnsupportedError,
            "value_and_gradient needs a loss with a gradient. Received the function absolute. Pass "
            "losses.custom(absolute, gradient), where gradient(y_true, y_pred) returns the "
            "gradient of the sum of absolute's values with respect to y_pred.",
        ),
        (
            lambda: OwnLoss().gradient([[1.0]], [[1.0]]),
            UnsupportedError,
            "value_and_gradient needs a loss with a gradient. Received OwnLoss, which defines only "
            "call. Define gradient(y_true, y_pred) beside it: the gradient of the sum of call's "
            "values with respect to y_pred.",
        ),
        (
            lambda: losses.Circle().prepare(np.eye(3), (8,)),
            ShapeError,
            "Circle needs integer labels of shape (samples,). Received shape (3, 3).",
        ),
        (
            lambda: losses.custom(absolute).prepare([0.0, np.nan], (2,)),
            ArgumentError,
            "absolute needs finite targets. Received NaN at position 1.",
        ),
    ],
)
def test_messages(make, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        make()
