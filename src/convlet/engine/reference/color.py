"""Random changes of brightness, contrast and colours: what is drawn, and what it does."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlet.engine.reference.arrays import Floats
from convlet.engine.reference.draws import Draws

GRAY = np.array([0.2989, 0.5870, 0.1140])
"""What red, green and blue count for in gray: Keras's numbers."""


def of_images(values: NDArray[Any]) -> NDArray[Any]:
    """A number of each image, so that it meets all of the image's values."""
    return values[:, np.newaxis, np.newaxis, np.newaxis]


def scaled(layer: Any, x: Floats, top: float) -> Floats:
    """From the layer's range of values to the one from 0 to ``top``."""
    low, high = layer.value_range
    return np.asarray((x - low) / (high - low) * top)


def unscaled(layer: Any, x: Floats, top: float) -> Floats:
    """From the range from 0 to ``top`` to the layer's."""
    low, high = layer.value_range
    return np.asarray(x / top * (high - low) + low)


def chances(draws: Draws, factor: tuple[float, float]) -> NDArray[np.bool_]:
    """Where an image is changed: with a probability that draw 0 gives, by draw 1."""
    return of_images(draws.uniform(1) < draws.between(0, *factor))


def brightness(layer: Any, x: Floats, draws: Draws) -> Floats:
    """Shifted by a share of the range, from draw 0."""
    low, high = layer.value_range
    shifts = of_images(draws.between(0, *layer.factor) * (high - low))
    return np.asarray(np.clip(x + shifts, low, high))


def contrast(layer: Any, x: Floats, draws: Draws) -> Floats:
    """The distance to each channel's mean multiplied, by draw 0."""
    less, more = layer.factor
    mean = x.mean(axis=(1, 2), keepdims=True)
    factor = of_images(draws.between(0, 1 - less, 1 + more))
    return np.asarray(np.clip((x - mean) * factor + mean, *layer.value_range))


def stretched(layer: Any, x: Floats) -> Floats:
    """Each channel of an image from its smallest and largest value to the layer's range."""
    low, high = layer.value_range
    least, most = x.min(axis=(1, 2), keepdims=True), x.max(axis=(1, 2), keepdims=True)
    span = np.where(most > least, most - least, 1.0)
    return np.where(most > least, low + (x - least) / span * (high - low), x)


def inversion(layer: Any, x: Floats, draws: Draws) -> Floats:
    """``high - x`` in some images."""
    return np.where(chances(draws, layer.factor), layer.value_range[1] - x, x)


def posterization(layer: Any, x: Floats, draws: Draws) -> Floats:
    """Whole multiples of ``2**(8 - bits)``, of values from 0 to 255; bits from draw 0."""
    step = of_images(2.0 ** (8 - np.floor(draws.between(0, *layer.factor))))
    values = np.floor(scaled(layer, x, 255.0).astype(np.float32)).astype(x.dtype)
    return unscaled(layer, np.floor(values / step) * step, 255.0)


def solarization(layer: Any, x: Floats, draws: Draws) -> Floats:
    """Negatives from the threshold of draw 1 on, after draw 0 was added."""
    addition, threshold = (
        of_images(draws.between(number, factor[0], 255 * factor[1]))
        for number, factor in enumerate((layer.addition_factor, layer.threshold_factor))
    )
    values = np.clip(scaled(layer, x, 255.0) + addition, 0, 255)
    return unscaled(layer, np.where(values < threshold, values, 255 - values), 255.0)


def grayscale(layer: Any, x: Floats, draws: Draws) -> Floats:
    """Gray in some images."""
    chosen = chances(draws, (layer.factor, layer.factor))
    return x if x.shape[-1] == 1 else np.where(chosen, (x @ GRAY)[..., np.newaxis], x)


def degeneration(layer: Any, x: Floats, draws: Draws) -> Floats:
    """Part of the way to gray, by draw 0."""
    gray = x if x.shape[-1] == 1 else (x @ GRAY)[..., np.newaxis]
    factor = of_images(draws.between(0, *layer.factor))
    return np.asarray(np.clip(x + factor * (gray - x), *layer.value_range))


def to_hsv(x: Floats) -> tuple[Floats, Floats, Floats]:
    """Hue and saturation from 0 to 1, and the largest of the three colours (Smith, 1978)."""
    red, green, blue = np.moveaxis(x, -1, 0)
    value = x.max(axis=-1)
    span = value - x.min(axis=-1)
    safe = np.where(span > 0, span, 1.0)
    hue = np.where(
        value == red,
        (green - blue) / safe,
        np.where(value == green, (blue - red) / safe + 2, (red - green) / safe + 4),
    )
    hue = np.where(span > 0, hue / 6 % 1.0, 0.0)
    return hue, np.where(value > 0, span / np.where(value > 0, value, 1.0), 0.0), value


def from_hsv(hue: Floats, saturation: Floats, value: Floats) -> Floats:
    """Red, green and blue: a hexagon's six sides, on which one of them goes up or down."""
    turn = hue % 1.0 * 6
    sides = (np.abs(turn - 3) - 1, 2 - np.abs(turn - 2), 2 - np.abs(turn - 4))
    return np.stack(
        [value * (1 - saturation + saturation * np.clip(side, 0, 1)) for side in sides], axis=-1
    )


def hue(layer: Any, x: Floats, draws: Draws) -> Floats:
    """Half of draw 0 added to the hue, or taken off where draw 1 is above 1/2."""
    turns = np.where(draws.uniform(1) > 0.5, -0.5, 0.5) * draws.between(0, *layer.factor)
    angle, saturation, value = to_hsv(scaled(layer, x, 1.0))
    colors = from_hsv(angle + turns[:, np.newaxis, np.newaxis], saturation, value)
    return unscaled(layer, np.clip(colors, 0, 1), 1.0)


def saturation(layer: Any, x: Floats, draws: Draws) -> Floats:
    """The saturation multiplied with f / (1 - f), f from draw 0; clipped to the range of values."""
    factor = draws.between(0, *layer.factor)[:, np.newaxis, np.newaxis]
    angle, strength, value = to_hsv(x)
    strength = np.clip(strength * (factor / (1 - factor + 1e-7)), *layer.value_range)
    return from_hsv(angle, strength, value)


def jitter(layer: Any, x: Floats, draws: list[Draws]) -> Floats:
    """One change after the other, each with draws of its own."""
    changes = {
        "brightness": brightness, "contrast": contrast, "saturation": saturation, "hue": hue,
    }  # fmt: skip
    for part, drawn in zip(layer.parts, draws, strict=True):
        x = changes[part.name](part, x, drawn)
    return x
