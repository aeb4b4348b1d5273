"""A window that slides over the rows and columns of a batch of images."""

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np

from convlet.engine.reference.arrays import Floats
from convlet.layers import windows

Pair: TypeAlias = tuple[int, int]
Margins: TypeAlias = tuple[Pair, Pair]


def output_sizes(
    images: Floats, window: Pair, strides: Pair, padding: str, dilation: Pair = (1, 1)
) -> Pair:
    """How many positions the window takes down the rows and along the columns."""
    rows, columns = (
        windows.output_size(images.shape[1 + d], window[d], strides[d], padding, dilation[d])
        for d in (0, 1)
    )
    return rows, columns


def margins(
    images: Floats, window: Pair, strides: Pair, padding: str, dilation: Pair = (1, 1)
) -> Margins:
    """The rows (above, below) and columns (left, right) that the padding adds."""
    rows, columns = (
        windows.pad_amounts(images.shape[1 + d], window[d], strides[d], padding, dilation[d])
        for d in (0, 1)
    )
    return rows, columns


def pad(images: Floats, margin: Margins, value: float = 0.0) -> Floats:
    """The images (batch, height, width, channels) with a frame of ``value`` around each."""
    return np.pad(images, ((0, 0), *margin, (0, 0)), constant_values=value)


def crop(images: Floats, margin: Margins) -> Floats:
    """The images without their frame: the inverse of ``pad``."""
    (top, bottom), (left, right) = margin
    height, width = images.shape[1:3]
    return images[:, top : height - bottom, left : width - right]


def taps(
    window: Pair, strides: Pair, sizes: Pair, dilation: Pair = (1, 1)
) -> Iterator[tuple[int, int, slice, slice]]:
    """Each tap (a, b) of the window in row-major order, and the pixels that it meets.

    While the window moves, tap (a, b) meets the padded image's pixels ``[rows, columns]``:
    one for each of the window's positions.
    """
    for a in range(window[0]):
        for b in range(window[1]):
            yield (
                a,
                b,
                _pixels_met(a * dilation[0], strides[0], sizes[0]),
                _pixels_met(b * dilation[1], strides[1], sizes[1]),
            )


def _pixels_met(first: int, stride: int, count: int) -> slice:
    return slice(first, first + stride * (count - 1) + 1, stride)
