"""Compiled kernels on disk: one file a kernel, in a folder for these sources on this CPU.

Processes may read and write at the same time, disks may be full or read-only, and files may be cut
short: whatever is wrong with a file, the kernel is compiled again.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import llvmlite
import llvmlite.binding as llvm
import numba
import numpy as np
import platformdirs

from convlet.engine.cpu.simd import LANES

KEPT_VERSIONS = 4
"""Folders of other sources or CPUs that stay, however old: the newest ones."""
UNUSED_SECONDS = 24 * 3600
"""The others go once no process has begun to use them for so long."""

_DIGEST_BYTES = hashlib.sha256().digest_size


def _sources() -> list[Path]:
    """The files that decide what a kernel compiles to."""
    return sorted(Path(__file__).parents[1].rglob("*.py"))


@lru_cache(maxsize=1)
def version() -> str:
    """A hash of all that machine code depends on: sources, compilers, Python, CPU and width.

    Where the package lies is not part of it: a copied environment finds its kernels compiled.
    """
    digest = hashlib.sha256()
    for source in _sources():
        digest.update(source.read_bytes())
    versions = (numba.__version__, llvmlite.__version__, np.__version__, sys.version)
    cpu = (llvm.get_default_triple(), llvm.get_host_cpu_name(), llvm.get_host_cpu_features())
    digest.update(repr((versions, *map(str, cpu), LANES)).encode())
    return digest.hexdigest()[:16]


def folders(make: bool = False) -> Iterator[Path]:
    """Where kernels are looked for, and where the first that can be written to keeps new ones.

    The user's cache, or the folder that ``CONVLET_CACHE`` names; then one of the user's own among
    the system's temporary files.

    Args:
        make: Whether to make the latter if it isn't there.
    """
    chosen = os.environ.get("CONVLET_CACHE")
    user = Path(chosen) if chosen else Path(platformdirs.user_cache_dir("convlet"))
    yield user / "kernels" / version()
    temporary = Path(tempfile.gettempdir()) / f"convlet-{_user()}"
    if _is_private(temporary, make):
        yield temporary / version()


def main_folder() -> Path:
    """The folder that should hold everything: the user's, or the one that was named."""
    return next(folders())


def read(name: str) -> bytes | None:
    """What was written under a name; None if nothing was, or not all of it is there."""
    found = (_read_from(folder, name) for folder in folders())
    return next((data for data in found if data is not None), None)


def holds(name: str) -> bool:
    """Whether the main folder has what was written under a name."""
    return _read_from(main_folder(), name) is not None


def write(name: str, data: bytes) -> Path | None:
    """Keeps data under a name, all of it or nothing; returns the folder, or None if none can."""
    for folder in folders(make=True):
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _replace(folder / name, _digest(name, data) + data)
            _prune(folder)
            return folder
    return None


def _read_from(folder: Path, name: str) -> bytes | None:
    try:
        content = (folder / name).read_bytes()
    except OSError:
        return None
    data = content[_DIGEST_BYTES:]
    if content[:_DIGEST_BYTES] != _digest(name, data):
        return None
    _mark_as_used(folder)
    return data


def _digest(name: str, data: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\0" + data).digest()


def _replace(path: Path, content: bytes) -> None:
    """Writes a file that no reader ever sees half of."""
    number, temporary = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
    try:
        with open(number, "wb") as file:
            file.write(content)
        os.replace(temporary, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _user() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")


def _is_private(folder: Path, make: bool) -> bool:
    """Whether nobody else can have put files there, as others could in a shared /tmp.

    What is found in it is executed.
    """
    try:
        if make:
            folder.mkdir(mode=0o700, exist_ok=True)
        status = folder.lstat()
    except OSError:
        return False
    if not hasattr(os, "getuid"):  # on Windows each user has temporary files of their own
        return True
    own = stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid()
    return own and not status.st_mode & 0o077


@lru_cache(maxsize=8)
def _mark_as_used(folder: Path) -> None:
    """Once a process: what is in use is the last to be pruned."""
    with contextlib.suppress(OSError):
        os.utime(folder)


@lru_cache(maxsize=8)
def _prune(current: Path) -> None:
    """Removes folders of old versions, once a process that has something new."""
    with contextlib.suppress(OSError):
        used = {
            folder: folder.stat().st_mtime
            for folder in current.parent.iterdir()
            if re.fullmatch("[0-9a-f]{16}", folder.name) and folder != current
        }
        for folder in sorted(used, key=used.__getitem__, reverse=True)[KEPT_VERSIONS:]:
            if used[folder] < time.time() - UNUSED_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)
