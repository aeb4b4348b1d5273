"""What `fit`, `evaluate` and `predict` print while they run.

In a terminal or a notebook a bar is drawn over and over in one line, at most ten times a second;
into a file or a pipe goes one line when an epoch is over.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable
from typing import TextIO

import numpy as np

from convlet.callbacks.callback import Logs

_WIDTH = 20  # of the bar
_INTERVAL = 0.1  # seconds between two drawings
_NEVER = float("inf")
_GREEN, _GREY, _PLAIN = "\x1b[32m", "\x1b[37m", "\x1b[0m"


class Progress:
    """The progress of one call of `fit`, `evaluate` or `predict`.

    Args:
        verbose: 0 prints nothing, 1 draws a bar where that is possible, 2 prints a line an epoch.
        stream: Where to; standard output by default.
        clock: Gives the time in seconds.
    """

    def __init__(
        self,
        verbose: int,
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._stream = sys.stdout if stream is None else stream
        self._clock = clock
        self._terminal = self._stream.isatty()
        self._silent = verbose == 0
        self._draws = verbose == 1 and (self._terminal or _is_notebook(self._stream))
        self._colours = self._draws and not os.environ.get("NO_COLOR")
        self._done, self._left = ("━", "━") if self._colours else ("━", "─")
        if not _can_write(self._stream, self._done + self._left):
            self._done, self._left = "=", "."
        self._due = _NEVER
        self._drawn = 0  # characters in the line that is being drawn over
        self._title = ""
        self._steps: int | None = 0
        self._logs: Callable[[], Logs] = dict
        self._start = self._after_first = self._latest = 0.0

    def begin(self, steps: int | None, logs: Callable[[], Logs], title: str = "") -> None:
        """Starts an epoch, or a pass over the data.

        Args:
            steps: How many steps it has; None where that is not known.
            logs: Gives the figures so far; called only when they are printed.
            title: Printed first: "Epoch 1/5".
        """
        self._title, self._steps, self._logs = title, steps, logs
        self._start = self._after_first = self._latest = self._clock()
        if self._draws and title:
            self._stream.write(title + "\n")
            self._stream.flush()

    def update(self, step: int) -> None:
        """Notes that `step` steps are done; this draws only where it is time to."""
        self._latest = self._clock()
        if step == 1:  # the bar comes with the second: the first, which may compile, tells no pace
            self._after_first = self._latest
            self._due = self._latest if self._draws else _NEVER
        elif self._due <= self._latest:
            self._draw(step)

    def end(self, step: int, logs: Logs) -> None:
        """Prints the last line, with all figures; `step` is how many steps were made."""
        self._due = _NEVER
        self._logs = dict  # holds on to nothing that may hold this
        if self._silent:
            return
        elapsed = _duration(self._clock() - self._start)
        rest = f"{elapsed} {self._pace(step)}{_figures(logs)}"
        self._steps = self._steps or step
        if self._draws:
            self._write_over(step, f" {rest}")
            self._finish_line()
        else:
            title = f"{self._title} - " if self._title else ""
            self._stream.write(f"{title}{step}/{self._steps} - {rest}\n")
            self._stream.flush()

    def close(self) -> None:
        """Ends a line that was left in the middle, as an interruption does."""
        self._due = _NEVER
        self._logs = dict
        if self._drawn:
            self._finish_line()

    def _draw(self, step: int) -> None:
        seconds = self._latest - self._start  # so far, or where their number is known, remaining
        if self._steps is not None:
            seconds = self._seconds_a_step(step) * (self._steps - step)
        rest = f" {_duration(seconds)} {self._pace(step)}{_figures(self._logs())}"
        self._write_over(step, rest, shorten=self._terminal)
        self._due = self._clock() + _INTERVAL

    def _write_over(self, step: int, rest: str, shorten: bool = False) -> None:
        """Draws count, bar and figures over the line that was drawn before."""
        known = self._steps or "Unknown"
        count = f"{step:>{len(str(known))}}/{known} "
        filled = _WIDTH * step // self._steps if self._steps else 0
        line = f"{count}{self._done * filled}{self._left * (_WIDTH - filled)}{rest}"
        if shorten:  # a line that wraps could not be drawn over
            line = line[: shutil.get_terminal_size().columns - 1]
        padding = " " * max(0, self._drawn - len(line))
        self._drawn = len(line)
        if self._colours:
            start, middle, end = len(count), len(count) + filled, len(count) + _WIDTH
            bar = f"{_GREEN}{line[start:middle]}{_GREY}{line[middle:end]}{_PLAIN}"
            line = f"{line[:start]}{bar}{line[end:]}"
        self._stream.write(f"\r{line}{padding}")
        self._stream.flush()

    def _finish_line(self) -> None:
        self._drawn = 0
        self._stream.write("\n")
        self._stream.flush()

    def _seconds_a_step(self, step: int) -> float:
        if step > 1:
            return (self._latest - self._after_first) / (step - 1)
        return (self._latest - self._start) / max(step, 1)

    def _pace(self, step: int) -> str:
        seconds = self._seconds_a_step(step)
        if seconds >= 1:
            return f"{seconds:.1f}s/step"
        if seconds >= 1e-3:
            milliseconds = seconds * 1e3
            return f"{milliseconds:.{1 if milliseconds < 10 else 0}f}ms/step"
        return f"{seconds * 1e6:.0f}us/step"


def _figures(logs: Logs) -> str:
    means = {name: np.mean(value) for name, value in logs.items()}  # of metrics with several
    return "".join(
        f" - {name}: {value:.4f}" if abs(value) > 1e-3 else f" - {name}: {value:.4e}"
        for name, value in means.items()
    )


def _duration(seconds: float) -> str:
    whole = int(seconds)
    if whole >= 3600:
        return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
    if whole >= 60:
        return f"{whole // 60}:{whole % 60:02d}"
    return f"{whole}s"


def _is_notebook(stream: TextIO) -> bool:
    return type(stream).__module__.startswith("ipykernel")


def _can_write(stream: TextIO, text: str) -> bool:
    try:
        text.encode(stream.encoding or "ascii")
    except (LookupError, UnicodeEncodeError):
        return False
    return True
