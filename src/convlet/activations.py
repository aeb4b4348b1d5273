"""Activation functions in plain NumPy.

A layer's `activation` is one of these functions; the engine has a kernel for each.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet import validation
from convlet.errors import ArgumentError, UnsupportedError

__all__ = ["get", "linear", "relu", "serialize", "sigmoid", "softmax", "tanh"]

_ActivationFunction = Callable[..., NDArray[Any]]


def linear(x: ArrayLike) -> NDArray[Any]:
    """Returns `x` as it is.

    Example:
        >>> linear([-1.0, 2.0])
        array([-1.,  2.])
    """
    return np.asarray(x)


def relu(
    x: ArrayLike,
    negative_slope: float = 0.0,
    max_value: float | None = None,
    threshold: float = 0.0,
) -> NDArray[Any]:
    """The rectifier: `x` where `x >= threshold`, else `negative_slope * (x - threshold)`.

    Args:
        x: Any numbers.
        negative_slope: The slope below the threshold.
        max_value: The largest value that comes out; None for no bound.
        threshold: Below it, `x` counts as negative.

    Example:
        >>> relu([-1.0, 0.5, 9.0], max_value=6.0)
        array([0. , 0.5, 6. ])
    """
    x = np.asarray(x)
    below = negative_slope * (x - threshold) if negative_slope else 0.0  # 0 times -1 is -0
    rectified = np.where(x < threshold, below, x)  # in this order NaN stays NaN
    return rectified if max_value is None else np.minimum(rectified, max_value)


def sigmoid(x: ArrayLike) -> NDArray[Any]:
    """The logistic function: `1 / (1 + exp(-x))`.

    Example:
        >>> sigmoid([-1000.0, 0.0, 1000.0])
        array([0. , 0.5, 1. ])
    """
    x = np.asarray(x)
    decay = np.exp(-np.abs(x))  # never overflows
    return np.asarray(np.where(x >= 0, 1.0, decay) / (1.0 + decay))


def softmax(x: ArrayLike, axis: int = -1) -> NDArray[Any]:
    """Positive numbers that sum to 1 along `axis`: `exp(x) / sum(exp(x))`.

    Args:
        x: Any numbers.
        axis: The axis along which they compete.

    Example:
        >>> softmax([1000.0, 1000.0])
        array([0.5, 0.5])
    """
    x = np.asarray(x)
    powers = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return np.asarray(powers / np.sum(powers, axis=axis, keepdims=True))


def tanh(x: ArrayLike) -> NDArray[Any]:
    """The hyperbolic tangent.

    Example:
        >>> tanh([0.0, 1000.0])
        array([0., 1.])
    """
    return np.asarray(np.tanh(x))


_FUNCTIONS: dict[str, _ActivationFunction] = {
    function.__name__: function for function in (linear, relu, sigmoid, softmax, tanh)
}


def get(identifier: str | _ActivationFunction | None, owner: str = "activations.get") -> Any:
    """Looks an activation function up.

    Args:
        identifier: A name, one of this module's functions, or None for `linear`.
        owner: Who needs it, for the error messages.

    Raises:
        UnknownNameError: For a name that is not known.
        UnsupportedError: For any other function: the engine has no kernel for it.

    Example:
        >>> get("relu").__name__
        'relu'
    """
    if identifier is None:
        return linear
    if isinstance(identifier, str):
        return _FUNCTIONS[validation.one_of(owner, "activation", identifier, sorted(_FUNCTIONS))]
    if identifier in _FUNCTIONS.values():
        return identifier
    names = ", ".join(repr(name) for name in sorted(_FUNCTIONS))
    if callable(identifier):
        given = getattr(identifier, "__name__", type(identifier).__name__)
        raise UnsupportedError(
            f"{owner} does not support an activation function of one's own. Received {given}. "
            f"Choose one of {names}."
        )
    raise ArgumentError(
        validation.bad_argument(owner, "activation", f"one of {names} or None", identifier)
    )


def serialize(activation: _ActivationFunction) -> str:
    """The name of an activation function.

    Example:
        >>> serialize(relu)
        'relu'
    """
    return str(get(activation, "activations.serialize").__name__)
