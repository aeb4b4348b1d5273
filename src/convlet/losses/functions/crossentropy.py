"""The cross-entropies: how unlikely predicted probabilities make the targets."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet.losses.functions.arrays import (
    clipped,
    floating,
    is_inside,
    log_softmax,
    pair,
    shares,
    shares_gradient,
    sigmoid,
    smoothed_binary,
    smoothed_classes,
    softmax,
    with_gradient,
)


def _categorical_gradient(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> NDArray[Any]:
    target, predicted = pair(y_true, y_pred)
    target = smoothed_classes(target, label_smoothing, axis)
    if from_logits:
        total = target.sum(axis=axis, keepdims=True)
        return np.asarray(softmax(predicted, axis) * total - target)
    p = shares(predicted, axis)
    return shares_gradient(predicted, -target / clipped(p) * is_inside(p), axis)


@with_gradient(_categorical_gradient)
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
    target, predicted = pair(y_true, y_pred)
    target = smoothed_classes(target, label_smoothing, axis)
    if from_logits:
        log_probability = log_softmax(predicted, axis)
    else:
        log_probability = np.log(clipped(shares(predicted, axis)))
    return np.asarray(-(target * log_probability).sum(axis=axis))


def _picked(
    y_true: ArrayLike, predicted: NDArray[Any], ignore_class: int | None, axis: int
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The labels with a last axis of length 1, ignored ones as 0, and which are not ignored."""
    labels = np.asarray(y_true)
    if labels.ndim == predicted.ndim and labels.shape[axis] == 1:
        labels = np.squeeze(labels, axis)
    labels = labels.astype(np.int64)[..., np.newaxis]
    counts = np.ones(labels.shape, bool) if ignore_class is None else labels != ignore_class
    return np.where(counts, labels, 0), counts


def _sparse_gradient(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    from_logits: bool = False,
    ignore_class: int | None = None,
    axis: int = -1,
) -> NDArray[Any]:
    predicted = np.moveaxis(floating(y_pred), axis, -1)
    labels, counts = _picked(y_true, floating(y_pred), ignore_class, axis)
    p = predicted if from_logits else np.log(clipped(predicted))
    gradient = softmax(p, -1)
    np.put_along_axis(gradient, labels, np.take_along_axis(gradient, labels, -1) - 1, -1)
    if not from_logits:
        gradient *= is_inside(predicted) / clipped(predicted)
    return np.moveaxis(gradient * counts, -1, axis)


@with_gradient(_sparse_gradient)
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
    predicted = np.moveaxis(floating(y_pred), axis, -1)
    labels, counts = _picked(y_true, floating(y_pred), ignore_class, axis)
    logits = predicted if from_logits else np.log(clipped(predicted))
    losses = -np.take_along_axis(log_softmax(logits, -1), labels, -1)
    return np.asarray(np.where(counts, losses, losses.dtype.type(0))[..., 0])


def _binary_gradient(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> NDArray[Any]:
    target, predicted = pair(y_true, y_pred)
    target = smoothed_binary(target, label_smoothing)
    if from_logits:
        gradient = sigmoid(predicted) - target
    else:
        p = clipped(predicted)
        gradient = (p - target) / (p * (1 - p)) * is_inside(predicted)
    return np.asarray(gradient / predicted.shape[axis])


@with_gradient(_binary_gradient)
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
    target, predicted = pair(y_true, y_pred)
    target = smoothed_binary(target, label_smoothing)
    if from_logits:
        # log(1 + exp(x)) - target * x, without overflow for large x
        loss = np.maximum(predicted, 0) - target * predicted + np.log1p(np.exp(-np.abs(predicted)))
    else:
        p = clipped(predicted)
        loss = -(target * np.log(p) + (1 - target) * np.log(1 - p))
    return np.asarray(loss.mean(axis=axis))


def _generalized_gradient(y_true: ArrayLike, y_pred: ArrayLike, q: float = 0.5) -> NDArray[Any]:
    predicted = floating(y_pred)
    labels, _ = _picked(y_true, predicted, None, -1)
    gradient = np.zeros_like(predicted)
    with np.errstate(divide="ignore"):  # the slope at probability 0 is infinite
        slopes = -np.power(np.take_along_axis(predicted, labels, -1), q - 1)
    np.put_along_axis(gradient, labels, slopes, -1)
    return gradient


@with_gradient(_generalized_gradient)
def categorical_generalized_cross_entropy(
    y_true: ArrayLike, y_pred: ArrayLike, q: float = 0.5
) -> NDArray[Any]:
    """Cross-entropy that forgives wrong labels: `(1 - y_pred[y_true] ** q) / q`.

    Between the cross-entropy, which it approaches for small `q`, and the mean absolute error at
    `q = 1` (Zhang and Sabuncu, 2018, https://arxiv.org/abs/1805.07836).

    Args:
        y_true: Labels, counted from 0.
        y_pred: Predicted probabilities: the shape of `y_true` with the classes as a further axis.
        q: How forgiving it is.

    Example:
        >>> categorical_generalized_cross_entropy([1], [[0.36, 0.64]]).round(3).tolist()
        [0.4]
    """
    predicted = floating(y_pred)
    labels, _ = _picked(y_true, predicted, None, -1)
    picked = np.take_along_axis(predicted, labels, -1)[..., 0]
    return np.asarray((1 - np.power(picked, q)) / q)
