"""Compilation: the one place that sets Numba's flags.

A *kernel* is compiled to a C function ``kernel(args, batch, frame)`` that takes three pointers to
records and returns nothing, so that a program is a table of (function address, args address).
``specialised`` turns a factory of such functions into a family: one member for each set of
compile-time integers or strings (tile sizes, activation names, …). A program knows all kernels it
needs before any is compiled; then ``prepare`` takes them from the cache or compiles them.
"""

from __future__ import annotations

import ctypes
import inspect
import sys
import threading
from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache, wraps
from typing import Any

import numba
import numpy as np

from convlet.engine.cpu import cache, machine_code

# Not fastmath=True: that lets LLVM assume that no NaN exists, and isnan(x) becomes False.
FAST_MATH = frozenset({"nsz", "arcp", "contract", "afn", "reassoc"})
_OPTIONS = {"fastmath": set(FAST_MATH), "error_model": "numpy"}
_AS_WRITTEN = {"fastmath": {"contract"}, "error_model": "numpy", "forceinline": True}

BATCH = np.dtype(
    [
        ("pointers", np.int64),  # address of the addresses of the arrays that come with it
        ("index", np.int64),  # int64 positions of the batch's images in the arrays, or 0: in order
        ("images", np.int64),  # how many images the batch holds
        ("chunk", np.int64),  # images per chunk
        ("losses", np.int64),  # float64 weighted sum of the losses of each chunk, output by output
        ("step", np.int64),  # counts training steps: the randomness of dropout hangs on it
        ("epoch", np.int64),  # counts passes over the data: what augmentation draws hangs on it
        ("samples", np.int64),  # how many images lie at x
    ]
)
"""What a step works on: the same for all threads."""

FRAME = np.dtype(
    [
        ("slot", np.int64),  # the chunk's activations: address of element 0
        ("scratch", np.int64),  # this thread's room for what a kernel needs while it runs
        ("gradients", np.int64),  # the chunk's gradients, or all: address of the first element
        ("gradient_bytes", np.int64),  # from one chunk's gradients to the next's
        ("task", np.int64),  # the number of the task: of the chunk, where there are chunks
        ("first", np.int64),  # position in the batch of the chunk's first image
        ("count", np.int64),  # images in this chunk
        ("part", np.int64),  # which share of each call is this thread's
        ("parts", np.int64),  # how many threads share each call: 1 where each has a chunk
    ]
)
"""Where one thread stands while it walks a chunk through the ops."""

_START_SECONDS = 1.0
_KERNEL_SECONDS = 0.2  # both measured on one core at 2.8 GHz
_LEAST_SECONDS = 2.0  # what is worth a line
_lock = threading.Lock()


class Kernel:
    """A function to compile: nothing is compiled before it is prepared.

    Args:
        source: Its file and its name: "products.product".
        settings: The compile-time values by name.
        signature: Its types, as Numba has them.
        make: Makes the Python function.
        splits: Whether several threads can share a call: each computes its ``share`` of it.

    Attributes:
        name: Source and values: says which it is in the cache, too.
    """

    def __init__(
        self, source: str, settings: dict[str, int | str | bool], signature: Any,
        make: Callable[[], Callable[..., Any]], splits: bool = False,
    ) -> None:  # fmt: skip
        self.name = "-".join([source, *map(str, settings.values())])
        self.source = source
        self.settings = settings
        self.splits = splits
        self._signature = signature
        self._make = make
        self._address: int | None = None

    @property
    def address(self) -> int:
        """Where its machine code lies."""
        if self._address is None:
            prepare([self])
        return self._address or 0

    def load(self) -> bool:
        """Takes it from the cache if it is not loaded yet; whether it is now."""
        if self._address is None:
            data = cache.read(self.name)
            self._address = None if data is None else machine_code.load(self.name, data)
        return self._address is not None

    def optimised(self) -> Any:
        """Its LLVM code, that of helpers and micro-kernels included."""
        compiled = numba.cfunc(self._signature, **_OPTIONS)(self._make())
        return machine_code.standalone(compiled.inspect_llvm(), compiled.native_name, self.name)

    def compile(self) -> None:
        """Compiles it, and keeps it in the cache."""
        data = machine_code.emit(self.optimised())
        if cache.write(self.name, data) is None:
            _say_that_nothing_is_kept()
        if self._address is None:
            self._address = machine_code.load(self.name, data)


def prepare(kernels: Iterable[Kernel]) -> None:
    """Makes kernels ready to be called: from the cache where they are in it.

    Where compiling the others takes about two seconds or more, a line on standard error says so:
    also while a model trains with ``verbose=0``.
    """
    with _lock:
        missing = [kernel for kernel in dict.fromkeys(kernels) if not kernel.load()]
        _say_what_is_compiled(len(missing))
        for kernel in missing:
            kernel.compile()


def compile_ahead(kernels: Iterable[Kernel], progress: Callable[[int, int], None]) -> int:
    """Compiles what the cache's main folder lacks; returns how many kernels that were.

    Args:
        kernels: What it is to hold.
        progress: Called before each that is compiled, with how many are done and how many there
            are.
    """
    with _lock:
        missing = [kernel for kernel in dict.fromkeys(kernels) if not cache.holds(kernel.name)]
        for done, kernel in enumerate(missing):
            progress(done, len(missing))
            kernel.compile()
        return len(missing)


def _say_what_is_compiled(count: int) -> None:
    """Says how many kernels are compiled and about how long it takes, if that is long."""
    seconds = _START_SECONDS + count * _KERNEL_SECONDS
    if count and seconds >= _LEAST_SECONDS:
        print(
            f"convlet: compiling {count} kernels for this CPU, once: about {seconds:.0f} s ...",
            file=sys.stderr,
        )


@lru_cache(maxsize=1)
def _say_that_nothing_is_kept() -> None:
    """Says it once: with a cache, a process compiles nothing that another one has compiled."""
    print(
        "convlet: no folder for compiled kernels can be written to, so that every process compiles "
        "them anew. Set CONVLET_CACHE to one that can.",
        file=sys.stderr,
    )


def specialised(
    args: np.dtype[Any], splits: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Kernel]]:
    """Makes a factory of functions return kernels, the same one for the same values.

    Args:
        args: The record that the kernel's first pointer points to.
        splits: Whether the kernel computes only its thread's ``share`` of a call.
    """
    signature = numba.types.void(
        *(numba.types.CPointer(numba.from_dtype(record)) for record in (args, BATCH, FRAME))
    )

    def decorate(factory: Callable[..., Any]) -> Callable[..., Kernel]:
        made: dict[tuple[Any, ...], Kernel] = {}
        parameters = list(inspect.signature(factory).parameters)

        @wraps(factory)
        def kernel_for(*values: int | str | bool) -> Kernel:
            settings = dict(zip(parameters, values, strict=True))
            source = _full_name(factory)
            kernel = Kernel(source, settings, signature, lambda: factory(*values), splits)
            return made.setdefault(values, kernel)

        return kernel_for

    return decorate


class Entry:
    """A function that Python calls with whole numbers, and that runs without the GIL.

    Args:
        function: What to compile.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self._arguments = function.__code__.co_argcount
        signature = numba.types.void(*[numba.types.int64] * self._arguments)
        self.kernel = Kernel(_full_name(function), {}, signature, lambda: function)

    @cached_property
    def compiled(self) -> Callable[..., None]:
        """The compiled function."""
        types = [ctypes.c_int64] * self._arguments
        return ctypes.CFUNCTYPE(None, *types)(self.kernel.address)


def helper(function: Callable[..., Any]) -> Any:
    """Compiles a plain function that kernels call; it is inlined into each of them."""
    return numba.njit(**_OPTIONS)(function)


def as_written(function: Callable[..., Any]) -> Any:
    """Compiles a function as ``helper`` does, but adds and multiplies in the order that it says.

    For formulas whose rounding is planned: reassociated, ``(x + big) - big`` would be ``x``.
    """
    return numba.njit(**_AS_WRITTEN)(function)


@helper
def share(total: Any, part: Any, parts: Any) -> Any:
    """Where the share of a part begins and ends, of ``total`` pieces of work."""
    return total * part // parts, total * (part + 1) // parts


def _full_name(function: Callable[..., Any]) -> str:
    """The file and the function: "products.pack"."""
    return f"{function.__module__.rpartition('.')[2]}.{function.__name__}"
