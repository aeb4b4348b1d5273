"""Programs: a network lowered to kernel calls once, then run step after step.

What training (`training`) and inference (`inference`) share: the table of phases and calls, the
memory they work in, and the threads that walk through it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from convlet.engine import threads
from convlet.engine.calls import Phase
from convlet.engine.cpu.elementwise import as_contiguous
from convlet.engine.cpu.gather import DTYPES, emit_gather
from convlet.engine.cpu.interpreter import PHASE_FIELDS, work
from convlet.engine.cpu.jit import BATCH, FRAME
from convlet.engine.lowering import Lowered, sizes
from convlet.engine.plan import Halo, Plan, Tensor
from convlet.engine.stopwatch import Stopwatch
from convlet.errors import ShapeError
from convlet.layers.shapes import count_values
from convlet.variable import aligned_empty

if TYPE_CHECKING:
    from convlet.layers import Layer

CACHE_FLOATS = 256 * 1024
"""What a chunk's tensors may take so that they stay in a core's second-level cache: 1 MiB."""
WORK_PER_THREAD = 2_000_000
"""Multiply-adds that are worth waking another thread for."""

_submitting = threading.Lock()


def _multiply_adds(layers: Sequence[Layer]) -> int:
    """Of an image's forward pass: every weight of a kernel is used once an output position."""
    total = 0
    for layer in layers:
        kernel = getattr(layer, "kernel", None)
        if kernel is not None:
            total += kernel.size * count_values(layer.output_shape[:-1])
    return total


class Program:
    """A table of phases and calls, and the memory they work in."""

    def __init__(self, layers: Sequence[Layer], input_shape: tuple[int, ...]) -> None:
        self.layers = list(layers)
        self.input_shape = tuple(input_shape)
        self.output_shape = sizes(layers[-1].output_shape)
        self._chunk = 0
        self._multiply_adds = _multiply_adds(self.layers)
        self._lock = threading.Lock()
        self._batch = np.zeros(1, BATCH)
        self._frames = np.zeros(0, FRAME)
        self._slots: list[NDArray[np.float32]] = []
        self._scratches: list[NDArray[np.float32]] = []
        self._gradients = np.zeros((1, 1), np.float32)
        self._tables: dict[np.dtype[Any], tuple[NDArray[np.int64], NDArray[np.int64]]] = {}
        self._counters = np.zeros(1, np.int64)
        self._plans: dict[np.dtype[Any], Plan] = {}
        self._phases: dict[np.dtype[Any], list[Phase]] = {}
        self._stopwatch: Stopwatch | None = None

    def _check_images(self, x: NDArray[Any]) -> None:
        """Kernels trust what they get: anything else than this would read foreign memory."""
        right = x.shape[1:] == self.input_shape and x.flags.c_contiguous
        if not right or x.dtype.name not in DTYPES:
            raise ShapeError(
                f"{type(self).__name__} needs images of shape {(None, *self.input_shape)}, "
                f"C-contiguous, of type {', '.join(DTYPES)}. "
                f"Received shape {x.shape}, {x.dtype.name}. Use np.ascontiguousarray."
            )

    def _table_of(self, dtype: np.dtype[Any]) -> tuple[Any, Any]:
        """The phases and calls for images of a type, as the interpreter wants them."""
        raise NotImplementedError

    def _set_table(self, dtype: np.dtype[Any], phases: list[Phase]) -> None:
        """Keeps the phases that have calls, and what the interpreter wants to know of them."""
        self._phases[dtype] = phases = [phase for phase in phases if phase.calls]
        rows: list[tuple[int, ...]] = []
        calls: list[tuple[int, int]] = []
        for phase in phases:
            rows.append((len(calls), len(phase.calls), phase.by_chunk))
            calls += [(call.kernel.address, call.args.ctypes.data) for call in phase.calls]
        self._tables[dtype] = (
            np.array(rows, np.int64).reshape(-1, PHASE_FIELDS),
            np.array(calls, np.int64).reshape(-1, 2),
        )

    def planned(self, dtype: str) -> tuple[Plan, list[Phase]]:
        """What was decided for images of a type: the plan, and the phases in their order."""
        with self._lock:
            self._table_of(np.dtype(dtype))
            return self._plans[np.dtype(dtype)], self._phases[np.dtype(dtype)]

    @contextmanager
    def timed(self) -> Iterator[Stopwatch]:
        """Within it, whatever the program runs is measured, call by call."""
        self._stopwatch = Stopwatch()
        try:
            yield self._stopwatch
        finally:
            self._frames["times"] = 0
            self._stopwatch = None

    def _allocate(self, plan: Plan) -> None:
        """Gives each thread a slot, zeroed since what halos hold stays zero, and scratch memory."""
        count = threads.get_threads()
        if len(self._slots) == count and self._slots[0].size >= plan.slot_size:
            return
        self._slots = [aligned_empty((plan.slot_size,)) for _ in range(count)]
        self._scratches = [aligned_empty((plan.scratch_size,)) for _ in range(count)]
        for slot in self._slots:
            slot[:] = 0.0
        self._frames = np.zeros(count, FRAME)
        self._frames["slot"] = [slot.ctypes.data for slot in self._slots]
        self._frames["scratch"] = [scratch.ctypes.data for scratch in self._scratches]

    def _run(self, table: tuple[Any, Any], images: int, chunk: int) -> None:
        """Lets as many threads as the work is worth go through the phases."""
        phases, calls = table
        if len(self._counters) <= len(phases):
            self._counters = np.zeros(len(phases) + 1, np.int64)
        self._counters[:] = 0
        chunks = -(-images // chunk)
        enough_work = 1 + images * self._multiply_adds // WORK_PER_THREAD
        workers = min(len(self._slots), threads.get_threads(), chunks, enough_work)
        if self._stopwatch is not None:
            self._stopwatch.attach(self._frames, workers, len(calls), len(phases))
        frame = self._frames.ctypes.data
        arguments = (
            self._gradients.ctypes.data, 4 * self._gradients.shape[1], threads.give_way_address(),
        )  # fmt: skip
        compiled = work.compile()  # before any thread waits for another at a barrier
        pool = threads.pool(workers)
        # Two programs at once must not each get a part of the pool: both would wait for the rest.
        with _submitting:
            others = [
                pool.submit(
                    compiled, phases, calls, self._counters, workers, self._batch.ctypes.data,
                    frame + number * FRAME.itemsize, *arguments,
                )
                for number in range(1, workers)
            ] if pool else []  # fmt: skip
        compiled(phases, calls, self._counters, workers, self._batch.ctypes.data, frame, *arguments)
        for other in others:
            other.result()


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
