"""Accuracy in its forms: how often a prediction is right."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet import validation
from convlet.errors import ShapeError
from convlet.losses.functions.arrays import same_rank
from convlet.metrics.base import MeanMetricWrapper


def accuracy(y_true: ArrayLike, y_pred: ArrayLike) -> NDArray[Any]:
    """1 where prediction and target are equal, else 0."""
    target, predicted = same_rank(np.asarray(y_true), np.asarray(y_pred))
    return np.asarray(target == predicted, np.float32)


def binary_accuracy(y_true: ArrayLike, y_pred: ArrayLike, threshold: float = 0.5) -> NDArray[Any]:
    """1 where a prediction is on the side of `threshold` that its target 0 or 1 names, else 0.

    Example:
        >>> binary_accuracy([[1], [0]], [[0.9], [0.6]]).tolist()
        [[1.0], [0.0]]
    """
    target, predicted = same_rank(np.asarray(y_true), np.asarray(y_pred))
    return np.asarray(target == (predicted > threshold), np.float32)


def categorical_accuracy(y_true: ArrayLike, y_pred: ArrayLike) -> NDArray[Any]:
    """1 where the largest prediction is at the place of the largest target, else 0.

    Raises:
        ShapeError: Targets are not shaped like predictions.

    Example:
        >>> categorical_accuracy([[0, 0, 1], [0, 1, 0]], [[0.1, 0.9, 0.8], [0.1, 0.9, 0]]).tolist()
        [0.0, 1.0]
    """
    return np.asarray(_places(y_true, y_pred) == np.argmax(y_pred, axis=-1), np.float32)


def sparse_categorical_accuracy(y_true: ArrayLike, y_pred: ArrayLike) -> NDArray[Any]:
    """1 where the largest prediction is at the place that the label names, else 0.

    Raises:
        ShapeError: There is not one label for each prediction.

    Example:
        >>> sparse_categorical_accuracy([2, 1], [[0.1, 0.6, 0.3], [0.05, 0.95, 0]]).tolist()
        [0.0, 1.0]
    """
    labels = _labels(y_true, y_pred)
    return np.asarray(labels == np.argmax(y_pred, axis=-1), np.float32)


def top_k_categorical_accuracy(y_true: ArrayLike, y_pred: ArrayLike, k: int = 5) -> NDArray[Any]:
    """1 where the place of the largest target is among the `k` largest predictions, else 0.

    Raises:
        ShapeError: Targets are not shaped like predictions.

    Example:
        >>> top_k_categorical_accuracy([[0, 0, 1]], [[0.1, 0.9, 0.8]], k=2).tolist()
        [1.0]
    """
    return sparse_top_k_categorical_accuracy(_places(y_true, y_pred), y_pred, k)


def sparse_top_k_categorical_accuracy(
    y_true: ArrayLike, y_pred: ArrayLike, k: int = 5, from_sorted_ids: bool = False
) -> NDArray[Any]:
    """1 where the place that the label names is among the `k` largest predictions, else 0.

    Args:
        y_true: Labels, counted from 0.
        y_pred: A prediction for each class; with `from_sorted_ids` labels, the likeliest first.
        k: How many predictions count.
        from_sorted_ids: Whether the predictions are labels.

    Raises:
        ShapeError: There is not one label for each prediction.

    Example:
        >>> sparse_top_k_categorical_accuracy([2], [[0.1, 0.9, 0.8]], k=2).tolist()
        [1.0]
    """
    predicted = np.asarray(y_pred)
    labels = _labels(y_true, predicted).astype(np.int64)[..., np.newaxis]
    if from_sorted_ids:
        return np.asarray((labels == predicted[..., :k]).any(axis=-1), np.float32)
    of_label = np.take_along_axis(predicted, labels, axis=-1)
    larger = (predicted > of_label).sum(axis=-1)
    finite = np.isfinite(of_label[..., 0])
    return np.asarray((larger < k) & finite, np.float32)


def _places(y_true: ArrayLike, y_pred: ArrayLike) -> NDArray[Any]:
    """The place of the largest target.

    Raises:
        ShapeError: Targets are not shaped like predictions.
    """
    if np.shape(y_true) != np.shape(y_pred):
        raise ShapeError(
            f"A categorical metric needs targets shaped like predictions, {np.shape(y_pred)}. "
            f"Received targets of shape {np.shape(y_true)}. "
            "For integer labels use the metric with 'sparse' in its name."
        )
    return np.asarray(np.argmax(y_true, axis=-1))


def _labels(y_true: ArrayLike, y_pred: ArrayLike) -> NDArray[Any]:
    """Integer labels without the last axis of length 1 that they may have.

    Raises:
        ShapeError: They are not one label for each prediction.
    """
    labels, shape = np.asarray(y_true), np.shape(y_pred)
    if labels.ndim == len(shape) and labels.shape[-1] == 1:
        labels = labels[..., 0]
    if labels.shape != shape[:-1]:
        raise ShapeError(
            f"A sparse metric needs one integer label for each prediction, of shape {shape[:-1]}. "
            f"Received targets of shape {labels.shape}. "
            "For one-hot targets use the metric without 'sparse' in its name."
        )
    return labels


class Accuracy(MeanMetricWrapper):
    """How often a prediction equals its target.

    Args:
        name: A name: the key in the history.
        dtype: Only "float32".

    Example:
        >>> metric = Accuracy()
        >>> metric([[1], [2], [3], [4]], [[0], [2], [3], [4]])
        0.75
    """

    direction = "up"

    def __init__(self, name: str = "accuracy", dtype: str | None = None) -> None:
        super().__init__(accuracy, name, dtype)


class BinaryAccuracy(MeanMetricWrapper):
    """How often a prediction is on the side of `threshold` that its target 0 or 1 names.

    Args:
        name: A name: the key in the history.
        dtype: Only "float32".
        threshold: Predictions above it mean 1.

    Example:
        >>> metric = BinaryAccuracy()
        >>> metric([[1], [1], [0], [0]], [[0.98], [1], [0], [0.6]])
        0.75
    """

    direction = "up"

    def __init__(
        self, name: str = "binary_accuracy", dtype: str | None = None, threshold: float = 0.5
    ) -> None:
        self.threshold = validation.number("BinaryAccuracy", "threshold", threshold)
        super().__init__(binary_accuracy, name, dtype, threshold=self.threshold)


class CategoricalAccuracy(MeanMetricWrapper):
    """How often the largest prediction is at the place of the 1 in a one-hot target.

    Args:
        name: A name: the key in the history.
        dtype: Only "float32".

    Example:
        >>> metric = CategoricalAccuracy()
        >>> metric([[0, 0, 1], [0, 1, 0]], [[0.1, 0.9, 0.8], [0.05, 0.95, 0]])
        0.5
    """

    direction = "up"

    def __init__(self, name: str = "categorical_accuracy", dtype: str | None = None) -> None:
        super().__init__(categorical_accuracy, name, dtype)


class SparseCategoricalAccuracy(MeanMetricWrapper):
    """How often the largest prediction is at the place that the integer label names.

    Args:
        name: A name: the key in the history.
        dtype: Only "float32".

    Example:
        >>> metric = SparseCategoricalAccuracy()
        >>> metric([2, 1], [[0.1, 0.6, 0.3], [0.05, 0.95, 0]])
        0.5
    """

    direction = "up"

    def __init__(self, name: str = "sparse_categorical_accuracy", dtype: str | None = None) -> None:
        super().__init__(sparse_categorical_accuracy, name, dtype)


class TopKCategoricalAccuracy(MeanMetricWrapper):
    """How often the class of a one-hot target is among the `k` largest predictions.

    Args:
        k: How many predictions count.
        name: A name: the key in the history.
        dtype: Only "float32".

    Example:
        >>> metric = TopKCategoricalAccuracy(k=1)
        >>> metric([[0, 0, 1], [0, 1, 0]], [[0.1, 0.9, 0.8], [0.05, 0.95, 0]])
        0.5
    """

    direction = "up"

    def __init__(
        self, k: int = 5, name: str = "top_k_categorical_accuracy", dtype: str | None = None
    ) -> None:
        self.k = validation.integer("TopKCategoricalAccuracy", "k", k)
        super().__init__(top_k_categorical_accuracy, name, dtype, k=self.k)


class SparseTopKCategoricalAccuracy(MeanMetricWrapper):
    """How often the class of an integer label is among the `k` largest predictions.

    Args:
        k: How many predictions count.
        name: A name: the key in the history.
        dtype: Only "float32".
        from_sorted_ids: Whether predictions are labels, the likeliest first.

    Example:
        >>> metric = SparseTopKCategoricalAccuracy(k=1)
        >>> metric([2, 1], [[0.1, 0.9, 0.8], [0.05, 0.95, 0]])
        0.5
    """

    direction = "up"

    def __init__(
        self,
        k: int = 5,
        name: str = "sparse_top_k_categorical_accuracy",
        dtype: str | None = None,
        from_sorted_ids: bool = False,
    ) -> None:
        owner = "SparseTopKCategoricalAccuracy"
        self.k = validation.integer(owner, "k", k)
        sorted_ids = validation.boolean(owner, "from_sorted_ids", from_sorted_ids)
        settings = {"from_sorted_ids": True} if sorted_ids else {}
        super().__init__(sparse_top_k_categorical_accuracy, name, dtype, k=self.k, **settings)
