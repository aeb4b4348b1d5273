"""Losses of margins: nothing where a prediction is right by at least 1."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet.losses.functions.arrays import pair, with_gradient


def _signs_and_margins(y_true: ArrayLike, y_pred: ArrayLike) -> tuple[NDArray[Any], NDArray[Any]]:
    """Targets -1 and 1, and how much each prediction lacks of the margin 1."""
    target, predicted = pair(y_true, y_pred)
    if ((target == 0) | (target == 1)).all():
        target = 2 * target - 1
    return target, np.maximum(1 - target * predicted, 0)


def _hinge_gradient(y_true: ArrayLike, y_pred: ArrayLike) -> NDArray[Any]:
    sign, lack = _signs_and_margins(y_true, y_pred)
    return np.asarray(-sign * (lack > 0) / lack.shape[-1])


@with_gradient(_hinge_gradient)
def hinge(y_true: ArrayLike, y_pred: ArrayLike) -> NDArray[Any]:
    """The mean of `max(1 - y_true * y_pred, 0)` along the last axis.

    Args:
        y_true: Targets -1 and 1; a batch of only 0 and 1 is read as -1 and 1.
        y_pred: What the model predicts, in the same shape.

    Example:
        >>> hinge([[0, 1]], [[-2.0, 0.5]]).tolist()
        [0.25]
    """
    return np.asarray(_signs_and_margins(y_true, y_pred)[1].mean(axis=-1))


def _squared_gradient(y_true: ArrayLike, y_pred: ArrayLike) -> NDArray[Any]:
    sign, lack = _signs_and_margins(y_true, y_pred)
    return np.asarray(-2 * sign * lack / lack.shape[-1])


@with_gradient(_squared_gradient)
def squared_hinge(y_true: ArrayLike, y_pred: ArrayLike) -> NDArray[Any]:
    """The mean of `max(1 - y_true * y_pred, 0) ** 2` along the last axis.

    Args:
        y_true: Targets -1 and 1; a batch of only 0 and 1 is read as -1 and 1.
        y_pred: What the model predicts, in the same shape.

    Example:
        >>> squared_hinge([[0, 1]], [[-2.0, 0.5]]).tolist()
        [0.125]
    """
    return np.asarray(np.square(_signs_and_margins(y_true, y_pred)[1]).mean(axis=-1))


def _categorical_gradient(y_true: ArrayLike, y_pred: ArrayLike) -> NDArray[Any]:
    target, predicted = pair(y_true, y_pred)
    others = 1 - target
    strongest = (others * predicted).argmax(axis=-1)[..., np.newaxis]
    gradient = np.zeros_like(predicted)
    np.put_along_axis(gradient, strongest, np.take_along_axis(others, strongest, -1), -1)
    lacking = categorical_hinge(target, predicted) > 0
    return np.asarray((gradient - target) * lacking[..., np.newaxis])


@with_gradient(_categorical_gradient)
def categorical_hinge(y_true: ArrayLike, y_pred: ArrayLike) -> NDArray[Any]:
    """`max(other - own + 1, 0)`: how much the own class lacks of a lead of 1.

    `own = sum(y_true * y_pred)` and `other = max((1 - y_true) * y_pred)`, along the last axis.

    Args:
        y_true: One-hot targets.
        y_pred: What the model predicts, in the same shape.

    Example:
        >>> categorical_hinge([[0, 1, 0]], [[0.5, 0.75, 0.0]]).tolist()
        [0.75]
    """
    target, predicted = pair(y_true, y_pred)
    own = (target * predicted).sum(axis=-1)
    other = ((1 - target) * predicted).max(axis=-1)
    return np.asarray(np.maximum(other - own + 1, 0))
