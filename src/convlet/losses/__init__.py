"""Losses: what training makes small."""

from __future__ import annotations

from typing import Any

from convlet.losses.base import Loss
from convlet.losses.crossentropy import (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    SparseCategoricalCrossentropy,
)
from convlet.losses.functions import (
    binary_crossentropy,
    categorical_crossentropy,
    mean_squared_error,
    sparse_categorical_crossentropy,
)
from convlet.losses.regression import MeanSquaredError
from convlet.registry import Registry

__all__ = [
    "BinaryCrossentropy",
    "CategoricalCrossentropy",
    "Loss",
    "MeanSquaredError",
    "SparseCategoricalCrossentropy",
    "binary_crossentropy",
    "categorical_crossentropy",
    "deserialize",
    "get",
    "mean_squared_error",
    "serialize",
    "sparse_categorical_crossentropy",
]

_registry = Registry[Loss](
    "loss",
    "keras.losses",
    Loss,
    {
        "binary_crossentropy": BinaryCrossentropy,
        "categorical_crossentropy": CategoricalCrossentropy,
        "mean_squared_error": MeanSquaredError,
        "sparse_categorical_crossentropy": SparseCategoricalCrossentropy,
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


def get(identifier: Any, *, owner: str = "losses.get") -> Loss:
    """Returns the loss that a name, a class, an object or a function of this module means.

    Args:
        identifier: Such as "categorical_crossentropy", "mse" or `MeanSquaredError()`.
        owner: Who asks, for the message of an error.

    Raises:
        UnknownNameError: The name is not known.
        ArgumentError: `identifier` is no loss.

    Example:
        >>> type(get("mse")).__name__
        'MeanSquaredError'
    """
    if callable(identifier) and identifier in _FUNCTIONS:
        identifier = identifier.__name__
    return _registry.get(identifier, owner=owner)


_FUNCTIONS = (
    binary_crossentropy,
    categorical_crossentropy,
    mean_squared_error,
    sparse_categorical_crossentropy,
)
