"""How a window that slides over an image changes its size: used by layers, summary and engine."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import ceil
from typing import NamedTuple, Protocol


class Window(NamedTuple):
    """What one value of a layer's output sees of its input, along (height, width).

    Attributes:
        size: Its extent.
        strides: How far it moves from one value to the next: less than 1 where a layer enlarges.
    """

    size: tuple[int, int] = (1, 1)
    strides: tuple[int | Fraction, int | Fraction] = (1, 1)


class _HasWindow(Protocol):
    @property
    def window(self) -> Window | None: ...


def over_image(lengths: tuple[int, ...]) -> tuple[int, int]:
    """Lengths along (height, width): a sequence is an image of one row.

    Example:
        >>> over_image((3,)), over_image((5, 3))
        ((1, 3), (5, 3))
    """
    height, width = (1, *lengths)[-2:]
    return (height, width)


def dilated_size(window: int, dilation: int) -> int:
    """The extent of a window whose values lie `dilation` apart: `dilation * (window - 1) + 1`.

    Example:
        >>> dilated_size(3, 2)
        5
    """
    return dilation * (window - 1) + 1


def output_size(size: int, window: int, stride: int, padding: str, dilation: int = 1) -> int:
    """How many positions a window takes along an axis.

    `(size - extent) // stride + 1` without padding ("valid"), `ceil(size / stride)` with it.

    Args:
        size: The length of the axis.
        window: The length of the window.
        stride: How far the window moves at a time.
        padding: `"valid"`, `"same"` or `"causal"`.
        dilation: How far apart the window's values lie.

    Returns:
        The number of positions: 0 where the window does not fit.

    Example:
        >>> output_size(28, 3, 1, "valid"), output_size(28, 3, 2, "same")
        (26, 14)
    """
    if padding != "valid":
        return -(-size // stride)
    return max(0, (size - dilated_size(window, dilation)) // stride + 1)


def pad_amounts(
    size: int, window: int, stride: int, padding: str, dilation: int = 1
) -> tuple[int, int]:
    """How many zeros stand before and after an axis; an odd one stands after, as in TensorFlow.

    With "causal" all stand before it, so that no window sees what comes after its position.

    Args:
        size: The length of the axis.
        window: The length of the window.
        stride: How far the window moves at a time.
        padding: `"valid"`, `"same"` or `"causal"`.
        dilation: How far apart the window's values lie.

    Example:
        >>> pad_amounts(28, 3, 1, "same"), pad_amounts(28, 2, 1, "same")
        ((1, 1), (0, 1))
        >>> pad_amounts(28, 3, 1, "causal")
        (2, 0)
    """
    if padding == "valid":
        return (0, 0)
    if padding == "causal":
        return (dilated_size(window, dilation) - 1, 0)
    positions = output_size(size, window, stride, padding, dilation)
    missing = max(0, (positions - 1) * stride + dilated_size(window, dilation) - size)
    return (missing // 2, missing - missing // 2)


def transposed_size(
    size: int,
    window: int,
    stride: int,
    padding: str,
    dilation: int = 1,
    output_padding: int | None = None,
) -> int:
    """How long an axis becomes that a transposed convolution enlarges.

    `(size - 1) * stride + extent + output_padding` without padding ("valid"); with ("same")
    `size * stride`, or `(size - 1) * stride + extent % 2 + output_padding` where that is given.

    Args:
        size: The length of the axis.
        window: The length of the window.
        stride: How far apart the windows of two values lie.
        padding: `"valid"` or `"same"`.
        dilation: How far apart the window's values lie.
        output_padding: What is added at the end; None adds, for "valid", what a stride larger than
            the window leaves open.

    Example:
        >>> transposed_size(7, 3, 2, "same"), transposed_size(7, 3, 2, "valid")
        (14, 15)
    """
    extent = dilated_size(window, dilation)
    if padding == "same" and output_padding is None:
        return size * stride
    added = max(0, stride - extent) if output_padding is None else output_padding
    return (size - 1) * stride + (extent if padding == "valid" else extent % 2) + added


def transposed_start(
    window: int, stride: int, padding: str, dilation: int = 1, output_padding: int | None = None
) -> int:
    """How many values a transposed convolution leaves out in front of an axis.

    Its arguments are those of `transposed_size`.

    Example:
        >>> transposed_start(3, 2, "same"), transposed_start(3, 2, "valid")
        (0, 0)
        >>> transposed_start(5, 2, "same")
        1
    """
    if padding == "valid":
        return 0
    extent = dilated_size(window, dilation)
    added = stride - extent % 2 if output_padding is None else output_padding
    kept = extent + extent % 2 - 2 + added
    return extent - 1 - min(-(-kept // 2), extent - 1)


def receptive_field(layers: Iterable[_HasWindow]) -> tuple[int, int] | None:
    """The part of the input, (height, width), that one value after the last layer sees.

    It grows with each layer by `(window - 1)` times the product of all strides before it. Borders
    are not taken into account: the field may be larger than the image. A sequence counts as an
    image of one row: its field is (1, steps).

    Returns:
        None where a layer sees the whole image, as `Dense` after `Flatten` does.

    Example:
        >>> from convlet.layers import Conv2D, MaxPooling2D
        >>> receptive_field([Conv2D(32, 3), Conv2D(64, 3), Conv2D(64, 3)])
        (7, 7)
        >>> receptive_field([Conv2D(32, 3), MaxPooling2D(2), Conv2D(64, 3)])
        (8, 8)
    """
    height, width = Fraction(1), Fraction(1)
    step_down, step_across = Fraction(1), Fraction(1)
    for layer in layers:
        window = layer.window
        if window is None:
            return None
        height += (window.size[0] - 1) * step_down
        width += (window.size[1] - 1) * step_across
        step_down *= window.strides[0]
        step_across *= window.strides[1]
    return (ceil(height), ceil(width))
