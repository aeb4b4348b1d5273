"""Normalising layers as the network walks through them: which formulas of `normalization`, when."""

from __future__ import annotations

from typing import Any

import numpy as np

from convlet.engine.reference import normalization
from convlet.engine.reference.arrays import Floats

_Gradients = tuple[Floats, list[Floats]]


def batch_normalization(layer: Any, x: Floats, training: bool) -> Floats:
    """With the batch's statistics in training, unless the layer is frozen."""
    y = normalization.normalised(x, *_moments(layer, x, training), layer.epsilon)
    return normalization.affine(y, *_affine_of(layer, x))


def batch_normalization_backward(layer: Any, dz: Floats, x: Floats, training: bool) -> _Gradients:
    """The gradients; those of the moving statistics are 0."""
    mean, variance = _moments(layer, x, training)
    y = normalization.normalised(x, mean, variance, layer.epsilon)
    dy, gradients = _affine_backward(layer, dz, y)
    axes = tuple(range(x.ndim - 1)) if training and layer.trainable else ()
    dx = normalization.normalised_backward(dy, x, mean, variance, layer.epsilon, axes)
    return dx, [*gradients, np.zeros_like(mean), np.zeros_like(variance)]


def layer_normalization(layer: Any, x: Floats) -> Floats:
    """Along the layer's axes."""
    mean, variance = _along(x, _axes(layer, x))
    y = normalization.normalised(x, mean, variance, layer.epsilon)
    return normalization.affine(y, *_affine_of(layer, x))


def layer_normalization_backward(layer: Any, dz: Floats, x: Floats) -> _Gradients:
    """The gradients."""
    axes = _axes(layer, x)
    mean, variance = _along(x, axes)
    y = normalization.normalised(x, mean, variance, layer.epsilon)
    dy, gradients = _affine_backward(layer, dz, y, shared=axes[0])
    return normalization.normalised_backward(dy, x, mean, variance, layer.epsilon, axes), gradients


def group_normalization(layer: Any, x: Floats) -> Floats:
    """Each group as rows and columns of its own: (batch, positions, groups, channels)."""
    grouped = _grouped(layer, x)
    y = normalization.normalised(grouped, *_along(grouped, (1, 3)), layer.epsilon)
    return normalization.affine(y.reshape(x.shape), *_affine_of(layer, x))


def group_normalization_backward(layer: Any, dz: Floats, x: Floats) -> _Gradients:
    """The gradients."""
    grouped = _grouped(layer, x)
    mean, variance = _along(grouped, (1, 3))
    y = normalization.normalised(grouped, mean, variance, layer.epsilon).reshape(x.shape)
    dy, gradients = _affine_backward(layer, dz, y)
    dx = normalization.normalised_backward(
        dy.reshape(grouped.shape), grouped, mean, variance, layer.epsilon, (1, 3)
    )
    return dx.reshape(x.shape), gradients


def rms_normalization(layer: Any, x: Floats) -> Floats:
    """Along the layer's axes."""
    y = normalization.rms_normalised(x, _axes(layer, x), layer.epsilon)
    return normalization.affine(y, layer.scale.value.astype(x.dtype), None)


def rms_normalization_backward(layer: Any, dz: Floats, x: Floats) -> _Gradients:
    """The gradients."""
    axes = _axes(layer, x)
    y = normalization.rms_normalised(x, axes, layer.epsilon)
    scale = layer.scale.value.astype(x.dtype)
    dy, dscale, _ = normalization.affine_backward(dz, y, scale, axes[0])
    return normalization.rms_normalised_backward(dy, x, axes, layer.epsilon), [dscale]


def unit_normalization(layer: Any, x: Floats) -> Floats:
    """Along the layer's axes."""
    return normalization.unit_normalised(x, _axes(layer, x))


def unit_normalization_backward(layer: Any, dz: Floats, x: Floats) -> Floats:
    """The gradient with respect to ``x``."""
    return normalization.unit_normalised_backward(dz, x, _axes(layer, x))


def _affine_of(layer: Any, x: Floats) -> tuple[Floats | None, Floats | None]:
    """Gamma and beta, if they are there, in the type that the network computes in."""
    gamma, beta = (
        None if weight is None else weight.value.astype(x.dtype)
        for weight in (layer.gamma, layer.beta)
    )
    return gamma, beta


def _affine_backward(layer: Any, dz: Floats, y: Floats, shared: int | None = None) -> _Gradients:
    gamma, _ = _affine_of(layer, y)
    dy, dgamma, dbeta = normalization.affine_backward(dz, y, gamma, shared)
    return dy, [dgamma] * layer.scale + [dbeta] * layer.center


def _moments(layer: Any, x: Floats, training: bool) -> tuple[Floats, Floats]:
    """The mean and the variance that a BatchNormalization normalises with."""
    if training and layer.trainable:
        return normalization.batch_moments(x)
    return layer.moving_mean.value.astype(x.dtype), layer.moving_variance.value.astype(x.dtype)


def _along(x: Floats, axes: tuple[int, ...]) -> tuple[Floats, Floats]:
    return x.mean(axis=axes, keepdims=True), x.var(axis=axes, keepdims=True)


def _axes(layer: Any, x: Floats) -> tuple[int, ...]:
    wanted = [layer.axis] if isinstance(layer.axis, int) else layer.axis
    return tuple(sorted(axis % x.ndim for axis in wanted))


def _grouped(layer: Any, x: Floats) -> Floats:
    groups = x.shape[-1] if layer.groups == -1 else layer.groups
    return x.reshape(len(x), -1, groups, x.shape[-1] // groups)
