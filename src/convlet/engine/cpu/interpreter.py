"""Runs a program: threads take tasks, and walk each through its calls.

A program is a list of phases, each of which begins when all tasks of the one before are done. The
tasks of a phase are either the batch's chunks, each of which makes all the phase's calls, or the
calls themselves. Which thread takes which task is left to chance; no result depends on it.

Where chunks are walked through in several phases, with calls for the whole batch in between, each
chunk has a slot of its own, so that the next phase finds what the one before left there.

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
    atomic_exchange,
    atomic_load,
    atomic_store,
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
LAST_LOOKS = 50_000
"""How often a helper looks for another step before it goes to sleep: some ten microseconds."""
LINGERING, AWAY = -1, -2
"""What a gate holds while its helper looks out for the next step, and when it went to sleep."""

RUN = np.dtype(
    [
        ("phases", np.int64),  # address of PHASE_FIELDS int64 for each phase
        ("phase_count", np.int64),
        ("calls", np.int64),  # address of CALL_FIELDS int64 for each call
        ("counters", np.int64),  # address of int64, 0 at the start: see `_counter`
        ("gates", np.int64),  # address of an int64 for each thread: see `work`
        ("threads", np.int64),  # how many work on the step
        ("together", np.int64),  # whether they share each chunk
        ("batch", np.int64),  # address of the BATCH record
        ("frames", np.int64),  # address of a FRAME record for each thread
        ("slots", np.int64),  # address of the first slot
        ("slot_bytes", np.int64),  # from one slot to the next
        ("slot_of_chunk", np.int64),  # whether each chunk has a slot; else each thread has one
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
def _counter(run: Any, phase: Any, number: Any) -> Any:
    """Address of a counter: of a phase, tasks taken (0) and done (1).

    Before the first phase: threads that left (0) and, where they share chunks, arrived (1).
    """
    return run.counters + 8 * (2 * (phase + 1) + number)


@helper
def _wait(run: Any, thread: Any, phase: Any, counter: Any, goal: Any) -> None:
    """Waits until a counter is so high."""
    began = _now(run)
    looks = 0
    while atomic_load(counter) < goal:
        looks += 1
        if looks > SPINS:
            call_plain(run.give_way)
    _add_time(run, thread, run.places - run.phase_count + phase, began)


@helper
def _take_tasks(run: Any, thread: Any, phase: Any, calls: Any, tasks: Any, chunked: Any) -> None:
    """Takes tasks until there are no more, and waits until all are done."""
    b = carray(batch_at(run.batch), 1)[0]
    f = carray(frame_at(run.frames + thread * FRAME_BYTES), 1)[0]
    f.part, f.parts, f.slot = 0, 1, run.slots + thread * run.slot_bytes
    f.gradients = run.gradients
    while True:
        task = atomic_add(_counter(run, phase, 0), 1)
        if task >= tasks:
            break
        if chunked:
            if run.slot_of_chunk != 0:
                f.slot = run.slots + task * run.slot_bytes
            _start_chunk(run, b, f, task)
            for call in range(calls[0], calls[1]):
                _call(run, thread, call)
        else:
            _call(run, thread, calls[0] + task)
        atomic_add(_counter(run, phase, 1), 1)
    if thread == 0 or phase + 1 < run.phase_count:
        _wait(run, thread, phase, _counter(run, phase, 1), tasks)


@helper
def _share_chunks(run: Any, thread: Any, phase: Any, calls: Any, tasks: Any) -> None:
    """Walks through each chunk with the other threads, all in one slot."""
    b = carray(batch_at(run.batch), 1)[0]
    f = carray(frame_at(run.frames + thread * FRAME_BYTES), 1)[0]
    f.part, f.parts, f.slot = thread, run.threads, run.slots
    arrivals = 0
    for task in range(tasks):
        _start_chunk(run, b, f, task)
        for call in range(calls[0], calls[1]):
            splits = carray(int64_at(run.calls + CALL_BYTES * call), CALL_FIELDS)[2] != 0
            if thread == 0 or splits:
                _call(run, thread, call)
            arrivals += run.threads
            atomic_add(_counter(run, -1, 1), 1)
            _wait(run, thread, phase, _counter(run, -1, 1), arrivals)


@helper
def _start_chunk(run: Any, b: Any, f: Any, task: Any) -> None:
    """Says in the frame which chunk comes."""
    f.task = task
    f.first = task * b.chunk
    f.count = min(b.chunk, b.images - f.first)
    f.gradients = run.gradients + task * run.gradient_bytes


@helper
def _close(run: Any, step: Any) -> None:
    """Keeps out the threads that have not come yet, and waits until the others have left."""
    entered = 0
    for thread in range(1, run.threads):
        if not atomic_exchange(run.gates + 8 * thread, 2 * step, 2 * step + 1):
            entered += 1
    _wait(run, 0, run.phase_count - 1, _counter(run, -1, 0), entered)


@helper
def _walk(run: Any, thread: Any) -> None:
    """Goes through all phases."""
    b = carray(batch_at(run.batch), 1)[0]
    f = carray(frame_at(run.frames + thread * FRAME_BYTES), 1)[0]
    f.scratch = run.scratches + thread * run.scratch_bytes
    f.gradient_bytes = run.gradient_bytes
    phases = carray(int64_at(run.phases), (run.phase_count, PHASE_FIELDS))
    for phase in range(run.phase_count):
        first, count, chunked = phases[phase, 0], phases[phase, 1], phases[phase, 2] != 0
        calls = (first, first + count)
        tasks = (b.images + b.chunk - 1) // b.chunk if chunked else count
        if chunked and run.together != 0:
            _share_chunks(run, thread, phase, calls, tasks)
        else:
            _take_tasks(run, thread, phase, calls, tasks, chunked)


@helper
def _linger(gate: Any) -> Any:
    """Looks at a gate for a while; returns what it holds in the end.

    It doesn't offer the core meanwhile: where many want it, that could take long, and another
    program may wait for this helper.
    """
    looks = 0
    while atomic_load(gate) == LINGERING and looks < LAST_LOOKS:
        looks += 1
    if atomic_exchange(gate, LINGERING, AWAY):
        return AWAY
    return atomic_load(gate)


@Entry
def work(run: Any, thread: Any, step: Any) -> None:
    """One thread's part in a step; a helper's in those that follow soon, too.

    Nobody waits for a thread that the system lets run late: who comes finds the tasks that are
    left, and a closed gate when the step is over. A gate holds twice the step's number, and one
    more as soon as its thread has entered or may not enter any more; then `LINGERING` while the
    helper looks out for the next step, which is sooner begun than by a thread that sleeps.

    Args:
        run: Address of the RUN record.
        thread: Its number. Thread 0 returns last: nobody needs the step's memory any more then.
        step: The step's number, another one each time.
    """
    r = carray(run_at(run), 1)[0]
    if thread == 0:
        _walk(r, 0)
        _close(r, step)
        return
    gate = r.gates + 8 * thread
    opened = 2 * step
    while opened >= 0:
        if atomic_exchange(gate, opened, opened + 1):
            _walk(r, thread)
            left = _counter(r, -1, 0)
            atomic_exchange(gate, opened + 1, LINGERING)
            atomic_add(left, 1)
        elif not atomic_exchange(gate, opened + 1, LINGERING):
            return  # called for a step that is long over
        opened = _linger(gate) & -2


@Entry
def open_gate(gates: Any, thread: Any, step: Any, asleep: Any) -> None:
    """Lets a thread into a step, and says whether it must be woken: whether nobody looks out.

    Args:
        gates: Address of the gates.
        thread: Its number.
        step: The step's number.
        asleep: Address of an int64 for each thread, for the answer.
    """
    gate = gates + 8 * thread
    looks_out = atomic_exchange(gate, LINGERING, 2 * step)
    if not looks_out:
        atomic_store(gate, 2 * step)
    carray(int64_at(asleep), thread + 1)[thread] = 0 if looks_out else 1
