"""What one walk through a program has for itself: memory to work in, and the threads it takes."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlet.engine.calls import Call
from convlet.engine.cpu.interpreter import (
    CALL_FIELDS,
    PHASE_FIELDS,
    RUN,
    open_gate,
    work,
)
from convlet.engine.cpu.jit import BATCH, FRAME, Kernel, prepare
from convlet.engine.plan import Plan
from convlet.engine.stopwatch import UNTIMED, Stopwatch
from convlet.engine.threads import give_way_address, helpers
from convlet.variable import aligned_empty

_Run = ctypes.c_int64 * (RUN.itemsize // 8)
_FIELDS = BATCH.itemsize // 8
_laying_out = threading.Lock()
_IMAGES, _CHUNK = (BATCH.names.index(name) - 1 for name in ("images", "chunk"))  # type: ignore[union-attr]
NO_BATCH = (0,) * (_FIELDS - 1)
"""The fields of BATCH for calls that don't look at a batch."""


def address_of(array: NDArray[Any]) -> int:
    """Where a contiguous array with elements starts, sooner told than by ``array.ctypes``."""
    if array.flags.writeable:  # what ctypes needs to look at a buffer
        return ctypes.addressof(ctypes.c_char.from_buffer(array.data))
    return array.ctypes.data


@dataclass(frozen=True)
class Phase:
    """Calls to make before others; all of them for each of the batch's chunks, or each once."""

    name: str
    calls: list[Call]
    chunked: bool = False


def stage_phases(plan: Plan) -> list[Phase]:
    """The phases of a plan's stages: "chunks", or "chunks 1", "batch 1", "chunks 2" and so on.

    They are in the order of the stages; those at and behind ``plan.pause_at`` follow the pause.
    """
    if len(plan.stages) == 1:
        return [Phase("chunks", plan.stages[0].calls, chunked=True)]
    kinds = {True: ("chunks", count(1)), False: ("batch", count(1))}
    phases = []
    for stage in plan.stages:
        kind, numbers = kinds[stage.chunked]
        phases.append(Phase(f"{kind} {next(numbers)}", stage.calls, stage.chunked))
    return phases


class Table:
    """Phases as the interpreter wants them: numbers, at addresses.

    Args:
        phases: Those without calls are left out.
        plan: Says how much memory a thread needs to walk through them.

    Attributes:
        staged: Whether chunks come back to their tensors in another phase: each needs a slot then.
    """

    def __init__(self, phases: list[Phase], plan: Plan) -> None:
        self.slot_size, self.scratch_size = plan.slot_size, plan.scratch_size
        self.staged = len(plan.stages) > 1 and any(phase.chunked for phase in phases)
        self.phases = [phase for phase in phases if phase.calls]
        self._addresses: tuple[int, int, int] | None = None
        self._every_call = [call for phase in self.phases for call in phase.calls]
        self.count, self.call_count = len(self.phases), len(self._every_call)
        self._ends = np.cumsum([0] + [len(phase.calls) for phase in self.phases])
        self.last_phase = tuple(self._ends[-2:])

    @property
    def kernels(self) -> list[Kernel]:
        """What has to be compiled before anybody walks through the table."""
        return [work.kernel, open_gate.kernel, *(call.kernel for call in self._every_call)]

    @cached_property
    def walk(self) -> Callable[[int, int, int], None]:
        """The compiled walk through the table; all its kernels are compiled with it."""
        prepare(self.kernels)
        return work.compiled

    @property
    def addresses(self) -> tuple[int, int, int]:
        """Where the phases are, how many, and where the calls are."""
        if self._addresses is None:
            with _laying_out:  # threads that come at the same time get the same memory
                self._addresses = self._addresses or self._laid_out()
        return self._addresses

    def _laid_out(self) -> tuple[int, int, int]:
        rows = [
            (first, len(phase.calls), phase.chunked)
            for first, phase in zip(self._ends[:-1], self.phases, strict=True)
        ]
        calls = [
            (call.kernel.address, call.args.ctypes.data, call.kernel.splits)
            for call in self._every_call
        ]
        self._phases = np.array(rows, np.int64).reshape(-1, PHASE_FIELDS)
        self._calls = np.array(calls, np.int64).reshape(-1, CALL_FIELDS)
        return self._phases.ctypes.data, self.count, self._calls.ctypes.data


class Context:
    """Slots, frames, counters and records of a walk; whoever walks at the same time has others."""

    def __init__(self) -> None:
        self._run = _Run()
        self._run_address = ctypes.addressof(self._run)
        self._described: tuple[Any, ...] | None = None
        self._batch = (ctypes.c_int64 * _FIELDS)()
        self._frames = np.zeros(0, FRAME)
        self._counters = np.zeros(0, np.int64)
        self._gates = np.zeros(0, np.int64)
        self._asleep = np.zeros(0, np.int64)
        self._outgrown: list[NDArray[np.int64]] = []
        self._step = 0
        self._slots: NDArray[np.float32] = np.zeros((0, 0), np.float32)
        self._scratches: NDArray[np.float32] = np.zeros((0, 0), np.float32)
        self._addresses: tuple[int, ...] = ()

    def run(
        self, table: Table, batch: tuple[int, ...], threads: int, together: bool = False,
        gradients: tuple[int, int] = (0, 0), stopwatch: Stopwatch | None = None,
    ) -> int:  # fmt: skip
        """Walks through all phases, with those helpers that are idle, and returns.

        Args:
            table: The phases.
            batch: The fields of the BATCH record behind ``pointers``, then the addresses that those
                point to.
            threads: How many threads to work with at most.
            together: Whether they share each chunk.
            gradients: Address of the chunks' gradients, and bytes from one to the next.
            stopwatch: Measures the walk.

        Returns:
            How many threads worked.
        """
        if not table.count:
            return 1
        compiled = table.walk  # before a thread waits for another
        claimed = helpers().claim(threads - 1) if threads > 1 else 0
        try:
            self._walk(compiled, table, batch, 1 + claimed, together, gradients, stopwatch)
        finally:
            if claimed:
                helpers().release(claimed)
        return 1 + claimed

    def _walk(
        self, compiled: Callable[[int, int, int], None], table: Table, batch: tuple[int, ...],
        threads: int, together: bool, gradients: tuple[int, int], stopwatch: Stopwatch | None,
    ) -> None:  # fmt: skip
        if len(self._batch) != 1 + len(batch):
            self._batch = (ctypes.c_int64 * (1 + len(batch)))()
            self._described = None
        slots = 1 if together else threads
        if table.staged:
            images, chunk = batch[_IMAGES], batch[_CHUNK]
            slots = -(-images // chunk)
        described = (table, threads, together, slots, gradients, stopwatch)
        if stopwatch is not None or described != self._described:
            self._describe(table, threads, together, slots, gradients, stopwatch)
            self._described = described
        self._counters.fill(0)
        self._batch[:] = [ctypes.addressof(self._batch) + 8 * _FIELDS, *batch]
        self._step += 1
        for number in range(1, threads):
            open_gate.compiled(self._addresses[-2], number, self._step, self._addresses[-1])
            if self._asleep[number]:
                helpers().start(partial(self._help, compiled, number, self._step))
        compiled(self._run_address, 0, self._step)

    def _help(self, compiled: Callable[[int, int, int], None], number: int, step: int) -> None:
        """A helper's part; this object lives as long as one may still come late."""
        compiled(self._run_address, number, step)

    def _describe(
        self, table: Table, threads: int, together: bool, slots: int, gradients: tuple[int, int],
        stopwatch: Stopwatch | None,
    ) -> None:  # fmt: skip
        """Fills in the RUN record, which stays the same from one step to the next."""
        self._allocate(table, threads, slots)
        frames, first_slot, scratches, counters, gates, _ = self._addresses
        self._run[:] = [
            *table.addresses, counters, gates, threads, together, ctypes.addressof(self._batch),
            frames, first_slot, 4 * self._slots.shape[1], table.staged,
            scratches, 4 * self._scratches.shape[1],
            *gradients, give_way_address(),
            *(stopwatch.begin(table, threads) if stopwatch else UNTIMED),
        ]  # fmt: skip

    def _allocate(self, table: Table, threads: int, slots: int) -> None:
        """Makes room where there is too little; slots are zeroed: what halos hold stays zero."""
        enough = len(self._frames) >= threads and len(self._counters) >= 2 * table.count + 2
        enough = enough and _holds(self._slots, slots, table.slot_size)
        if enough and _holds(self._scratches, threads, table.scratch_size):
            return
        self._slots = _grown(self._slots, slots, table.slot_size)
        self._scratches = _grown(self._scratches, threads, table.scratch_size)
        self._frames = np.zeros(max(threads, len(self._frames)), FRAME)
        self._outgrown.append(self._gates)  # a late helper may still look there
        self._gates = np.zeros(len(self._frames), np.int64)
        self._counters = np.zeros(max(2 * table.count + 2, len(self._counters)), np.int64)
        self._asleep = np.zeros(len(self._frames), np.int64)
        memory = (
            self._frames, self._slots, self._scratches, self._counters, self._gates, self._asleep,
        )  # fmt: skip
        self._addresses = tuple(array.ctypes.data for array in memory)


def _holds(memory: NDArray[np.float32], rows: int, length: int) -> bool:
    return bool(memory.shape[0] >= rows and memory.shape[1] >= length)


def _grown(memory: NDArray[np.float32], rows: int, length: int) -> NDArray[np.float32]:
    """The memory itself if it has so many rows of such a length, else a larger one of zeros."""
    if _holds(memory, rows, length):
        return memory
    grown = aligned_empty((max(rows, memory.shape[0]), max(length, memory.shape[1])))
    grown[:] = 0.0
    return grown
