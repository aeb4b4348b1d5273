"""Programs: a network lowered to kernel calls once, then run step after step.

What training (`training`) and inference (`inference`) share: the table of phases and calls, the
memory they work in, and the threads that walk through it.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from convlet.engine import threads
from convlet.engine.cpu.elementwise import as_contiguous
from convlet.engine.cpu.gather import DTYPES, emit_gather
from convlet.engine.cpu.interpreter import PHASE_FIELDS, work
from convlet.engine.cpu.jit import BATCH, FRAME, Kernel, prepare
from convlet.engine.lowering import Lowered, sizes
from convlet.engine.plan import Call, Halo, Plan, Tensor
from convlet.errors import ShapeError
from convlet.layers.shapes import count_values
from convlet.variable import aligned_empty

if TYPE_CHECKING:
    from convlet.layers import Layer

CACHE_FLOATS = 256 * 1024
"""What a chunk's tensors may take so that they stay in a core's second-level cache: 1 MiB."""
WORK_PER_THREAD = 2_000_000
"""Multiply-adds that are worth waking another thread for."""

Phases = list[tuple[list[Call], bool]]
"""The calls of each phase, and whether each chunk makes them all."""

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
        self._gradients = np.zeros((1, 1), np.float32)
        self._tables: dict[np.dtype[Any], tuple[NDArray[np.int64], NDArray[np.int64]]] = {}
        self._counters = np.zeros(1, np.int64)
        self._plans: dict[np.dtype[Any], Plan] = {}

    def _check_images(self, x: NDArray[Any]) -> None:
        """Kernels trust what they get: anything else than this would read foreign memory."""
        right = x.shape[1:] == self.input_shape and x.flags.c_contiguous
        if not right or x.dtype.name not in DTYPES:
            raise ShapeError(
                f"{type(self).__name__} needs images of shape {(None, *self.input_shape)}, "
                f"C-contiguous, of type {', '.join(DTYPES)}. "
                f"Received shape {x.shape}, {x.dtype.name}. Use np.ascontiguousarray."
            )

    def kernels(self, dtype: np.dtype[Any]) -> list[Kernel]:
        """What has to be compiled before the program runs on images of this type.

        Args:
            dtype: uint8, float32 or float64.
        """
        with self._lock:
            return _kernels(self._calls_of(dtype))

    def _calls_of(self, dtype: np.dtype[Any]) -> Phases:
        """The calls that images of this type make."""
        raise NotImplementedError

    def _table(self, phases: Phases) -> tuple[Any, Any]:
        """Phases (their calls, whether chunks make them) as the interpreter wants them."""
        rows: list[tuple[int, ...]] = []
        calls: list[tuple[int, int]] = []
        prepare(_kernels(phases))
        for phase, chunks in phases:
            if phase:
                rows.append((len(calls), len(phase), chunks))
                calls += [(call.kernel.address, call.args.ctypes.data) for call in phase]
        return (
            np.array(rows, np.int64).reshape(-1, PHASE_FIELDS),
            np.array(calls, np.int64).reshape(-1, 2),
        )

    def _allocate(self, slot_size: int) -> None:
        """Gives each thread a slot and a frame, zeroed: what halos hold stays zero."""
        count = threads.get_threads()
        if len(self._slots) < count or self._slots[0].size < slot_size:
            self._slots = []
            for _ in range(count):
                slot = aligned_empty((slot_size,))
                slot[:] = 0.0
                self._slots.append(slot)
            self._frames = np.zeros(count, FRAME)
            self._frames["slot"] = [slot.ctypes.data for slot in self._slots]

    def _run(self, table: tuple[Any, Any], images: int, chunk: int) -> None:
        """Lets as many threads as the work is worth go through the phases."""
        phases, calls = table
        if len(self._counters) <= len(phases):
            self._counters = np.zeros(len(phases) + 1, np.int64)
        self._counters[:] = 0
        chunks = -(-images // chunk)
        enough_work = 1 + images * self._multiply_adds // WORK_PER_THREAD
        workers = min(len(self._slots), threads.get_threads(), chunks, enough_work)
        frame = self._frames.ctypes.data
        tables = phases.ctypes.data, len(phases), calls.ctypes.data, self._counters.ctypes.data
        arguments = (
            self._gradients.ctypes.data, 4 * self._gradients.shape[1], threads.give_way_address(),
        )  # fmt: skip
        pool = threads.pool(workers)
        # Two programs at once must not each get a part of the pool: both would wait for the rest.
        with _submitting:
            others = [
                pool.submit(
                    work.compiled, *tables, workers, self._batch.ctypes.data,
                    frame + number * FRAME.itemsize, *arguments,
                )
                for number in range(1, workers)
            ] if pool else []  # fmt: skip
        work.compiled(*tables, workers, self._batch.ctypes.data, frame, *arguments)
        for other in others:
            other.result()


def _kernels(phases: Phases) -> list[Kernel]:
    return [work.kernel, *(call.kernel for calls, _ in phases for call in calls)]


def emit_forward(
    plan: Plan, lowered: Lowered, dtype: np.dtype[Any], shape: tuple[int, ...]
) -> Tensor:
    """Appends everything up to the last op's output, and returns that without gaps."""
    halos = [op.input_halo() for op in lowered.ops] + [Halo()]
    x = emit_gather(plan, dtype.name, shape, halos[0], lowered.scale, lowered.offset)
    for op, halo in zip(lowered.ops, halos[1:], strict=True):
        x = op.forward(plan, x, halo)
    return as_contiguous(plan, x)
