"""Activations that let large values through and hold small ones back."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet.activations.arrays import floats

_SELU_ALPHA, _SELU_SCALE = 1.6732632423543772, 1.0507009873554805


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


def leaky_relu(x: ArrayLike, negative_slope: float = 0.2) -> NDArray[Any]:
    """A rectifier that leaks: `x` where `x > 0`, else `negative_slope * x`.

    Args:
        x: Any numbers.
        negative_slope: The slope below 0.

    Example:
        >>> leaky_relu([-5.0, 5.0])
        array([-1.,  5.])

    References:
        Maas et al., 2013: Rectifier nonlinearities improve neural network acoustic models.
    """
    x = floats(x)
    return np.where(x <= 0, negative_slope * x, x)


def relu6(x: ArrayLike) -> NDArray[Any]:
    """A rectifier with a ceiling: `min(max(x, 0), 6)`.

    Example:
        >>> relu6([-1.0, 0.5, 9.0])
        array([0. , 0.5, 6. ])

    References:
        Krizhevsky, 2010: Convolutional deep belief networks on CIFAR-10.
    """
    return np.asarray(np.clip(floats(x), 0, 6))


def elu(x: ArrayLike, alpha: float = 1.0) -> NDArray[Any]:
    """The exponential linear unit: `x` where `x > 0`, else `alpha * (exp(x) - 1)`.

    Args:
        x: Any numbers.
        alpha: Minus the value that it falls to.

    Example:
        >>> elu([-1000.0, 2.0])
        array([-1.,  2.])

    References:
        Clevert et al., 2016: Fast and accurate deep network learning by exponential linear units.
    """
    x = floats(x)
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


def selu(x: ArrayLike) -> NDArray[Any]:
    """The scaled exponential linear unit: `1.0507 * elu(x, alpha=1.6733)`.

    With these two constants, mean 0 and variance 1 of one layer's outputs are kept by the next.

    Example:
        >>> selu([-1000.0, 1.0]).round(4)
        array([-1.7581,  1.0507])

    References:
        Klambauer et al., 2017: Self-normalizing neural networks.
    """
    return np.asarray(_SELU_SCALE * elu(x, _SELU_ALPHA))


def celu(x: ArrayLike, alpha: float = 1.0) -> NDArray[Any]:
    """An elu without a corner: `x` where `x > 0`, else `alpha * (exp(x / alpha) - 1)`.

    Args:
        x: Any numbers.
        alpha: Minus the value that it falls to, over a length of as much.

    Example:
        >>> celu([-1000.0, 2.0], alpha=0.5)
        array([-0.5,  2. ])

    References:
        Barron, 2017: Continuously differentiable exponential linear units.
    """
    x = floats(x)
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0) / alpha))


def softplus(x: ArrayLike) -> NDArray[Any]:
    """A smooth rectifier: `log(1 + exp(x))`.

    Example:
        >>> softplus([-1000.0, 0.0, 1000.0]).round(4)
        array([0.000e+00, 6.931e-01, 1.000e+03])

    References:
        Dugas et al., 2000: Incorporating second-order functional knowledge for better option
        pricing.
    """
    x = floats(x)
    return np.asarray(np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x))))


def squareplus(x: ArrayLike, b: float = 4) -> NDArray[Any]:
    """A smooth rectifier without exponentials: `(x + sqrt(x**2 + b)) / 2`.

    Args:
        x: Any numbers.
        b: How smooth: 0 makes it a rectifier.

    Example:
        >>> squareplus([0.0, 1.5])
        array([1., 2.])

    References:
        Barron, 2021: Squareplus: a softplus-like algebraic rectifier.
    """
    x = floats(x)
    return (x + np.sqrt(x**2 + b)) / 2


def sparse_plus(x: ArrayLike) -> NDArray[Any]:
    """A rectifier with a rounded corner: 0 up to -1, then `(x + 1)**2 / 4`, and `x` from 1 on.

    Example:
        >>> sparse_plus([-2.0, 0.0, 2.0])
        array([0.  , 0.25, 2.  ])
    """
    x = floats(x)
    return np.where(x < 1, np.maximum(x + 1, 0) ** 2 / 4, x)


def threshold(x: ArrayLike, threshold: float, default_value: float) -> NDArray[Any]:
    """Puts a constant in the place of small values: `x` where `x > threshold`.

    Args:
        x: Any numbers.
        threshold: The largest number that is replaced.
        default_value: What takes its place.

    Example:
        >>> threshold([-1.0, 0.5, 2.0], threshold=0.5, default_value=0.0)
        array([0., 0., 2.])
    """
    x = floats(x)
    return np.where(x <= threshold, np.asarray(default_value, x.dtype), x)


def hard_shrink(x: ArrayLike, threshold: float = 0.5) -> NDArray[Any]:
    """Sets small values to zero: `x` where `abs(x) > threshold`, else 0.

    Args:
        x: Any numbers.
        threshold: The largest size that counts as small.

    Example:
        >>> hard_shrink([-2.0, 0.5, 2.0])
        array([-2.,  0.,  2.])
    """
    x = floats(x)
    return np.where(np.abs(x) <= threshold, np.zeros_like(x), x)


def soft_shrink(x: ArrayLike, threshold: float = 0.5) -> NDArray[Any]:
    """Moves values towards zero by `threshold`: `sign(x) * max(abs(x) - threshold, 0)`.

    Args:
        x: Any numbers.
        threshold: How far.

    Example:
        >>> soft_shrink([-2.0, 0.5, 2.0])
        array([-1.5,  0. ,  1.5])
    """
    x = floats(x)
    return np.asarray(x - np.clip(x, -threshold, threshold))
