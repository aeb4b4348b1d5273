"""How many threads the engine uses, and the pool they come from."""

from __future__ import annotations

import ctypes
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any

from convlet.errors import ArgumentError

_threads: int | None = None


@lru_cache(maxsize=1)
def _available() -> int:
    """Cores this process may use: affinity and container limits count, not what the box has."""
    affinity = getattr(os, "sched_getaffinity", None)
    cores = len(affinity(0)) if affinity else os.cpu_count() or 1
    try:
        with open("/sys/fs/cgroup/cpu.max", encoding="ascii") as file:
            quota, period = file.read().split()
        if quota != "max":
            cores = min(cores, max(1, int(quota) // int(period)))
    except (OSError, ValueError):
        pass  # no such limit on this system
    return cores


def get_threads() -> int:
    """How many threads compute: as set, else ``CONVLET_THREADS``, else the cores there are."""
    if _threads is not None:
        return _threads
    chosen = os.environ.get("CONVLET_THREADS", "").strip()
    if not chosen:
        return _available()
    if not chosen.isdigit() or int(chosen) < 1:
        raise ArgumentError(
            "The environment variable CONVLET_THREADS needs to be a whole number of at least 1. "
            f"Received {chosen!r}."
        )
    return int(chosen)


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


@lru_cache(maxsize=4)
def pool(threads: int) -> ThreadPoolExecutor | None:
    """The threads beside the calling one; None if there are none."""
    if threads == 1:
        return None
    return ThreadPoolExecutor(threads - 1, thread_name_prefix="convlet")


if hasattr(os, "register_at_fork"):  # a forked child has the pools, but not their threads
    os.register_at_fork(after_in_child=pool.cache_clear)


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
