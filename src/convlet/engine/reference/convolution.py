"""Convolution in two dimensions, and the gradients with respect to all that goes into it."""

import numpy as np

from convlet.engine.reference.arrays import Floats
from convlet.engine.reference.sliding import Pair, crop, margins, output_sizes, pad, taps
from convlet.layers.windows import dilated_size, transposed_size, transposed_start


def conv2d(
    x: Floats,
    kernel: Floats,
    bias: Floats | None = None,
    strides: Pair = (1, 1),
    padding: str = "valid",
    dilation: Pair = (1, 1),
) -> Floats:
    """Slide every filter over every image.

    With ``p`` the padded image, ``s`` the strides and ``d`` the dilation::

        y[n, i, j, f] = bias[f] + sum over a, b, c of
            p[n, i * s[0] + a * d[0], j * s[1] + b * d[1], c] * kernel[a, b, c, f]

    The sum over the input channels ``c`` is the matrix product; the loop sums over the window.

    Args:
        x: Images (batch, height, width, channels).
        kernel: Filters (window height, window width, channels, filters).
        bias: One number for each filter, or None.
        strides: The steps of the window down and across.
        padding: "valid" (none) or "same".
        dilation: The distances between the window's taps.
    """
    window = kernel.shape[0], kernel.shape[1]
    sizes = output_sizes(x, window, strides, padding, dilation)
    padded = pad(x, margins(x, window, strides, padding, dilation))
    y = np.zeros((len(x), *sizes, kernel.shape[3]), np.result_type(x, kernel))
    for a, b, rows, columns in taps(window, strides, sizes, dilation):
        y += padded[:, rows, columns] @ kernel[a, b]
    return y if bias is None else y + bias


def conv2d_backward(
    dy: Floats,
    x: Floats,
    kernel: Floats,
    strides: Pair = (1, 1),
    padding: str = "valid",
    dilation: Pair = (1, 1),
) -> tuple[Floats, Floats, Floats]:
    """The gradients (dx, dkernel, dbias) of a loss whose gradient at the output is ``dy``.

    The formula of ``conv2d`` is linear in the image and in the kernel: each product
    ``p[...] * kernel[a, b, c, f]`` hands ``dy[n, i, j, f]``, times its one factor, to the other.
    """
    window = kernel.shape[0], kernel.shape[1]
    sizes = output_sizes(x, window, strides, padding, dilation)
    margin = margins(x, window, strides, padding, dilation)
    padded = pad(x, margin)
    dpadded = np.zeros_like(padded)
    dkernel = np.zeros_like(kernel)
    for a, b, rows, columns in taps(window, strides, sizes, dilation):
        dpadded[:, rows, columns] += dy @ kernel[a, b].T
        dkernel[a, b] = np.tensordot(padded[:, rows, columns], dy, axes=((0, 1, 2), (0, 1, 2)))
    return crop(dpadded, margin), dkernel, dy.sum(axis=(0, 1, 2))


def depthwise_conv2d(
    x: Floats,
    kernel: Floats,
    bias: Floats | None = None,
    strides: Pair = (1, 1),
    padding: str = "valid",
    dilation: Pair = (1, 1),
) -> Floats:
    """Slide every channel's own windows over it.

    With ``p`` the padded image, ``s`` the strides and ``d`` the dilation::

        y[n, i, j, c * multiplier + m] = bias[c * multiplier + m] + sum over a, b of
            p[n, i * s[0] + a * d[0], j * s[1] + b * d[1], c] * kernel[a, b, c, m]

    Args:
        x: Images (batch, height, width, channels).
        kernel: Windows (window height, window width, channels, multiplier).
        bias: One number for each channel of the output, or None.
        strides: The steps of the windows down and across.
        padding: "valid" (none) or "same".
        dilation: The distances between the windows' taps.
    """
    window = kernel.shape[0], kernel.shape[1]
    sizes = output_sizes(x, window, strides, padding, dilation)
    padded = pad(x, margins(x, window, strides, padding, dilation))
    y = np.zeros((len(x), *sizes, *kernel.shape[2:]), np.result_type(x, kernel))
    for a, b, rows, columns in taps(window, strides, sizes, dilation):
        y += padded[:, rows, columns, :, np.newaxis] * kernel[a, b]
    y = y.reshape(*y.shape[:3], -1)
    return y if bias is None else y + bias


def depthwise_conv2d_backward(
    dy: Floats,
    x: Floats,
    kernel: Floats,
    strides: Pair = (1, 1),
    padding: str = "valid",
    dilation: Pair = (1, 1),
) -> tuple[Floats, Floats, Floats]:
    """The gradients (dx, dkernel, dbias) of a loss whose gradient at the output is ``dy``."""
    window = kernel.shape[0], kernel.shape[1]
    sizes = output_sizes(x, window, strides, padding, dilation)
    margin = margins(x, window, strides, padding, dilation)
    padded = pad(x, margin)
    dpadded = np.zeros_like(padded)
    dkernel = np.zeros_like(kernel)
    each = dy.reshape(*dy.shape[:3], *kernel.shape[2:])
    for a, b, rows, columns in taps(window, strides, sizes, dilation):
        dpadded[:, rows, columns] += (each * kernel[a, b]).sum(axis=-1)
        met = padded[:, rows, columns, :, np.newaxis]
        dkernel[a, b] = (met * each).sum(axis=(0, 1, 2))
    return crop(dpadded, margin), dkernel, dy.sum(axis=(0, 1, 2))


def conv2d_transpose(
    x: Floats,
    kernel: Floats,
    bias: Floats | None = None,
    strides: Pair = (1, 1),
    padding: str = "valid",
    dilation: Pair = (1, 1),
    output_padding: Pair | None = None,
) -> Floats:
    """Spread every pixel over a window of the output.

    With ``s`` the strides and ``d`` the dilation, and starting with the bias::

        y[n, i * s[0] + a * d[0] - top, j * s[1] + b * d[1] - left, f] +=
            sum over c of x[n, i, j, c] * kernel[a, b, f, c]

    Args:
        x: Images (batch, height, width, channels).
        kernel: Filters (window height, window width, filters, channels).
        bias: One number for each filter, or None.
        strides: The distances between the windows of neighbours.
        padding: "valid" (whole windows) or "same" (the output has strides times the size).
        dilation: The distances between the window's taps.
        output_padding: Pixels added below and on the right, or None.
    """
    whole, inside = _canvas(x, kernel, strides, padding, dilation, output_padding)
    full = np.zeros((len(x), *whole, kernel.shape[2]), np.result_type(x, kernel))
    window = kernel.shape[0], kernel.shape[1]
    for a, b, rows, columns in taps(window, strides, (x.shape[1], x.shape[2]), dilation):
        full[:, rows, columns] += x @ kernel[a, b].T
    y = full[:, inside[0], inside[1]]
    return y if bias is None else y + bias


def conv2d_transpose_backward(
    dy: Floats,
    x: Floats,
    kernel: Floats,
    strides: Pair = (1, 1),
    padding: str = "valid",
    dilation: Pair = (1, 1),
    output_padding: Pair | None = None,
) -> tuple[Floats, Floats, Floats]:
    """The gradients (dx, dkernel, dbias) of a loss whose gradient at the output is ``dy``."""
    whole, inside = _canvas(x, kernel, strides, padding, dilation, output_padding)
    full = np.zeros((len(x), *whole, kernel.shape[2]), dy.dtype)
    full[:, inside[0], inside[1]] = dy
    dx, dkernel = np.zeros_like(x), np.zeros_like(kernel)
    window = kernel.shape[0], kernel.shape[1]
    for a, b, rows, columns in taps(window, strides, (x.shape[1], x.shape[2]), dilation):
        dx += full[:, rows, columns] @ kernel[a, b]
        dkernel[a, b] = np.tensordot(full[:, rows, columns], x, axes=((0, 1, 2), (0, 1, 2)))
    return dx, dkernel, dy.sum(axis=(0, 1, 2))


def _canvas(
    x: Floats, kernel: Floats, strides: Pair, padding: str, dilation: Pair,
    output_padding: Pair | None,
) -> tuple[Pair, tuple[slice, slice]]:  # fmt: skip
    """How large an area all windows cover, and which part of it is the output."""
    whole, inside = [], []
    for axis, added in enumerate(output_padding or (None, None)):
        settings = kernel.shape[axis], strides[axis], padding, dilation[axis], added
        size = x.shape[1 + axis]
        start, length = transposed_start(*settings), transposed_size(size, *settings)
        covered = (size - 1) * strides[axis] + dilated_size(kernel.shape[axis], dilation[axis])
        whole.append(max(covered, start + length))
        inside.append(slice(start, start + length))
    return (whole[0], whole[1]), (inside[0], inside[1])
