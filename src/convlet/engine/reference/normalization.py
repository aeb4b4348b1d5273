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


def affine_backward(dy: Floats, x: Floats, gamma: Floats | None) -> tuple[Floats, Floats, Floats]:
    """The gradients (dx, dgamma, dbeta) of ``affine(x, gamma, beta)``, for one of each channel."""
    axes = tuple(range(x.ndim - 1))
    dx = dy if gamma is None else dy * gamma
    return dx, (dy * x).sum(axis=axes), dy.sum(axis=axes)
