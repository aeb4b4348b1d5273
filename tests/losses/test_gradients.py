"""Every loss and its gradient, against Keras's values and against central differences."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from convlet import losses
from convlet.errors import UnsupportedError
from tests.engine.differences import central_differences

KERAS = json.loads(Path(__file__).with_name("keras_losses.json").read_text())
WEIGHTS = np.array(KERAS["arrays"]["WEIGHTS"], np.float32)
ROWS = [tuple(row) for row in KERAS["rows"]]
TRAINABLE = [cls for cls in losses._CLASSES.values() if cls is not losses.CTC]


def array(name, dtype=np.float32):
    return np.array(KERAS["arrays"][name], dtype)


def make(name, settings, reduction="sum_over_batch_size"):
    return getattr(losses, name)(reduction=reduction, **settings)


def test_the_table_has_every_loss():
    assert {row[0] for row in ROWS} == {cls.__name__ for cls in TRAINABLE}


@pytest.mark.parametrize(
    ("name", "settings", "y", "p", "weighted", "reduction", "value", "gradient"), ROWS
)
def test_values_and_gradients_are_those_of_keras(
    name, settings, y, p, weighted, reduction, value, gradient
):
    loss = make(name, settings, reduction)
    weights = WEIGHTS if weighted else None
    result = loss(array(y), array(p), weights)
    assert result.dtype == np.float32
    assert result == pytest.approx(value, rel=2e-6)
    found_value, found = loss.value_and_gradient(array(y), array(p), weights)
    assert found.dtype == np.float32
    assert found_value == pytest.approx(value, rel=2e-6)
    scale = np.abs(gradient).max()
    np.testing.assert_allclose(found, gradient, rtol=2e-5, atol=2e-6 * scale)


@pytest.mark.parametrize(
    ("name", "settings", "y", "p"), [row[:4] for row in ROWS if row[5] == "sum_over_batch_size"]
)
def test_gradients_are_those_of_central_differences(name, settings, y, p):
    loss = make(name, settings)
    target, predicted = array(y, np.float64), array(p, np.float64)
    values = loss.call(target, predicted)
    assert values.dtype == np.float64
    expected = central_differences(lambda x: loss.call(target, x), predicted, 1.0, 1e-6)
    gradient = loss.gradient(target, predicted)
    assert gradient.shape == predicted.shape
    np.testing.assert_allclose(gradient, expected, rtol=1e-5, atol=1e-7 * np.abs(expected).max())


MAPS = np.random.default_rng(1).uniform(0.1, 0.9, (2, 3, 2, 4))


@pytest.mark.parametrize(
    "loss",
    [
        losses.Dice(axis=(1, 2)),
        losses.Tversky(alpha=0.2, beta=0.9, axis=(1, 2)),
        losses.CosineSimilarity(axis=1),
        losses.Huber(delta=0.2),
        losses.CategoricalFocalCrossentropy(),
        losses.BinaryFocalCrossentropy(gamma=0),
    ],
    ids=lambda loss: loss.name,
)
def test_gradients_of_maps_with_weights(loss):
    weights = np.array([0.5, 2.0])
    predicted = MAPS[::-1].copy()
    expected = central_differences(lambda x: loss(MAPS, x, weights), predicted, 1.0, 1e-6)
    value, gradient = loss.value_and_gradient(MAPS, predicted, weights)
    assert value == pytest.approx(loss(MAPS, predicted, weights))
    np.testing.assert_allclose(gradient, expected, rtol=1e-4, atol=1e-8)


def test_ignored_labels_count_nowhere():
    loss = losses.SparseCategoricalCrossentropy(ignore_class=-1)
    labels = loss.prepare([1, -1, 2], (4,))
    predicted = array("PROBABILITIES")
    value, gradient = loss.value_and_gradient(labels, predicted)
    alone = losses.SparseCategoricalCrossentropy()
    expected, of_two = alone.value_and_gradient(labels[[0, 2]], predicted[[0, 2]])
    assert value == pytest.approx(expected)
    np.testing.assert_allclose(gradient, [of_two[0], np.zeros(4), of_two[1]], rtol=1e-6)
    assert loss(np.array([-1]), predicted[:1]) == 0.0


def test_a_sample_without_a_pair_is_not_in_the_mean_of_circle():
    loss = losses.Circle(gamma=8.0)
    vectors = array("VECTORS")
    values = loss.call([1, 1, 2], vectors)
    assert values[2] == 0.0
    assert loss([1, 1, 2], vectors) == pytest.approx(values[:2].mean())
    assert loss([1, 1, 1], vectors) == 0.0
    assert not loss.value_and_gradient([1, 1, 1], vectors)[1].any()


def test_a_mean_over_no_weights_is_no_division_by_zero():
    loss = losses.MeanSquaredError(reduction="mean_with_sample_weight")
    value, gradient = loss.value_and_gradient([[1.0]], [[2.0]], [0.0])
    assert (value, gradient.tolist()) == (0.0, [[0.0]])


@pytest.mark.parametrize("reduction", ["none", None])
def test_a_gradient_needs_a_reduction(reduction):
    loss = losses.Hinge(reduction=reduction)
    message = (
        "Hinge needs a reduction to one number to be trained with. "
        f"Received reduction={reduction!r}. Use 'sum_over_batch_size'."
    )
    with pytest.raises(UnsupportedError) as error:
        loss.value_and_gradient([[1.0]], [[2.0]])
    assert str(error.value) == message
