"""Layers of several inputs: sums, products, larger and smaller ones, concatenation."""

from collections.abc import Sequence
from functools import reduce

import numpy as np

from convlet.engine.reference.arrays import Floats


def weighted_sum(xs: Sequence[Floats], weights: Sequence[float]) -> Floats:
    """``weights[0] * xs[0] + weights[1] * xs[1] + …``."""
    xs = aligned(xs)
    return reduce(np.add, [x * weight for x, weight in zip(xs, weights, strict=True)])


def weighted_sum_backward(
    dy: Floats, xs: Sequence[Floats], weights: Sequence[float]
) -> list[Floats]:
    """The gradient of each input."""
    return [unstretched(dy * weight, x) for x, weight in zip(xs, weights, strict=True)]


def product(xs: Sequence[Floats]) -> Floats:
    """``xs[0] * xs[1] * …``."""
    return reduce(np.multiply, aligned(xs))


def product_backward(dy: Floats, xs: Sequence[Floats]) -> list[Floats]:
    """The gradient of each input: that of the output times all others."""
    same = aligned(xs)
    ones: Floats = np.ones_like(dy)
    return [
        unstretched(dy * reduce(np.multiply, same[:place] + same[place + 1 :], ones), x)
        for place, x in enumerate(xs)
    ]


def extremum(xs: Sequence[Floats], largest: bool) -> Floats:
    """The largest or the smallest of the inputs, value by value."""
    return reduce(np.maximum if largest else np.minimum, aligned(xs))


def extremum_backward(dy: Floats, xs: Sequence[Floats], largest: bool) -> list[Floats]:
    """The gradient of each input: from the last on two at a time, and halved where they tie."""
    same = aligned(xs)
    parts: list[Floats] = []
    for place in range(len(xs) - 1, 0, -1):
        before, x = extremum(same[:place], largest), same[place]
        wins = before > x if largest else before < x
        first = np.where(before == x, 0.5, wins.astype(dy.dtype))
        parts.insert(0, unstretched(dy * (1.0 - first), xs[place]))
        dy = dy * first
    return [unstretched(dy, xs[0]), *parts]


def concatenate(xs: Sequence[Floats], axis: int) -> Floats:
    """The inputs one after another along an axis."""
    return np.concatenate(xs, axis)


def concatenate_backward(dy: Floats, xs: Sequence[Floats], axis: int) -> list[Floats]:
    """The part of the gradient that belongs to each input."""
    ends = np.cumsum([x.shape[axis] for x in xs])[:-1]
    return np.split(dy, ends, axis)


def aligned(xs: Sequence[Floats]) -> list[Floats]:
    """The inputs with as many axes each: new ones of size 1 come right behind the batch."""
    axes = max(x.ndim for x in xs)
    return [x.reshape(x.shape[:1] + (1,) * (axes - x.ndim) + x.shape[1:]) for x in xs]


def unstretched(dy: Floats, x: Floats) -> Floats:
    """A gradient summed over the axes along which ``x`` was stretched."""
    shape = x.shape[:1] + (1,) * (dy.ndim - x.ndim) + x.shape[1:]
    axes = tuple(axis for axis in range(dy.ndim) if shape[axis] == 1 != dy.shape[axis])
    return np.asarray(dy.sum(axis=axes).reshape(x.shape), dy.dtype)
