"""The formulas, against Keras's values."""

from __future__ import annotations

import numpy as np
import pytest

from convlet import losses
from tests import keras_values as keras


@pytest.mark.parametrize(
    ("name", "from_logits", "smoothing", "weighted", "reduction", "value"), keras.LOSSES
)
def test_losses_are_those_of_keras(name, from_logits, smoothing, weighted, reduction, value):
    settings = {"reduction": reduction}
    if name != "MeanSquaredError":
        settings["from_logits"] = from_logits
    if smoothing:
        settings["label_smoothing"] = smoothing
    loss = getattr(losses, name)(**settings)
    target = keras.TARGETS.get(name, keras.ONE_HOT)
    predictions = keras.LOGITS if from_logits else keras.PROBABILITIES
    result = loss(target, predictions, keras.WEIGHTS if weighted else None)
    assert result.dtype == np.float32
    assert result == pytest.approx(value, rel=1e-5)


def test_large_logits_do_not_overflow():
    logits = np.array([[1000.0, -1000.0]], np.float32)
    assert losses.categorical_crossentropy([[0, 1]], logits, from_logits=True).tolist() == [2000.0]
    assert losses.binary_crossentropy([[0, 1]], logits, from_logits=True).tolist() == [1000.0]


def test_nan_predictions_stay_nan():
    predictions = np.full((1, 3), np.nan, np.float32)
    assert np.isnan(losses.categorical_crossentropy([[0, 1, 0]], predictions)).all()
    assert np.isnan(losses.sparse_categorical_crossentropy([1], predictions)).all()
    assert np.isnan(losses.binary_crossentropy([[0, 1, 0]], predictions)).all()


def test_ignored_class_counts_nothing():
    predictions = [[0.5, 0.5], [0.25, 0.75]]
    values = losses.sparse_categorical_crossentropy([255, 1], predictions, ignore_class=255)
    np.testing.assert_allclose(values, [0.0, -np.log(0.75)], rtol=1e-6)


def test_float64_is_kept():
    values = losses.mean_squared_error(np.zeros((2, 3)), np.full((2, 3), 0.1))
    assert values.dtype == np.float64
    np.testing.assert_allclose(values, [0.01, 0.01], rtol=1e-12)
