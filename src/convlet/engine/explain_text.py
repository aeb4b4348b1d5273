"""The table that an explanation of a program prints."""

from __future__ import annotations

from collections.abc import Iterator

from convlet.engine.calls import by
from convlet.engine.explain import Explanation, Operation, PhaseCost, Task

TASK, NUMBER = 26, 12
"""Widths of the columns."""


def text_of(explained: Explanation) -> str:
    """The explanation as a table: times only where they were measured."""
    measured = explained.milliseconds is not None
    titles = ["multiply-adds", "memory", *(["ms", "GFLOP/s"] if measured else [])]
    lines = [
        *_facts(explained),
        "",
        _row("", titles, "kernel, with its tile's rows x vectors"),
    ]
    for operation in explained.operations:
        lines += ["", *_operation(operation, measured)]
    lines += ["", *_phases(explained)]
    return "\n".join(lines)


def _facts(explained: Explanation) -> list[str]:
    measured = explained.milliseconds is not None
    kind = "Training" if explained.training else "Inference"
    count = explained.threads
    memory = f"memory: {explained.slots} x {_kib(explained.slot_bytes)} for tensors"
    memory += f", {count} x {_kib(explained.scratch_bytes)} of scratch"
    if explained.training:
        memory += f", {_kib(explained.gradient_bytes)} for the gradients of all chunks"
    images = f"{by(explained.input_shape)} {explained.dtype}"
    facts = [
        f"{kind}: steps of {explained.images} images, each {images}, "
        f"in chunks of at most {explained.chunk}",
        f"threads: {'' if measured else 'up to '}{count}; floats of a vector: {explained.lanes}",
        memory,
    ]
    if measured:
        facts.append(
            "GFLOP/s: of all threads; what lists and transforms save is counted as if computed"
        )
    return facts


def _operation(operation: Operation, measured: bool) -> Iterator[str]:
    output = f" -> {by(size for size in operation.output)}" if operation.output else ""
    weights = f"; {_kib(operation.weight_bytes)} of weights" if operation.weight_bytes else ""
    yield f"{operation.name}: {operation.work}{output}{weights}"
    if not operation.tasks:
        yield "  no work"
    for task in operation.tasks:
        yield from _task(task, measured)


def _task(task: Task, measured: bool) -> Iterator[str]:
    numbers = [f"{task.multiply_adds:,}" if task.multiply_adds else "", _kib(task.slot_bytes)]
    if measured:
        numbers += [_number(task.milliseconds, 4), _number(task.gflops, 1)]
    first, *others = task.kernels
    yield _row(f"  {task.name}", numbers, first)
    for kernel in others:
        yield _row("", [""] * len(numbers), kernel)
    if task.way:
        yield f"    {task.way}"


def _phases(explained: Explanation) -> Iterator[str]:
    measured = explained.milliseconds is not None
    yield _row("phase", ["tasks", *(["ms", "waiting"] if measured else [])])
    for phase in explained.phases:
        numbers = [f"{phase.tasks}"]
        if measured:
            numbers += [_number(phase.milliseconds, 4), _number(phase.waiting, 4)]
        yield _row(phase.name, numbers)
    if explained.milliseconds is not None:
        spent = sum(map(_spent, explained.phases))
        yield _row("outside the phases", ["", _number(explained.milliseconds - spent, 4)])
        yield _row("whole step", ["", _number(explained.milliseconds, 4)])


def _spent(phase: PhaseCost) -> float:
    return (phase.milliseconds or 0.0) + (phase.waiting or 0.0)


def _row(name: str, numbers: list[str], kernel: str = "") -> str:
    cells = "".join(number.rjust(NUMBER + 2) for number in numbers)
    return f"{name.ljust(TASK)}{cells}  {kernel}".rstrip()


def _kib(size: int) -> str:
    return f"{size / 1024:,.1f} KiB" if size else ""


def _number(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:,.{digits}f}"
