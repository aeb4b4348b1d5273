"""How a small array lies over a tensor: a value for each channel, or for each pixel."""

from __future__ import annotations

from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from convlet.engine.plan import Tensor


class Spread(NamedTuple):
    """An array's values over the floats of an image, row by row, in pieces of one length.

    Attributes:
        starts: For each piece the position of its first value.
        length: Floats in a piece.
        step: 1 where each float of a piece has the next value, 0 where all have the first.
    """

    starts: NDArray[np.int32]
    length: int
    step: int


def spread(x: Tensor, small: tuple[int, ...]) -> Spread:
    """Lays an array with size 1 along some axes over a tensor; pieces are as long as they can be.

    Args:
        x: The tensor.
        small: The array's shape: that of ``x`` with some sizes replaced by 1.
    """
    shape = x.shape or (1,)
    pairs = list(zip(shape, small or (1,), strict=True))
    first = 1 if x.is_image else 0  # pieces stay within a contiguous row
    last = next((size != s for size, s in reversed(pairs[first:]) if size != 1), False)
    axis = len(pairs)
    while axis > first and (pairs[axis - 1][0] == 1 or _shared(*pairs[axis - 1]) == last):
        axis -= 1
    positions = np.arange(prod(small), dtype=np.int32).reshape(small or (1,))
    length = prod(shape[axis:])
    starts = np.broadcast_to(positions, shape).reshape(-1, length)[:, 0]
    return Spread(np.ascontiguousarray(starts), length, 0 if last else 1)


def _shared(size: int, small: int) -> bool:
    return size != small
