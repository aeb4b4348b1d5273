"""Channels that are repeated: what a depthwise convolution with several filters a channel reads."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import carray

from convlet.engine.cpu.jit import share, specialised
from convlet.engine.cpu.simd import floats_at
from convlet.engine.ops import Op
from convlet.engine.plan import Halo, Plan, Tensor

REPEAT = np.dtype(
    [
        *[(f"{name}{part}", np.int64) for name in ("x", "y") for part in ("", "_image", "_row")],
        ("rows", np.int64),
        ("length", np.int64),  # floats of such a row of x
        ("times", np.int64),
    ]
)


@specialised(REPEAT, splits=True)
def repeat() -> Any:
    """Computes y[i times + m] = x[i]."""

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        times = op.times
        begin, end = share(op.rows, f.part, f.parts)
        for image in range(f.count):
            for row in range(begin, end):
                x_start = op.x + image * op.x_image + row * op.x_row
                y_start = op.y + image * op.y_image + row * op.y_row
                x = carray(floats_at(f.slot + 4 * x_start), op.length)
                y = carray(floats_at(f.slot + 4 * y_start), op.length * times)
                for i in range(op.length):
                    for m in range(times):
                        y[i * times + m] = x[i]

    return kernel


@specialised(REPEAT)
def sum_repeated() -> Any:
    """Computes x[i] = sum over m of y[i times + m]: the gradient's way back."""

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        times = op.times
        for image in range(f.count):
            for row in range(op.rows):
                x_start = op.x + image * op.x_image + row * op.x_row
                y_start = op.y + image * op.y_image + row * op.y_row
                x = carray(floats_at(f.slot + 4 * x_start), op.length)
                y = carray(floats_at(f.slot + 4 * y_start), op.length * times)
                for i in range(op.length):
                    total = np.float32(0.0)
                    for m in range(times):
                        total += y[i * times + m]
                    x[i] = total

    return kernel


class RepeatedChannels(Op):
    """Each channel so many times, side by side.

    Args:
        times: How often.
    """

    def __init__(self, times: int) -> None:
        self.times = times

    def describe(self) -> str:
        """How often."""
        return f"each channel {self.times} times"

    def forward(self, plan: Plan, x: Tensor, halo: Halo) -> Tensor:
        """Appends the copy."""
        self.x = x
        y = plan.tensor((*x.shape[:-1], x.channels * self.times), halo)
        self._emit(plan, x, y, repeat())
        return y

    def backward(self, plan: Plan, dy: Tensor, propagate: bool) -> Tensor | None:
        """Appends the sum."""
        if not propagate:
            return None
        dx = plan.tensor(self.x.shape)
        self._emit(plan, dx, dy, sum_repeated())
        return dx

    def _emit(self, plan: Plan, x: Tensor, y: Tensor, kernel: Any) -> None:
        plan.run(
            kernel, REPEAT, **x.geometry("x"), **y.geometry("y"),
            rows=x.rows, length=x.row_length, times=self.times,
        )  # fmt: skip
