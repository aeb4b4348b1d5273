"""A program explained: what each op became, by which kernels, at what cost.

`explain` reads the facts off a program; printing them is in `explain_text`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from convlet.engine import threads
from convlet.engine.calls import Call, Label, Part, by
from convlet.engine.cpu.simd import LANES

if TYPE_CHECKING:
    from convlet.engine.context import Phase, Table
    from convlet.engine.program import Program
    from convlet.engine.stopwatch import Stopwatch

FLOAT_BYTES = 4


@dataclass(frozen=True)
class Task:
    """One thing that an op computes for each chunk.

    Attributes:
        direction: "forward" or "backward".
        name: "output", "weight gradient", "input gradient", …
        way: How it is computed, and why so; empty where there is no choice.
        kernels: Module, name and register tile (rows x vectors) of each kernel, in order.
        multiply_adds: An image's, counted as if nothing were skipped.
        slot_bytes: What it takes of a thread's memory, for a whole chunk.
        milliseconds: Of a step: of all threads, divided by their number; None if not measured.
        gflops: Billions of operations a second, two a multiply-add; None where none is counted.
    """

    direction: str
    name: str
    way: str
    kernels: tuple[str, ...]
    multiply_adds: int
    slot_bytes: int
    milliseconds: float | None = None
    gflops: float | None = None


@dataclass(frozen=True)
class Operation:
    """One op of a program: a layer, or several computed as one.

    Attributes:
        name: The names of its layers; "images", "loss" or "predictions".
        work: What it computes.
        output: The shape of an image's result.
        weight_bytes: What its weights take.
        tasks: Forward, then backward; none where nothing has to be computed.
    """

    name: str
    work: str
    output: tuple[int | None, ...]
    weight_bytes: int
    tasks: tuple[Task, ...]


@dataclass(frozen=True)
class PhaseCost:
    """One phase of a step, up to the end of its last task.

    Attributes:
        name: "fold", "pack", "transform", "chunks", "sums", "penalties", "gathering", "norms",
            "updates", "whole updates" or "averages"; "chunks 1", "batch 1", "chunks 2" and so on
            where something of the whole batch lies in between.
        tasks: Into how many pieces it is cut, which threads share.
        milliseconds: Of its tasks in a step, a thread's on average; None if not measured.
        waiting: Milliseconds that a thread waits for others, on average.
    """

    name: str
    tasks: int
    milliseconds: float | None = None
    waiting: float | None = None


@dataclass(frozen=True)
class Explanation:
    """What a network was lowered to; `print` it.

    Attributes:
        training: Whether the program trains.
        images: How many a step takes.
        input_shape: Of an image.
        dtype: What images consist of.
        chunk: The most images that are walked through the ops together.
        threads: How many compute; before a measurement, how many may.
        lanes: Floats of a vector.
        slots: How many chunks' tensors are in memory: one chunk's for each thread, or all.
        slot_bytes: Memory for a chunk's tensors.
        scratch_bytes: Memory of each thread that a kernel needs while it runs.
        gradient_bytes: Memory for the gradients of all chunks.
        operations: The ops, in forward order.
        phases: The phases of a step.
        milliseconds: Of a whole step; None if not measured.
    """

    training: bool
    images: int
    input_shape: tuple[int, ...]
    dtype: str
    chunk: int
    threads: int
    lanes: int
    slots: int
    slot_bytes: int
    scratch_bytes: int
    gradient_bytes: int
    operations: tuple[Operation, ...]
    phases: tuple[PhaseCost, ...]
    milliseconds: float | None = None

    def __str__(self) -> str:
        from convlet.engine.explain_text import text_of

        return text_of(self)


def explain(
    program: Program, images: int, dtype: str = "float32", stopwatch: Stopwatch | None = None,
    milliseconds: float | None = None,
) -> Explanation:  # fmt: skip
    """Explains a program.

    Args:
        program: The program; its kernels are compiled here if they are not yet.
        images: How many a step takes.
        dtype: What images consist of: "uint8", "float32" or "float64".
        stopwatch: Has measured steps of so many such images.
        milliseconds: What a step took in all.
    """
    plan, tables = program.planned(dtype)
    chunks = -(-images // plan.chunk)
    phases = [phase for table in tables for phase in table.phases]
    calls, waiting = _times(tables, stopwatch)
    count = stopwatch.threads(tables[-1]) if stopwatch else threads.get_threads()
    return Explanation(
        training=plan.training,
        images=images,
        input_shape=program.input_shapes[0],
        dtype=dtype,
        chunk=plan.chunk,
        threads=count,
        lanes=LANES,
        slots=chunks if tables[-1].staged else count,
        slot_bytes=FLOAT_BYTES * plan.slot_size,
        scratch_bytes=FLOAT_BYTES * plan.scratch_size,
        gradient_bytes=FLOAT_BYTES * plan.gradient_size * chunks,
        operations=_operations(plan.parts, images, calls),
        phases=tuple(_phase_cost(phase, chunks, calls, waiting) for phase in phases),
        milliseconds=milliseconds,
    )


def _times(
    tables: list[Table], stopwatch: Stopwatch | None
) -> tuple[dict[Call, float], dict[str, float]]:
    """Milliseconds of each call, and of waiting in each phase, as far as they were measured."""
    calls: dict[Call, float] = {}
    waiting: dict[str, float] = {}
    for table in tables:
        times = stopwatch.times(table) if stopwatch else None
        if times is not None:
            made = [call for phase in table.phases for call in phase.calls]
            names = [phase.name for phase in table.phases]
            calls |= dict(zip(made, times.calls.tolist(), strict=True))
            waiting |= dict(zip(names, times.waiting.tolist(), strict=True))
    return calls, waiting


def _phase_cost(
    phase: Phase, chunks: int, calls: dict[Call, float], waiting: dict[str, float]
) -> PhaseCost:
    tasks = chunks if phase.chunked else len(phase.calls)
    if phase.name not in waiting:
        return PhaseCost(phase.name, tasks)
    milliseconds = sum(calls[call] for call in phase.calls)
    return PhaseCost(phase.name, tasks, milliseconds, waiting[phase.name])


def _operations(parts: list[Part], images: int, times: dict[Call, float]) -> tuple[Operation, ...]:
    """The parts of a plan, put together by the op that they belong to."""
    tasks: dict[Label, list[Task]] = {}
    for part in parts:
        found = tasks.setdefault(part.label, [])
        if part.calls:
            found.append(_task(part, images, times))
    return tuple(
        Operation(label.name, label.work, label.output, FLOAT_BYTES * label.weights, tuple(found))
        for label, found in tasks.items()
        if label.name
    )


def _task(part: Part, images: int, times: dict[Call, float]) -> Task:
    milliseconds = sum(times[call] for call in part.calls) if times else None
    gflops = None
    if milliseconds and part.multiply_adds:
        gflops = 2e-6 * part.multiply_adds * images / milliseconds
    return Task(
        part.direction, part.task, part.way, _kernels(part.calls), part.multiply_adds,
        FLOAT_BYTES * part.floats, milliseconds, gflops,
    )  # fmt: skip


def _kernels(calls: list[Call]) -> tuple[str, ...]:
    """Each kernel with what it was compiled for, and how often it is called if more than once."""
    counts = Counter(_kernel(call) for call in calls)
    return tuple(name if count == 1 else f"{count} x {name}" for name, count in counts.items())


def _kernel(call: Call) -> str:
    settings = call.kernel.settings
    words = [call.kernel.source, *(value for value in settings.values() if isinstance(value, str))]
    if "vectors" in settings:
        rows = settings.get("rows", settings.get("segments", 1))
        words.append(by((rows, settings["vectors"])))
    return " ".join(word for word in words if word)
