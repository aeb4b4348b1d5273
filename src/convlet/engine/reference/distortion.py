"""Random erasing, elastic distortion and blur: what is drawn, and what it does."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlet.engine.reference.arrays import Floats
from convlet.engine.reference.color import chances, of_images
from convlet.engine.reference.draws import Draws
from convlet.engine.reference.sampling import sample

FIELD = 8
"""Which normal number a field begins with: those before would share draws with single numbers."""


def field(draws: Draws, shape: tuple[int, ...], number: int = 0) -> Floats:
    """Normal numbers in the shape of an image; fields of several numbers follow each other."""
    size = int(np.prod(shape))
    first = FIELD + number * size
    values = [draws.normal(first + place) for place in range(size)]
    return np.stack(values, axis=1).reshape(-1, *shape)


def windows(
    height: int, width: int, tall: Floats, wide: Floats, down: Floats, right: Floats
) -> NDArray[np.bool_]:
    """The pixels (y, x) of each image in a window: its size and place as shares from 0 to 1."""
    rows, columns = np.arange(height), np.arange(width)
    top = (down * (height - tall * height))[:, np.newaxis]
    left = (right * (width - wide * width))[:, np.newaxis]
    inside = (rows >= top) & (rows < top + (tall * height)[:, np.newaxis])
    across = (columns >= left) & (columns < left + (wide * width)[:, np.newaxis])
    return np.asarray(inside[:, :, np.newaxis] & across[:, np.newaxis, :])


def erasing(layer: Any, x: Floats, draws: Draws) -> Floats:
    """Draws 2 and 3 give the window's width and height, 4 and 5 where it lies."""
    low, high = layer.value_range
    wide, tall = (np.sqrt(draws.between(number, *layer.scale)) for number in (2, 3))
    window = windows(x.shape[1], x.shape[2], tall, wide, draws.uniform(5), draws.uniform(4))
    fill = layer.fill_value
    filling = field(draws, x.shape[1:]) * high if fill is None else np.asarray(fill)
    chosen = chances(draws, layer.factor) & window[..., np.newaxis]
    return np.where(chosen, np.clip(filling, low, high), x)


def gaussian(size: int, sigma: float) -> Floats:
    """Weights of neighbours that add up to 1."""
    weights = np.exp(-0.5 * ((np.arange(size) - (size - 1) / 2) / sigma) ** 2)
    return np.asarray(weights / weights.sum())


def blurred(image: Floats, vertical: Floats, horizontal: Floats) -> Floats:
    """An image (height, width, …) blurred along both axes; outside there are zeros."""
    for axis, weights in ((0, vertical), (1, horizontal)):
        radius = len(weights) // 2
        margin = [(radius, radius) if number == axis else (0, 0) for number in range(image.ndim)]
        padded = np.pad(image, margin)
        size = image.shape[axis]
        image = sum(
            (
                weight * np.take(padded, np.arange(tap, tap + size), axis=axis)
                for tap, weight in enumerate(weights)
            ),
            start=np.zeros_like(image),
        )
    return image


def elastic(layer: Any, x: Floats, draws: Draws) -> Floats:
    """Draw 2 gives the scale; the fields of places along the width and the height follow."""
    if layer.scale[1] == 0 or layer.factor[1] == 0:
        return x
    height, width = x.shape[1:3]
    scale = draws.between(2, *layer.scale)
    across, down = (field(draws, (height, width), number) for number in (0, 1))
    for image, s in enumerate(scale):
        sigma = 0.05 * s * min(height, width)
        weights = gaussian(int(6 * sigma) | 1, sigma)
        for places in (across, down):
            moved = blurred(places[image] * sigma, weights, weights)
            places[image] = 0.1 * s * max(height, width) * moved
    v, u = np.mgrid[:height, :width]
    y = sample(x, v + down, u + across, layer.interpolation, layer.fill_mode, layer.fill_value)
    return np.asarray(np.clip(np.where(chances(draws, layer.factor), y, x), *layer.value_range))


def sharpness(layer: Any, x: Floats, draws: Draws) -> Floats:
    """Draw 0 gives the factor."""
    ones = np.ones(3)
    smooth = (np.stack([blurred(image, ones, ones) for image in x]) + 4 * x) / 13
    share = of_images(1 - 2 * draws.between(0, *layer.factor))
    return np.asarray(np.clip(x + share * (smooth - x), *layer.value_range))


def blur(layer: Any, x: Floats, draws: Draws) -> Floats:
    """Draw 2 gives the deviation along the width, draw 3 the one along the height."""
    deviations = zip(*(draws.between(n, *layer.sigma) + 1e-6 for n in (2, 3)), strict=True)
    across, down = layer.kernel_size
    y = np.stack(
        [
            blurred(image, gaussian(down, vertical), gaussian(across, horizontal))
            for image, (horizontal, vertical) in zip(x, deviations, strict=True)
        ]
    )
    return np.asarray(np.clip(np.where(chances(draws, layer.factor), y, x), *layer.value_range))
