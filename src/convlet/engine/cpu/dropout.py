"""Dropout: which floats are dropped hangs on (seed, step, position in the batch) alone."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import carray

from convlet.engine.cpu.draws import mixed
from convlet.engine.cpu.jit import specialised
from convlet.engine.cpu.simd import floats_at
from convlet.engine.plan import Halo, Op, Plan, Tensor

DROPOUT = np.dtype(
    [
        *[(f"{name}{part}", np.int64) for name in ("x", "y") for part in ("", "_image", "_row")],
        ("rows", np.int64),
        ("length", np.int64),
        ("seed", np.int64),
        ("rate", np.float64),
    ]
)  # fmt: skip


@specialised(DROPOUT)
def drop() -> Any:
    """Computes y = x / (1 - rate) or 0, drawn from (seed, step, position in the batch) alone."""

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        step = mixed(np.uint64(op.seed) ^ mixed(np.uint64(carray(batch, 1)[0].step)))
        scale = np.float32(1.0 / (1.0 - op.rate))
        limit = np.uint64(op.rate * 16777216.0)
        for image in range(f.count):
            for row in range(op.rows):
                x_start = op.x + image * op.x_image + row * op.x_row
                y_start = op.y + image * op.y_image + row * op.y_row
                x = carray(floats_at(f.slot + 4 * x_start), op.length)
                y = carray(floats_at(f.slot + 4 * y_start), op.length)
                number = ((f.first + image) * op.rows + row) * op.length
                for i in range(op.length):
                    draw = mixed(step + np.uint64(number + i)) >> np.uint64(40)
                    y[i] = x[i] * scale if draw >= limit else np.float32(0.0)

    return kernel


class Dropout(Op):
    """Sets a share of the floats to zero in training and scales up the rest.

    The backward pass draws the same numbers again, so that nothing is stored.
    """

    def __init__(self, rate: float, seed: int) -> None:
        self.rate = rate
        self.seed = seed

    def describe(self) -> str:
        """The share of floats that are dropped."""
        return f"dropout of {self.rate:.0%}"

    def forward(self, plan: Plan, x: Tensor, halo: Halo) -> Tensor:
        """Appends the drop in training; nothing in inference."""
        if not self.trains(plan):
            return x
        y = plan.tensor(x.shape, halo)
        self._emit(plan, x, y)
        return y

    def backward(self, plan: Plan, dy: Tensor, propagate: bool) -> Tensor | None:
        """Drops the same floats from the gradient."""
        if not propagate:
            return None
        if not self.trains(plan):
            return dy
        dx = plan.tensor(dy.shape)
        self._emit(plan, dy, dx)
        return dx

    def _emit(self, plan: Plan, x: Tensor, y: Tensor) -> None:
        plan.run(
            drop(), DROPOUT, **x.geometry("x"), **y.geometry("y"), rows=x.rows,
            length=x.row_length, seed=self.seed, rate=self.rate,
        )  # fmt: skip
