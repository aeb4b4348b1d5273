"""Random numbers of an image: they hang on (seed, epoch, image) alone, on no thread or batch.

An image's *key* is a hash of the three. Its draws are numbered: draw ``n`` is a hash of the key and
``n``, and can be drawn at any time, in any order, as often as it is needed. ``reference.draws``
says the same in plain integers.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import carray

from convlet.engine.cpu.jit import helper
from convlet.engine.cpu.simd import int64_at

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
"""2^64 over the golden ratio: multiples of it lie far apart (Steele et al. 2014)."""


@helper
def mixed(value: Any) -> Any:
    """A well-mixed 64-bit hash of a 64-bit integer (SplitMix64's finaliser, Steele et al. 2014)."""
    value = np.uint64(value)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


@helper
def sample_number(b: Any, position: Any) -> Any:
    """Where the image at a position of the batch lies in the data set."""
    if b.index == 0:
        return position
    return carray(int64_at(b.index), b.images)[position]


@helper
def image_key(seed: Any, epoch: Any, image: Any) -> Any:
    """What all draws of an image in an epoch begin with."""
    key = mixed(np.uint64(seed) + GOLDEN)
    key = mixed(key + GOLDEN * np.uint64(epoch + 1))
    return mixed(key + GOLDEN * np.uint64(image + 1))


@helper
def uniform(key: Any, number: Any) -> Any:
    """Draw ``number``: a float64 from 0 to below 1, a multiple of 2^-53."""
    return np.float64(mixed(key + GOLDEN * np.uint64(number + 1)) >> np.uint64(11)) * 2.0**-53


@helper
def between(key: Any, number: Any, lower: Any, upper: Any) -> Any:
    """Draw ``number``, scaled to a range."""
    return lower + (upper - lower) * uniform(key, number)


@helper
def normal(key: Any, number: Any) -> Any:
    """A standard normal number from draws ``2 number`` and ``2 number + 1`` (Box & Muller 1958)."""
    radius = math.sqrt(-2.0 * math.log(1.0 - uniform(key, 2 * number)))
    return radius * math.cos(2.0 * math.pi * uniform(key, 2 * number + 1))
