"""The losses as functions: one value for each sample (and each position, where there are more)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

EPSILON = 1e-7  # probabilities are kept this far from 0 and 1 before their logarithm is taken


def categorical_crossentropy(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> NDArray[Any]:
    """Cross-entropy between one-hot targets and predicted probabilities.

    `-sum(y_true * log(p))` along `axis`, where `p` is `y_pred` scaled to the sum 1 and kept between
    1e-7 and 1 - 1e-7, or the softmax of `y_pred` with `from_logits`.

    Args:
        y_true: One-hot targets, or probabilities.
        y_pred: What the model predicts, in the same shape.
        from_logits: Whether `y_pred` comes without a softmax.
        label_smoothing: How much of each target is spread evenly over all classes.
        axis: The axis of the classes.

    Example:
        >>> categorical_crossentropy([[0, 1, 0]], [[0.05, 0.95, 0.0]]).round(4).tolist()
        [0.0513]
    """
    predicted = _floating(y_pred)
    target = np.asarray(y_true, predicted.dtype)
    if label_smoothing:
        classes = target.shape[axis]
        target = target * (1 - label_smoothing) + label_smoothing / classes
    if from_logits:
        log_probability = _log_softmax(predicted, axis)
    else:
        total = predicted.sum(axis=axis, keepdims=True)
        log_probability = np.log(_clipped(predicted / total))
    return np.asarray(-(target * log_probability).sum(axis=axis))


def sparse_categorical_crossentropy(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    from_logits: bool = False,
    ignore_class: int | None = None,
    axis: int = -1,
) -> NDArray[Any]:
    """Cross-entropy between integer labels and predicted probabilities.

    `-log(p[y_true])`, where `p` is `y_pred` kept between 1e-7 and 1 - 1e-7 and scaled to the sum 1,
    or the softmax of `y_pred` with `from_logits`.

    Args:
        y_true: Labels, counted from 0.
        y_pred: What the model predicts: the shape of `y_true` with the classes as a further axis.
        from_logits: Whether `y_pred` comes without a softmax.
        ignore_class: A label whose samples count as 0; None for none.
        axis: The axis of the classes.

    Example:
        >>> sparse_categorical_crossentropy([1, 2], [[0.05, 0.95, 0], [0.1, 0.8, 0.1]]).round(
        ...     3
        ... ).tolist()
        [0.051, 2.303]
    """
    predicted = np.moveaxis(_floating(y_pred), axis, -1)
    labels = np.asarray(y_true)
    if labels.ndim == predicted.ndim and labels.shape[axis] == 1:
        labels = np.squeeze(labels, axis)
    labels = labels.astype(np.int64)
    logits = predicted if from_logits else np.log(_clipped(predicted))
    ignored = np.zeros(labels.shape, bool) if ignore_class is None else labels == ignore_class
    picked = np.where(ignored, 0, labels)[..., np.newaxis]
    losses = -np.take_along_axis(_log_softmax(logits, -1), picked, -1)[..., 0]
    return np.asarray(np.where(ignored, losses.dtype.type(0), losses))


def binary_crossentropy(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> NDArray[Any]:
    """Cross-entropy of yes-or-no targets, averaged along `axis`.

    `-(y_true * log(p) + (1 - y_true) * log(1 - p))`, where `p` is `y_pred` kept between 1e-7 and
    1 - 1e-7, or the sigmoid of `y_pred` with `from_logits`.

    Args:
        y_true: Targets from 0 to 1.
        y_pred: What the model predicts, in the same shape.
        from_logits: Whether `y_pred` comes without a sigmoid.
        label_smoothing: How far each target is moved towards 1/2.
        axis: The axis that is averaged.

    Example:
        >>> binary_crossentropy([[0, 1], [0, 0]], [[0.6, 0.4], [0.4, 0.6]]).round(3).tolist()
        [0.916, 0.714]
    """
    predicted = _floating(y_pred)
    target = np.asarray(y_true, predicted.dtype)
    if label_smoothing:
        target = target * (1 - label_smoothing) + 0.5 * label_smoothing
    if from_logits:
        # log(1 + exp(x)) - target * x, without overflow for large x
        loss = np.maximum(predicted, 0) - target * predicted + np.log1p(np.exp(-np.abs(predicted)))
    else:
        p = _clipped(predicted)
        loss = -(target * np.log(p) + (1 - target) * np.log(1 - p))
    return np.asarray(loss.mean(axis=axis))


def mean_squared_error(y_true: ArrayLike, y_pred: ArrayLike) -> NDArray[Any]:
    """The mean of `(y_true - y_pred) ** 2` along the last axis.

    Args:
        y_true: Targets.
        y_pred: What the model predicts, in the same shape.

    Example:
        >>> mean_squared_error([[0.0, 1.0]], [[1.0, 1.0]]).tolist()
        [0.5]
    """
    predicted = _floating(y_pred)
    return np.asarray(np.square(np.asarray(y_true, predicted.dtype) - predicted).mean(axis=-1))


def _floating(values: ArrayLike) -> NDArray[Any]:
    array = np.asarray(values)
    return array if array.dtype == np.float64 else array.astype(np.float32, copy=False)


def _clipped(probability: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(np.clip(probability, EPSILON, 1 - EPSILON))


def _log_softmax(logits: NDArray[Any], axis: int) -> NDArray[Any]:
    shifted = logits - logits.max(axis=axis, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True)))
