"""The metrics of yes and no: corners that Keras's table does not show, and messages."""

from __future__ import annotations

import re

import numpy as np
import pytest

from convlet import metrics
from convlet.errors import ArgumentError, DataWarning, ShapeError, UnknownNameError

Y = np.array([[1, 0], [0, 1], [1, 1]])
P = np.array([[0.9, 0.2], [0.7, 0.4], [0.1, 0.8]], np.float32)


def test_nan_is_no_yes():
    assert metrics.TruePositives()([1, 1], [np.nan, 0.9]) == 1.0
    assert metrics.FalseNegatives()([1, 1], [np.nan, 0.9]) == 1.0


def test_a_threshold_itself_is_no_yes():
    assert metrics.FalsePositives(thresholds=0.1)([0], np.array([0.1], np.float32)) == 0.0


def test_thresholds_keep_their_order():
    counts = metrics.TruePositives(thresholds=[0.85, 0.05, 0.5])(Y, P)
    assert counts.tolist() == [1.0, 4.0, 2.0]


def test_of_equal_predictions_the_first_are_the_largest():
    metric = metrics.Precision(top_k=1)
    assert metric([[1, 0], [0, 1]], [[0.5, 0.5], [0.5, 0.5]]) == 0.5


def test_nothing_seen_is_zero():
    for metric in (
        metrics.AUC(multi_label=True),
        metrics.F1Score(),
        metrics.R2Score(),
        metrics.IoU(2, [0]),
        metrics.Recall(),
        metrics.PrecisionAtRecall(0.5),
    ):
        metric.reset_state()
        assert metric.result() == 0.0


def test_weights_of_predictions():
    metric = metrics.FalseNegatives()
    assert metric(Y, P, [[1, 1], [1, 5], [7, 1]]) == 12.0


def test_weights_of_places_stay_fractions():
    metric = metrics.BinaryIoU([1])
    metric.update_state([1, 1, 0], [0.9, 0.1, 0.1], [0.25, 0.75, 1.0])
    assert metric.result() == pytest.approx(0.25)


def test_area_of_labels_of_zero_weight():
    metric = metrics.AUC(multi_label=True, label_weights=[1.0, 0.0])
    assert metric(Y, P) == pytest.approx(metrics.AUC()(Y[:, 0], P[:, 0]))


def test_a_score_of_too_few_targets_is_not_adjusted():
    metric = metrics.R2Score(num_regressors=3)
    metric.update_state([[1.0], [2.0], [4.0]], [[1.0], [2.0], [3.0]])
    message = (
        "R2Score needs more than 4 targets to be adjusted for 3 regressors. Received 3. "
        "The plain score is returned."
    )
    with pytest.warns(DataWarning, match=f"^{re.escape(message)}$"):
        score = metric.result()
    plain = metrics.R2Score()([[1.0], [2.0], [4.0]], [[1.0], [2.0], [3.0]])
    assert score == plain


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (
            lambda: metrics.Recall(thresholds=[0.5, 1.5]),
            ArgumentError,
            "Recall needs thresholds to be a number at least 0 and at most 1. "
            "Received thresholds=1.5.",
        ),
        (
            lambda: metrics.Recall(thresholds=[]),
            ArgumentError,
            "Recall needs thresholds to be at least one number. Received thresholds=[].",
        ),
        (
            lambda: metrics.Precision(class_id=2)(Y, P),
            ShapeError,
            "Precision needs predictions of at least 3 classes for class_id=2. "
            "Received shape (3, 2).",
        ),
        (
            lambda: metrics.PrecisionAtRecall(2),
            ArgumentError,
            "PrecisionAtRecall needs recall to be a number at least 0 and at most 1. "
            "Received recall=2.",
        ),
        (
            lambda: metrics.AUC(curve="roc-curve"),
            UnknownNameError,
            "AUC needs curve to be one of 'ROC', 'PR', 'PRGAIN'. Received curve='roc-curve'.",
        ),
        (
            lambda: metrics.AUC(num_thresholds=1),
            ArgumentError,
            "AUC needs num_thresholds to be an integer of at least 2. Received num_thresholds=1.",
        ),
        (
            lambda: metrics.AUC(num_labels=2),
            ArgumentError,
            "AUC needs multi_label=True where num_labels is given. Received num_labels=2.",
        ),
        (
            lambda: metrics.AUC(multi_label=True)([1, 0], [0.5, 0.5]),
            ShapeError,
            "AUC needs predictions of shape (samples, labels) with multi_label=True. "
            "Received shape (2,).",
        ),
        (
            lambda: metrics.AUC(multi_label=True, num_labels=3)(Y, P),
            ShapeError,
            "AUC needs predictions of shape (samples, 3) with multi_label=True. "
            "Received shape (3, 2).",
        ),
        (
            lambda: metrics.F1Score(average="mean"),
            UnknownNameError,
            "F1Score needs average to be one of 'micro', 'macro', 'weighted'. "
            "Received average='mean'.",
        ),
        (
            lambda: metrics.F1Score()([1, 0], [0.5, 0.5]),
            ShapeError,
            "F1Score needs targets and predictions of shape (samples, classes). Received targets "
            "of shape (2,) and predictions of shape (2,).",
        ),
        (
            lambda: metrics.R2Score()([1, 0], [0.5, 0.5]),
            ShapeError,
            "R2Score needs targets and predictions of shape (samples, outputs). Received targets "
            "of shape (2,) and predictions of shape (2,).",
        ),
        (
            lambda: metrics.IoU(2, [2]),
            ArgumentError,
            "IoU needs target_class_ids to be below num_classes=2. Received target_class_ids=2.",
        ),
        (
            lambda: metrics.MeanIoU(2)([0, 1], [0, 1, 1]),
            ShapeError,
            "MeanIoU needs a prediction, and a weight if any, for each target. Received 2 targets, "
            "3 predictions and 1 weights.",
        ),
        (
            lambda: metrics.get("mean_io_u"),
            ArgumentError,
            "metrics.get needs metric 'mean_io_u' to be an object, for its num_classes. Received "
            "the name. Write MeanIoU(num_classes=...).",
        ),
    ],
)
def test_messages(make, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        make()
