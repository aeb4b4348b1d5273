"""The one source of randomness: initial weights, shuffling and dropout draw their seeds here."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import numpy as np

from convlet import validation
from convlet.errors import ArgumentError


class _SeedSource:
    """A sequence of seeds: unpredictable until it is restarted from a seed of its own."""

    def __init__(self) -> None:
        self._generator: np.random.Generator | None = None

    def restart(self, seed: int) -> None:
        self._generator = np.random.Generator(np.random.Philox(seed))

    def next(self) -> int:
        if self._generator is None:
            self._generator = np.random.Generator(np.random.Philox())
        return int(self._generator.integers(1 << 63))


_seeds = _SeedSource()
_seeds_here: ContextVar[_SeedSource] = ContextVar("seeds of a `with seeded(...)`", default=_seeds)


def set_random_seed(seed: int) -> None:
    """Makes everything random that follows repeatable: convlet, NumPy's and Python's generators.

    Args:
        seed: An integer from 0 to 2**32 - 1.

    Raises:
        ArgumentError: Where `seed` is anything else.

    Example:
        >>> set_random_seed(7)
        >>> first = next_seed()
        >>> set_random_seed(7)
        >>> first == next_seed()
        True
    """
    seed = validation.integer("set_random_seed", "seed", seed, minimum=0)
    if seed >= 1 << 32:  # NumPy's global generator takes no larger one
        raise ArgumentError(validation.bad_argument("set_random_seed", "seed", "below 2**32", seed))
    random.seed(seed)
    np.random.seed(seed)
    _seeds.restart(seed)


def next_seed() -> int:
    """The next seed, from 0 to 2**63 - 1.

    Seeds come from the operating system until `set_random_seed` is called, then in a fixed order.

    Example:
        >>> set_random_seed(7)
        >>> next_seed() == next_seed()
        False
    """
    return _seeds_here.get().next()


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Makes what convlet draws inside a `with` repeatable, and nothing else.

    Generators outside of convlet keep their state, and so do convlet's own seeds outside of the
    `with`; other Python threads see nothing of it.

    Args:
        seed: An integer of at least 0.

    Example:
        >>> with seeded(7):
        ...     first = next_seed()
        >>> with seeded(7):
        ...     first == next_seed()
        True
    """
    source = _SeedSource()
    source.restart(seed)
    token = _seeds_here.set(source)
    try:
        yield
    finally:
        _seeds_here.reset(token)


def generator(seed: int | None = None) -> np.random.Generator:
    """A generator that gives the same numbers for the same seed, on every machine.

    Args:
        seed: Where it starts; None takes `next_seed()`.

    Example:
        >>> int(generator(7).integers(100)) == int(generator(7).integers(100))
        True
    """
    return np.random.Generator(np.random.Philox(next_seed() if seed is None else seed))
