"""Loss objects: how they are found, configured and reduced."""

from __future__ import annotations

import re

import numpy as np
import pytest

from convlet import losses
from convlet.errors import ArgumentError, UnknownNameError, UnsupportedError

CLASSES = [
    losses.BinaryCrossentropy,
    losses.CategoricalCrossentropy,
    losses.MeanSquaredError,
    losses.SparseCategoricalCrossentropy,
]


@pytest.mark.parametrize("loss", CLASSES)
def test_found_by_every_name(loss):
    name = loss().name
    for identifier in (name, loss.__name__, loss, getattr(losses, name), losses.serialize(loss())):
        assert type(losses.get(identifier)) is loss
    made = loss()
    assert losses.get(made) is made


@pytest.mark.parametrize(("alias", "loss"), [("mse", CLASSES[2]), ("BCE", CLASSES[0])])
def test_found_by_alias(alias, loss):
    assert type(losses.get(alias)) is loss


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
            "losses.get needs loss to be one of 'binary_crossentropy', 'categorical_crossentropy', "
            "'mean_squared_error', 'sparse_categorical_crossentropy'. Received "
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
            lambda: losses.SparseCategoricalCrossentropy(ignore_class=0),
            UnsupportedError,
            "SparseCategoricalCrossentropy does not support ignore_class=0 yet. "
            "The only value is None.",
        ),
    ],
)
def test_messages(make, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        make()
