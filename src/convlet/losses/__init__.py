"""Losses: what training makes small."""

from __future__ import annotations

from typing import Any

from convlet.losses import functions
from convlet.losses.absent import CTC
from convlet.losses.base import Loss
from convlet.losses.crossentropy import (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    CategoricalGeneralizedCrossEntropy,
    SparseCategoricalCrossentropy,
)
from convlet.losses.divergence import KLDivergence, Poisson
from convlet.losses.focal import BinaryFocalCrossentropy, CategoricalFocalCrossentropy
from convlet.losses.function_loss import CustomLoss, FunctionLoss, custom
from convlet.losses.functions import (
    binary_crossentropy,
    binary_focal_crossentropy,
    categorical_crossentropy,
    categorical_focal_crossentropy,
    categorical_generalized_cross_entropy,
    categorical_hinge,
    circle,
    cosine_similarity,
    dice,
    hinge,
    huber,
    kl_divergence,
    log_cosh,
    mean_absolute_error,
    mean_absolute_percentage_error,
    mean_squared_error,
    mean_squared_logarithmic_error,
    poisson,
    sparse_categorical_crossentropy,
    squared_hinge,
    tversky,
)
from convlet.losses.margins import CategoricalHinge, Hinge, SquaredHinge
from convlet.losses.overlap import Dice, Tversky
from convlet.losses.regression import (
    CosineSimilarity,
    Huber,
    LogCosh,
    MeanAbsoluteError,
    MeanAbsolutePercentageError,
    MeanSquaredError,
    MeanSquaredLogarithmicError,
)
from convlet.losses.similarity import Circle
from convlet.registry import Registry

_CLASSES: dict[str, type[Loss]] = {
    "binary_crossentropy": BinaryCrossentropy,
    "binary_focal_crossentropy": BinaryFocalCrossentropy,
    "categorical_crossentropy": CategoricalCrossentropy,
    "categorical_focal_crossentropy": CategoricalFocalCrossentropy,
    "categorical_generalized_cross_entropy": CategoricalGeneralizedCrossEntropy,
    "categorical_hinge": CategoricalHinge,
    "circle": Circle,
    "cosine_similarity": CosineSimilarity,
    "dice": Dice,
    "hinge": Hinge,
    "huber": Huber,
    "kl_divergence": KLDivergence,
    "log_cosh": LogCosh,
    "mean_absolute_error": MeanAbsoluteError,
    "mean_absolute_percentage_error": MeanAbsolutePercentageError,
    "mean_squared_error": MeanSquaredError,
    "mean_squared_logarithmic_error": MeanSquaredLogarithmicError,
    "poisson": Poisson,
    "sparse_categorical_crossentropy": SparseCategoricalCrossentropy,
    "squared_hinge": SquaredHinge,
    "tversky": Tversky,
}
_ALIASES = {
    "bce": "binary_crossentropy",
    "kld": "kl_divergence",
    "mae": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error",
    "mse": "mean_squared_error",
    "msle": "mean_squared_logarithmic_error",
}

__all__ = [
    "BinaryCrossentropy",
    "BinaryFocalCrossentropy",
    "CTC",
    "CategoricalCrossentropy",
    "CategoricalFocalCrossentropy",
    "CategoricalGeneralizedCrossEntropy",
    "CategoricalHinge",
    "Circle",
    "CosineSimilarity",
    "CustomLoss",
    "Dice",
    "FunctionLoss",
    "Hinge",
    "Huber",
    "KLDivergence",
    "LogCosh",
    "Loss",
    "MeanAbsoluteError",
    "MeanAbsolutePercentageError",
    "MeanSquaredError",
    "MeanSquaredLogarithmicError",
    "Poisson",
    "SparseCategoricalCrossentropy",
    "SquaredHinge",
    "Tversky",
    "binary_crossentropy",
    "binary_focal_crossentropy",
    "categorical_crossentropy",
    "categorical_focal_crossentropy",
    "categorical_generalized_cross_entropy",
    "categorical_hinge",
    "circle",
    "cosine_similarity",
    "custom",
    "deserialize",
    "dice",
    "get",
    "hinge",
    "huber",
    "kl_divergence",
    "log_cosh",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_error",
    "mean_squared_logarithmic_error",
    "poisson",
    "serialize",
    "sparse_categorical_crossentropy",
    "squared_hinge",
    "tversky",
]

_registry = Registry[Loss](
    "loss",
    "keras.losses",
    Loss,
    _CLASSES,
    aliases={**_ALIASES, **{alias.upper(): name for alias, name in _ALIASES.items()}},
    refused={"CTC": CTC, "ctc": CTC},
    from_custom=custom,
)
serialize = _registry.serialize
deserialize = _registry.deserialize


def get(identifier: Any, *, owner: str = "losses.get") -> Loss:
    """Returns the loss that a name, a class, an object or a function means.

    Args:
        identifier: Such as "categorical_crossentropy", "mse", `MeanSquaredError()`, or a function
            of targets and predictions: one of this module, or your own (see `custom`).
        owner: Who asks, for the message of an error.

    Raises:
        UnknownNameError: The name is not known.
        ArgumentError: `identifier` is no loss.

    Example:
        >>> type(get("mse")).__name__
        'MeanSquaredError'
    """
    if callable(identifier) and not isinstance(identifier, (Loss, type)):
        name = str(getattr(identifier, "__name__", ""))
        known = getattr(functions, name, None) is identifier and name in _CLASSES
        return _CLASSES[name]() if known else custom(identifier)
    return _registry.get(identifier, owner=owner)
