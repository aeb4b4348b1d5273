"""What the formulas share: arrays of one kind and rank, and a function's gradient beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

EPSILON = 1e-7  # keeps logarithms and divisions finite, as in Keras

Function = TypeVar("Function", bound=Callable[..., Any])


def with_gradient(gradient: Callable[..., NDArray[Any]]) -> Callable[[Function], Function]:
    """Gives a loss function the attribute `gradient`.

    Args:
        gradient: Takes the same arguments; returns the gradient of the sum of the function's
            values with respect to `y_pred`, in the shape of `y_pred`.
    """

    def add(function: Function) -> Function:
        setattr(function, "gradient", gradient)  # noqa: B010  # types know no attributes of functions
        return function

    return add


def floating(values: ArrayLike) -> NDArray[Any]:
    """As an array of floats: float64 stays, everything else becomes float32."""
    array = np.asarray(values)
    return array if array.dtype == np.float64 else array.astype(np.float32, copy=False)


def pair(y_true: ArrayLike, y_pred: ArrayLike) -> tuple[NDArray[Any], NDArray[Any]]:
    """Targets and predictions as floats of the predictions' type, of one rank."""
    predicted = floating(y_pred)
    return same_rank(np.asarray(y_true, predicted.dtype), predicted)


def same_rank(first: NDArray[Any], second: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Both arrays, where only one of them has a last axis of length 1 with or without it in both.

    A vector gets the axis; from a longer shape it is taken off.
    """
    if first.ndim == second.ndim + 1:
        longer, shorter = _matched(first, second)
        return longer, shorter
    if second.ndim == first.ndim + 1:
        longer, shorter = _matched(second, first)
        return shorter, longer
    return first, second


def _matched(longer: NDArray[Any], shorter: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    if longer.shape[-1] != 1:
        return longer, shorter
    if shorter.ndim == 1:
        return longer, shorter[:, np.newaxis]
    return longer[..., 0], shorter


def clipped(probability: NDArray[Any]) -> NDArray[Any]:
    """Kept between 1e-7 and 1 - 1e-7, so that the logarithm is finite."""
    return np.asarray(np.clip(probability, EPSILON, 1 - EPSILON))


def is_inside(probability: NDArray[Any]) -> NDArray[Any]:
    """1 where `clipped` changes nothing, which lets a gradient through, else 0."""
    inside = (probability >= EPSILON) & (probability <= 1 - EPSILON)
    return np.asarray(inside, probability.dtype)


def softmax(logits: NDArray[Any], axis: int) -> NDArray[Any]:
    """`exp(logits)` divided by its sum along `axis`."""
    return np.asarray(np.exp(log_softmax(logits, axis)))


def softmax_gradient(p: NDArray[Any], dp: NDArray[Any], axis: int) -> NDArray[Any]:
    """The gradient of the logits, from the softmax `p` and its gradient `dp`."""
    return np.asarray(p * (dp - (dp * p).sum(axis=axis, keepdims=True)))


def log_softmax(logits: NDArray[Any], axis: int) -> NDArray[Any]:
    """The logarithm of the softmax, without overflow."""
    shifted = logits - logits.max(axis=axis, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True)))


def shares(y_pred: NDArray[Any], axis: int) -> NDArray[Any]:
    """Predictions divided by their sum along `axis`."""
    return np.asarray(y_pred / y_pred.sum(axis=axis, keepdims=True))


def shares_gradient(y_pred: NDArray[Any], dshares: NDArray[Any], axis: int) -> NDArray[Any]:
    """The gradient of the predictions, from the gradient of their `shares`."""
    inner = (dshares * shares(y_pred, axis)).sum(axis=axis, keepdims=True)
    return np.asarray((dshares - inner) / y_pred.sum(axis=axis, keepdims=True))


def sigmoid(logits: NDArray[Any]) -> NDArray[Any]:
    """`1 / (1 + exp(-logits))`, without overflow."""
    small = np.exp(-np.abs(logits))
    return np.asarray(np.where(logits >= 0, 1, small) / (1 + small))


def smoothed_classes(y_true: NDArray[Any], label_smoothing: float, axis: int) -> NDArray[Any]:
    """One-hot targets of which `label_smoothing` is spread evenly over all classes."""
    if not label_smoothing:
        return y_true
    return np.asarray(y_true * (1 - label_smoothing) + label_smoothing / y_true.shape[axis])


def smoothed_binary(y_true: NDArray[Any], label_smoothing: float) -> NDArray[Any]:
    """Targets from 0 to 1, moved towards 1/2."""
    if not label_smoothing:
        return y_true
    return np.asarray(y_true * (1 - label_smoothing) + 0.5 * label_smoothing)
