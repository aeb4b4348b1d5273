"""Activations that keep values between bounds, what they are made of, and gates made of them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet.activations.arrays import floats
from convlet.activations.rectifiers import softplus

_erf = np.vectorize(math.erf, otypes=[float])


def exponential(x: ArrayLike) -> NDArray[Any]:
    """The exponential: `exp(x)`.

    Example:
        >>> exponential([0.0, 1.0]).round(4)
        array([1.    , 2.7183])
    """
    return np.asarray(np.exp(floats(x)))


def sigmoid(x: ArrayLike) -> NDArray[Any]:
    """The logistic function: `1 / (1 + exp(-x))`.

    Example:
        >>> sigmoid([-1000.0, 0.0, 1000.0])
        array([0. , 0.5, 1. ])
    """
    x = floats(x)
    decay = np.exp(-np.abs(x))  # never overflows
    return np.asarray(np.where(x >= 0, 1.0, decay) / (1.0 + decay))


def hard_sigmoid(x: ArrayLike) -> NDArray[Any]:
    """A straight line from 0 at -3 to 1 at 3: `min(max(x / 6 + 1 / 2, 0), 1)`.

    Example:
        >>> hard_sigmoid([-4.0, 0.0, 1.5])
        array([0.  , 0.5 , 0.75])

    References:
        Courbariaux et al., 2015: BinaryConnect: training deep neural networks with binary weights
        during propagations (with a steeper line).
    """
    return np.clip(floats(x) / 6 + 0.5, 0, 1)


def sparse_sigmoid(x: ArrayLike) -> NDArray[Any]:
    """A straight line from 0 at -1 to 1 at 1: `min(max((x + 1) / 2, 0), 1)`.

    Example:
        >>> sparse_sigmoid([-2.0, 0.0, 0.5])
        array([0.  , 0.5 , 0.75])

    References:
        Blondel et al., 2019: Learning classifiers with Fenchel-Young losses.
    """
    return np.clip((floats(x) + 1) / 2, 0, 1)


def log_sigmoid(x: ArrayLike) -> NDArray[Any]:
    """The logarithm of the logistic function: `log(1 / (1 + exp(-x)))`.

    Example:
        >>> log_sigmoid([-1000.0, 0.0]).round(4)
        array([-1.000e+03, -6.931e-01])
    """
    return -softplus(-floats(x))


def tanh(x: ArrayLike) -> NDArray[Any]:
    """The hyperbolic tangent.

    Example:
        >>> tanh([0.0, 1000.0])
        array([0., 1.])
    """
    return np.asarray(np.tanh(x))


def hard_tanh(x: ArrayLike) -> NDArray[Any]:
    """Bounds: `min(max(x, -1), 1)`.

    Example:
        >>> hard_tanh([-2.0, 0.5, 2.0])
        array([-1. ,  0.5,  1. ])
    """
    return np.asarray(np.clip(floats(x), -1, 1))


def tanh_shrink(x: ArrayLike) -> NDArray[Any]:
    """What the hyperbolic tangent leaves of `x`: `x - tanh(x)`.

    Example:
        >>> tanh_shrink([0.0, 1000.0])
        array([  0., 999.])
    """
    x = floats(x)
    return np.asarray(x - np.tanh(x))


def softsign(x: ArrayLike) -> NDArray[Any]:
    """A slow approach to -1 and 1: `x / (1 + abs(x))`.

    Example:
        >>> softsign([-1.0, 3.0])
        array([-0.5 ,  0.75])
    """
    x = floats(x)
    return np.asarray(x / (1 + np.abs(x)))


def silu(x: ArrayLike) -> NDArray[Any]:
    """Also called swish: `x * sigmoid(x)`.

    Example:
        >>> silu([-1000.0, 0.0, 1000.0])
        array([  -0.,    0., 1000.])

    References:
        Ramachandran et al., 2017: Searching for activation functions.
    """
    return np.asarray(floats(x) * sigmoid(x))


def hard_silu(x: ArrayLike) -> NDArray[Any]:
    """Also called hard swish: `x * hard_sigmoid(x)`.

    Example:
        >>> hard_silu([-3.0, 0.0, 1.0, 4.0]).round(4)
        array([-0.    ,  0.    ,  0.6667,  4.    ])

    References:
        Howard et al., 2019: Searching for MobileNetV3.
    """
    return np.asarray(floats(x) * hard_sigmoid(x))


def gelu(x: ArrayLike, approximate: bool = False) -> NDArray[Any]:
    """The Gaussian error linear unit: `x * (1 + erf(x / sqrt(2))) / 2`.

    Args:
        x: Any numbers.
        approximate: Whether to take `x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x**3))) / 2`.

    Example:
        >>> gelu([-10.0, 0.0, 1.0]).round(4)
        array([-0.    ,  0.    ,  0.8413])

    References:
        Hendrycks and Gimpel, 2016: Gaussian error linear units (GELUs).
    """
    x = floats(x)
    if approximate:
        return np.asarray(x * sigmoid(2 * math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
    return np.asarray(x * ((1 + _erf(x / math.sqrt(2))) / 2).astype(x.dtype))


def mish(x: ArrayLike) -> NDArray[Any]:
    """A gate of softplus: `x * tanh(softplus(x))`.

    Example:
        >>> mish([-1.0, 0.0, 1000.0]).round(4)
        array([-3.034e-01,  0.000e+00,  1.000e+03])

    References:
        Misra, 2019: Mish: a self regularized non-monotonic activation function.
    """
    return np.asarray(floats(x) * np.tanh(softplus(x)))


def glu(x: ArrayLike, axis: int = -1) -> NDArray[Any]:
    """The gated linear unit: `a * sigmoid(b)`, with `x` cut into the halves `a` and `b`.

    No layer takes it as its activation, since its output is half as long as its input.

    Args:
        x: Any numbers.
        axis: The axis that is cut; its length needs to be even.

    Example:
        >>> glu([2.0, 4.0, 0.0, 1000.0])
        array([1., 4.])

    References:
        Dauphin et al., 2017: Language modeling with gated convolutional networks.
    """
    values, gates = np.split(floats(x), 2, axis)
    return np.asarray(values * sigmoid(gates))
