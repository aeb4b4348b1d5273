"""What each call of a program takes, measured thread by thread inside the compiled loop."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlet.engine import threads


class Stopwatch:
    """Collects nanoseconds: of each call, and of waiting at the barrier after each phase.

    Its figures are medians over the steps: a step that another program interrupts doesn't count.

    Attributes:
        threads: How many threads worked on the last step.
    """

    def __init__(self) -> None:
        self.threads = 0
        self._steps: list[NDArray[np.int64]] = []  # a row for each thread

    def attach(self, frames: NDArray[Any], workers: int, calls: int, phases: int) -> None:
        """Lets the coming step, by so many threads, measure itself into this object's memory."""
        times = np.zeros((workers, calls + phases), np.int64)
        frames["clock"] = threads.clock_address()
        frames["times"][:workers] = [row.ctypes.data for row in times]
        self.threads = workers
        self._calls = calls
        self._steps.append(times)

    @property
    def calls(self) -> NDArray[np.float64]:
        """Of each call in a step: milliseconds of all threads, divided by their number."""
        return self._milliseconds()[: self._calls]

    @property
    def waiting(self) -> NDArray[np.float64]:
        """Of each phase: the milliseconds in which a thread had nothing to do, on average."""
        return self._milliseconds()[self._calls :]

    def _milliseconds(self) -> NDArray[np.float64]:
        means = [times.mean(axis=0) / 1e6 for times in self._steps]
        return np.asarray(np.median(means, axis=0), np.float64)
