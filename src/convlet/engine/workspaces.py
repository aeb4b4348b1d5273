"""Parts of the slot that one tensor takes over from another: most live only for a few calls.

Slots are zeroed once, and what nobody writes stays zero in every step: halos above all. So only
tensors that are written as a whole may lie here, and one with a halo only where another of the
same shape with the same halo was.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import NamedTuple


class Stretch(NamedTuple):
    """Floats that follow each other in the slot.

    Attributes:
        offset: The first.
        floats: How many.
        layout: What a tensor must have in common with those before it here; None for nothing.
    """

    offset: int
    floats: int
    layout: Hashable


class Workspaces:
    """Which stretches are in use, in the order in which they were taken, and which are free."""

    def __init__(self) -> None:
        self._used: list[Stretch] = []
        self._free: list[Stretch] = []
        self._marks: dict[int, int] = {}

    def begin(self, number: int) -> None:
        """Names what is taken from now on, so that it can be released."""
        self._marks[number] = len(self._used)

    def take(self, floats: int, layout: Hashable, reserve: Callable[[int], int]) -> int:
        """The offset of a stretch that is then in use.

        It is the smallest free one that will do; a much longer one is left to longer tensors.

        Args:
            floats: How many are needed.
            layout: What must have lain there before, if anything.
            reserve: Gives the offset of a new stretch of so many floats, if none will do.
        """
        fitting = [
            stretch
            for stretch in self._free
            if stretch.layout == layout and floats <= stretch.floats <= 2 * floats
        ]
        if fitting:
            stretch = min(fitting, key=lambda stretch: stretch.floats)
            self._free.remove(stretch)
        else:
            stretch = Stretch(reserve(floats), floats, layout)
        self._used.append(stretch)
        return stretch.offset

    def release(self, number: int, kept: Iterable[int]) -> None:
        """Frees what was taken since a beginning, but for what holds one of these offsets."""
        offsets, mark = list(kept), self._marks[number]
        since = self._used[mark:]
        del self._used[mark:]
        for stretch in since:
            end = stretch.offset + stretch.floats
            wanted = any(stretch.offset <= offset < end for offset in offsets)
            (self._used if wanted else self._free).append(stretch)
