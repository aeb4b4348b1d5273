"""Images of another size: each axis multiplied with a matrix of weights."""

from typing import Any

import numpy as np

from convlet import layers as declarations
from convlet.engine.reference.arrays import Floats
from convlet.engine.reference.draws import Draws
from convlet.layers.resizing import Box

RADII = {"bilinear": 1, "bicubic": 2, "lanczos3": 3, "lanczos5": 5}
"""How far from its middle each kernel ends."""


def kernel(interpolation: str, distance: Floats) -> Floats:
    """What a pixel counts at a distance, in pixels, of at least 0."""
    x, radius = distance, RADII[interpolation]
    if interpolation == "bilinear":
        y = 1 - x
    elif interpolation == "bicubic":  # Keys, 1981, with a = -0.5
        y = np.where(x < 1, (1.5 * x - 2.5) * x**2 + 1, ((-0.5 * x + 2.5) * x - 4) * x + 2)
    else:
        y = np.sinc(x) * np.sinc(x / radius)
    return np.asarray(np.where(x < radius, y, 0.0))


def weights(size: int, new_size: int, interpolation: str, antialias: bool = False) -> Floats:
    """What each pixel of an axis counts in each of the new axis: (new_size, size)."""
    if interpolation == "nearest":
        # In float32, as Keras's backends compute it: no other rounding of ties.
        places = np.arange(new_size, dtype=np.float32) + np.float32(0.5)
        chosen = np.floor(places * np.float32(size) / np.float32(new_size)).astype(np.int64)
        return np.asarray(np.eye(size)[chosen])
    ratio = size / new_size
    places = (np.arange(new_size) + 0.5) * ratio - 0.5
    distance = np.abs(places[:, np.newaxis] - np.arange(size))
    counts = kernel(interpolation, distance / (max(ratio, 1.0) if antialias else 1.0))
    return np.asarray(counts / counts.sum(axis=1, keepdims=True))


def window_weights(
    size: int, start: int, length: int, new_size: int, interpolation: str, antialias: bool
) -> Floats:
    """The weights of an axis's pixels where a window of it is resized.

    What lies outside of the axis is left out: rows that reach there sum up to less than 1.
    """
    whole = weights(length, new_size, interpolation, antialias)
    result = np.zeros((new_size, size))
    first, last = max(start, 0), min(start + length, size)
    result[:, first:last] = whole[:, first - start : last - start]
    return result


def matrices(layer: Any, box: Box, height: int, width: int) -> tuple[Floats, Floats]:
    """The weights of rows and of columns that make the layer's output of a window."""
    interpolation = getattr(layer, "interpolation", "bilinear")
    antialias = getattr(layer, "antialias", False)
    return (
        window_weights(height, box.top, box.height, layer.height, interpolation, antialias),
        window_weights(width, box.left, box.width, layer.width, interpolation, antialias),
    )


def resize(x: Floats, rows: Floats, columns: Floats, fill_value: float = 0.0) -> Floats:
    """``rows @ x @ columns.T`` of each channel, where what is left out has the fill value."""
    inner = np.einsum("ih,bhwc,jw->bijc", rows, x - fill_value, columns, optimize=True)
    return np.asarray(inner + fill_value, x.dtype)


def resize_backward(dy: Floats, rows: Floats, columns: Floats) -> Floats:
    """The gradient with respect to ``x``: multiplied with the transposed matrices."""
    return resize(dy, rows.T, columns.T)


def resizing(layer: Any, x: Floats) -> Floats:
    """Of a Resizing or a CenterCrop."""
    height, width = x.shape[1:3]
    parts = matrices(layer, layer.box(height, width), height, width)
    return resize(x, *parts, getattr(layer, "fill_value", 0.0))


def resizing_backward(layer: Any, dy: Floats, x: Floats) -> Floats:
    """The gradient with respect to ``x``."""
    height, width = x.shape[1:3]
    return resize_backward(dy, *matrices(layer, layer.box(height, width), height, width))


def random_crop(layer: declarations.RandomCrop, x: Floats, draws: Draws | None) -> Floats:
    """A window at rows from draw 0 and columns from draw 1; the middle where there is no choice."""
    height, width = x.shape[1:3]
    if draws is None or not layer.draws_places(height, width):
        box = layer.box(height, width, draws is not None)
        return resize(x, *matrices(layer, box, height, width))
    tops = np.floor(draws.between(0, 0, height - layer.height + 1)).astype(int)
    lefts = np.floor(draws.between(1, 0, width - layer.width + 1)).astype(int)
    return np.stack(
        [
            image[top : top + layer.height, left : left + layer.width]
            for image, top, left in zip(x, tops, lefts, strict=True)
        ]
    )
