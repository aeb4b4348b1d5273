"""Runs a program: threads take tasks, and walk each through its calls.

A program is a list of phases with a barrier after each. The tasks of a phase are either the batch's
chunks, each of which makes all the phase's calls, or the calls themselves. Which thread takes which
task is left to chance; no result depends on it.

Where there are fewer chunks than threads, the threads can instead walk through each chunk together,
in one slot: every thread computes its share of a call, and waits for the others after it.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numba import carray

from convlet.engine.cpu.jit import BATCH, FRAME, entry, helper
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
CALL_FIELDS = 3
"""Of a call: address of the kernel, address of its record, whether threads can share it."""
SPINS = 4000
"""How often a waiting thread looks before it offers its core to others."""

RUN = np.dtype(
    [
        ("phases", np.int64),  # address of PHASE_FIELDS int64 for each phase
        ("phase_count", np.int64),
        ("calls", np.int64),  # address of CALL_FIELDS int64 for each call
        ("counters", np.int64),  # address: arrivals at barriers, then tasks taken of each phase; 0
        ("threads", np.int64),  # how many work on the step
        ("together", np.int64),  # whether they share each chunk
        ("batch", np.int64),  # address of the BATCH record
        ("frames", np.int64),  # address of a FRAME record for each thread
        ("slots", np.int64),  # address of the first thread's slot
        ("slot_bytes", np.int64),  # from one slot to the next
        ("scratches", np.int64),  # address of the first thread's scratch memory
        ("scratch_bytes", np.int64),  # from one thread's to the next's
        ("gradients", np.int64),  # address of the chunks' gradients
        ("gradient_bytes", np.int64),  # from one chunk's to the next's
        ("give_way", np.int64),  # address of a function that yields the core, or 0
    ]
)
"""What the threads of a step need to know."""

FRAME_BYTES = FRAME.itemsize
CALL_BYTES = 8 * CALL_FIELDS

run_at = typed_view(numba.from_dtype(RUN))
batch_at = typed_view(numba.from_dtype(BATCH))
frame_at = typed_view(numba.from_dtype(FRAME))


@helper
def _wait(arrived: Any, goal: Any, give_way: Any) -> None:
    """Waits until so many threads have arrived."""
    looks = 0
    while atomic_load(arrived) < goal:
        looks += 1
        if looks > SPINS:
            call_plain(give_way)


@entry("void(int64, int64)")
def work(run: Any, thread: Any) -> None:
    """One thread's part in a step.

    Args:
        run: Address of the RUN record.
        thread: Its number. Thread 0 returns last: nobody needs the step's memory any more then.
    """
    r = carray(run_at(run), 1)[0]
    b = carray(batch_at(r.batch), 1)[0]
    frame = r.frames + thread * FRAME_BYTES
    f = carray(frame_at(frame), 1)[0]
    f.scratch = r.scratches + thread * r.scratch_bytes
    last = r.phase_count - 1
    phases = carray(int64_at(r.phases), (last + 1, PHASE_FIELDS))
    arrivals = 0
    for phase in range(last + 1):
        count, chunked = phases[phase, 1], phases[phase, 2] != 0
        calls = carray(int64_at(r.calls + CALL_BYTES * phases[phase, 0]), (count, CALL_FIELDS))
        tasks = (b.images + b.chunk - 1) // b.chunk if chunked else count
        together = chunked and r.together != 0
        f.part = thread if together else 0
        f.parts = r.threads if together else 1
        f.slot = r.slots if together else r.slots + thread * r.slot_bytes
        task = -1
        while True:
            task = task + 1 if together else atomic_add(r.counters + 8 * (1 + phase), 1)
            if task >= tasks:
                break
            if not chunked:
                call_kernel(calls[task, 0], calls[task, 1], r.batch, frame)
                continue
            f.task = task
            f.first = task * b.chunk
            f.count = min(b.chunk, b.images - f.first)
            f.gradients = r.gradients + task * r.gradient_bytes
            for call in range(count):
                if not together or thread == 0 or calls[call, 2] != 0:
                    call_kernel(calls[call, 0], calls[call, 1], r.batch, frame)
                if together:
                    arrivals += r.threads
                    atomic_add(r.counters, 1)
                    _wait(r.counters, arrivals, r.give_way)
        arrivals += r.threads
        atomic_add(r.counters, 1)  # after the last, only thread 0 may touch the step's memory
        if thread == 0 or phase < last:
            _wait(r.counters, arrivals, r.give_way)
