"""How many cores this process may use: affinity and container limits, not what the box has."""

from __future__ import annotations

import os
from collections.abc import Iterator
from math import ceil
from pathlib import Path, PurePosixPath


def available_cores(root: Path = Path("/")) -> int:
    """The cores of this process, at least 1.

    Args:
        root: Where the system's files begin; another folder in tests.

    Example:
        >>> 1 <= available_cores() <= os.cpu_count()
        True
    """
    return max(1, min([_cores(), *(ceil(limit) for limit in _quotas(root))]))


def _cores() -> int:
    """What the scheduler gives this process, where the system says so."""
    if hasattr(os, "process_cpu_count"):  # from Python 3.13 on; it knows affinity
        return os.process_cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _quotas(root: Path) -> Iterator[float]:
    """The limits, in cores, of this process's control groups and of all groups around them."""
    for line in _words(root / "proc/self/cgroup", separator="\n"):
        _, _, group = line.partition(":")
        controllers, _, path = group.partition(":")
        if controllers == "":  # version 2: one tree
            for folder in _folders(root / "sys/fs/cgroup", path):
                yield from _quota(_words(folder / "cpu.max"))
        elif "cpu" in controllers.split(","):  # version 1: a tree for each controller
            for folder in _folders(root / "sys/fs/cgroup" / controllers, path):
                names = ("cpu.cfs_quota_us", "cpu.cfs_period_us")
                yield from _quota([word for name in names for word in _words(folder / name)])


def _folders(mount: Path, path: str) -> Iterator[Path]:
    """The folder of a group and those of the groups that it lies in, up to the mount.

    A container often sees its own group as the mount while /proc names the path outside: folders
    that don't exist are then simply without a limit.
    """
    inside = PurePosixPath(path.lstrip("/"))
    yield from (mount / part for part in (inside, *inside.parents))


def _quota(words: list[str]) -> Iterator[float]:
    """Microseconds a period and the period, as a number of cores; nothing without a limit."""
    if len(words) == 2 and words[0] not in ("max", "-1") and int(words[1]) > 0:
        yield int(words[0]) / int(words[1])


def _words(file: Path, separator: str | None = None) -> list[str]:
    """What a file says; nothing where this system has no such file."""
    try:
        return file.read_text(encoding="utf-8").strip().split(separator)
    except OSError:
        return []
