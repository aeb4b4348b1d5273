"""Metrics: figures that are watched while a model trains, and reported when it is evaluated."""

from __future__ import annotations

from typing import Any

from convlet.metrics.accuracy import (
    Accuracy,
    BinaryAccuracy,
    CategoricalAccuracy,
    SparseCategoricalAccuracy,
    SparseTopKCategoricalAccuracy,
    TopKCategoricalAccuracy,
    binary_accuracy,
    categorical_accuracy,
    sparse_categorical_accuracy,
    sparse_top_k_categorical_accuracy,
    top_k_categorical_accuracy,
)
from convlet.metrics.base import Mean, MeanMetricWrapper, Metric
from convlet.metrics.losses import (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    MeanSquaredError,
    SparseCategoricalCrossentropy,
)
from convlet.registry import Registry

__all__ = [
    "Accuracy",
    "BinaryAccuracy",
    "BinaryCrossentropy",
    "CategoricalAccuracy",
    "CategoricalCrossentropy",
    "Mean",
    "MeanMetricWrapper",
    "MeanSquaredError",
    "Metric",
    "SparseCategoricalAccuracy",
    "SparseCategoricalCrossentropy",
    "SparseTopKCategoricalAccuracy",
    "TopKCategoricalAccuracy",
    "binary_accuracy",
    "categorical_accuracy",
    "deserialize",
    "get",
    "serialize",
    "sparse_categorical_accuracy",
    "sparse_top_k_categorical_accuracy",
    "top_k_categorical_accuracy",
]

_registry = Registry[Metric](
    "metric",
    "keras.metrics",
    Metric,
    {
        "accuracy": Accuracy,
        "binary_accuracy": BinaryAccuracy,
        "binary_crossentropy": BinaryCrossentropy,
        "categorical_accuracy": CategoricalAccuracy,
        "categorical_crossentropy": CategoricalCrossentropy,
        "mean_squared_error": MeanSquaredError,
        "sparse_categorical_accuracy": SparseCategoricalAccuracy,
        "sparse_categorical_crossentropy": SparseCategoricalCrossentropy,
        "sparse_top_k_categorical_accuracy": SparseTopKCategoricalAccuracy,
        "top_k_categorical_accuracy": TopKCategoricalAccuracy,
    },
    aliases={
        "BCE": "binary_crossentropy",
        "MSE": "mean_squared_error",
        "bce": "binary_crossentropy",
        "mse": "mean_squared_error",
    },
)
serialize = _registry.serialize
deserialize = _registry.deserialize


def get(identifier: Any, *, owner: str = "metrics.get") -> Metric:
    """Returns the metric that a name, a class, an object or a function means.

    Args:
        identifier: Such as "mse", `TopKCategoricalAccuracy(k=3)`, or a function of targets and
            predictions, whose mean is taken.
        owner: Who asks, for the message of an error.

    Raises:
        UnknownNameError: The name is not known.
        ArgumentError: `identifier` is no metric.

    Example:
        >>> get("mse").name
        'mean_squared_error'
    """
    if callable(identifier) and not isinstance(identifier, (Metric, type)):
        return MeanMetricWrapper(identifier)
    return _registry.get(identifier, owner=owner)
