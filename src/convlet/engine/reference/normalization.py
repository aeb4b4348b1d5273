"""Normalization: values brought to a mean of 0 and a variance of 1, then scaled and shifted.

Statistics keep their axes, each of size 1, or are those of the channels, the last axis.
"""

from __future__ import annotations

import numpy as np

from convlet.engine.reference.arrays import Floats


def batch_moments(x: Floats) -> tuple[Floats, Floats]:
    """Mean and biased variance of each channel, over the batch and all positions."""
    axes = tuple(range(x.ndim - 1))
    return x.mean(axis=axes), x.var(axis=axes)


def moving(old: Floats, new: Floats, momentum: float) -> Floats:
    """A moving statistic after a step in which the batch's was ``new``."""
    return np.asarray(momentum * old + (1.0 - momentum) * new)


def normalised(x: Floats, mean: Floats, variance: Floats, epsilon: float) -> Floats:
    """``(x - mean) / sqrt(variance + epsilon)``."""
    return np.asarray((x - mean) / np.sqrt(variance + epsilon))


def affine(x: Floats, gamma: Floats | None, beta: Floats | None) -> Floats:
    """``gamma * x + beta``; without them 1 and 0."""
    scaled = x if gamma is None else x * gamma
    return scaled if beta is None else scaled + beta


def normalised_backward(
    dy: Floats, x: Floats, mean: Floats, variance: Floats, epsilon: float, axes: tuple[int, ...]
) -> Floats:
    """The gradient with respect to ``x``.

    Args:
        dy: The gradient with respect to ``normalised(x, …)``.
        x: What was normalised.
        mean: Its mean over the axes.
        variance: Its variance over the axes.
        epsilon: Added to the variance.
        axes: Over which both were computed; none where they don't depend on ``x``.
    """
    scaled = dy / np.sqrt(variance + epsilon)
    if not axes:
        return np.asarray(scaled)
    y = normalised(x, mean, variance, epsilon)
    dy_mean = scaled.mean(axis=axes, keepdims=True)
    return np.asarray(scaled - dy_mean - y * (scaled * y).mean(axis=axes, keepdims=True))


def affine_backward(
    dy: Floats, x: Floats, gamma: Floats | None, shared: int | None = None
) -> tuple[Floats, Floats, Floats]:
    """The gradients (dx, dgamma, dbeta) of ``affine(x, gamma, beta)``.

    Args:
        dy: The gradient with respect to ``affine(x, gamma, beta)``.
        x: What is scaled.
        gamma: The scale, or None.
        shared: Along how many of the first axes gamma and beta are the same: all but the last by
            default.
    """
    axes = tuple(range(x.ndim - 1 if shared is None else shared))
    dx = dy if gamma is None else dy * gamma
    return dx, (dy * x).sum(axis=axes), dy.sum(axis=axes)


def mean_square(x: Floats, axes: tuple[int, ...]) -> Floats:
    """The mean of the squares along the axes."""
    return np.asarray((x * x).mean(axis=axes, keepdims=True))


def rms_normalised(x: Floats, axes: tuple[int, ...], epsilon: float) -> Floats:
    """``x / sqrt(mean(x**2) + epsilon)``."""
    return np.asarray(x / np.sqrt(mean_square(x, axes) + epsilon))


def rms_normalised_backward(dy: Floats, x: Floats, axes: tuple[int, ...], epsilon: float) -> Floats:
    """The gradient with respect to ``x``."""
    y = rms_normalised(x, axes, epsilon)
    inner = (dy * y).mean(axis=axes, keepdims=True)
    return np.asarray((dy - y * inner) / np.sqrt(mean_square(x, axes) + epsilon))


def unit_normalised(x: Floats, axes: tuple[int, ...]) -> Floats:
    """``x / max(length of x, 1e-12)``."""
    length = np.sqrt((x * x).sum(axis=axes, keepdims=True))
    return np.asarray(x / np.maximum(length, 1e-12))


def unit_normalised_backward(dy: Floats, x: Floats, axes: tuple[int, ...]) -> Floats:
    """The gradient with respect to ``x``, where that is not shorter than 1e-12."""
    y = unit_normalised(x, axes)
    length = np.sqrt((x * x).sum(axis=axes, keepdims=True))
    inner = (dy * y).sum(axis=axes, keepdims=True)
    return np.asarray((dy - y * inner) / np.maximum(length, 1e-12))
