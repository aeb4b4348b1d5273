"""Pooling: the maximum or the average of each window, channel by channel."""

import numpy as np

from convlet.engine.reference.arrays import Floats, Integers
from convlet.engine.reference.sliding import Pair, crop, margins, output_sizes, pad, taps


def max_pooling2d(x: Floats, pool_size: Pair, strides: Pair, padding: str = "valid") -> Floats:
    """The largest value in each window; NaN where the window holds one.

    The padding never wins: a window at the border has fewer values to choose from.
    """
    values = _window_values(x, pool_size, strides, padding, fill=-np.inf)
    winners = _winning_taps(x, values, pool_size, strides, padding)
    return np.asarray(np.take_along_axis(values, winners[np.newaxis], axis=0)[0])


def max_pooling2d_backward(
    dy: Floats, x: Floats, pool_size: Pair, strides: Pair, padding: str = "valid"
) -> Floats:
    """The gradient with respect to ``x``: each window gives all of its ``dy`` to its winner.

    Of equal values the first in row-major order is the winner, and a NaN beats any number.
    """
    values = _window_values(x, pool_size, strides, padding, fill=-np.inf)
    winners = _winning_taps(x, values, pool_size, strides, padding)
    return _scatter(
        x, pool_size, strides, padding, [dy * (winners == tap) for tap in range(len(values))]
    )


def max_pooling2d_leads(
    x: Floats, pool_size: Pair, strides: Pair, padding: str = "valid"
) -> Floats:
    """By how much each window's maximum exceeds the largest value below it; infinity if none is."""
    values = _window_values(x, pool_size, strides, padding, fill=-np.inf)
    largest = values.max(axis=0)
    runners_up = np.where(values < largest, values, -np.inf).max(axis=0)
    return np.asarray(largest - runners_up)


def average_pooling2d(x: Floats, pool_size: Pair, strides: Pair, padding: str = "valid") -> Floats:
    """The mean of each window's values, the padding not counted among them."""
    values = _window_values(x, pool_size, strides, padding, fill=0.0)
    counts = _window_values(np.ones_like(x), pool_size, strides, padding, fill=0.0)
    return np.asarray(values.sum(axis=0) / counts.sum(axis=0))


def average_pooling2d_backward(
    dy: Floats, x: Floats, pool_size: Pair, strides: Pair, padding: str = "valid"
) -> Floats:
    """The gradient with respect to ``x``: each window shares its ``dy`` out in equal parts."""
    counts = _window_values(np.ones_like(x), pool_size, strides, padding, fill=0.0)
    share = dy / counts.sum(axis=0)
    return _scatter(x, pool_size, strides, padding, [share] * len(counts))


def global_max_pooling2d(x: Floats, keepdims: bool = False) -> Floats:
    """The largest value of each channel; NaN where the channel holds one."""
    return np.asarray(x.max(axis=(1, 2), keepdims=keepdims))


def global_max_pooling2d_backward(dy: Floats, x: Floats) -> Floats:
    """The gradient with respect to ``x``: all of it to the first of the largest values.

    TensorFlow would share it out among equals here, though not in ``max_pooling2d``; one rule
    for both is simpler, and any convex combination is a subgradient.
    """
    batch, height, width, channels = x.shape
    pixels = x.reshape(batch, height * width, channels)
    dpixels = np.zeros_like(pixels)
    winners = pixels.argmax(axis=1)[:, np.newaxis]
    np.put_along_axis(dpixels, winners, dy.reshape(batch, 1, channels), axis=1)
    return dpixels.reshape(x.shape)


def global_average_pooling2d(x: Floats, keepdims: bool = False) -> Floats:
    """The mean of each channel."""
    return np.asarray(x.mean(axis=(1, 2), keepdims=keepdims))


def global_average_pooling2d_backward(dy: Floats, x: Floats) -> Floats:
    """The gradient with respect to ``x``: equal parts of ``dy`` to every pixel."""
    batch, height, width, channels = x.shape
    share = dy.reshape(batch, 1, 1, channels) / (height * width)
    return np.broadcast_to(share, x.shape).astype(x.dtype)


def _window_values(x: Floats, pool_size: Pair, strides: Pair, padding: str, fill: float) -> Floats:
    """The windows' values, tap by tap: (taps, batch, rows, columns, channels)."""
    sizes = output_sizes(x, pool_size, strides, padding)
    padded = pad(x, margins(x, pool_size, strides, padding), fill)
    return np.stack(
        [padded[:, rows, columns] for _, _, rows, columns in taps(pool_size, strides, sizes)]
    )


def _winning_taps(
    x: Floats, values: Floats, pool_size: Pair, strides: Pair, padding: str
) -> Integers:
    """Which tap holds the maximum of each window: the first of equals, the first NaN if any.

    Padding is minus infinity, so it is found first only where every real value is that too:
    there the first real value wins.
    """
    winners = values.argmax(axis=0)  # NumPy's argmax takes the first of equals and the first NaN
    real = _window_values(np.ones_like(x), pool_size, strides, padding, fill=0.0)
    winner_is_real = np.take_along_axis(real, winners[np.newaxis], axis=0)[0] == 1
    return np.asarray(np.where(winner_is_real, winners, real.argmax(axis=0)))


def _scatter(
    x: Floats, pool_size: Pair, strides: Pair, padding: str, parts: list[Floats]
) -> Floats:
    """Add each tap's part of the gradient onto the pixels that the tap meets."""
    sizes = output_sizes(x, pool_size, strides, padding)
    margin = margins(x, pool_size, strides, padding)
    dpadded = np.zeros_like(pad(x, margin))
    for part, (_, _, rows, columns) in zip(parts, taps(pool_size, strides, sizes), strict=True):
        dpadded[:, rows, columns] += part
    return crop(dpadded, margin)
