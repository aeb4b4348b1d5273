"""Dense layers, activations and the layers without weights: small formulas, one after another."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from convlet.engine.reference.arrays import Floats


def dense(x: Floats, kernel: Floats, bias: Floats | None = None) -> Floats:
    """``x @ kernel + bias``, on the last axis of ``x``."""
    y = x @ kernel
    return y if bias is None else y + bias


def dense_backward(dy: Floats, x: Floats, kernel: Floats) -> tuple[Floats, Floats, Floats]:
    """The gradients (dx, dkernel, dbias): every axis but the last counts as batch."""
    inputs, units = kernel.shape
    rows, drows = x.reshape(-1, inputs), dy.reshape(-1, units)
    return dy @ kernel.T, rows.T @ drows, drows.sum(axis=0)


def linear(x: Floats) -> Floats:
    """The input itself."""
    return x


def linear_backward(dy: Floats, x: Floats) -> Floats:
    """The gradient itself."""
    return dy


def relu(
    x: Floats,
    max_value: float | None = None,
    negative_slope: float = 0.0,
    threshold: float = 0.0,
) -> Floats:
    """``x`` above the threshold, at most ``max_value``; the slope below; NaN stays NaN."""
    above = x if max_value is None else np.minimum(x, max_value)
    below = negative_slope * (x - threshold) if negative_slope else np.zeros_like(x)
    return np.where(np.isnan(x), x, np.where(x > threshold, above, below))


def relu_backward(
    dy: Floats,
    x: Floats,
    max_value: float | None = None,
    negative_slope: float = 0.0,
    threshold: float = 0.0,
) -> Floats:
    """The gradient with respect to ``x``.

    At the threshold itself it is the slope's (0 for a plain relu), at ``max_value`` 0.
    """
    rising = x > threshold
    slope = np.where(rising, 1.0, negative_slope)
    if max_value is not None:
        slope = np.where(rising & (x >= max_value), 0.0, slope)
    return np.where(slope == 0.0, 0.0, dy * slope).astype(x.dtype)


def sigmoid(x: Floats) -> Floats:
    """``1 / (1 + exp(-x))``, written so that no exponential overflows."""
    small = np.exp(-np.abs(x))
    return np.asarray(np.where(x >= 0, 1.0, small) / (1.0 + small), x.dtype)


def sigmoid_backward(dy: Floats, x: Floats) -> Floats:
    """``dy * y * (1 - y)`` for ``y = sigmoid(x)``."""
    y = sigmoid(x)
    return dy * y * (1.0 - y)


def tanh(x: Floats) -> Floats:
    """The hyperbolic tangent."""
    return np.tanh(x)


def tanh_backward(dy: Floats, x: Floats) -> Floats:
    """``dy * (1 - y**2)`` for ``y = tanh(x)``."""
    return np.asarray(dy * (1.0 - np.tanh(x) ** 2))


def softmax(x: Floats, axis: int = -1) -> Floats:
    """``exp(x) / sum of exp(x)`` along ``axis``; the maximum is taken off first."""
    powers = np.exp(x - x.max(axis=axis, keepdims=True))
    return np.asarray(powers / powers.sum(axis=axis, keepdims=True))


def softmax_backward(dy: Floats, x: Floats, axis: int = -1) -> Floats:
    """``y * (dy - sum of dy * y)`` for ``y = softmax(x)``."""
    y = softmax(x, axis)
    return np.asarray(y * (dy - (dy * y).sum(axis=axis, keepdims=True)))


ACTIVATIONS: dict[str, tuple[Callable[[Floats], Floats], Callable[[Floats, Floats], Floats]]] = {
    "linear": (linear, linear_backward),
    "relu": (relu, relu_backward),
    "sigmoid": (sigmoid, sigmoid_backward),
    "softmax": (softmax, softmax_backward),
    "tanh": (tanh, tanh_backward),
}
"""Each activation's name in Keras: the function, and its gradient from ``dy`` and the input."""


def dropout(x: Floats, rate: float, mask: Floats) -> Floats:
    """The values that the mask (1 keeps, 0 drops) lets through, divided by ``1 - rate``.

    It is linear, so the same function takes ``dy`` to the gradient with respect to ``x``.
    """
    return np.zeros_like(x) if rate == 1.0 else x * mask / (1.0 - rate)


def rescaling(x: Floats, scale: ArrayLike, offset: ArrayLike = 0.0) -> Floats:
    """``x * scale + offset``; the numbers may be arrays that fit a sample."""
    return np.asarray(x * np.asarray(scale, x.dtype) + np.asarray(offset, x.dtype))


def rescaling_backward(dy: Floats, scale: ArrayLike) -> Floats:
    """``dy * scale``."""
    return np.asarray(dy * np.asarray(scale, dy.dtype))
