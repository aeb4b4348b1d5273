"""Programs: a network lowered to kernel calls once, then run step after step.

What training (`training`) and inference (`inference`) share: the checks of images, how many threads
a step gets, and the forward half of the calls.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from convlet.engine import threads
from convlet.engine.cpu.elementwise import as_contiguous
from convlet.engine.cpu.gather import DTYPES, emit_gather
from convlet.engine.cpu.jit import Kernel
from convlet.engine.lowering import Lowered
from convlet.engine.plan import Halo, Plan, Tensor
from convlet.engine.race import Race
from convlet.engine.stopwatch import Stopwatch
from convlet.engine.translations import sizes
from convlet.errors import ShapeError

if TYPE_CHECKING:
    from convlet.engine.context import Table
    from convlet.layers import Layer

CACHE_FLOATS = 256 * 1024
"""What a chunk's tensors may take so that they stay in a core's second-level cache: 1 MiB."""
WORK_PER_THREAD = 2_000_000
"""Multiply-adds that a thread must have to be worth waking."""
CLEAR_WORK_PER_THREAD = 32 * WORK_PER_THREAD
"""Multiply-adds a thread from which on all threads are used; with less, it is tried out."""

_DTYPES = frozenset(np.dtype(name) for name in DTYPES)


class Program:
    """What programs have in common."""

    _clock = staticmethod(time.perf_counter)

    def __init__(self, layers: Sequence[Layer], input_shape: tuple[int, ...]) -> None:
        self.layers = list(layers)
        self.input_shape = tuple(input_shape)
        self.output_shape = sizes(layers[-1].output_shape)
        self._multiply_adds = sum(layer.multiply_adds() for layer in self.layers)
        self._chunk = 0
        self._lock = threading.Lock()
        self._races: dict[int, Race] = {}
        self._stopwatch: Stopwatch | None = None

    @property
    def chosen_threads(self) -> dict[int, int]:
        """How many threads were found to be fastest, for batches of up to so many images."""
        return {
            (1 << bits) - 1: race.winner
            for bits, race in sorted(self._races.items())
            if race.winner is not None
        }

    def _check_images(self, x: NDArray[Any]) -> None:
        """Kernels trust what they get: anything else than this would read foreign memory."""
        right = x.shape[1:] == self.input_shape and x.flags.c_contiguous
        if not right or x.dtype not in _DTYPES:
            raise ShapeError(
                f"{type(self).__name__} needs images of shape {(None, *self.input_shape)}, "
                f"C-contiguous, of type {', '.join(DTYPES)}. "
                f"Received shape {x.shape}, {x.dtype.name}. Use np.ascontiguousarray."
            )

    def planned(self, dtype: str) -> tuple[Plan, list[Table]]:
        """What was decided for images of a type: the plan, and a step's tables in their order."""
        raise NotImplementedError

    def kernels(self, dtype: str) -> list[Kernel]:
        """What has to be compiled before the program runs on images of this type.

        Args:
            dtype: "uint8", "float32" or "float64".
        """
        return [kernel for table in self.planned(dtype)[1] for kernel in table.kernels]

    @contextmanager
    def timed(self) -> Iterator[Stopwatch]:
        """Within it, whatever the program runs is measured, call by call."""
        self._stopwatch = Stopwatch()
        try:
            yield self._stopwatch
        finally:
            self._stopwatch = None

    def tries_threads(self, images: int) -> bool:
        """Whether it is still being tried out with how many threads so many images are fastest."""
        _, race = self._threads(images)
        return race is not None and race.winner is None

    def _threads(self, images: int) -> tuple[int, Race | None]:
        """How many threads to use for so many images, and the race that is told how long it took.

        There is a race for each doubling of the batch, except where it is clear, or the user's
        wish, how many it should be.
        """
        work = images * self._multiply_adds
        if work < 2 * WORK_PER_THREAD:
            return 1, None
        most = min(threads.get_threads(), work // WORK_PER_THREAD)
        clear = most == 1 or work >= most * CLEAR_WORK_PER_THREAD
        if clear or threads.requested_threads() is not None:
            return most, None
        race = self._races.get(images.bit_length())
        if race is None:
            race = self._races[images.bit_length()] = Race(most)
        return race.threads(), race


def emit_forward(
    plan: Plan, lowered: Lowered, dtype: np.dtype[Any], shape: tuple[int, ...]
) -> Tensor:
    """Appends everything up to the last op's output, and returns that without gaps."""
    halos = [op.input_halo() for op in lowered.ops] + [Halo()]
    x = emit_gather(plan, dtype.name, shape, halos[0], lowered.scale, lowered.offset)
    for op, halo in zip(lowered.ops, halos[1:], strict=True):
        plan.of(op.label(), "forward")
        x = op.forward(plan, x, halo)
    return as_contiguous(plan, x)
