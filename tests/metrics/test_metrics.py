"""Metrics: their values against Keras's, their state, how they are found."""

from __future__ import annotations

import re

import numpy as np
import pytest

from convlet import metrics
from convlet.errors import ShapeError, UnknownNameError
from tests import keras_values as keras


@pytest.mark.parametrize(("name", "weighted", "value"), keras.METRICS)
def test_metrics_are_those_of_keras(name, weighted, value):
    metric = getattr(metrics, name)(**({"k": 2} if "TopK" in name else {}))
    target = keras.TARGETS.get(name, keras.ONE_HOT)
    weight = keras.WEIGHTS if weighted else None
    metric.update_state(target, keras.PROBABILITIES, weight)
    part = keras.PROBABILITIES[2:4]
    metric.update_state(target[:2], part, None if weight is None else weight[:2])
    assert metric.result() == pytest.approx(value, rel=1e-5)


@pytest.mark.parametrize("name", sorted({name for name, _, _ in keras.METRICS}))
def test_configuration_comes_back(name):
    metric = getattr(metrics, name)(name="mine")
    again = metrics.deserialize(metrics.serialize(metric))
    assert type(again) is type(metric)
    assert again.get_config() == metric.get_config()
    assert again.name == "mine"


def test_reset_forgets():
    metric = metrics.Accuracy()
    metric.update_state([1, 2], [1, 2])
    metric.reset_state()
    assert metric.result() == 0.0
    assert metric([1, 2], [1, 3]) == 0.5


def test_ties_at_the_k_th_place_count():
    metric = metrics.SparseTopKCategoricalAccuracy(k=1)
    assert metric([0, 1], np.array([[0.5, 0.5], [0.5, 0.5]])) == 1.0


def test_top_k_of_nan_is_wrong():
    metric = metrics.SparseTopKCategoricalAccuracy(k=2)
    assert metric([0], np.array([[np.nan, 0.5]])) == 0.0


def test_a_function_becomes_the_mean_of_its_values():
    def error(y_true, y_pred):
        return np.abs(y_true - y_pred)

    metric = metrics.get(error)
    assert metric.name == "error"
    assert metric.direction is None
    assert metric([1.0, 2.0], [1.0, 4.0]) == 1.0


def test_mean_with_weights_on_rows():
    mean = metrics.Mean()
    mean.update_state(np.array([[1.0, 3.0], [5.0, 7.0]]), [1, 0])
    assert mean.result() == 2.0


def test_misspelt_name():
    message = (
        f"metrics.get needs metric to be one of {', '.join(map(repr, metrics._CLASSES))}. "
        "Received metric='acuracy'. Did you mean 'accuracy'?"
    )
    with pytest.raises(UnknownNameError, match=f"^{re.escape(message)}$"):
        metrics.get("acuracy")


@pytest.mark.parametrize(
    "metric", [metrics.sparse_categorical_accuracy, metrics.sparse_top_k_categorical_accuracy]
)
def test_a_sparse_metric_refuses_one_hot_targets(metric):
    message = (
        "A sparse metric needs one integer label for each prediction, of shape (4,). "
        "Received targets of shape (4, 3). "
        "For one-hot targets use the metric without 'sparse' in its name."
    )
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
        metric(np.eye(3)[[0, 1, 2, 0]], np.full((4, 3), 0.3))


@pytest.mark.parametrize(
    "metric", [metrics.categorical_accuracy, metrics.top_k_categorical_accuracy]
)
def test_a_categorical_metric_refuses_integer_labels(metric):
    message = (
        "A categorical metric needs targets shaped like predictions, (4, 3). "
        "Received targets of shape (4,). "
        "For integer labels use the metric with 'sparse' in its name."
    )
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
        metric([0, 1, 2, 0], np.full((4, 3), 0.3))


@pytest.mark.parametrize("weights", [[1, 2, 3], [[1], [2], [3]]])
def test_an_ignored_label_does_not_count_where_there_are_weights(weights):
    metric = metrics.SparseCategoricalCrossentropy(ignore_class=1)
    halves = np.full((3, 2), 0.5)
    metric.update_state([[0], [1], [0]], halves, np.array(weights))
    assert metric.result() == pytest.approx(np.log(2))
    metric.reset_state()
    metric.update_state([0, 1, 0], halves)
    assert metric.result() == pytest.approx(np.log(2) * 2 / 3)


def test_an_image_has_one_weight_for_all_its_labels_but_the_ignored():
    metric = metrics.SparseCategoricalCrossentropy(ignore_class=1)
    sure = np.array([[[0.5, 0.5], [0.5, 0.5]], [[0.25, 0.75], [0.25, 0.75]]])
    metric.update_state([[0, 1], [0, 0]], sure, np.array([1, 3]))
    assert metric.result() == pytest.approx((np.log(2) + 6 * np.log(4)) / 7)
