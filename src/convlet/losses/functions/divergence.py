"""Distances between distributions."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet.losses.functions.arrays import EPSILON, pair, with_gradient


def _kl_gradient(y_true: ArrayLike, y_pred: ArrayLike) -> NDArray[Any]:
    target, predicted = pair(y_true, y_pred)
    inside = (predicted >= EPSILON) & (predicted <= 1)
    return np.asarray(-np.clip(target, EPSILON, 1) / np.clip(predicted, EPSILON, 1) * inside)


@with_gradient(_kl_gradient)
def kl_divergence(y_true: ArrayLike, y_pred: ArrayLike) -> NDArray[Any]:
    """How far predicted probabilities are from the true ones (Kullback and Leibler, 1951).

    `sum(y_true * log(y_true / y_pred))` along the last axis, both kept between 1e-7 and 1.

    Args:
        y_true: Probabilities.
        y_pred: Predicted probabilities, in the same shape.

    Example:
        >>> kl_divergence([[0.5, 0.5]], [[0.25, 0.75]]).round(4).tolist()
        [0.1438]
    """
    target, predicted = (np.clip(values, EPSILON, 1) for values in pair(y_true, y_pred))
    return np.asarray((target * np.log(target / predicted)).sum(axis=-1))


def _poisson_gradient(y_true: ArrayLike, y_pred: ArrayLike) -> NDArray[Any]:
    target, predicted = pair(y_true, y_pred)
    return np.asarray((1 - target / (predicted + EPSILON)) / predicted.shape[-1])


@with_gradient(_poisson_gradient)
def poisson(y_true: ArrayLike, y_pred: ArrayLike) -> NDArray[Any]:
    """The mean of `y_pred - y_true * log(y_pred + 1e-7)` along the last axis.

    The negative logarithm of the probability of the counts `y_true` where `y_pred` are expected,
    but for a term that does not depend on `y_pred`.

    Args:
        y_true: Counts.
        y_pred: Predicted means of the counts, in the same shape.

    Example:
        >>> poisson([[0.0, 2.0]], [[1.0, 2.0]]).round(4).tolist()
        [0.8069]
    """
    target, predicted = pair(y_true, y_pred)
    return np.asarray((predicted - target * np.log(predicted + EPSILON)).mean(axis=-1))
