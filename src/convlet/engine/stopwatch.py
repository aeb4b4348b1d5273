"""What each call of a program takes, measured thread by thread inside the compiled loop."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlet.engine import threads


class Stopwatch:
    """Adds up nanoseconds: of each call, and of waiting at the barrier after each phase.

    Attributes:
        steps: How many runs were measured.
        threads: How many threads worked on the last of them.
    """

    def __init__(self) -> None:
        self.threads = 0
        self.steps = 0
        self._times = np.zeros((0, 0), np.int64)

    def attach(self, frames: NDArray[Any], workers: int, calls: int, phases: int) -> None:
        """Lets the coming run of so many threads measure itself into this object's memory."""
        if not self._times.size:
            self._times = np.zeros((len(frames), calls + phases), np.int64)
        frames["clock"] = threads.clock_address()
        frames["times"] = [row.ctypes.data for row in self._times]
        self._calls = calls
        self.threads = workers
        self.steps += 1

    @property
    def calls(self) -> NDArray[np.float64]:
        """Of each call in a step: milliseconds of its threads together, divided by their number."""
        return self._milliseconds()[: self._calls]

    @property
    def waiting(self) -> NDArray[np.float64]:
        """Of each phase: the milliseconds in which a thread had nothing to do, on average."""
        return self._milliseconds()[self._calls :]

    def _milliseconds(self) -> NDArray[np.float64]:
        total: NDArray[np.float64] = self._times.sum(axis=0) / (1e6 * self.threads * self.steps)
        return total
