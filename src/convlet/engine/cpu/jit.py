"""Compilation: the one place that sets Numba's flags, and the cache on disk.

A *kernel* is compiled to a C function ``kernel(args, batch, frame)`` that takes three pointers to
records and returns nothing, so that a program is a table of (function address, args address).
``specialised`` turns a factory of such functions into a family: one member for each set of
compile-time integers or strings (tile sizes, activation names, …).
"""

from __future__ import annotations

import contextlib
import hashlib
import inspect
import os
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
import numba
import numpy as np
import platformdirs
from numba.core import config

from convlet.engine.cpu.simd import LANES

# Not fastmath=True: that lets LLVM assume that no NaN exists, and isnan(x) becomes False.
FAST_MATH = frozenset({"nsz", "arcp", "contract", "afn", "reassoc"})
_OPTIONS = {"fastmath": set(FAST_MATH), "error_model": "numpy"}

BATCH = np.dtype(
    [
        ("x", np.int64),  # images: address of element 0
        ("index", np.int64),  # int64 positions in x and y of the batch's images, or 0: in order
        ("y", np.int64),  # targets, as the loss prepared them
        ("weights", np.int64),  # float32 sample weights, or 0
        ("images", np.int64),  # how many images the batch holds
        ("chunk", np.int64),  # images per chunk
        ("outputs", np.int64),  # float32 predictions, (images, outputs per image)
        ("losses", np.int64),  # float64 weighted sum of the losses of each chunk
        ("step", np.int64),  # counts training steps: the randomness of dropout hangs on it
    ]
)
"""What a step works on: the same for all threads."""

FRAME = np.dtype(
    [
        ("slot", np.int64),  # this thread's activations: address of element 0
        ("scratch", np.int64),  # this thread's room for what a kernel needs while it runs
        ("gradients", np.int64),  # this chunk's gradients: address of element 0
        ("task", np.int64),  # the number of the task: of the chunk, where there are chunks
        ("first", np.int64),  # position in the batch of the chunk's first image
        ("count", np.int64),  # images in this chunk
        ("part", np.int64),  # which share of each call is this thread's
        ("parts", np.int64),  # how many threads share each call: 1 where each has a chunk
    ]
)
"""Where one thread stands while it walks a chunk through the ops."""

_compile_lock = threading.Lock()
_said = False


@dataclass(frozen=True, eq=False)
class Kernel:
    """A compiled kernel, and what it was made of.

    Attributes:
        name: Its name, with the values that it was specialised for.
        address: Where its code starts.
        splits: Whether several threads can share a call: each computes its ``share`` of it.
        keep_alive: What owns the code.
        source: Module and factory: "products.product".
        settings: The values by name.
    """

    name: str
    address: int
    splits: bool
    keep_alive: object
    source: str
    settings: dict[str, int | str | bool]


@lru_cache(maxsize=1)
def cache_folder() -> Path | None:
    """The folder of compiled kernels for these sources on this CPU, or None where none is writable.

    Numba notices a change in a kernel's own file only. The folder's name therefore holds a hash of
    all kernel sources and where they lie, of the versions and of the CPU: a stale kernel can't be
    found.
    """
    here = Path(__file__).parent
    digest = hashlib.sha256(str(here).encode())
    for source in sorted(here.glob("*.py")):
        digest.update(source.read_bytes())
    features = llvm.get_host_cpu_features().flatten()
    versions = (numba.__version__, np.__version__, sys.version)
    digest.update(repr((versions, llvm.get_host_cpu_name(), features, LANES)).encode())
    name = digest.hexdigest()[:16]
    chosen = os.environ.get("CONVLET_CACHE")
    user = Path(chosen) if chosen else Path(platformdirs.user_cache_dir("convlet"))
    for root in (user / "kernels", Path(tempfile.gettempdir()) / f"convlet-{_user()}"):
        with contextlib.suppress(OSError):
            folder = root / name
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.TemporaryFile(dir=folder):
                return folder
    return None


def _user() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")


@contextlib.contextmanager
def _cached_in(name: str) -> Iterator[bool]:
    """Points Numba's cache at a folder of this kernel's own; yields whether there is one.

    One folder a kernel, because two processes that save different kernels to the same Numba index
    at the same time can leave it pointing at the wrong code.
    """
    root = cache_folder()
    if root is None:
        yield False
        return
    folder = root / name
    if not any(folder.rglob("*.nbc")):
        _say_once()
    before = config.CACHE_DIR
    config.CACHE_DIR = str(folder)
    try:
        yield True
    finally:
        config.CACHE_DIR = before


def _say_once() -> None:
    global _said
    if not _said:
        _said = True
        print("convlet: compiling for this CPU, once (some seconds) ...", file=sys.stderr)


def specialised(
    args: np.dtype[Any], splits: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Kernel]]:
    """Makes a factory of kernel functions return compiled kernels, each set of values once.

    Args:
        args: The record that the kernel's first pointer points to.
        splits: Whether the kernel computes only its thread's ``share`` of a call.
    """
    signature = numba.types.void(
        *(numba.types.CPointer(numba.from_dtype(record)) for record in (args, BATCH, FRAME))
    )

    def decorate(factory: Callable[..., Any]) -> Callable[..., Kernel]:
        made: dict[tuple[Any, ...], Kernel] = {}
        source = f"{factory.__module__.rpartition('.')[2]}.{factory.__name__}"
        parameters = list(inspect.signature(factory).parameters)

        @wraps(factory)
        def make(*values: int | str | bool) -> Kernel:
            with _compile_lock:
                if values not in made:
                    name = "-".join([factory.__name__, *map(str, values)])
                    with _cached_in(name) as cache:
                        compiled = numba.cfunc(signature, cache=cache, **_OPTIONS)(factory(*values))
                    settings = dict(zip(parameters, values, strict=True))
                    made[values] = Kernel(
                        name, compiled.address, splits, compiled, source, settings
                    )
                return made[values]

        return make

    return decorate


class Entry:
    """A function that Python calls, compiled to run without the GIL.

    Args:
        signature: Its types, as Numba writes them.
        function: What to compile.
    """

    def __init__(self, signature: str, function: Callable[..., Any]) -> None:
        self._signature = signature
        self._function = function
        self._compiled: Callable[..., Any] | None = None

    def compile(self) -> Callable[..., Any]:
        """Compiles it, once, and returns the result."""
        with _compile_lock:
            if self._compiled is None:
                with _cached_in(self._function.__name__) as cache:
                    compile_it = numba.njit(self._signature, nogil=True, cache=cache, **_OPTIONS)
                    self._compiled = compile_it(self._function)
            return self._compiled


def entry(signature: str) -> Callable[[Callable[..., Any]], Entry]:
    """Makes an `Entry` of a function."""
    return lambda function: Entry(signature, function)


def helper(function: Callable[..., Any]) -> Any:
    """Compiles a plain function that kernels call; it is inlined into each of them."""
    return numba.njit(**_OPTIONS)(function)


@helper
def share(total: Any, part: Any, parts: Any) -> Any:
    """Where the share of a part begins and ends, of ``total`` pieces of work."""
    return total * part // parts, total * (part + 1) // parts
