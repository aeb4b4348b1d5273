"""Layers that move values: borders, enlarging, another order of axes, repetition."""

import numpy as np

from convlet.engine.reference.arrays import Floats
from convlet.engine.reference.resizing import resize, resize_backward, weights
from convlet.engine.reference.sliding import Margins, Pair, crop, pad


def zero_padding2d(x: Floats, padding: Margins) -> Floats:
    """A frame of zeros: rows (above, below), then columns (left, right)."""
    return pad(x, padding)


def zero_padding2d_backward(dy: Floats, padding: Margins) -> Floats:
    """The gradient without the frame."""
    return crop(dy, padding)


def cropping2d(x: Floats, cropping: Margins) -> Floats:
    """The images without rows (above, below) and columns (left, right)."""
    return crop(x, cropping)


def cropping2d_backward(dy: Floats, cropping: Margins) -> Floats:
    """The gradient in a frame of zeros: nothing depends on what was cut off."""
    return pad(dy, cropping)


def zero_padding1d(x: Floats, padding: Pair) -> Floats:
    """Steps of zeros (before, after)."""
    return np.pad(x, ((0, 0), padding, (0, 0)))


def zero_padding1d_backward(dy: Floats, padding: Pair) -> Floats:
    """The gradient of the steps between."""
    return cropping1d(dy, padding)


def cropping1d(x: Floats, cropping: Pair) -> Floats:
    """The sequences without their first and last steps."""
    return x[:, cropping[0] : x.shape[1] - cropping[1]]


def cropping1d_backward(dy: Floats, cropping: Pair) -> Floats:
    """The gradient between steps of zeros."""
    return zero_padding1d(dy, cropping)


def upsampling2d(x: Floats, size: Pair, interpolation: str = "nearest") -> Floats:
    """Each pixel repeated, or the image resized, so many times larger down and across."""
    return resize(x, *_matrices(x, size, interpolation))


def upsampling2d_backward(
    dy: Floats, x: Floats, size: Pair, interpolation: str = "nearest"
) -> Floats:
    """The gradient with respect to ``x``."""
    return resize_backward(dy, *_matrices(x, size, interpolation))


def upsampling1d(x: Floats, size: int) -> Floats:
    """Each step repeated."""
    return x.repeat(size, axis=1)


def upsampling1d_backward(dy: Floats, x: Floats, size: int) -> Floats:
    """The gradient with respect to ``x``: the sum over a step's copies."""
    batch, steps, channels = x.shape
    return np.asarray(dy.reshape(batch, steps, size, channels).sum(axis=2))


def repeat_vector(x: Floats, n: int) -> Floats:
    """The features as ``n`` equal steps."""
    return x[:, None].repeat(n, axis=1)


def repeat_vector_backward(dy: Floats) -> Floats:
    """The sum over the steps."""
    return np.asarray(dy.sum(axis=1))


def permute(x: Floats, dims: tuple[int, ...]) -> Floats:
    """Axis ``a`` of the result is axis ``dims[a - 1]`` of ``x``; the batch, 0, stays."""
    return x.transpose(0, *dims)


def permute_backward(dy: Floats, dims: tuple[int, ...]) -> Floats:
    """The axes back in their order."""
    return dy.transpose(0, *(1 + np.argsort(dims)))


def _matrices(x: Floats, size: Pair, interpolation: str) -> tuple[Floats, Floats]:
    """What each row and column of the output is made of."""
    down, across = (
        weights(length, length * factor, interpolation)
        for length, factor in zip(x.shape[1:3], size, strict=True)
    )
    return down, across
