"""A rectifier that learns its slope: y = x where x > 0, else alpha x."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import carray

from convlet.engine.cpu.broadcasting import spread
from convlet.engine.cpu.jit import share, specialised
from convlet.engine.cpu.simd import floats_at, int32_at
from convlet.engine.ops import Op
from convlet.engine.plan import Halo, Plan, Tensor
from convlet.variable import Variable

PRELU = np.dtype(
    [
        *[(f"{name}{part}", np.int64) for name in ("x", "y", "dy", "dx")
          for part in ("", "_image", "_row")],
        ("rows", np.int64),
        ("pieces", np.int64),  # in a row; see `broadcasting.Spread`
        ("length", np.int64),  # of a piece
        ("starts", np.int64),  # int32 table: where in alpha each piece starts
        ("alpha", np.int64),  # address
        ("slopes", np.int64),  # how many values it has
        ("gradient", np.int64),  # offset of its gradient in the chunk's gradients
    ]
)  # fmt: skip


@specialised(PRELU, splits=True)
def rectify(shared: bool) -> Any:
    """Computes y; ``shared`` says that all floats of a piece have one slope."""
    step = 0 if shared else 1

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        starts = carray(int32_at(op.starts), op.rows * op.pieces)
        begin, end = share(op.rows * op.pieces, f.part, f.parts)
        for image in range(f.count):
            for number in range(begin, end):
                row, at = number // op.pieces, number % op.pieces * op.length
                x_start = op.x + image * op.x_image + row * op.x_row + at
                y_start = op.y + image * op.y_image + row * op.y_row + at
                x = carray(floats_at(f.slot + 4 * x_start), op.length)
                y = carray(floats_at(f.slot + 4 * y_start), op.length)
                alpha = carray(floats_at(op.alpha + 4 * starts[number]), op.length)
                for i in range(op.length):
                    y[i] = x[i] if x[i] > np.float32(0.0) else alpha[i * step] * x[i]

    return kernel


@specialised(PRELU)
def rectify_gradient(shared: bool, trainable: bool) -> Any:
    """Computes dx, and the gradient of alpha: the sum of dy x over the floats below 0."""
    step = 0 if shared else 1

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        starts = carray(int32_at(op.starts), op.rows * op.pieces)
        if trainable:
            carray(floats_at(f.gradients + 4 * op.gradient), op.slopes)[:] = np.float32(0.0)
        for image in range(f.count):
            for number in range(op.rows * op.pieces):
                row, at = number // op.pieces, number % op.pieces * op.length
                x_start = op.x + image * op.x_image + row * op.x_row + at
                dy_start = op.dy + image * op.dy_image + row * op.dy_row + at
                dx_start = op.dx + image * op.dx_image + row * op.dx_row + at
                x = carray(floats_at(f.slot + 4 * x_start), op.length)
                dy = carray(floats_at(f.slot + 4 * dy_start), op.length)
                dx = carray(floats_at(f.slot + 4 * dx_start), op.length)
                alpha = carray(floats_at(op.alpha + 4 * starts[number]), op.length)
                if trainable:
                    place = f.gradients + 4 * (op.gradient + starts[number])
                    dalpha = carray(floats_at(place), op.length)
                    total = 0.0
                    for i in range(op.length):
                        part = np.float32(0.0) if x[i] > np.float32(0.0) else dy[i] * x[i]
                        if shared:
                            total += np.float64(part)
                        else:
                            dalpha[i] += part
                    if shared:
                        dalpha[0] += np.float32(total)
                for i in range(op.length):
                    dx[i] = dy[i] * (np.float32(1.0) if x[i] > np.float32(0.0) else alpha[i * step])

    return kernel


class PReLU(Op):
    """y = x where x > 0, else alpha x.

    Args:
        alpha: Slopes, of an image's shape with size 1 along some axes.
        trainable: Whether they get gradients.
    """

    def __init__(self, alpha: Variable, trainable: bool) -> None:
        self.alpha = alpha
        self.trainable = trainable

    def describe(self) -> str:
        """Its name."""
        return "relu with learned slopes"

    def forward(self, plan: Plan, x: Tensor, halo: Halo) -> Tensor:
        """Appends one pass over the tensor."""
        self.x = x
        self.pieces = spread(x, self.alpha.shape)
        y = plan.tensor(x.shape, halo)
        plan.run(rectify(not self.pieces.step), PRELU, **y.geometry("y"), **self._fields(plan))
        return y

    def backward(self, plan: Plan, dy: Tensor, propagate: bool) -> Tensor | None:
        """Appends dx and the gradient of the slopes."""
        if not (propagate or self.trainable):
            return None
        dx = plan.tensor(self.x.shape)
        plan.run(
            rectify_gradient(not self.pieces.step, self.trainable), PRELU,
            **dy.geometry("dy"), **dx.geometry("dx"), **self._fields(plan),
            gradient=plan.gradient(self.alpha) if self.trainable else 0,
        )  # fmt: skip
        return dx if propagate else None

    def _fields(self, plan: Plan) -> dict[str, int]:
        starts, length, _ = self.pieces
        return {
            **self.x.geometry("x"),
            "rows": self.x.rows,
            "pieces": len(starts) // self.x.rows,
            "length": length,
            "starts": plan.constant(starts),
            "alpha": self.alpha.address,
            "slopes": self.alpha.size,
        }
