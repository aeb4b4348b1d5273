"""Pixels looked up between the pixels of an image, and beyond its border.

Coordinates are float64: what is rounded is only the mean of the neighbours.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np

from convlet.engine.cpu.jit import helper

OUTSIDE = -1
MOST_UNROLLED = 4


@helper
def _constant(index: Any, size: Any) -> Any:
    """Outside of the image there is nothing."""
    return index if 0 <= index < size else OUTSIDE


@helper
def _nearest(index: Any, size: Any) -> Any:
    """Outside of the image its border goes on."""
    return min(max(index, 0), size - 1)


@helper
def _wrap(index: Any, size: Any) -> Any:
    """Outside of the image it begins again."""
    return index if 0 <= index < size else index % size


@helper
def _reflect(index: Any, size: Any) -> Any:
    """Outside of the image is its mirror image, the border's pixels twice."""
    if 0 <= index < size:
        return index
    place = index % (2 * size)
    return place if place < size else 2 * size - 1 - place


WITHIN = {"constant": _constant, "nearest": _nearest, "wrap": _wrap, "reflect": _reflect}
"""Which row or column of an image stands for one outside, by the name of the fill mode."""


@helper
def _value(x: Any, start: Any, channel: Any, fill: Any) -> Any:
    """A pixel's channel, or the fill value where the pixel is ``OUTSIDE``."""
    return x[start + channel] if start >= 0 else fill


def few_channels(channels: int) -> int:
    """How many channels there are if loops over them are worth unrolling, else 0."""
    return channels if channels <= MOST_UNROLLED else 0


@lru_cache
def sampler(interpolation: str, fill_mode: str, few: int) -> Any:
    """A helper that writes the pixel of an image at real coordinates.

    Args:
        interpolation: "nearest" or "bilinear".
        fill_mode: One of ``WITHIN``.
        few: What ``few_channels`` says.
    """
    within = WITHIN[fill_mode]

    @helper
    def pixel(
        row: Any, column: Any, height: Any, width: Any, row_stride: Any, channels: Any
    ) -> Any:
        """Where a pixel starts in its image, or ``OUTSIDE``."""
        row, column = within(row, height), within(column, width)
        if row < 0 or column < 0:
            return OUTSIDE
        return row * row_stride + column * channels

    @helper
    def nearest(
        x: Any, y: Any, target: Any, v: Any, u: Any, height: Any, width: Any, row_stride: Any,
        channels: Any, fill: Any,
    ) -> None:  # fmt: skip
        # Halves are rounded away from zero, as Keras's backends do.
        row = math.floor(v + 0.5) if v >= 0.0 else -math.floor(0.5 - v)
        column = math.floor(u + 0.5) if u >= 0.0 else -math.floor(0.5 - u)
        start = pixel(row, column, height, width, row_stride, channels)
        for c in range(channels):
            y[target + c] = _value(x, start, c, fill)

    @helper
    def bilinear(
        x: Any, y: Any, target: Any, v: Any, u: Any, height: Any, width: Any, row_stride: Any,
        channels: Any, fill: Any,
    ) -> None:  # fmt: skip
        top, left = math.floor(v), math.floor(u)
        down, right = np.float32(v - top), np.float32(u - left)
        up, back = np.float32(1.0) - down, np.float32(1.0) - right
        if 0 <= top < height - 1 and 0 <= left < width - 1:  # as almost all are
            above = top * row_stride + left * channels
            below = above + row_stride
            for c in range(few if few else channels):
                first = back * x[above + c] + right * x[above + channels + c]
                second = back * x[below + c] + right * x[below + channels + c]
                y[target + c] = up * first + down * second
            return
        a = pixel(top, left, height, width, row_stride, channels)
        b = pixel(top, left + 1, height, width, row_stride, channels)
        c = pixel(top + 1, left, height, width, row_stride, channels)
        d = pixel(top + 1, left + 1, height, width, row_stride, channels)
        for channel in range(channels):
            above = back * _value(x, a, channel, fill) + right * _value(x, b, channel, fill)
            below = back * _value(x, c, channel, fill) + right * _value(x, d, channel, fill)
            y[target + channel] = up * above + down * below

    return nearest if interpolation == "nearest" else bilinear
