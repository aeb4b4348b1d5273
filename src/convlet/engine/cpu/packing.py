"""Copies of weights in the order in which products read them, renewed at the start of each step.

A product reads panels: so many columns, row after row, filled up with zeros. Gradients of inputs
multiply by transposed weights; those copies are made in squares of a vector's length.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import carray, types
from numba.core import cgutils
from numba.extending import intrinsic

from convlet.engine.cpu.jit import specialised
from convlet.engine.cpu.simd import LANES, Vectors, floats_at, literal, padded, tuple_of_int64
from convlet.engine.plan import Plan
from convlet.variable import Variable, aligned_empty

TASK_FLOATS = 16 * 1024
"""About so many floats are copied by one task."""

PACK = np.dtype(
    [
        ("source", np.int64),  # address
        ("source_step", np.int64),  # floats from one row to the next, or to the next column
        ("rows", np.int64),
        ("columns", np.int64),  # at most a panel's
        ("target", np.int64),  # address
        ("target_step", np.int64),  # floats from one row to the next
    ]
)


@specialised(PACK)
def pack() -> Any:
    """Copies rows of a matrix into a panel."""

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        for r in range(op.rows):
            source = carray(floats_at(op.source + 4 * r * op.source_step), op.columns)
            target = carray(floats_at(op.target + 4 * r * op.target_step), op.columns)
            for c in range(op.columns):
                target[c] = source[c]

    return kernel


@intrinsic(prefer_literal=True)
def transpose_square(typing: Any, lanes: Any, *runtime: Any) -> Any:
    """Copies a square of ``lanes`` rows and columns, transposed.

    Run-time args (all int64): source, floats from a row to the next, target, the same there.
    """
    (width,) = literal(lanes)
    signature = types.void(lanes, tuple_of_int64(4))

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        source, source_step, target, target_step = cgutils.unpack_tuple(builder, arguments[-1])
        v = Vectors(builder, width)
        source, target = v.pointer(source), v.pointer(target)

        def row(start: Any, step: Any, number: int) -> Any:
            return v.at(start, builder.mul(step, step.type(number)))

        rows = [v.load(row(source, source_step, number)) for number in range(width)]
        for number, value in enumerate(v.transposed(rows)):
            v.store(value, row(target, target_step, number))
        return context.get_dummy_value()

    return signature, generate


@specialised(PACK)
def pack_transposed() -> Any:
    """Copies columns of a matrix into rows of a panel."""
    lanes = LANES

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        rows, columns = op.rows - op.rows % lanes, op.columns - op.columns % lanes
        for c in range(0, columns, lanes):
            for r in range(0, rows, lanes):
                transpose_square(
                    lanes, op.source + 4 * (c * op.source_step + r), op.source_step,
                    op.target + 4 * (r * op.target_step + c), op.target_step,
                )  # fmt: skip
        for c in range(op.columns):
            source = carray(floats_at(op.source + 4 * c * op.source_step), op.rows)
            for r in range(rows if c < columns else 0, op.rows):
                carray(floats_at(op.target + 4 * (r * op.target_step + c)), 1)[0] = source[r]

    return kernel


def packed(plan: Plan, variable: Variable, columns: int, width: int) -> int:
    """The address of a copy of a matrix in panels; a matrix that is one panel is used in place.

    Args:
        plan: Where the calls go.
        variable: A matrix, row after row.
        columns: Of the matrix.
        width: Of a panel.
    """
    rows = variable.size // columns
    if columns == width:
        return variable.address
    target = _room(plan, rows * padded(columns, width))
    step = max(1, TASK_FLOATS // width)
    for column in range(0, columns, width):
        for first in range(0, rows, step):
            plan.pack(
                pack(), PACK, source=variable.address + 4 * (first * columns + column),
                source_step=columns, rows=min(step, rows - first),
                columns=min(width, columns - column),
                target=target + 4 * (column * rows + first * width), target_step=width,
            )  # fmt: skip
    return target


def packed_transposed(
    plan: Plan, variable: Variable, rows: int, columns: int, width: int, interleaved: bool = False
) -> int:
    """The address of a copy of several matrices, each transposed, in common panels.

    Args:
        plan: Where the calls go.
        variable: Matrices of ``columns`` rows and ``rows`` columns, one after the other.
        rows: Of each matrix's transpose.
        columns: Of each matrix's transpose.
        width: Of a panel.
        interleaved: Whether the first rows of all come first, then the second rows, and so on.
    """
    blocks = variable.size // (rows * columns)
    target = _room(plan, blocks * rows * padded(columns, width))
    apart, next_row = (1, blocks) if interleaved else (rows, 1)
    step = padded(max(1, TASK_FLOATS // width))
    for block in range(blocks):
        for column in range(0, columns, width):
            for first in range(0, rows, step):
                start = (block * columns + column) * rows + first
                there = column * blocks * rows + (block * apart + first * next_row) * width
                plan.pack(
                    pack_transposed(), PACK, source=variable.address + 4 * start,
                    source_step=rows, rows=min(step, rows - first),
                    columns=min(width, columns - column),
                    target=target + 4 * there, target_step=next_row * width,
                )  # fmt: skip
    return target


def _room(plan: Plan, floats: int) -> int:
    """The address of zeros that live as long as the plan."""
    memory = aligned_empty((floats,))
    memory[:] = 0.0
    plan.keep(memory)
    return int(memory.ctypes.data)


def bias_row(plan: Plan, bias: Variable | None, columns: int, width: int) -> int:
    """The address of the bias filled up to whole panels; of zeros where there is none."""
    size = padded(columns, width)
    if bias is None:
        return plan.constant(np.zeros(size, np.float32))
    return packed(plan, bias, columns, size)
