"""Distances between quantities."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet.losses.functions.arrays import EPSILON, pair, with_gradient


def _squared_gradient(y_true: ArrayLike, y_pred: ArrayLike) -> NDArray[Any]:
    target, predicted = pair(y_true, y_pred)
    return np.asarray(2 * (predicted - target) / predicted.shape[-1])


@with_gradient(_squared_gradient)
def mean_squared_error(y_true: ArrayLike, y_pred: ArrayLike) -> NDArray[Any]:
    """The mean of `(y_true - y_pred) ** 2` along the last axis.

    Args:
        y_true: Targets.
        y_pred: What the model predicts, in the same shape.

    Example:
        >>> mean_squared_error([[0.0, 1.0]], [[1.0, 1.0]]).tolist()
        [0.5]
    """
    target, predicted = pair(y_true, y_pred)
    return np.asarray(np.square(target - predicted).mean(axis=-1))


def _absolute_gradient(y_true: ArrayLike, y_pred: ArrayLike) -> NDArray[Any]:
    target, predicted = pair(y_true, y_pred)
    return np.asarray(np.sign(predicted - target) / predicted.shape[-1])


@with_gradient(_absolute_gradient)
def mean_absolute_error(y_true: ArrayLike, y_pred: ArrayLike) -> NDArray[Any]:
    """The mean of `abs(y_true - y_pred)` along the last axis.

    Args:
        y_true: Targets.
        y_pred: What the model predicts, in the same shape.

    Example:
        >>> mean_absolute_error([[0.0, 1.0]], [[3.0, 1.0]]).tolist()
        [1.5]
    """
    target, predicted = pair(y_true, y_pred)
    return np.asarray(np.abs(target - predicted).mean(axis=-1))


def _size(target: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(np.maximum(np.abs(target), target.dtype.type(EPSILON)))


def _percentage_gradient(y_true: ArrayLike, y_pred: ArrayLike) -> NDArray[Any]:
    target, predicted = pair(y_true, y_pred)
    return np.asarray(100 * np.sign(predicted - target) / _size(target) / predicted.shape[-1])


@with_gradient(_percentage_gradient)
def mean_absolute_percentage_error(y_true: ArrayLike, y_pred: ArrayLike) -> NDArray[Any]:
    """The mean of `100 * abs(y_true - y_pred) / max(abs(y_true), 1e-7)` along the last axis.

    Args:
        y_true: Targets.
        y_pred: What the model predicts, in the same shape.

    Example:
        >>> mean_absolute_percentage_error([[1.0, 4.0]], [[1.0, 5.0]]).tolist()
        [12.5]
    """
    target, predicted = pair(y_true, y_pred)
    return np.asarray(100 * np.abs((target - predicted) / _size(target)).mean(axis=-1))


def _log_of_next(values: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(np.log(np.maximum(values, values.dtype.type(EPSILON)) + 1))


def _logarithmic_gradient(y_true: ArrayLike, y_pred: ArrayLike) -> NDArray[Any]:
    target, predicted = pair(y_true, y_pred)
    error = (_log_of_next(predicted) - _log_of_next(target)) * (predicted > EPSILON)
    return np.asarray(2 * error / (np.maximum(predicted, 0) + 1) / predicted.shape[-1])


@with_gradient(_logarithmic_gradient)
def mean_squared_logarithmic_error(y_true: ArrayLike, y_pred: ArrayLike) -> NDArray[Any]:
    """The mean of `(log(y_true + 1) - log(y_pred + 1)) ** 2` along the last axis.

    What is below 1e-7 counts as 1e-7.

    Args:
        y_true: Targets from 0.
        y_pred: What the model predicts, in the same shape.

    Example:
        >>> mean_squared_logarithmic_error([[0.0, 1.0]], [[0.0, 3.0]]).round(4).tolist()
        [0.2402]
    """
    target, predicted = pair(y_true, y_pred)
    return np.asarray(np.square(_log_of_next(predicted) - _log_of_next(target)).mean(axis=-1))


def _huber_gradient(y_true: ArrayLike, y_pred: ArrayLike, delta: float = 1.0) -> NDArray[Any]:
    target, predicted = pair(y_true, y_pred)
    return np.asarray(np.clip(predicted - target, -delta, delta) / predicted.shape[-1])


@with_gradient(_huber_gradient)
def huber(y_true: ArrayLike, y_pred: ArrayLike, delta: float = 1.0) -> NDArray[Any]:
    """Squares of small errors, and large ones as they are (Huber, 1964).

    The mean along the last axis of `error ** 2 / 2` where `abs(error) <= delta`, else of
    `delta * abs(error) - delta ** 2 / 2`, for `error = y_pred - y_true`.

    Args:
        y_true: Targets.
        y_pred: What the model predicts, in the same shape.
        delta: Up to where an error is small.

    Example:
        >>> huber([[0.0, 1.0]], [[3.0, 2.0]]).tolist()
        [1.5]
    """
    target, predicted = pair(y_true, y_pred)
    error = np.abs(predicted - target)
    large = delta * error - 0.5 * delta**2
    return np.asarray(np.where(error <= delta, 0.5 * np.square(error), large).mean(axis=-1))


def _log_cosh_gradient(y_true: ArrayLike, y_pred: ArrayLike) -> NDArray[Any]:
    target, predicted = pair(y_true, y_pred)
    return np.asarray(np.tanh(predicted - target) / predicted.shape[-1])


@with_gradient(_log_cosh_gradient)
def log_cosh(y_true: ArrayLike, y_pred: ArrayLike) -> NDArray[Any]:
    """The mean of `log(cosh(y_pred - y_true))` along the last axis.

    Nearly `error ** 2 / 2` for small errors, and `abs(error) - log(2)` for large ones.

    Args:
        y_true: Targets.
        y_pred: What the model predicts, in the same shape.

    Example:
        >>> log_cosh([[0.0, 1.0]], [[1.0, 1.0]]).round(4).tolist()
        [0.2169]
    """
    target, predicted = pair(y_true, y_pred)
    error = np.abs(predicted - target)
    return np.asarray((error + np.log1p(np.exp(-2 * error)) - np.log(error.dtype.type(2))).mean(-1))


def unit_vectors(values: NDArray[Any], axis: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Vectors of length 1 along `axis`, and the lengths they had; a vector of zeros stays."""
    squares = np.square(values).sum(axis=axis, keepdims=True)
    length = np.sqrt(np.maximum(squares, values.dtype.type(EPSILON**2)))
    return values / length, length


def _cosine_gradient(y_true: ArrayLike, y_pred: ArrayLike, axis: int = -1) -> NDArray[Any]:
    target, predicted = pair(y_true, y_pred)
    (goal, _), (direction, length) = unit_vectors(target, axis), unit_vectors(predicted, axis)
    along = (goal * direction).sum(axis=axis, keepdims=True) * direction
    return np.asarray((along - goal) / length)


@with_gradient(_cosine_gradient)
def cosine_similarity(y_true: ArrayLike, y_pred: ArrayLike, axis: int = -1) -> NDArray[Any]:
    """Minus the cosine of the angle between targets and predictions: -1 where they point one way.

    `-sum(y_true / norm(y_true) * y_pred / norm(y_pred))` along `axis`.

    Args:
        y_true: Targets.
        y_pred: What the model predicts, in the same shape.
        axis: The axis of the vectors.

    Example:
        >>> cosine_similarity([[0.0, 1.0], [1.0, 1.0]], [[0.0, 2.0], [1.0, 0.0]]).round(4).tolist()
        [-1.0, -0.7071]
    """
    target, predicted = pair(y_true, y_pred)
    return np.asarray(-(unit_vectors(target, axis)[0] * unit_vectors(predicted, axis)[0]).sum(axis))
