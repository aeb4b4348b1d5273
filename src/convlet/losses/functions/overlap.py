"""Losses of overlap, for maps that say of every place whether it belongs to an object."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet.losses.functions.arrays import EPSILON, pair, with_gradient

Axes = int | tuple[int, ...] | None


def _tversky_parts(
    y_true: ArrayLike, y_pred: ArrayLike, alpha: float, beta: float, axis: Axes
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """The targets, the overlap, and all that is in either, weighted; with the axes kept."""
    target, predicted = pair(y_true, y_pred)
    overlap = (target * predicted).sum(axis=axis, keepdims=True)
    missed = ((1 - predicted) * target).sum(axis=axis, keepdims=True)
    added = (predicted * (1 - target)).sum(axis=axis, keepdims=True)
    return target, overlap, overlap + missed * alpha + added * beta + EPSILON


def _tversky_gradient(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    alpha: float = 0.5,
    beta: float = 0.5,
    axis: Axes = None,
) -> NDArray[Any]:
    target, overlap, either = _tversky_parts(y_true, y_pred, alpha, beta, axis)
    deither = target * (1 - alpha) + (1 - target) * beta
    return np.asarray((overlap * deither - target * either) / np.square(either))


@with_gradient(_tversky_gradient)
def tversky(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    alpha: float = 0.5,
    beta: float = 0.5,
    axis: Axes = None,
) -> NDArray[Any]:
    """1 minus the overlap's share, where what is missed and what is added may weigh differently.

    `1 - overlap / (overlap + alpha * missed + beta * added + 1e-7)`, for
    `overlap = sum(y_true * y_pred)`, `missed = sum(y_true * (1 - y_pred))` and
    `added = sum((1 - y_true) * y_pred)` (Salehi et al., 2017, https://arxiv.org/abs/1706.05721).

    Args:
        y_true: Targets from 0 to 1.
        y_pred: What the model predicts, in the same shape.
        alpha: The weight of what is missed.
        beta: The weight of what is added.
        axis: The axes that are summed: None for all, the batch included.

    Example:
        >>> float(tversky([[1.0, 1.0, 0.0]], [[1.0, 0.0, 0.0]], alpha=1.0).round(4))
        0.5
    """
    _, overlap, either = _tversky_parts(y_true, y_pred, alpha, beta, axis)
    return np.asarray(np.squeeze(1 - overlap / either, axis))


def _dice_gradient(y_true: ArrayLike, y_pred: ArrayLike, axis: Axes = None) -> NDArray[Any]:
    target, overlap, both = _dice_parts(y_true, y_pred, axis)
    return np.asarray(2 * (overlap - target * both) / np.square(both))


def _dice_parts(
    y_true: ArrayLike, y_pred: ArrayLike, axis: Axes
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """The targets, the overlap, and the sum of both; with the axes kept."""
    target, predicted = pair(y_true, y_pred)
    overlap = (target * predicted).sum(axis=axis, keepdims=True)
    return target, overlap, (target + predicted).sum(axis=axis, keepdims=True) + EPSILON


@with_gradient(_dice_gradient)
def dice(y_true: ArrayLike, y_pred: ArrayLike, axis: Axes = None) -> NDArray[Any]:
    """1 minus twice the overlap's share of both (Dice, 1945).

    `1 - 2 * sum(y_true * y_pred) / (sum(y_true) + sum(y_pred) + 1e-7)`.

    Args:
        y_true: Targets from 0 to 1.
        y_pred: What the model predicts, in the same shape.
        axis: The axes that are summed: None for all, the batch included.

    Example:
        >>> float(dice([[1.0, 1.0, 0.0]], [[1.0, 0.0, 0.0]]).round(4))
        0.3333
    """
    _, overlap, both = _dice_parts(y_true, y_pred, axis)
    return np.asarray(np.squeeze(1 - 2 * overlap / both, axis))
