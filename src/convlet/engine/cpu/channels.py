"""Numbers that belong to channels, spread over so many pixels that loops over them are long.

A row of an image is pixel after pixel, each with all channels. A loop over few channels is too
short for vectors, so what each channel is multiplied with lies in memory several times, one pixel's
after the other's: a *pattern* of about `PATTERN` floats. Rows are walked through in pieces of that
length. Sums over pixels are kept in such patterns too, and added up to the channels' in the end.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import carray

from convlet.engine.cpu.jit import helper
from convlet.engine.cpu.simd import floats_at
from convlet.engine.plan import Tensor

PATTERN = 512
"""About so many floats are treated by one loop."""


def pattern_size(channels: int) -> int:
    """Floats in a pattern: whole pixels.

    Example:
        >>> pattern_size(16), pattern_size(3), pattern_size(1000)
        (512, 510, 1000)
    """
    return channels * max(1, PATTERN // channels)


def lines(*tensors: Tensor) -> dict[str, int]:
    """How many contiguous runs an image has in all of these tensors, and how long they are."""
    rows, length = tensors[0].rows, tensors[0].row_length
    if all(tensor.contiguous for tensor in tensors):
        return {"rows": 1, "length": rows * length}
    return {"rows": rows, "length": length}


@helper
def spread(values: Any, pattern: Any) -> None:
    """Fills a pattern with the channels' values."""
    channels = len(values)
    for i in range(len(pattern)):
        pattern[i] = values[i % channels]


@helper
def fold(pattern: Any, totals: Any) -> None:
    """Adds a pattern of sums up to the channels' sums."""
    channels = len(totals)
    totals[:] = 0.0
    for start in range(0, len(pattern), max(channels, 1)):
        for c in range(channels):
            totals[c] += pattern[start + c]


@helper
def zeros_at(address: Any, length: Any) -> Any:
    """Floats at an address, set to zero."""
    values = carray(floats_at(address), length)
    values[:] = np.float32(0.0)
    return values
