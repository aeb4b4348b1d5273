"""Rows about metrics: two batches of targets and predictions, some with weights."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Data = tuple[NDArray[Any], NDArray[Any]]

SAMPLES, CLASSES = 9, 4


def labels(draw: np.random.Generator) -> Data:
    """Classes as numbers, and probabilities."""
    return draw.integers(0, CLASSES, SAMPLES), draw.dirichlet(np.ones(CLASSES), SAMPLES)


def one_hot(draw: np.random.Generator) -> Data:
    """Classes as rows of zeros and a one, and probabilities."""
    classes, probabilities = labels(draw)
    return np.eye(CLASSES, dtype=np.float32)[classes], probabilities


def distributions(draw: np.random.Generator) -> Data:
    """Probabilities, twice."""
    return draw.dirichlet(np.ones(CLASSES), SAMPLES), draw.dirichlet(np.ones(CLASSES), SAMPLES)


def yes_or_no(draw: np.random.Generator) -> Data:
    """Zeros and ones, and probabilities of ones."""
    shape = (SAMPLES, CLASSES)
    return draw.integers(0, 2, shape).astype(np.float32), draw.random(shape)


def one_question(draw: np.random.Generator) -> Data:
    """One zero or one, and its probability."""
    return draw.integers(0, 2, SAMPLES).astype(np.float32), draw.random(SAMPLES)


def signs(draw: np.random.Generator) -> Data:
    """-1 or 1, and any numbers."""
    targets, _ = yes_or_no(draw)
    return 2 * targets - 1, draw.normal(size=targets.shape)


def numbers(draw: np.random.Generator) -> Data:
    """Positive numbers, twice."""
    shape = (SAMPLES, CLASSES)
    return draw.uniform(0.5, 3, shape), draw.uniform(0.5, 3, shape)


def classes(draw: np.random.Generator) -> Data:
    """Classes as numbers, twice."""
    return draw.integers(0, CLASSES, SAMPLES), draw.integers(0, CLASSES, SAMPLES)


def values(draw: np.random.Generator) -> tuple[NDArray[Any]]:
    """Numbers alone."""
    return (draw.normal(size=SAMPLES),)


FRACTIONS = {"dtype": "float32"}
"""Without it, Keras cuts the weights of its IoU metrics to integers."""

THRESHOLDS: dict[str, Any] = {"thresholds": [0.2, 0.5, 0.8]}

ROWS: list[tuple[str, dict[str, Any], Any]] = [
    ("Mean", {}, values),
    ("Sum", {}, values),
    ("Accuracy", {}, classes),
    ("BinaryAccuracy", {}, yes_or_no),
    ("BinaryAccuracy", {"threshold": 0.3}, yes_or_no),
    ("CategoricalAccuracy", {}, one_hot),
    ("SparseCategoricalAccuracy", {}, labels),
    ("TopKCategoricalAccuracy", {"k": 2}, one_hot),
    ("SparseTopKCategoricalAccuracy", {"k": 2}, labels),
    ("AUC", {}, one_question),
    ("AUC", {"curve": "PR"}, one_question),
    ("AUC", {"num_thresholds": 20, "summation_method": "minoring"}, one_question),
    ("AUC", {"num_thresholds": 20, "summation_method": "majoring"}, one_question),
    ("AUC", {"multi_label": True, "num_labels": CLASSES}, yes_or_no),
    ("AUC", {"thresholds": [0.3, 0.6]}, one_question),
    ("Precision", {}, one_question),
    ("Precision", THRESHOLDS, one_question),
    ("Precision", {"top_k": 2}, one_hot),
    ("Precision", {"class_id": 1}, yes_or_no),
    ("Recall", {}, one_question),
    ("Recall", THRESHOLDS, one_question),
    ("Recall", {"top_k": 2, "class_id": 1}, one_hot),
    ("TruePositives", THRESHOLDS, one_question),
    ("TrueNegatives", {}, one_question),
    ("FalsePositives", THRESHOLDS, one_question),
    ("FalseNegatives", {}, one_question),
    ("PrecisionAtRecall", {"recall": 0.6}, one_question),
    ("RecallAtPrecision", {"precision": 0.5}, one_question),
    ("SensitivityAtSpecificity", {"specificity": 0.5}, one_question),
    ("SpecificityAtSensitivity", {"sensitivity": 0.5}, one_question),
    ("F1Score", {}, one_hot),
    ("F1Score", {"average": "macro"}, one_hot),
    ("F1Score", {"average": "micro", "threshold": 0.4}, yes_or_no),
    ("FBetaScore", {"beta": 2.0, "average": "weighted"}, one_hot),
    ("FBetaScore", {"beta": 0.5, "threshold": 0.3}, yes_or_no),
    ("IoU", {**FRACTIONS, "num_classes": CLASSES, "target_class_ids": [0, 2]}, classes),
    ("MeanIoU", {**FRACTIONS, "num_classes": CLASSES}, classes),
    ("MeanIoU", {**FRACTIONS, "num_classes": CLASSES, "ignore_class": 1}, classes),
    ("BinaryIoU", {**FRACTIONS, "threshold": 0.4}, one_question),
    ("OneHotIoU", {**FRACTIONS, "num_classes": CLASSES, "target_class_ids": [1, 3]}, one_hot),
    ("OneHotMeanIoU", {**FRACTIONS, "num_classes": CLASSES}, one_hot),
    ("BinaryCrossentropy", {}, yes_or_no),
    ("BinaryCrossentropy", {"label_smoothing": 0.1}, yes_or_no),
    ("CategoricalCrossentropy", {}, one_hot),
    ("CategoricalCrossentropy", {"from_logits": True}, one_hot),
    ("SparseCategoricalCrossentropy", {}, labels),
    ("SparseCategoricalCrossentropy", {"ignore_class": 1}, labels),
    ("KLDivergence", {}, distributions),
    ("Poisson", {}, numbers),
    ("Hinge", {}, signs),
    ("SquaredHinge", {}, signs),
    ("CategoricalHinge", {}, one_hot),
    ("MeanSquaredError", {}, numbers),
    ("RootMeanSquaredError", {}, numbers),
    ("MeanAbsoluteError", {}, numbers),
    ("MeanAbsolutePercentageError", {}, numbers),
    ("MeanSquaredLogarithmicError", {}, numbers),
    ("CosineSimilarity", {}, numbers),
    ("LogCoshError", {}, numbers),
    ("R2Score", {}, numbers),
    ("R2Score", {"class_aggregation": "variance_weighted_average"}, numbers),
    ("R2Score", {"class_aggregation": None}, numbers),
    ("PearsonCorrelation", {}, numbers),
    ("ConcordanceCorrelation", {}, numbers),
]
"""Name, settings, and what it looks at."""
