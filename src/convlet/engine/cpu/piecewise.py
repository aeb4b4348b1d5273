"""Activations made of straight lines and parabolas: comparisons, no exponentials; see `formula`."""

from __future__ import annotations

from typing import Any

import numpy as np

from convlet.engine.cpu.formula import Formula
from convlet.engine.cpu.jit import helper

_F = np.float32
_ZERO, _HALF, _ONE = _F(0.0), _F(0.5), _F(1.0)
_THIRD, _SIXTH, _THREE, _SIX = _F(1 / 3), _F(1 / 6), _F(3.0), _F(6.0)


@helper
def _linear(x: Any, a: Any, b: Any, c: Any) -> Any:
    return a * x + b


@helper
def _linear_slope(x: Any, y: Any, a: Any, b: Any, c: Any) -> Any:
    return a


@helper
def _relu(x: Any, a: Any, b: Any, c: Any) -> Any:
    """Slope a below the threshold c; at most b."""
    if x < c:
        # Without a slope nothing is multiplied: 0 times -inf would be NaN.
        x = a * (x - c) if a != _ZERO else _ZERO
    return b if x > b else x


@helper
def _relu_slope(x: Any, y: Any, a: Any, b: Any, c: Any) -> Any:
    slope = a if x <= c else _ZERO
    slope = _ONE if x > c else slope
    return _ZERO if x >= b else slope


@helper
def _relu6(x: Any, a: Any, b: Any, c: Any) -> Any:
    x = _ZERO if x < _ZERO else x
    return _SIX if x > _SIX else x


@helper
def _relu6_slope(x: Any, y: Any, a: Any, b: Any, c: Any) -> Any:
    return _ONE if _ZERO < y < _SIX else _ZERO


@helper
def _leaky_relu(x: Any, a: Any, b: Any, c: Any) -> Any:
    return x if x > _ZERO else a * x


@helper
def _leaky_relu_slope(x: Any, y: Any, a: Any, b: Any, c: Any) -> Any:
    return _ONE if x > _ZERO else a


@helper
def _threshold(x: Any, a: Any, b: Any, c: Any) -> Any:
    return b if x <= a else x


@helper
def _threshold_slope(x: Any, y: Any, a: Any, b: Any, c: Any) -> Any:
    return _ZERO if x <= a else _ONE


@helper
def _hard_shrink(x: Any, a: Any, b: Any, c: Any) -> Any:
    return _ZERO if abs(x) <= a else x


@helper
def _soft_shrink(x: Any, a: Any, b: Any, c: Any) -> Any:
    outside = x + a if x < _ZERO else x - a
    return _ZERO if abs(x) <= a else outside


@helper
def _shrink_slope(x: Any, y: Any, a: Any, b: Any, c: Any) -> Any:
    return _ZERO if abs(x) <= a else _ONE


@helper
def _sparse_plus(x: Any, a: Any, b: Any, c: Any) -> Any:
    middle = _F(0.25) * (x + _ONE) * (x + _ONE)
    y = middle if x < _ONE else x
    return _ZERO if x <= -_ONE else y


@helper
def _sparse_sigmoid(x: Any, a: Any, b: Any, c: Any) -> Any:
    y = _HALF * x + _HALF
    y = _ZERO if x <= -_ONE else y
    return _ONE if x >= _ONE else y


@helper
def _sparse_plus_slope(x: Any, y: Any, a: Any, b: Any, c: Any) -> Any:
    return _sparse_sigmoid(x, a, b, c)


@helper
def _sparse_sigmoid_slope(x: Any, y: Any, a: Any, b: Any, c: Any) -> Any:
    return _HALF if abs(x) < _ONE else _ZERO


@helper
def _hard_sigmoid(x: Any, a: Any, b: Any, c: Any) -> Any:
    y = _SIXTH * x + _HALF
    y = _ZERO if x <= -_THREE else y
    return _ONE if x >= _THREE else y


@helper
def _hard_sigmoid_slope(x: Any, y: Any, a: Any, b: Any, c: Any) -> Any:
    return _SIXTH if abs(x) < _THREE else _ZERO


@helper
def _hard_tanh(x: Any, a: Any, b: Any, c: Any) -> Any:
    x = -_ONE if x < -_ONE else x
    return _ONE if x > _ONE else x


@helper
def _hard_tanh_slope(x: Any, y: Any, a: Any, b: Any, c: Any) -> Any:
    return _ONE if abs(x) < _ONE else _ZERO


@helper
def _hard_silu(x: Any, a: Any, b: Any, c: Any) -> Any:
    y = x * (_SIXTH * x + _HALF)
    y = _ZERO if x <= -_THREE else y
    return x if x >= _THREE else y


@helper
def _hard_silu_slope(x: Any, y: Any, a: Any, b: Any, c: Any) -> Any:
    slope = _THIRD * x + _HALF
    slope = _ZERO if x <= -_THREE else slope
    return _ONE if x >= _THREE else slope


PIECEWISE = {
    "hard_shrink": Formula(_hard_shrink, _shrink_slope),
    "hard_sigmoid": Formula(_hard_sigmoid, _hard_sigmoid_slope),
    "hard_silu": Formula(_hard_silu, _hard_silu_slope),
    "hard_tanh": Formula(_hard_tanh, _hard_tanh_slope),
    "leaky_relu": Formula(_leaky_relu, _leaky_relu_slope),
    "linear": Formula(_linear, _linear_slope),
    "relu": Formula(_relu, _relu_slope),
    "relu6": Formula(_relu6, _relu6_slope),
    "soft_shrink": Formula(_soft_shrink, _shrink_slope),
    "sparse_plus": Formula(_sparse_plus, _sparse_plus_slope),
    "sparse_sigmoid": Formula(_sparse_sigmoid, _sparse_sigmoid_slope),
    "threshold": Formula(_threshold, _threshold_slope),
}
"""By their names."""
