"""The losses as functions: one value for each sample (and each position, where there are more).

Each has an attribute `gradient`, a function of the same arguments: the gradient of the sum of the
values with respect to `y_pred`.
"""

from __future__ import annotations

from convlet.losses.functions.crossentropy import (
    binary_crossentropy,
    categorical_crossentropy,
    categorical_generalized_cross_entropy,
    sparse_categorical_crossentropy,
)
from convlet.losses.functions.divergence import kl_divergence, poisson
from convlet.losses.functions.focal import (
    binary_focal_crossentropy,
    categorical_focal_crossentropy,
)
from convlet.losses.functions.margins import categorical_hinge, hinge, squared_hinge
from convlet.losses.functions.overlap import dice, tversky
from convlet.losses.functions.regression import (
    cosine_similarity,
    huber,
    log_cosh,
    mean_absolute_error,
    mean_absolute_percentage_error,
    mean_squared_error,
    mean_squared_logarithmic_error,
)
from convlet.losses.functions.similarity import circle

__all__ = [
    "binary_crossentropy",
    "binary_focal_crossentropy",
    "categorical_crossentropy",
    "categorical_focal_crossentropy",
    "categorical_generalized_cross_entropy",
    "categorical_hinge",
    "circle",
    "cosine_similarity",
    "dice",
    "hinge",
    "huber",
    "kl_divergence",
    "log_cosh",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_error",
    "mean_squared_logarithmic_error",
    "poisson",
    "sparse_categorical_crossentropy",
    "squared_hinge",
    "tversky",
]
