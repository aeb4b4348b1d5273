"""What op computes a layer that prepares or augments images."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from convlet import layers as declared
from convlet.engine.cpu.auto_contrast import Stretched
from convlet.engine.cpu.color import Recolored
from convlet.engine.cpu.distortion import Blur, Elastic, Erasing, Sharpness
from convlet.engine.cpu.elementwise import Elementwise
from convlet.engine.cpu.geometric import AffineMap, Flip
from convlet.engine.cpu.mixing import Misplaced
from convlet.engine.cpu.rescaling import ChannelRescaling, Standardization
from convlet.engine.cpu.resizing import Crop, Resize
from convlet.engine.ops import Op
from convlet.engine.reference.resizing import matrices


def _contrast(layer: Any) -> list[Op]:
    less, more = layer.factor
    return [Recolored("contrast", layer, (1.0 - less, 1.0 + more))]


def _solarization(layer: Any) -> list[Op]:
    ranges = ((low, 255.0 * high) for low, high in (layer.addition_factor, layer.threshold_factor))
    return [Recolored("solarization", layer, *ranges)]


def _gray(kind: str, layer: Any) -> list[Op]:
    """Nothing where images are gray anyway, but that a degeneration clips values."""
    factor = layer.factor if isinstance(layer.factor, tuple) else (layer.factor, layer.factor)
    if layer.input_shape[3] == 3:
        return [Recolored(kind, layer, factor)]
    return [Recolored("brightness", layer, (0.0, 0.0))] if kind == "degeneration" else []


def _jitter(layer: Any) -> list[Op]:
    return [op for part in layer.parts for op in IMAGE_TRANSLATIONS[type(part)](part)]


def _elastic(layer: Any) -> list[Op]:
    return [Elastic(layer)] if layer.scale[1] > 0 and layer.factor[1] > 0 else []


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
    declared.AutoContrast: lambda layer: [Stretched(layer)],
    declared.CenterCrop: _resizing,
    declared.CutMix: lambda layer: [Misplaced(layer)],
    declared.MixUp: lambda layer: [Misplaced(layer)],
    declared.Normalization: _normalization,
    declared.RandomBrightness: lambda layer: [Recolored("brightness", layer, layer.factor)],
    declared.RandomColorDegeneration: lambda layer: _gray("degeneration", layer),
    declared.RandomColorJitter: _jitter,
    declared.RandomContrast: _contrast,
    declared.RandomCrop: lambda layer: [Crop(layer)],
    declared.RandomElasticTransform: _elastic,
    declared.RandomErasing: lambda layer: [Erasing(layer)],
    declared.RandomFlip: lambda layer: [Flip(layer)],
    declared.RandomGaussianBlur: lambda layer: [Blur(layer)],
    declared.RandomGrayscale: lambda layer: _gray("grayscale", layer),
    declared.RandomHue: lambda layer: [Recolored("hue", layer, layer.factor)],
    declared.RandomInvert: lambda layer: [Recolored("inversion", layer, layer.factor)],
    declared.RandomPosterization: lambda layer: [Recolored("posterization", layer, layer.factor)],
    declared.RandomRotation: lambda layer: [AffineMap("rotation", layer)],
    declared.RandomSaturation: lambda layer: [Recolored("saturation", layer, layer.factor)],
    declared.RandomSharpness: lambda layer: [Sharpness(layer)],
    declared.RandomShear: lambda layer: [AffineMap("shear", layer)],
    declared.RandomTranslation: lambda layer: [AffineMap("translation", layer)],
    declared.RandomZoom: lambda layer: [AffineMap("zoom", layer)],
    declared.Rescaling: _rescaling,
    declared.Solarization: _solarization,
    declared.Resizing: _resizing,
}
"""The ops of a layer by its class."""
