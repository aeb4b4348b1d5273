"""What metrics remember, and metrics of one's own."""

from __future__ import annotations

import numpy as np
import pytest

from convlet import initializers, metrics
from convlet.metrics import MetricVariable


def test_a_variable_calculates_like_an_array():
    variable = MetricVariable((2,), "ones", "count")
    variable.assign_add([1, 2])
    variable.assign_sub(0.5)
    assert (variable.name, variable.shape, len(variable)) == ("count", (2,), 2)
    assert (variable * 2 + variable).tolist() == [4.5, 7.5]
    assert (1 - variable).tolist() == [-0.5, -1.5]
    assert np.maximum(variable, 2).tolist() == [2.0, 2.5]
    assert variable[1] == 2.5
    assert np.asarray(variable, np.float32).dtype == np.float32
    assert repr(variable) == "MetricVariable(array([1.5, 2.5]), name='count')"


def test_assigning_replaces_what_others_hold():
    variable = MetricVariable()
    before, copy = variable.value, variable.numpy()
    variable.assign(3)
    assert (float(variable), float(before), float(copy)) == (3.0, 0.0, 0.0)
    with pytest.raises(ValueError, match="broadcast"):
        variable.assign([1.0, 2.0])


def test_a_variable_starts_as_its_initializer_says():
    assert float(MetricVariable(initializer=initializers.Constant(0.25))) == 0.25


class Yes(metrics.Metric):
    """The example of Keras's page: how many targets yes are predicted yes."""

    def __init__(self, name="yes", **settings):
        super().__init__(name=name, **settings)
        self.found = self.add_variable(shape=(), initializer="zeros", name="found")
        self.batches = self.add_weight()

    def update_state(self, y_true, y_pred, sample_weight=None):
        hits = np.asarray(y_true, bool) & (np.asarray(y_pred) > 0.5)
        self.found.assign(self.found + hits.sum())
        self.batches.assign_add(1)

    def result(self):
        return float(self.found)


def test_a_metric_of_ones_own():
    metric = Yes()
    assert metric([1, 1, 0], [0.9, 0.2, 0.9]) == 1.0
    assert metric([1, 1, 0], [0.9, 0.8, 0.9]) == 3.0
    assert [float(variable) for variable in metric.variables] == [3.0, 2.0]
    metric.reset_state()
    assert [float(variable) for variable in metric.variables] == [0.0, 0.0]
    assert metric.get_config() == {"name": "yes", "dtype": "float32"}


def test_a_metric_without_a_name_has_its_class_s():
    class FoundPlaces(metrics.Metric):
        pass

    assert FoundPlaces().name == "found_places"
    assert [metrics.AUC().name, metrics.Precision().name] == ["auc", "precision"]


def test_a_loss_as_a_metric_is_to_fall_and_others_are_what_they_say():
    assert metrics.get(metrics.huber).direction == "down"
    assert metrics.Poisson().direction == "down"
    assert metrics.CosineSimilarity().direction == "up"
    assert metrics.FalsePositives().direction == "down"
    assert metrics.get(lambda y_true, y_pred: y_pred).direction is None
