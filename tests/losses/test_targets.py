"""Targets that the losses accept, and what they say of those that they do not."""

from __future__ import annotations

import re

import numpy as np
import pytest

from convlet import losses
from convlet.errors import ArgumentError, ShapeError

SPARSE = losses.SparseCategoricalCrossentropy()
ONE_HOT = losses.CategoricalCrossentropy()
BINARY = losses.BinaryCrossentropy()
SQUARED = losses.MeanSquaredError()


@pytest.mark.parametrize(
    "labels", [[0, 9, 3], np.array([[0], [9], [3]], np.uint8), [0.0, 9.0, 3.0], (0, 9, 3)]
)
def test_labels_become_int32(labels):
    prepared = SPARSE.prepare(labels, (10,))
    assert prepared.dtype == np.int32
    assert prepared.flags.c_contiguous
    assert prepared.tolist() == [0, 9, 3]


def test_one_hot_targets_become_float32():
    prepared = ONE_HOT.prepare(np.eye(3, dtype=bool)[:, ::-1], (3,))
    assert prepared.dtype == np.float32
    assert prepared.flags.c_contiguous
    assert prepared.argmax(axis=1).tolist() == [2, 1, 0]


def test_float32_targets_are_not_copied():
    targets = np.eye(3, dtype=np.float32)
    assert ONE_HOT.prepare(targets, (3,)) is targets


@pytest.mark.parametrize("loss", [BINARY, SQUARED])
def test_the_axis_of_a_single_output_may_lack(loss):
    assert loss.prepare([0, 1, 1], (1,)).tolist() == [[0.0], [1.0], [1.0]]


def test_labels_of_a_map():
    assert SPARSE.prepare(np.zeros((2, 4, 5, 1), int), (4, 5, 3)).shape == (2, 4, 5)


@pytest.mark.parametrize(
    ("loss", "y", "output_shape", "error", "message"),
    [
        (
            SPARSE,
            [0, 1, 2, 3, 4, 10],
            (10,),
            ArgumentError,
            "SparseCategoricalCrossentropy needs labels 0..9, one for each of the model's 10 "
            "outputs. "
            "Received 10 at position 5.",
        ),
        (
            SPARSE,
            [0, -1],
            (10,),
            ArgumentError,
            "SparseCategoricalCrossentropy needs labels 0..9, one for each of the model's 10 "
            "outputs. "
            "Received -1 at position 1.",
        ),
        (
            SPARSE,
            [0, 1.5],
            (10,),
            ArgumentError,
            "SparseCategoricalCrossentropy needs integer labels. Received 1.5 at position 1.",
        ),
        (
            SPARSE,
            [0, np.nan],
            (10,),
            ArgumentError,
            "SparseCategoricalCrossentropy needs finite targets. Received NaN at position 1.",
        ),
        (
            SPARSE,
            np.zeros((5, 10)),
            (10,),
            ShapeError,
            "SparseCategoricalCrossentropy needs integer labels of shape (samples,). Received "
            "one-hot "
            "targets of shape (5, 10). Use loss='categorical_crossentropy', or pass "
            "y.argmax(axis=-1).",
        ),
        (
            SPARSE,
            np.zeros((5, 3)),
            (10,),
            ShapeError,
            "SparseCategoricalCrossentropy needs integer labels of shape (samples,). "
            "Received shape (5, 3).",
        ),
        (
            SPARSE,
            [0, 1],
            (1,),
            ShapeError,
            "SparseCategoricalCrossentropy needs a model with at least 2 outputs, one for each "
            "class. "
            "Received 1. Use loss='binary_crossentropy' with a sigmoid, or a last layer of 2 "
            "units.",
        ),
        (
            ONE_HOT,
            [3, 1],
            (10,),
            ShapeError,
            "CategoricalCrossentropy needs one-hot targets of shape (samples, 10). Received "
            "integer "
            "labels of shape (2,). Use loss='sparse_categorical_crossentropy', or pass "
            "utils.to_categorical(y, 10).",
        ),
        (
            ONE_HOT,
            np.zeros((2, 9)),
            (10,),
            ShapeError,
            "CategoricalCrossentropy needs targets of shape (samples, 10), like the model's "
            "output. "
            "Received shape (2, 9).",
        ),
        (
            ONE_HOT,
            [[0, 1], [np.nan, 0]],
            (2,),
            ArgumentError,
            "CategoricalCrossentropy needs finite targets. Received NaN at position (1, 0).",
        ),
        (
            BINARY,
            [0, 2],
            (1,),
            ArgumentError,
            "BinaryCrossentropy needs targets from 0 to 1. Received 2 at position (1, 0).",
        ),
        (
            SQUARED,
            [[1, 2], [3]],
            (2,),
            ArgumentError,
            "MeanSquaredError needs targets that form an array. Received lists of unequal lengths.",
        ),
        (
            SPARSE,
            ["cat", "dog"],
            (2,),
            ArgumentError,
            "SparseCategoricalCrossentropy needs targets that are numbers. Received strings such "
            "as "
            "'cat'. Number them with np.unique(y, return_inverse=True)[1].",
        ),
        (
            SPARSE,
            np.array([None, 1]),
            (2,),
            ArgumentError,
            "SparseCategoricalCrossentropy needs targets that are numbers. "
            "Received an array of dtype object.",
        ),
        (
            SPARSE,
            3,
            (2,),
            ShapeError,
            "SparseCategoricalCrossentropy needs one target for each sample. "
            "Received a single number.",
        ),
    ],
)
def test_messages(loss, y, output_shape, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        loss.prepare(y, output_shape)
