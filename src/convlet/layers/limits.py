"""How many weights layers may take memory for, where a file says how many they are."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from convlet.errors import ArgumentError


class _Limit:
    """Values that may still be taken, of those that are there."""

    def __init__(self, values: int) -> None:
        self.values = self.left = values


_LIMIT: ContextVar[_Limit | None] = ContextVar("limit", default=None)


@contextmanager
def limited(values: int) -> Iterator[None]:
    """Within it, all layers together may have so many weights.

    Args:
        values: How many numbers they may consist of.
    """
    token = _LIMIT.set(_Limit(values))
    try:
        yield
    finally:
        _LIMIT.reset(token)


def take(owner: str, name: str, shape: Sequence[int]) -> None:
    """Counts a weight, before there is memory for it.

    Args:
        owner: Whose it is, for the message of an error.
        name: Its name.
        shape: Its shape.

    Raises:
        ArgumentError: It is more than is left.
    """
    limit = _LIMIT.get()
    if limit is None:
        return
    limit.left -= math.prod(shape)
    if limit.left < 0:
        raise ArgumentError(
            f"{owner} needs a {name} of shape {tuple(shape)}. "
            f"Received a file whose weights are {limit.values} bytes in all."
        )
