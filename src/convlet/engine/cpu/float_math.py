"""Exponentials, logarithms and their kin in float32, as polynomials that LLVM vectorises.

A loop that calls the C library computes one number at a time. These functions are plain arithmetic
without branches, so a loop over them fills whole vectors. Each is within three units in the last
place of the true value, except in `normal_cdf`'s far tail; NaN stays NaN, and infinities give the
limits. The coefficients are minimax fits in float64 (Lawson's algorithm) over the interval that the
range reduction leaves.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from convlet.engine.cpu.jit import as_written
from convlet.engine.cpu.simd import square_root

_F = np.float32
_ONE, _TWO = _F(1.0), _F(2.0)
_LOG2_E = _F(1.4426950408889634)
_LN_2_HIGH = _F(0.693359375)  # few bits, so that multiples of it are exact
_LN_2_LOW = _F(-2.12194440e-4)
_LN_2 = _F(0.6931471805599453)
_ROUNDS = _F(12582912.0)  # 1.5 * 2**23: adding it rounds to an integer, in the lowest bits
_ROUNDS_BITS = np.int32(0x4B400000)
_BIAS = np.int32(127)  # of an exponent's bits
_MANTISSA = np.int32(23)  # how many bits lie below the exponent's
_SQRT_HALF_BITS = np.int32(0x3F3504F3)
_MANTISSA_MASK = np.int32(0x007FFFFF)

_EXP = tuple(
    _F(c) for c in (0.5000000095, 0.1666651885, 0.04166620587, 0.008368887863, 0.001395048622)
)
_ATANH = tuple(_F(c) for c in (0.3333320656, 0.2001084959, 0.139995697, 0.1401223282))
_ERFC = tuple(
    _F(c)
    for c in (
        0.282085573882, 0.282390084756, 0.24299647352, 0.203110528662, -0.027624972008,
        0.279514966616, -0.488463061014, 0.285183927018, -0.059193564816,
    )
)  # fmt: skip
_COS = tuple(
    _F(c)
    for c in (1.0, -19.73920855, 64.93934663, -85.45357162, 60.14401506, -24.98223758)
)  # fmt: skip


@as_written
def _power_of_two(n: Any) -> Any:
    """2**n for int32 n from -126 to 127."""
    return np.int32((n + _BIAS) << _MANTISSA).view(np.float32)


@as_written
def _split(x: Any) -> Any:
    """The integer n, and r with exp(x) = 2**n exp(r), for |x| up to about 100."""
    shifted = x * _LOG2_E + _ROUNDS
    n = shifted - _ROUNDS
    bits = np.int32(np.float32(shifted).view(np.int32) - _ROUNDS_BITS)
    return bits, (x - n * _LN_2_HIGH) - n * _LN_2_LOW


@as_written
def _expm1_of_rest(r: Any) -> Any:
    """exp(r) - 1 for |r| up to ln(2) / 2."""
    c = _EXP
    return r + r * r * (c[0] + r * (c[1] + r * (c[2] + r * (c[3] + r * c[4]))))


@as_written
def exp(x: Any) -> Any:
    """e**x: inf and 0 (by way of subnormal numbers) where it leaves the range of float32."""
    x = _F(89.0) if x > _F(89.0) else x
    x = _F(-104.0) if x < _F(-104.0) else x
    n, r = _split(x)
    half = np.int32(n >> np.int32(1))  # 2**n in two factors: n may leave a float's exponents
    return (_ONE + _expm1_of_rest(r)) * _power_of_two(half) * _power_of_two(np.int32(n - half))


@as_written
def expm1_of_negative(x: Any) -> Any:
    """e**x - 1 for x up to 0, precise where that is near 0."""
    x = _F(-20.0) if x < _F(-20.0) else x
    n, r = _split(x)
    scale = _power_of_two(n)
    return scale * _expm1_of_rest(r) + (scale - _ONE)


@as_written
def _twice_atanh(s: Any) -> Any:
    """2 atanh(s) for |s| up to 1/3."""
    square = s * s
    c = _ATANH
    tail = c[0] + square * (c[1] + square * (c[2] + square * c[3]))
    return _TWO * s + _TWO * s * square * tail


@as_written
def log1p_of_share(x: Any) -> Any:
    """log(1 + x) for x from 0 to 1, precise where that is near 0."""
    return _twice_atanh(x / (x + _TWO))


@as_written
def log(x: Any) -> Any:
    """The natural logarithm of a positive, finite, not subnormal number."""
    bits = np.int32(np.float32(x).view(np.int32) - _SQRT_HALF_BITS)
    n = _F(bits >> _MANTISSA)
    m = np.int32((bits & _MANTISSA_MASK) + _SQRT_HALF_BITS).view(np.float32)
    return _twice_atanh((m - _ONE) / (m + _ONE)) + n * _LN_2


@as_written
def tanh(x: Any) -> Any:
    """The hyperbolic tangent."""
    e = expm1_of_negative(_F(-2.0) * abs(x))
    y = -e / (e + _TWO)
    return -y if x < _F(0.0) else y


@as_written
def sigmoid(x: Any) -> Any:
    """1 / (1 + e**-x), precise in both tails."""
    decay = exp(-abs(x))
    return (decay if x < _F(0.0) else _ONE) / (_ONE + decay)


@as_written
def softplus(x: Any) -> Any:
    """log(1 + e**x)."""
    return (_F(0.0) if x < _F(0.0) else x) + log1p_of_share(exp(-abs(x)))


@as_written
def normal_cdf(x: Any) -> Any:
    """The share of a standard normal distribution below x, precise in the lower tail.

    With z = abs(x) / sqrt(2) and t = 1 / (1 + z / 2) it is erfc(z) / 2 = t exp(-z²) Q(t) / 2.
    """
    x = _F(-20.0) if x < _F(-20.0) else x
    x = _F(20.0) if x > _F(20.0) else x
    t = _ONE / (_ONE + abs(x) * _F(0.35355339059327373))
    c = _ERFC
    q = c[5] + t * (c[6] + t * (c[7] + t * c[8]))
    q = c[0] + t * (c[1] + t * (c[2] + t * (c[3] + t * (c[4] + t * q))))
    tail = _F(0.5) * t * q * exp(_F(-0.5) * x * x)
    return tail if x < _F(0.0) else _ONE - tail


@as_written
def normal(draw: Any) -> Any:
    """A standard normal number from 64 random bits, by Box and Muller's transform.

    The upper half is the radius, the lower half an angle from -90 to 90 degrees and a sign.
    """
    radius = _F((draw >> np.uint64(32)) + np.uint64(1)) * _F(2.0**-32)
    turn = _F(np.int32(draw & np.uint64(0x7FFFFF))) * _F(2.0**-24) - _F(0.25)
    square = turn * turn
    c = _COS
    q = c[2] + square * (c[3] + square * (c[4] + square * c[5]))
    size = square_root(_F(-2.0) * log(radius)) * (c[0] + square * (c[1] + square * q))
    return -size if draw & np.uint64(0x80000000) else size
