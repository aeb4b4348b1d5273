"""Weights that are used at several places: their gradients are added up, after those of chunks."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import carray
from numpy.typing import NDArray

from convlet.engine.calls import Call
from convlet.engine.cpu.gradients import place_of_row
from convlet.engine.cpu.jit import helper, specialised
from convlet.engine.cpu.simd import floats_at
from convlet.engine.plan import Gradient, Plan

_LAYOUT = ("", "_run", "_run_stride", "_column_stride")

JOIN = np.dtype(
    [(f"{name}{part}", np.int64) for name in ("to", "other") for part in _LAYOUT]
    + [("rows", np.int64), ("columns", np.int64)]
)


@helper
def _row(start: Any, run: Any, run_stride: Any, column_stride: Any, columns: Any, row: Any) -> Any:
    """A row of a gradient."""
    place = place_of_row(columns, run, run_stride, column_stride, row)
    return carray(floats_at(start + 4 * place), (columns - 1) * column_stride + 1)


@specialised(JOIN)
def join() -> Any:
    """Adds one gradient of a variable to another, each in its own layout."""

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        for row in range(op.rows):
            to = _row(
                op.to, op.to_run, op.to_run_stride, op.to_column_stride, op.columns, row
            )  # fmt: skip
            other = _row(
                op.other, op.other_run, op.other_run_stride, op.other_column_stride, op.columns, row
            )
            for c in range(op.columns):
                to[c * op.to_column_stride] += other[c * op.other_column_stride]

    return kernel


def join_calls(plan: Plan, gradients: NDArray[np.float32]) -> list[list[Call]]:
    """What adds up the gradients of shared variables: lists of calls, one list after another.

    Args:
        plan: Has the gradients.
        gradients: The memory of all chunks' gradients; the first row holds their sums.
    """
    rounds: list[list[Call]] = []
    found: dict[int, list[Gradient]] = {}
    for gradient in plan.gradients:
        others = found.setdefault(id(gradient.variable), [])
        if others:
            fields = _fields("to", others[0], gradients) | _fields("other", gradient, gradients)
            rows = gradient.variable.size // gradient.columns
            if len(rounds) < len(others):
                rounds.append([])
            call = plan.call(join(), JOIN, **fields, rows=rows, columns=gradient.columns)
            rounds[len(others) - 1].append(call)
        others.append(gradient)
    return rounds


def _fields(name: str, gradient: Gradient, gradients: NDArray[np.float32]) -> dict[str, int]:
    start = gradients.ctypes.data + 4 * gradient.offset
    layout = (start, gradient.run, gradient.run_stride, gradient.column_stride)
    return {f"{name}{part}": value for part, value in zip(_LAYOUT, layout, strict=True)}
