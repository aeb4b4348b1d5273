"""Runs a program: threads take tasks, and walk each through its calls.

A program is a list of phases with a barrier after each. The tasks of a phase are either the batch's
chunks, each of which makes all the phase's calls, or the calls themselves. Which thread takes which
task is left to chance; no result depends on it.
"""

from __future__ import annotations

from typing import Any

import numba
from numba import carray

from convlet.engine.cpu.jit import BATCH, FRAME, Entry
from convlet.engine.cpu.simd import (
    atomic_add,
    atomic_load,
    call_kernel,
    call_plain,
    int64_at,
    typed_view,
)

PHASE_FIELDS = 3
"""Of a phase: first call, number of calls, whether each of the batch's chunks makes them all."""
SPINS = 4000
"""How often a waiting thread looks before it offers its core to others."""

batch_at = typed_view(numba.from_dtype(BATCH))
frame_at = typed_view(numba.from_dtype(FRAME))


@Entry
def work(
    phase_table: Any, phase_count: Any, call_table: Any, counters: Any, threads: Any, batch: Any,
    frame: Any, gradients: Any, gradient_bytes: Any, give_way: Any,
) -> None:  # fmt: skip
    """One thread's share of a step.

    Args:
        phase_table: Address of a row of PHASE_FIELDS int64 for each phase.
        phase_count: How many phases there are.
        call_table: Address of two int64 for each call: the kernel's address, and its record's.
        counters: Address of int64, 0 at the start: threads that arrived at barriers, then tasks
            taken of each phase.
        threads: How many threads work on the step.
        batch: Address of the BATCH record.
        frame: Address of this thread's FRAME record.
        gradients: Address of the chunks' gradients.
        gradient_bytes: From one chunk's to the next's.
        give_way: Address of a function that yields the core, or 0.
    """
    f = carray(frame_at(frame), 1)[0]
    b = carray(batch_at(batch), 1)[0]
    phases = carray(int64_at(phase_table), (phase_count, PHASE_FIELDS))
    for phase in range(phase_count):
        first, count = phases[phase, 0], phases[phase, 1]
        calls = carray(int64_at(call_table), (first + count, 2))
        chunks = phases[phase, 2] != 0
        tasks = (b.images + b.chunk - 1) // b.chunk if chunks else count
        taken = counters + 8 * (1 + phase)
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
                    call_kernel(calls[call, 0], calls[call, 1], batch, frame)
            else:
                call_kernel(calls[first + task, 0], calls[first + task, 1], batch, frame)
        atomic_add(counters, 1)
        looks = 0
        while atomic_load(counters) < threads * (phase + 1):
            looks += 1
            if looks > SPINS:
                call_plain(give_way)
