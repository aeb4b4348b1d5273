"""What op computes a layer that prepares or augments images."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from convlet import layers as declared
from convlet.engine.cpu.elementwise import Elementwise
from convlet.engine.cpu.geometric import AffineMap, Flip
from convlet.engine.cpu.rescaling import ChannelRescaling, Standardization
from convlet.engine.cpu.resizing import Crop, Resize
from convlet.engine.plan import Op
from convlet.engine.reference.resizing import matrices


def _rescaling(layer: Any) -> list[Op]:
    if layer.uniform:
        return [Elementwise("linear", layer.scale, layer.offset)]
    shape = layer.input_shape[1:]
    return [ChannelRescaling(*(np.broadcast_to(v, shape) for v in (layer.scale, layer.offset)))]


def _normalization(layer: Any) -> list[Op]:
    shape = layer.input_shape[1:]
    mean, variance = (value.astype(np.float32) for value in layer.statistics())
    if layer.weights:
        mean, variance, _ = layer.weights
    numbers = np.arange(mean.size, dtype=np.int32).reshape(mean.shape)
    return [Standardization(mean, variance, layer.spread(numbers, shape), layer.invert)]


def _resizing(layer: Any) -> list[Op]:
    height, width = layer.input_shape[1:3]
    parts = matrices(layer, layer.box(height, width), height, width)
    return [Resize(*parts, getattr(layer, "fill_value", 0.0))]


IMAGE_TRANSLATIONS: dict[type, Callable[[Any], list[Op]]] = {
    declared.CenterCrop: _resizing,
    declared.Normalization: _normalization,
    declared.RandomCrop: lambda layer: [Crop(layer)],
    declared.RandomFlip: lambda layer: [Flip(layer)],
    declared.RandomRotation: lambda layer: [AffineMap("rotation", layer)],
    declared.RandomShear: lambda layer: [AffineMap("shear", layer)],
    declared.RandomTranslation: lambda layer: [AffineMap("translation", layer)],
    declared.RandomZoom: lambda layer: [AffineMap("zoom", layer)],
    declared.Rescaling: _rescaling,
    declared.Resizing: _resizing,
}
"""The ops of a layer by its class."""
