"""Activations: what `convlet.activations` computes, and the gradients of that.

A new activation is a function there and a row of `ACTIVATIONS` here. At a kink, where a function
has two slopes, the one to the left counts; where a bound or a threshold cuts values off, 0.
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from convlet import activations
from convlet.activations.lookup import FUNCTIONS
from convlet.engine.reference.arrays import Floats

SELU_ALPHA, SELU_SCALE = 1.6732632423543772, 1.0507009873554805
_erf = np.vectorize(math.erf, otypes=[float])


class Activation(NamedTuple):
    """How an activation's gradient is found.

    Attributes:
        backward: (dy, x, settings by name) to dx.
        kinks: (settings by name) to the places where the slope jumps.
    """

    backward: Callable[..., Floats]
    kinks: Callable[..., tuple[float, ...]]


def forward(name: str, x: Floats, **settings: Any) -> Floats:
    """The activation of that name."""
    return np.asarray(FUNCTIONS[name](x, **settings), x.dtype)


def backward(name: str, dy: Floats, x: Floats, **settings: Any) -> Floats:
    """The gradient with respect to ``x``."""
    return np.asarray(ACTIVATIONS[name].backward(dy, x, **settings), x.dtype)


def _pointwise(slope: Callable[..., Any], *kinks: float) -> Activation:
    """Of a function of single values with fixed kinks: where the slope is 0, infinity stops too."""
    return _bent(slope, lambda **settings: kinks)


def _bent(slope: Callable[..., Any], kinks: Callable[..., tuple[float, ...]]) -> Activation:
    """Of a function of single values, whose kinks hang on its settings."""

    def backward(dy: Floats, x: Floats, **settings: Any) -> Floats:
        slopes = np.broadcast_to(slope(x, **settings), x.shape)
        return np.where(slopes == 0.0, 0.0, dy * slopes)

    return Activation(backward, kinks)


def _rowwise(gradient: Callable[[Floats, Floats, int], Any]) -> Activation:
    """Of a function of all values along an axis: the gradient from dy, y or x, and the axis."""
    return Activation(lambda dy, x, axis=-1: gradient(dy, x, axis), lambda **settings: ())


def _relu_slope(
    x: Floats, negative_slope: float, max_value: float | None, threshold: float
) -> Floats:
    rising = x > threshold
    ceiling = np.inf if max_value is None else max_value
    return np.where(rising, np.where(x >= ceiling, 0.0, 1.0), negative_slope)


def _relu_kinks(
    negative_slope: float, max_value: float | None, threshold: float
) -> tuple[float, ...]:
    return (threshold,) if max_value is None else (threshold, max_value)


def _gelu_slope(x: Floats, approximate: bool) -> Floats:
    if not approximate:
        cdf = (1 + _erf(x / np.sqrt(2))) / 2
        return np.asarray(cdf + x * np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi))
    root = np.sqrt(2 / np.pi)
    tanh = np.tanh(root * (x + 0.044715 * x**3))
    inner = root * (1 + 3 * 0.044715 * x**2)
    return np.asarray((1 + tanh) / 2 + x / 2 * (1 - tanh**2) * inner)


def _silu_slope(x: Floats) -> Floats:
    gate = activations.sigmoid(x)
    return np.asarray(gate + x * gate * (1 - gate))


def _mish_slope(x: Floats) -> Floats:
    tanh = np.tanh(activations.softplus(x))
    return np.asarray(tanh + x * (1 - tanh**2) * activations.sigmoid(x))


def _outside(x: Floats, threshold: float) -> Floats:
    return np.where(np.abs(x) > threshold, 1.0, 0.0)


def _between(x: Floats, low: float, high: float, slope: float) -> Floats:
    return np.where((x > low) & (x < high), slope, 0.0)


def _softmax_gradient(dy: Floats, x: Floats, axis: int) -> Any:
    """``y * (dy - sum of dy * y)``."""
    y = activations.softmax(x, axis)
    return y * (dy - (dy * y).sum(axis=axis, keepdims=True))


def _log_softmax_gradient(dy: Floats, x: Floats, axis: int) -> Any:
    """``dy - softmax(x) * sum of dy``."""
    return dy - activations.softmax(x, axis) * dy.sum(axis=axis, keepdims=True)


def _sparsemax_gradient(dy: Floats, x: Floats, axis: int) -> Any:
    """``dy`` minus its mean, over the values that are not 0."""
    kept = activations.sparsemax(x, axis) > 0
    mean = (dy * kept).sum(axis=axis, keepdims=True) / kept.sum(axis=axis, keepdims=True)
    return np.where(kept, dy - mean, 0.0)


ACTIVATIONS: dict[str, Activation] = {
    "celu": _pointwise(lambda x, alpha: np.where(x > 0, 1, np.exp(np.minimum(x, 0) / alpha))),
    "elu": _bent(
        lambda x, alpha: np.where(x > 0, 1, alpha * np.exp(np.minimum(x, 0))),
        lambda alpha: () if alpha == 1 else (0,),
    ),
    "exponential": _pointwise(np.exp),
    "gelu": _pointwise(_gelu_slope),
    "hard_shrink": _bent(_outside, lambda threshold: (-threshold, threshold)),
    "hard_sigmoid": _pointwise(lambda x: _between(x, -3, 3, 1 / 6), -3, 3),
    "hard_silu": _pointwise(
        lambda x: np.where(x >= 3, 1, np.where(x <= -3, 0, x / 3 + 0.5)), -3, 3
    ),
    "hard_tanh": _pointwise(lambda x: _between(x, -1, 1, 1), -1, 1),
    "leaky_relu": _pointwise(lambda x, negative_slope: np.where(x > 0, 1, negative_slope), 0),
    "linear": _pointwise(lambda x: 1.0),
    "log_sigmoid": _pointwise(lambda x: activations.sigmoid(-x)),
    "log_softmax": _rowwise(_log_softmax_gradient),
    "mish": _pointwise(_mish_slope),
    "relu": _bent(_relu_slope, _relu_kinks),
    "relu6": _pointwise(lambda x: _between(x, 0, 6, 1), 0, 6),
    "selu": _pointwise(
        lambda x: SELU_SCALE * np.where(x > 0, 1, SELU_ALPHA * np.exp(np.minimum(x, 0))), 0
    ),
    "sigmoid": _pointwise(lambda x: activations.sigmoid(x) * activations.sigmoid(-x)),
    "silu": _pointwise(_silu_slope),
    "soft_shrink": _bent(_outside, lambda threshold: (-threshold, threshold)),
    "softmax": _rowwise(_softmax_gradient),
    "softplus": _pointwise(activations.sigmoid),
    "softsign": _pointwise(lambda x: 1 / (1 + np.abs(x)) ** 2),
    "sparse_plus": _pointwise(activations.sparse_sigmoid),
    "sparse_sigmoid": _pointwise(lambda x: _between(x, -1, 1, 1 / 2), -1, 1),
    "sparsemax": _rowwise(_sparsemax_gradient),
    "squareplus": _pointwise(lambda x, b: (1 + x / np.sqrt(x**2 + b)) / 2),
    "tanh": _pointwise(lambda x: 1 - np.tanh(x) ** 2),
    "tanh_shrink": _pointwise(lambda x: np.tanh(x) ** 2),
    "threshold": _bent(
        lambda x, threshold, default_value: np.where(x > threshold, 1, 0),
        lambda threshold, default_value: (threshold,),
    ),
}
"""By the names of `convlet.activations`; `glu`, which no layer has, is left out."""
