"""Activations for which all values along an axis compete."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet.activations.arrays import floats


def softmax(x: ArrayLike, axis: int = -1) -> NDArray[Any]:
    """Positive numbers that sum to 1 along `axis`: `exp(x) / sum(exp(x))`.

    Args:
        x: Any numbers.
        axis: The axis along which they compete.

    Example:
        >>> softmax([1000.0, 1000.0])
        array([0.5, 0.5])
    """
    x = floats(x)
    powers = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return np.asarray(powers / np.sum(powers, axis=axis, keepdims=True))


def log_softmax(x: ArrayLike, axis: int = -1) -> NDArray[Any]:
    """The logarithm of softmax: `x - log(sum(exp(x)))`.

    Args:
        x: Any numbers.
        axis: The axis along which they compete.

    Example:
        >>> log_softmax([1000.0, 1000.0]).round(4)
        array([-0.6931, -0.6931])
    """
    x = floats(x)
    x = x - np.max(x, axis=axis, keepdims=True)
    return np.asarray(x - np.log(np.sum(np.exp(x), axis=axis, keepdims=True)))


def sparsemax(x: ArrayLike, axis: int = -1) -> NDArray[Any]:
    """The point nearest to `x` whose values are not negative and sum to 1: `max(x - t, 0)`.

    Here `t` is the number for which the sum along `axis` is 1. Small values become exactly 0.
    (Keras 3.15 takes another `t` where several values stay, and its values don't sum to 1 then.)

    Args:
        x: Any numbers.
        axis: The axis along which they compete.

    Example:
        >>> sparsemax([0.75, 1.25, -1.0])
        array([0.25, 0.75, 0.  ])

    References:
        Martins and Astudillo, 2016: From softmax to sparsemax.
    """
    x = np.moveaxis(floats(x), axis, -1)
    descending = -np.sort(-x, axis=-1)
    counts = np.arange(1, x.shape[-1] + 1, dtype=x.dtype)
    # With the k largest kept, t is (their sum - 1) / k; it is right where the k-th exceeds it last.
    bounds = (np.cumsum(descending, axis=-1) - 1) / counts
    kept = np.sum(descending > bounds, axis=-1, keepdims=True)
    bound = np.take_along_axis(bounds, np.maximum(kept, 1) - 1, axis=-1)
    return np.moveaxis(np.maximum(x - bound, 0), -1, axis)
