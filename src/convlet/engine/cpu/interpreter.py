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

from convlet.engine.cpu.jit import BATCH, FRAME, Entry, helper
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
        ("times", np.int64),  # address of `places` int64 for each thread, or 0: nanoseconds
        ("places", np.int64),  # of each call, then of waiting in each phase
        ("clock", np.int64),  # address of the clock: see threads.clock_address
    ]
)
"""What the threads of a step need to know."""

FRAME_BYTES = FRAME.itemsize
CALL_BYTES = 8 * CALL_FIELDS

run_at = typed_view(numba.from_dtype(RUN))
batch_at = typed_view(numba.from_dtype(BATCH))
frame_at = typed_view(numba.from_dtype(FRAME))


@helper
def _now(run: Any) -> Any:
    """The time, if the step is measured."""
    return read_clock(run.clock) if run.times != 0 else 0


@helper
def _add_time(run: Any, thread: Any, place: Any, began: Any) -> None:
    """Adds the time since then to a place of the thread's, if the step is measured."""
    if run.times != 0:
        times = carray(int64_at(run.times), (run.threads, run.places))
        times[thread, place] += read_clock(run.clock) - began


@helper
def _call(run: Any, thread: Any, number: Any) -> None:
    """Calls a kernel with its record."""
    call = carray(int64_at(run.calls + CALL_BYTES * number), CALL_FIELDS)
    began = _now(run)
    call_kernel(call[0], call[1], run.batch, run.frames + thread * FRAME_BYTES)
    _add_time(run, thread, number, began)


@helper
def _wait(run: Any, thread: Any, phase: Any, goal: Any) -> None:
    """Waits until so many threads have arrived."""
    began = _now(run)
    looks = 0
    while atomic_load(run.counters) < goal:
        looks += 1
        if looks > SPINS:
            call_plain(run.give_way)
    _add_time(run, thread, run.places - run.phase_count + phase, began)


@Entry
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
        first, count, chunked = phases[phase, 0], phases[phase, 1], phases[phase, 2] != 0
        calls = carray(int64_at(r.calls + CALL_BYTES * first), (count, CALL_FIELDS))
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
                _call(r, thread, first + task)
                continue
            f.task = task
            f.first = task * b.chunk
            f.count = min(b.chunk, b.images - f.first)
            f.gradients = r.gradients + task * r.gradient_bytes
            for call in range(count):
                if not together or thread == 0 or calls[call, 2] != 0:
                    _call(r, thread, first + call)
                if together:
                    arrivals += r.threads
                    atomic_add(r.counters, 1)
                    _wait(r, thread, phase, arrivals)
        arrivals += r.threads
        atomic_add(r.counters, 1)  # after the last, only thread 0 may touch the step's memory
        if thread == 0 or phase < last:
            _wait(r, thread, phase, arrivals)
