"""Runs a program: threads take tasks, and walk each through its calls.

A program is a list of phases with a barrier after each. The tasks of a phase are either the batch's
chunks, each of which makes all the phase's calls, or the calls themselves. Which thread takes which
task is left to chance; no result depends on it.
"""

from __future__ import annotations

from typing import Any

import numba
from numba import carray

from convlet.engine.cpu.jit import BATCH, FRAME, entry, helper
from convlet.engine.cpu.simd import (
    atomic_add,
    atomic_load,
    call_kernel,
    call_plain,
    int64_at,
    read_clock,
    typed_view,
)

PHASE_FIELDS = 3
"""Of a phase: first call, number of calls, whether each of the batch's chunks makes them all."""
SPINS = 4000
"""How often a waiting thread looks before it offers its core to others."""

batch_at = typed_view(numba.from_dtype(BATCH))
frame_at = typed_view(numba.from_dtype(FRAME))


@helper
def _begin(frame: Any) -> Any:
    """The time, if the thread's frame asks for timing."""
    return read_clock(frame.clock) if frame.times != 0 else 0


@helper
def _end(frame: Any, place: Any, began: Any) -> None:
    """Adds the time since then to a place in the thread's table, if there is one."""
    if frame.times != 0:
        carray(int64_at(frame.times), place + 1)[place] += read_clock(frame.clock) - began


@helper
def _call(calls: Any, call: Any, batch: Any, frame: Any) -> None:
    """Calls a kernel with its record."""
    f = carray(frame_at(frame), 1)[0]
    began = _begin(f)
    call_kernel(calls[call, 0], calls[call, 1], batch, frame)
    _end(f, call, began)


@entry("void(int64[:,::1], int64[:,::1], int64[::1], int64, int64, int64, int64, int64, int64)")
def work(
    phases: Any, calls: Any, counters: Any, threads: Any, batch: Any, frame: Any, gradients: Any,
    gradient_bytes: Any, give_way: Any,
) -> None:  # fmt: skip
    """One thread's share of a step.

    Args:
        phases: A row of PHASE_FIELDS for each phase.
        calls: Address of the kernel and of its record, for each call.
        counters: 0 at the start: threads that arrived at barriers, then tasks taken of each phase.
        threads: How many threads work on the step.
        batch: Address of the BATCH record.
        frame: Address of this thread's FRAME record.
        gradients: Address of the chunks' gradients.
        gradient_bytes: From one chunk's to the next's.
        give_way: Address of a function that yields the core, or 0.
    """
    f = carray(frame_at(frame), 1)[0]
    b = carray(batch_at(batch), 1)[0]
    for phase in range(phases.shape[0]):
        first, count = phases[phase, 0], phases[phase, 1]
        chunks = phases[phase, 2] != 0
        tasks = (b.images + b.chunk - 1) // b.chunk if chunks else count
        taken = counters[1 + phase :].ctypes.data
        while True:
            task = atomic_add(taken, 1)
            if task >= tasks:
                break
            if chunks:
                f.task = task
                f.first = task * b.chunk
                f.count = min(b.chunk, b.images - f.first)
                f.gradients = gradients + task * gradient_bytes
                for call in range(first, first + count):
                    _call(calls, call, batch, frame)
            else:
                _call(calls, first + task, batch, frame)
        began = _begin(f)
        arrived = counters.ctypes.data
        atomic_add(arrived, 1)
        looks = 0
        while atomic_load(arrived) < threads * (phase + 1):
            looks += 1
            if looks > SPINS:
                call_plain(give_way)
        _end(f, calls.shape[0] + phase, began)
