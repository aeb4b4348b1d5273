"""What each call of a program takes, measured thread by thread inside the compiled loop."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from convlet.engine.threads import clock_address

if TYPE_CHECKING:
    from convlet.engine.context import Table

UNTIMED = (0, 0, 0)
"""The fields of RUN for a walk that nobody measures."""


class Times(NamedTuple):
    """Milliseconds of a walk, each of all threads together and divided by their number.

    Attributes:
        calls: Of each call.
        waiting: In each phase, for other threads.
    """

    calls: NDArray[np.float64]
    waiting: NDArray[np.float64]


class Stopwatch:
    """Collects the nanoseconds of each call, and of each phase's waiting.

    Its figures are medians over the steps: a step that another program interrupts doesn't count.
    """

    def __init__(self) -> None:
        self._steps: dict[Table, list[NDArray[np.int64]]] = {}

    def begin(self, table: Table, threads: int) -> tuple[int, int, int]:
        """The last fields of RUN for the coming walk: it measures itself into this object."""
        times = np.zeros((threads, table.call_count + table.count), np.int64)
        self._steps.setdefault(table, []).append(times)
        return times.ctypes.data, times.shape[1], clock_address()

    def threads(self, table: Table) -> int:
        """How many threads took the last walk through this table."""
        return len(self._steps[table][-1])

    def times(self, table: Table) -> Times | None:
        """What a walk through this table takes, by as many threads as the last; None without one.

        The helpers don't wait for the last phase to end: what they leave idle until thread 0 is
        through counts as waiting.
        """
        if table not in self._steps:
            return None
        steps = np.array([step for step in self._steps[table] if len(step) == self.threads(table)])
        last_phase = [*range(*table.last_phase), -1]
        spent = steps[:, :, last_phase].sum(axis=2)
        steps[:, 1:, -1] += np.maximum(0, spent[:, :1] - spent[:, 1:])
        milliseconds = np.median(steps.mean(axis=1), axis=0) / 1e6
        return Times(milliseconds[: table.call_count], milliseconds[table.call_count :])
