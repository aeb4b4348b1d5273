"""Dense layers and the layers without weights: small formulas, one after another."""

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


def dropout(x: Floats, rate: float, mask: Floats) -> Floats:
    """The values that the mask (1 keeps, 0 drops) lets through, divided by ``1 - rate``.

    It is linear, so the same function takes ``dy`` to the gradient with respect to ``x``.
    """
    return np.zeros_like(x) if rate == 1.0 else x * mask / (1.0 - rate)


def alpha_dropout(x: Floats, affine: tuple[float, float, float], mask: Floats) -> Floats:
    """``factor * x + summand`` where the mask is 1, ``dropped`` where it is 0."""
    factor, summand, dropped = affine
    return np.where(mask == 1.0, factor * x + summand, dropped)


def alpha_dropout_backward(dy: Floats, affine: tuple[float, float, float], mask: Floats) -> Floats:
    """``factor * dy`` where the mask is 1, else 0."""
    return affine[0] * dy * mask


def gaussian_dropout(x: Floats, stddev: float, noise: Floats) -> Floats:
    """``x * (1 + stddev * noise)``; linear, so that it takes ``dy`` back, too."""
    return x * (1.0 + stddev * noise)


def prelu(x: Floats, alpha: Floats) -> Floats:
    """``x`` where it is positive, else ``alpha * x``."""
    return np.where(x > 0.0, x, alpha * x)


def prelu_backward(dy: Floats, x: Floats, alpha: Floats) -> tuple[Floats, Floats]:
    """The gradients (dx, dalpha); alpha has size 1 along the axes that share a slope."""
    products = np.where(x > 0.0, 0.0, dy * x).sum(axis=0)
    shared = tuple(axis for axis, size in enumerate(alpha.shape) if size == 1)
    return np.where(x > 0.0, dy, alpha * dy), products.sum(axis=shared, keepdims=True)


def rescaling(x: Floats, scale: ArrayLike, offset: ArrayLike = 0.0) -> Floats:
    """``x * scale + offset``; the numbers may be arrays that fit a sample."""
    return np.asarray(x * np.asarray(scale, x.dtype) + np.asarray(offset, x.dtype))


def rescaling_backward(dy: Floats, scale: ArrayLike) -> Floats:
    """``dy * scale``."""
    return np.asarray(dy * np.asarray(scale, dy.dtype))
