"""How many threads the engine uses, and the threads that wait to help."""

from __future__ import annotations

import ctypes
import os
import sys
import threading
import time
from collections.abc import Callable
from functools import lru_cache
from queue import SimpleQueue
from typing import Any

from convlet.engine.cores import available_cores
from convlet.errors import ArgumentError

_threads: int | None = None
_available = lru_cache(maxsize=1)(available_cores)


def requested_threads() -> int | None:
    """How many threads the user asks for, by `set_threads` or ``CONVLET_THREADS``; or None."""
    if _threads is not None:
        return _threads
    chosen = os.environ.get("CONVLET_THREADS", "").strip()
    if not chosen:
        return None
    if not chosen.isdigit() or int(chosen) < 1:
        raise ArgumentError(
            "The environment variable CONVLET_THREADS needs to be a whole number of at least 1. "
            f"Received {chosen!r}."
        )
    return int(chosen)


def get_threads() -> int:
    """How many threads compute at most: as set, else ``CONVLET_THREADS``, else the cores there are.

    Where nothing is set, a program uses fewer where it measures that fewer are faster.
    """
    return requested_threads() or _available()


def set_threads(threads: int | None) -> None:
    """Sets how many threads compute; results are the same bits for any number.

    Args:
        threads: At least 1; None for the default.

    Raises:
        ArgumentError: The number is not a positive integer.

    Example:
        >>> import convlet
        >>> convlet.set_threads(1)
        >>> convlet.get_threads()
        1
        >>> convlet.set_threads(None)
    """
    global _threads
    whole = isinstance(threads, int) and not isinstance(threads, bool)
    if threads is not None and (not whole or threads < 1):
        raise ArgumentError(
            "set_threads needs threads to be None or a whole number of at least 1. "
            f"Received threads={threads!r}."
        )
    _threads = threads


class Helpers:
    """Threads that wait for work beside the calling ones; all programs share them.

    A caller claims those that are idle and makes do with them. So whoever waits for a helper waits
    for one that is at work, and callers can't wait for each other.
    """

    def __init__(self) -> None:
        self._jobs: SimpleQueue[Callable[[], object]] = SimpleQueue()
        self._lock = threading.Lock()
        self._started = self._idle = 0

    def claim(self, count: int) -> int:
        """Reserves up to ``count`` idle helpers, and returns how many it got."""
        with self._lock:
            while self._idle < count and self._started < get_threads() - 1:
                threading.Thread(target=self._serve, name="convlet", daemon=True).start()
                self._started += 1
                self._idle += 1
            claimed = min(count, self._idle)
            self._idle -= claimed
        return claimed

    def start(self, job: Callable[[], object]) -> None:
        """Gives a claimed helper its work."""
        self._jobs.put(job)

    def release(self, count: int) -> None:
        """Gives claimed helpers back whose work is done."""
        with self._lock:
            self._idle += count

    def _serve(self) -> None:
        while True:
            self._jobs.get()()


@lru_cache(maxsize=1)
def helpers() -> Helpers:
    """The helpers of this process."""
    return Helpers()


if hasattr(os, "register_at_fork"):  # a forked child has the helpers, but not their threads
    os.register_at_fork(after_in_child=helpers.cache_clear)


@lru_cache(maxsize=1)
def give_way_address() -> int:
    """Address of the system's function that offers the core to another thread; 0 if unknown."""
    try:
        if sys.platform == "win32":
            function = ctypes.windll.kernel32.SwitchToThread
        else:
            function = ctypes.CDLL(None).sched_yield
    except (OSError, AttributeError):
        return 0
    return ctypes.cast(function, ctypes.c_void_p).value or 0


def _read_clock(seconds_and_rest: Any, base: int) -> int:
    seconds_and_rest[0], seconds_and_rest[1] = divmod(time.perf_counter_ns(), 10**9)
    return base


_CLOCK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_int64), ctypes.c_int)
_python_clock = _CLOCK(_read_clock)
"""What `clock_address` falls back on: slower, since it waits for the interpreter's lock."""


@lru_cache(maxsize=1)
def clock_address() -> int:
    """Address of a function ``int clock(int64 seconds_and_nanoseconds[2], int base)``.

    C11's ``timespec_get`` is the one clock that every system's C library has under one signature.
    """
    function: Any = _python_clock
    try:
        if sys.platform == "win32":
            function = ctypes.CDLL("ucrtbase")._timespec64_get
        else:
            function = ctypes.CDLL(None).timespec_get
    except (OSError, AttributeError):
        pass  # an old C library
    return ctypes.cast(function, ctypes.c_void_p).value or 0
