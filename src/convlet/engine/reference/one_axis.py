"""Layers over one axis, (batch, steps, channels): those over two on images of one row."""

import numpy as np

from convlet.engine.reference import pooling
from convlet.engine.reference.arrays import Floats
from convlet.engine.reference.convolution import conv2d, conv2d_backward


def conv1d(
    x: Floats,
    kernel: Floats,
    bias: Floats | None = None,
    stride: int = 1,
    padding: str = "valid",
    dilation: int = 1,
) -> Floats:
    """Slide every filter over every sequence.

    With ``p`` the padded sequence, ``s`` the stride and ``d`` the dilation::

        y[n, t, f] = bias[f] + sum over a, c of p[n, t * s + a * d, c] * kernel[a, c, f]

    Args:
        x: Sequences (batch, steps, channels).
        kernel: Filters (window, channels, filters).
        bias: One number for each filter, or None.
        stride: The step of the window.
        padding: "valid" (none), "same" or "causal": so much before the sequence that no output
            depends on later steps.
        dilation: The distance between the window's taps.
    """
    settings = ((1, stride), padding, (1, dilation))
    return _steps(conv2d(_row(x), kernel[None], bias, *settings))


def conv1d_backward(
    dy: Floats, x: Floats, kernel: Floats, stride: int = 1, padding: str = "valid",
    dilation: int = 1,
) -> tuple[Floats, Floats, Floats]:  # fmt: skip
    """The gradients (dx, dkernel, dbias) of a loss whose gradient at the output is ``dy``."""
    settings = ((1, stride), padding, (1, dilation))
    dx, dkernel, dbias = conv2d_backward(_row(dy), _row(x), kernel[None], *settings)
    return _steps(dx), dkernel[0], dbias


def max_pooling1d(x: Floats, pool_size: int, stride: int, padding: str = "valid") -> Floats:
    """The largest value in each window; NaN where the window holds one."""
    return _steps(pooling.max_pooling2d(_row(x), (1, pool_size), (1, stride), padding))


def max_pooling1d_backward(
    dy: Floats, x: Floats, pool_size: int, stride: int, padding: str = "valid"
) -> Floats:
    """The gradient with respect to ``x``: all of a window's to the first of its largest values."""
    settings = ((1, pool_size), (1, stride), padding)
    return _steps(pooling.max_pooling2d_backward(_row(dy), _row(x), *settings))


def max_pooling1d_leads(x: Floats, pool_size: int, stride: int, padding: str = "valid") -> Floats:
    """By how much each window's maximum exceeds the largest value below it; infinity if none is."""
    return _steps(pooling.max_pooling2d_leads(_row(x), (1, pool_size), (1, stride), padding))


def average_pooling1d(x: Floats, pool_size: int, stride: int, padding: str = "valid") -> Floats:
    """The mean of each window's values, the padding not counted among them."""
    return _steps(pooling.average_pooling2d(_row(x), (1, pool_size), (1, stride), padding))


def average_pooling1d_backward(
    dy: Floats, x: Floats, pool_size: int, stride: int, padding: str = "valid"
) -> Floats:
    """The gradient with respect to ``x``: each window shares its ``dy`` out in equal parts."""
    settings = ((1, pool_size), (1, stride), padding)
    return _steps(pooling.average_pooling2d_backward(_row(dy), _row(x), *settings))


def global_max_pooling1d(x: Floats, keepdims: bool = False) -> Floats:
    """The largest value of each channel; NaN where the channel holds one."""
    return np.asarray(x.max(axis=1, keepdims=keepdims))


def global_max_pooling1d_backward(dy: Floats, x: Floats) -> Floats:
    """The gradient with respect to ``x``: all of it to the first of the largest values."""
    return _steps(pooling.global_max_pooling2d_backward(dy, _row(x)))


def global_average_pooling1d(x: Floats, keepdims: bool = False) -> Floats:
    """The mean of each channel."""
    return np.asarray(x.mean(axis=1, keepdims=keepdims))


def global_average_pooling1d_backward(dy: Floats, x: Floats) -> Floats:
    """The gradient with respect to ``x``: equal parts of ``dy`` to every step."""
    return _steps(pooling.global_average_pooling2d_backward(dy, _row(x)))


def _row(sequences: Floats) -> Floats:
    """Sequences as images of one row."""
    return sequences[:, None]


def _steps(images: Floats) -> Floats:
    """Images of one row as sequences."""
    return images[:, 0]
