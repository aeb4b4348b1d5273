"""How many threads a program is fastest with, found out by trying."""

from __future__ import annotations

import threading
from statistics import median

TRIES = 5
"""Measured steps with each number of threads, after one that warms up."""
WORTH = 0.95
"""More threads must take less than this share of the time that fewer take."""
REST = 1000
"""Steps with the winner before it is asked whether the numbers next to it have become faster."""


class Race:
    """Tries numbers of threads in turn, and keeps the fastest.

    Results are the same bits for any number, so every try is a step like any other. Between tries
    of one number lie those of the others: what else the machine does meanwhile slows all of them.
    The median counts, and where more threads gain little, fewer win. Now and then the winner is
    tried against its neighbours again, for the machine may have been busy with something else.

    Args:
        most: Threads at most; tried are 1, 2, 4, … and this.

    Attributes:
        winner: The number that won last; None before the first race is over.

    Example:
        >>> race = Race(4)
        >>> while race.winner is None:
        ...     race.record(race.threads(), seconds={1: 1.0, 2: 0.6, 4: 0.7}[race.threads()])
        >>> race.winner, race.threads()
        (2, 2)
    """

    def __init__(self, most: int) -> None:
        powers = [1 << power for power in range(most.bit_length()) if 1 << power < most]
        self._counts = [*powers, most]
        self._seconds: dict[int, list[float]] = {count: [] for count in self._counts}
        self._rest = 0
        self._lock = threading.Lock()
        self.winner: int | None = None

    def threads(self) -> int:
        """The number for the next step: one to try, or the winner."""
        if self.winner is not None and self._rest:
            return self.winner
        seconds = self._seconds
        return min(seconds, key=lambda count: len(seconds[count]))

    def record(self, threads: int, seconds: float) -> None:
        """Takes in how long a step took, or an image of it, with so many threads."""
        with self._lock:
            if self._rest:
                self._rest -= 1
            elif threads in self._seconds:  # else it was asked for before the last race was over
                self._seconds[threads].append(seconds)
                if all(len(tried) > TRIES for tried in self._seconds.values()):
                    self._decide()

    def _decide(self) -> None:
        times = {count: median(tried[1:]) for count, tried in self._seconds.items()}
        fastest = min(times.values())
        self.winner = min(count for count, seconds in times.items() if seconds * WORTH <= fastest)
        place = self._counts.index(self.winner)
        neighbours = self._counts[max(0, place - 1) : place + 2]
        self._seconds = {count: [] for count in neighbours}
        self._rest = REST
