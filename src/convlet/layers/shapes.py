"""Shapes: of a batch, with None for the batch axis, and of one sample, all sizes known."""

from __future__ import annotations

import math
from collections.abc import Sequence

from convlet import validation
from convlet.errors import ShapeError, UnsupportedError

Shape = tuple[int | None, ...]


def sizes_of(owner: str, argument: str, value: object) -> tuple[int, ...]:
    """Returns the shape of one sample as a tuple of known sizes.

    Raises:
        ArgumentError: Where it is no shape.
        UnsupportedError: Where a size is left open.

    Example:
        >>> sizes_of("Input", "shape", [28, 28, 1])
        (28, 28, 1)
    """
    shape = validation.shape(owner, argument, value)
    sizes = tuple(size for size in shape if size is not None)
    if len(sizes) != len(shape):
        only_batch = shape[0] is None and None not in shape[1:]
        fix = (
            f"Leave the batch axis out: {shape[1:]}." if only_batch else "Give each axis its size."
        )
        raise UnsupportedError(
            f"{owner} does not support sizes left open yet. Received {argument}={value!r}. {fix}"
        )
    return sizes


def last_axis(owner: str, axis: int, sizes: Sequence[int]) -> None:
    """Refuses an axis that is not the last one.

    Args:
        owner: Who computes along the axis.
        axis: Its number, the batch's axis being 0, or a negative one.
        sizes: The shape of one sample.

    Raises:
        UnsupportedError: Where it is another one.

    Example:
        >>> last_axis("Softmax 'softmax'", axis=3, sizes=(28, 28, 1))
    """
    if axis not in (-1, len(sizes)) or not sizes:
        raise UnsupportedError(
            f"{owner} does not support an axis other than the last yet. "
            f"Received axis={axis} for an input of shape {(None, *sizes)}."
        )


def last_axes(owner: str, axis: int | Sequence[int], sizes: Sequence[int]) -> tuple[int, ...]:
    """The sizes of the axes that are meant, which must be the last ones.

    Args:
        owner: Who computes along the axes.
        axis: The number of one, or several; the batch's is 0, negative ones count from the end.
        sizes: The shape of one sample.

    Raises:
        UnsupportedError: Where they are others.

    Example:
        >>> last_axes("LayerNormalization 'ln'", [-1, 2], sizes=(28, 14, 8))
        (14, 8)
    """
    count = len(sizes) + 1
    wanted = [axis] if isinstance(axis, int) else axis
    numbers = sorted(number + count if number < 0 else number for number in wanted)
    if numbers[0] < 1 or numbers != list(range(numbers[0], count)):
        raise UnsupportedError(
            f"{owner} does not support axes other than the last yet. "
            f"Received axis={axis} for an input of shape {(None, *sizes)}."
        )
    return tuple(sizes[numbers[0] - 1 :])


def count_values(sizes: Sequence[int | None]) -> int:
    """The number of values in one sample: the product of all sizes that are known.

    Example:
        >>> count_values((None, 22, 22, 64))
        30976
    """
    return math.prod(size for size in sizes if size is not None)


def sample_axis(owner: str, axis: int, sizes: tuple[int, ...]) -> int:
    """The position in `sizes`, the shape of one sample, of an axis of the whole batch.

    Args:
        owner: Who needs it, for the error message.
        axis: Counted from 0, which is the batch's axis, or from -1, the last.
        sizes: The shape of one sample.

    Raises:
        ShapeError: For the batch's axis, and for one that is not there.

    Example:
        >>> sample_axis("Softmax", 1, (28, 10)), sample_axis("Softmax", -1, (28, 10))
        (0, 1)
    """
    position = axis - 1 if axis >= 0 else len(sizes) + axis
    if not 0 <= position < len(sizes):
        raise ShapeError(
            f"{owner} needs an axis of its input other than the batch's. "
            f"Received axis={axis} for an input of shape {(None, *sizes)}."
        )
    return position
