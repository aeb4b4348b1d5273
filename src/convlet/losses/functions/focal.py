"""Cross-entropies that look away from what is predicted well (Lin et al., 2017)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet.losses.functions.arrays import (
    clipped,
    is_inside,
    pair,
    shares,
    shares_gradient,
    sigmoid,
    smoothed_binary,
    smoothed_classes,
    softmax,
    softmax_gradient,
    with_gradient,
)


def _slope_of_power(base: NDArray[Any], exponent: float) -> NDArray[Any]:
    """The derivative of `base ** exponent`, which at the exponent 0 is 0 everywhere."""
    return exponent * np.power(base, exponent - 1) if exponent else np.zeros_like(base)


def _balance(target: NDArray[Any], apply_class_balancing: bool, alpha: float) -> NDArray[Any]:
    """What each output weighs."""
    if not apply_class_balancing:
        return np.ones_like(target)
    return target * alpha + (1 - target) * (1 - alpha)


def _binary_gradient(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    apply_class_balancing: bool = False,
    alpha: float = 0.25,
    gamma: float = 2.0,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> NDArray[Any]:
    target, predicted = pair(y_true, y_pred)
    target = smoothed_binary(target, label_smoothing)
    p = sigmoid(predicted) if from_logits else predicted
    inner = clipped(p)
    crossentropy = -(target * np.log(inner) + (1 - target) * np.log(1 - inner))
    dcrossentropy = (inner - target) / (inner * (1 - inner)) * is_inside(p)
    distance = 1 - (target * p + (1 - target) * (1 - p))
    gradient = np.power(distance, gamma) * dcrossentropy
    gradient += _slope_of_power(distance, gamma) * (1 - 2 * target) * crossentropy
    if from_logits:
        gradient *= p * (1 - p)
    gradient *= _balance(target, apply_class_balancing, alpha)
    return np.asarray(gradient / predicted.shape[axis])


@with_gradient(_binary_gradient)
def binary_focal_crossentropy(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    apply_class_balancing: bool = False,
    alpha: float = 0.25,
    gamma: float = 2.0,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> NDArray[Any]:
    """Focal cross-entropy of yes-or-no targets, averaged along `axis`.

    `w * (1 - p_t) ** gamma * binary_crossentropy`, where `p_t` is the predicted probability of the
    target: `p` where it is 1, `1 - p` where it is 0. The weight `w` is 1, or with
    `apply_class_balancing` `alpha` where the target is 1 and `1 - alpha` where it is 0
    (Lin et al., 2017, https://arxiv.org/abs/1708.02002).

    Args:
        y_true: Targets from 0 to 1.
        y_pred: What the model predicts, in the same shape.
        apply_class_balancing: Whether the two classes weigh differently.
        alpha: The weight of the targets 1.
        gamma: How far it looks away from what is predicted well; 0 not at all.
        from_logits: Whether `y_pred` comes without a sigmoid.
        label_smoothing: How far each target is moved towards 1/2.
        axis: The axis that is averaged.

    Example:
        >>> binary_focal_crossentropy([[0, 1]], [[0.6, 0.4]]).round(4).tolist()
        [0.3299]
    """
    target, predicted = pair(y_true, y_pred)
    target = smoothed_binary(target, label_smoothing)
    p = sigmoid(predicted) if from_logits else predicted
    inner = clipped(p)
    crossentropy = -(target * np.log(inner) + (1 - target) * np.log(1 - inner))
    distance = 1 - (target * p + (1 - target) * (1 - p))
    loss = np.power(distance, gamma) * crossentropy
    return np.asarray((loss * _balance(target, apply_class_balancing, alpha)).mean(axis=axis))


def _categorical_gradient(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    alpha: ArrayLike = 0.25,
    gamma: float = 2.0,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> NDArray[Any]:
    target, predicted = pair(y_true, y_pred)
    target = smoothed_classes(target, label_smoothing, axis) * np.asarray(alpha, predicted.dtype)
    p = softmax(predicted, axis) if from_logits else predicted
    share = shares(p, axis)
    inner = clipped(share)
    dshare = target * is_inside(share)
    dshare *= _slope_of_power(1 - inner, gamma) * np.log(inner) - (1 - inner) ** gamma / inner
    dp = shares_gradient(p, dshare, axis)
    return softmax_gradient(p, dp, axis) if from_logits else dp


@with_gradient(_categorical_gradient)
def categorical_focal_crossentropy(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    alpha: ArrayLike = 0.25,
    gamma: float = 2.0,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> NDArray[Any]:
    """Focal cross-entropy between one-hot targets and predicted probabilities.

    `sum(-alpha * (1 - p) ** gamma * y_true * log(p))` along `axis`, where `p` is `y_pred` scaled to
    the sum 1 and kept between 1e-7 and 1 - 1e-7, or its softmax with `from_logits`
    (Lin et al., 2017, https://arxiv.org/abs/1708.02002).

    Args:
        y_true: One-hot targets, or probabilities.
        y_pred: What the model predicts, in the same shape.
        alpha: A weight for all classes, or one for each.
        gamma: How far it looks away from what is predicted well; 0 not at all.
        from_logits: Whether `y_pred` comes without a softmax.
        label_smoothing: How much of each target is spread evenly over all classes.
        axis: The axis of the classes.

    Example:
        >>> categorical_focal_crossentropy([[0, 1, 0]], [[0.25, 0.5, 0.25]]).round(4).tolist()
        [0.0433]
    """
    target, predicted = pair(y_true, y_pred)
    target = smoothed_classes(target, label_smoothing, axis) * np.asarray(alpha, predicted.dtype)
    p = softmax(predicted, axis) if from_logits else predicted
    inner = clipped(shares(p, axis))
    return np.asarray(-(target * (1 - inner) ** gamma * np.log(inner)).sum(axis=axis))
