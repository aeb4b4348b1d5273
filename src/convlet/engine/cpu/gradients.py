"""The gradients of a step: the sum over its chunks, and how they lie in memory.

They are treated slice by slice; each slice is a task of its own, and since every element is treated
alone it does not matter which thread takes which slice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numba import carray
from numpy.typing import NDArray

from convlet.engine.calls import Call
from convlet.engine.cpu.jit import helper, specialised
from convlet.engine.cpu.simd import floats_at
from convlet.engine.plan import Gradient, Plan
from convlet.variable import Variable

SLICE = 8192
"""Floats that one task treats."""

SUM = np.dtype(
    [
        ("gradients", np.int64),  # address of the first chunk's gradients
        ("stride", np.int64),  # floats from one chunk's gradients to the next's
        ("start", np.int64),
        ("length", np.int64),
    ]
)


@specialised(SUM)
def sum_chunks() -> Any:
    """Adds the chunks' gradients to the first chunk's, in the order of the chunks."""

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        b = carray(batch, 1)[0]
        chunks = (b.images + b.chunk - 1) // b.chunk
        total = carray(floats_at(op.gradients + 4 * op.start), op.length)
        for chunk in range(1, chunks):
            start = op.gradients + 4 * (chunk * op.stride + op.start)
            gradient = carray(floats_at(start), op.length)
            for i in range(op.length):
                total[i] += gradient[i]

    return kernel


def sum_calls(plan: Plan, gradients: NDArray[np.float32]) -> list[Call]:
    """The calls that sum all chunks' gradients, which lie one row a chunk."""
    return [
        plan.call(
            sum_chunks(), SUM, gradients=gradients.ctypes.data, stride=gradients.shape[1],
            start=start, length=min(SLICE, plan.gradient_size - start),
        )
        for start in range(0, plan.gradient_size, SLICE)
    ]  # fmt: skip


CLEAR = np.dtype([("start", np.int64), ("length", np.int64)])


@specialised(CLEAR)
def clear() -> Any:
    """Makes a gradient of a chunk zero."""

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        gradient = carray(floats_at(f.gradients + 4 * op.start), op.length)
        for i in range(op.length):
            gradient[i] = np.float32(0.0)

    return kernel


def emit_unreached(plan: Plan, variables: Iterable[Variable]) -> None:
    """Appends gradients of zero for penalised variables that no loss hangs on.

    What their regularizers ask for is added to these.

    Args:
        plan: Has the gradients of all others.
        variables: Those that are trained.
    """
    reached = {id(gradient.variable) for gradient in plan.gradients}
    for variable in variables:
        if variable.regularizer is not None and id(variable) not in reached:
            plan.run(clear(), CLEAR, start=plan.gradient(variable), length=variable.size)


MATRIX = [
    ("weights", np.int64),  # address of the variable
    ("gradient", np.int64),  # address of its summed gradient
    ("columns", np.int64),  # layout: see plan.Gradient
    ("run", np.int64),
    ("run_stride", np.int64),
    ("column_stride", np.int64),
    ("first_row", np.int64),  # this task's part of the variable
    ("rows", np.int64),
]
"""The fields of a record that name some rows of a variable and of its gradient."""


def matrix_of(gradient: Gradient, gradients: NDArray[np.float32]) -> dict[str, int]:
    """The fields of `MATRIX` for a whole variable."""
    return {
        "weights": gradient.variable.address,
        "gradient": gradients.ctypes.data + 4 * gradient.offset,
        "columns": gradient.columns,
        "run": gradient.run,
        "run_stride": gradient.run_stride,
        "column_stride": gradient.column_stride,
        "first_row": 0,
        "rows": gradient.variable.size // gradient.columns,
    }


def slices(matrix: dict[str, int]) -> Iterator[dict[str, int]]:
    """The same fields for slices of its rows."""
    step = max(1, SLICE // matrix["columns"])
    for first in range(0, matrix["rows"], step):
        rows = min(step, matrix["rows"] - first)
        yield {**matrix, "first_row": first, "rows": rows}


@helper
def place_of_row(columns: Any, run: Any, run_stride: Any, column_stride: Any, row: Any) -> Any:
    """Where in a gradient a row starts, in floats; the layout is that of plan.Gradient."""
    if column_stride == 1:
        return row * columns
    return row // run * run_stride + row % run


@helper
def row_start(op: Any, row: Any) -> Any:
    """Address of a gradient row's first element."""
    place = place_of_row(op.columns, op.run, op.run_stride, op.column_stride, row)
    return op.gradient + 4 * place
