"""Activations with exponentials and roots; see `formula`."""

from __future__ import annotations

from typing import Any

import numpy as np

from convlet.engine.cpu import float_math
from convlet.engine.cpu.formula import Formula
from convlet.engine.cpu.jit import helper
from convlet.engine.cpu.simd import square_root

_F = np.float32
_ZERO, _HALF, _ONE, _TWO, _THREE = _F(0.0), _F(0.5), _F(1.0), _F(2.0), _F(3.0)
_SELU_ALPHA, _SELU_SCALE = _F(1.6732632423543772 * 1.0507009873554805), _F(1.0507009873554805)
_CUBIC, _ROOT_2_BY_PI = _F(0.044715), _F(0.7978845608028654)  # of gelu's approximation
_DENSITY_AT_0 = _F(0.3989422804014327)  # 1 / sqrt(2 pi)


@helper
def _elu(x: Any, a: Any, b: Any, c: Any) -> Any:
    return x if x > _ZERO else a * float_math.expm1_of_negative(x)


@helper
def _elu_slope(x: Any, y: Any, a: Any, b: Any, c: Any) -> Any:
    return _ONE if x > _ZERO else y + a


@helper
def _selu(x: Any, a: Any, b: Any, c: Any) -> Any:
    return _SELU_SCALE * x if x > _ZERO else _SELU_ALPHA * float_math.expm1_of_negative(x)


@helper
def _selu_slope(x: Any, y: Any, a: Any, b: Any, c: Any) -> Any:
    return _SELU_SCALE if x > _ZERO else y + _SELU_ALPHA


@helper
def _celu(x: Any, a: Any, b: Any, c: Any) -> Any:
    return x if x > _ZERO else a * float_math.expm1_of_negative(x / a)


@helper
def _celu_slope(x: Any, y: Any, a: Any, b: Any, c: Any) -> Any:
    return _ONE if x > _ZERO else y / a + _ONE


@helper
def _tanh_shrink(x: Any, a: Any, b: Any, c: Any) -> Any:
    return x - float_math.tanh(x)


@helper
def _tanh_shrink_slope(x: Any, y: Any, a: Any, b: Any, c: Any) -> Any:
    tanh = float_math.tanh(x)
    return tanh * tanh


@helper
def _squareplus(x: Any, a: Any, b: Any, c: Any) -> Any:
    root = square_root(x * x + a)
    # Below 0 root and x would cancel each other.
    return _HALF * a / (root - x) if x < _ZERO else _HALF * (x + root)


@helper
def _squareplus_slope(x: Any, y: Any, a: Any, b: Any, c: Any) -> Any:
    return y / square_root(x * x + a)


@helper
def _exponential(x: Any, a: Any, b: Any, c: Any) -> Any:
    return float_math.exp(x)


@helper
def _exponential_slope(x: Any, y: Any, a: Any, b: Any, c: Any) -> Any:
    return y


@helper
def _sigmoid(x: Any, a: Any, b: Any, c: Any) -> Any:
    return float_math.sigmoid(x)


@helper
def _sigmoid_slope(x: Any, y: Any, a: Any, b: Any, c: Any) -> Any:
    return y * (_ONE - y)


@helper
def _log_sigmoid(x: Any, a: Any, b: Any, c: Any) -> Any:
    return -float_math.softplus(-x)


@helper
def _log_sigmoid_slope(x: Any, y: Any, a: Any, b: Any, c: Any) -> Any:
    return float_math.sigmoid(-x)


@helper
def _softplus(x: Any, a: Any, b: Any, c: Any) -> Any:
    return float_math.softplus(x)


@helper
def _softplus_slope(x: Any, y: Any, a: Any, b: Any, c: Any) -> Any:
    return float_math.sigmoid(x)


@helper
def _softsign(x: Any, a: Any, b: Any, c: Any) -> Any:
    return x / (_ONE + abs(x))


@helper
def _softsign_slope(x: Any, y: Any, a: Any, b: Any, c: Any) -> Any:
    share = _ONE / (_ONE + abs(x))
    return share * share


@helper
def _tanh(x: Any, a: Any, b: Any, c: Any) -> Any:
    return float_math.tanh(x)


@helper
def _tanh_slope(x: Any, y: Any, a: Any, b: Any, c: Any) -> Any:
    return _ONE - y * y


@helper
def _silu(x: Any, a: Any, b: Any, c: Any) -> Any:
    return x * float_math.sigmoid(x)


@helper
def _silu_slope(x: Any, y: Any, a: Any, b: Any, c: Any) -> Any:
    gate = float_math.sigmoid(x)
    return gate + y * (_ONE - gate)


@helper
def _gelu(x: Any, a: Any, b: Any, c: Any) -> Any:
    return x * float_math.normal_cdf(x)


@helper
def _gelu_slope(x: Any, y: Any, a: Any, b: Any, c: Any) -> Any:
    density = _DENSITY_AT_0 * float_math.exp(-_HALF * x * x)
    return float_math.normal_cdf(x) + x * density


@helper
def _gelu_gate(x: Any) -> Any:
    """(1 + tanh(u)) / 2 = sigmoid(2 u) with u = sqrt(2 / pi) (x + 0.044715 x³)."""
    return float_math.sigmoid(_TWO * _ROOT_2_BY_PI * x * (_ONE + _CUBIC * x * x))


@helper
def _approximate_gelu(x: Any, a: Any, b: Any, c: Any) -> Any:
    return x * _gelu_gate(x)


@helper
def _approximate_gelu_slope(x: Any, y: Any, a: Any, b: Any, c: Any) -> Any:
    gate = _gelu_gate(x)
    inner = _TWO * _ROOT_2_BY_PI * (_ONE + _THREE * _CUBIC * x * x)
    return gate + y * (_ONE - gate) * inner


@helper
def _mish_parts(x: Any) -> Any:
    """With e = exp(x) and n = (1 + e)² - 1: e, n, n + 2; tanh(softplus(x)) is n / (n + 2)."""
    e = float_math.exp(_F(20.0) if x > _F(20.0) else x)  # where that is 1 already
    n = e * (e + _TWO)
    return e, n, n + _TWO


@helper
def _mish(x: Any, a: Any, b: Any, c: Any) -> Any:
    _, n, m = _mish_parts(x)
    return x * (n / m)


@helper
def _mish_slope(x: Any, y: Any, a: Any, b: Any, c: Any) -> Any:
    e, n, m = _mish_parts(x)
    return n / m + x * (_F(4.0) * e / m) * ((_ONE + e) / m)


SMOOTH = {
    "approximate_gelu": Formula(_approximate_gelu, _approximate_gelu_slope),
    "celu": Formula(_celu, _celu_slope),
    "elu": Formula(_elu, _elu_slope),
    "exponential": Formula(_exponential, _exponential_slope),
    "gelu": Formula(_gelu, _gelu_slope),
    "log_sigmoid": Formula(_log_sigmoid, _log_sigmoid_slope),
    "mish": Formula(_mish, _mish_slope),
    "selu": Formula(_selu, _selu_slope),
    "sigmoid": Formula(_sigmoid, _sigmoid_slope),
    "silu": Formula(_silu, _silu_slope),
    "softplus": Formula(_softplus, _softplus_slope),
    "softsign": Formula(_softsign, _softsign_slope),
    "squareplus": Formula(_squareplus, _squareplus_slope),
    "tanh": Formula(_tanh, _tanh_slope),
    "tanh_shrink": Formula(_tanh_shrink, _tanh_shrink_slope),
}
"""By their names."""
