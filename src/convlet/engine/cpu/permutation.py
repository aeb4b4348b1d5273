"""The axes of each sample in another order."""

from __future__ import annotations

from itertools import product as pairs
from math import prod
from typing import Any

import numpy as np
from numba import carray

from convlet.engine.cpu.jit import share, specialised
from convlet.engine.cpu.packing import transpose_square
from convlet.engine.cpu.simd import LANES, floats_at, int32_at
from convlet.engine.ops import Op
from convlet.engine.plan import Halo, Plan, Tensor

PERMUTE = np.dtype(
    [
        ("x", np.int64),  # slot offsets
        ("x_image", np.int64),
        ("y", np.int64),
        ("y_image", np.int64),
        ("matrices", np.int64),
        ("x_starts", np.int64),  # int32 tables: where each matrix starts
        ("y_starts", np.int64),
        ("rows", np.int64),  # of a matrix in x: columns of it in y
        ("columns", np.int64),
        ("x_step", np.int64),  # floats from a row in x to the next
        ("y_step", np.int64),
    ]
)


@specialised(PERMUTE, splits=True)
def permute(transposed: bool) -> Any:
    """Copies matrices, with rows and columns exchanged if ``transposed``."""
    lanes = LANES

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        x_starts = carray(int32_at(op.x_starts), op.matrices)
        y_starts = carray(int32_at(op.y_starts), op.matrices)
        rows, columns, x_step, y_step = op.rows, op.columns, op.x_step, op.y_step
        whole_rows, whole_columns = rows - rows % lanes, columns - columns % lanes
        begin, end = share(op.matrices, f.part, f.parts)
        for image in range(f.count):
            for matrix in range(begin, end):
                x_start = f.slot + 4 * (op.x + image * op.x_image + x_starts[matrix])
                y_start = f.slot + 4 * (op.y + image * op.y_image + y_starts[matrix])
                if not transposed:
                    for row in range(rows):
                        x = carray(floats_at(x_start + 4 * row * x_step), columns)
                        y = carray(floats_at(y_start + 4 * row * y_step), columns)
                        for column in range(columns):
                            y[column] = x[column]
                    continue
                for row in range(0, whole_rows, lanes):
                    for column in range(0, whole_columns, lanes):
                        transpose_square(
                            lanes, x_start + 4 * (row * x_step + column), x_step,
                            y_start + 4 * (column * y_step + row), y_step,
                        )  # fmt: skip
                for column in range(columns):
                    y = carray(floats_at(y_start + 4 * column * y_step), rows)
                    for row in range(whole_rows if column < whole_columns else 0, rows):
                        x = carray(floats_at(x_start + 4 * (row * x_step + column)), 1)
                        y[row] = x[0]

    return kernel


class Permutation(Op):
    """Axis ``a`` of the output is axis ``order[a]`` of the input, counted from 0.

    Where the last axis stays the last, rows are copied. Where it doesn't, the output consists of
    matrices of the input, transposed: their columns run along the input's last axis, their rows
    along the axis that becomes the last.
    """

    def __init__(self, order: tuple[int, ...]) -> None:
        self.order = order

    def describe(self) -> str:
        """Where each axis comes from."""
        return f"axes in the order {tuple(axis + 1 for axis in self.order)}"

    def forward(self, plan: Plan, x: Tensor, halo: Halo) -> Tensor:
        """Appends the copy."""
        self.input_shape = x.shape
        y = plan.tensor(tuple(x.shape[axis] for axis in self.order), halo)
        self._emit(plan, x, y, self.order)
        return y

    def backward(self, plan: Plan, dy: Tensor, propagate: bool) -> Tensor | None:
        """Appends the copy back."""
        if not propagate:
            return None
        dx = plan.tensor(self.input_shape)
        self._emit(plan, dy, dx, tuple(self.order.index(axis) for axis in range(len(self.order))))
        return dx

    def _emit(self, plan: Plan, x: Tensor, y: Tensor, order: tuple[int, ...]) -> None:
        x_strides = [_strides(x)[axis] for axis in order]  # by the output's axes
        y_strides = _strides(y)
        across, last = order.index(len(order) - 1), len(order) - 1
        transposed = across != last
        # Without a transposition the rows are the axis before the last, where there is one.
        down = last if transposed else last - 1
        others = [axis for axis in range(len(order)) if axis not in (across, down)]
        corners = list(pairs(*(range(y.shape[axis]) for axis in others)))
        starts = [
            np.array(
                [sum(i * strides[axis] for i, axis in zip(corner, others, strict=True))
                 for corner in corners], np.int32,
            )
            for strides in (x_strides, y_strides)
        ]  # fmt: skip
        plan.run(
            permute(transposed), PERMUTE, x=x.offset, x_image=x.image_stride, y=y.offset,
            y_image=y.image_stride, matrices=len(corners), x_starts=plan.constant(starts[0]),
            y_starts=plan.constant(starts[1]), rows=y.shape[down] if down >= 0 else 1,
            columns=y.shape[across], x_step=x_strides[down],
            y_step=y_strides[across if transposed else down],
        )  # fmt: skip


def _strides(x: Tensor) -> list[int]:
    """Floats from one index of each axis to the next."""
    strides = [prod(x.shape[axis + 1 :]) for axis in range(len(x.shape))]
    if x.is_image:
        strides[0] = x.row_stride
    return strides
