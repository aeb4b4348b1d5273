"""Activations for which all floats along an axis compete: softmax and its kin."""

from __future__ import annotations

import math
from math import prod
from typing import Any, NamedTuple

import numpy as np
from numba import carray

from convlet.engine.cpu import float_math
from convlet.engine.cpu.elementwise import as_contiguous
from convlet.engine.cpu.jit import helper, share, specialised
from convlet.engine.cpu.simd import floats_at
from convlet.engine.ops import Op
from convlet.engine.plan import Halo, Plan, Tensor

ROWS = np.dtype(
    [
        ("x", np.int64),
        ("y", np.int64),
        ("dy", np.int64),
        ("dx", np.int64),
        ("outer", np.int64),  # how often the axis lies in an image: before it in the shape,
        ("inner", np.int64),  # and behind it; as far apart are the floats of a row
        ("length", np.int64),  # of the axis
    ]
)


class RowFormula(NamedTuple):
    """A function of rows, whose floats lie ``step`` apart.

    Attributes:
        forward: (x, y, length, step) writes y.
        backward: (y, dy, dx, length, step) writes dx.
    """

    forward: Any
    backward: Any


@helper
def _largest(x: Any, length: Any, step: Any) -> Any:
    largest = x[0]
    for i in range(1, length):
        value = x[i * step]
        largest = value if value > largest else largest
    return largest


@helper
def _softmax(x: Any, y: Any, length: Any, step: Any) -> None:
    largest = _largest(x, length, step)
    total = 0.0
    for i in range(length):
        power = float_math.exp(x[i * step] - largest)
        y[i * step] = power
        total += np.float64(power)
    scale = np.float32(1.0 / total)
    for i in range(length):
        y[i * step] *= scale


@helper
def _softmax_gradient(y: Any, dy: Any, dx: Any, length: Any, step: Any) -> None:
    """Computes dx = y (dy - sum dy y)."""
    pulled = 0.0
    for i in range(length):
        pulled += np.float64(dy[i * step]) * y[i * step]
    for i in range(length):
        dx[i * step] = y[i * step] * (dy[i * step] - np.float32(pulled))


@helper
def _log_softmax(x: Any, y: Any, length: Any, step: Any) -> None:
    largest = _largest(x, length, step)
    total = 0.0
    for i in range(length):
        total += np.float64(float_math.exp(x[i * step] - largest))
    log_total = np.float32(math.log(total))
    for i in range(length):
        y[i * step] = (x[i * step] - largest) - log_total


@helper
def _log_softmax_gradient(y: Any, dy: Any, dx: Any, length: Any, step: Any) -> None:
    """Computes dx = dy - exp(y) sum dy."""
    total = 0.0
    for i in range(length):
        total += np.float64(dy[i * step])
    for i in range(length):
        dx[i * step] = dy[i * step] - float_math.exp(y[i * step]) * np.float32(total)


@helper
def _sparsemax(x: Any, y: Any, length: Any, step: Any) -> None:
    """Computes y = max(x - bound, 0), which sums to 1.

    The bound for which the floats above it would do that is raised until it leaves none below
    (Michelot, 1986).
    """
    before = -1
    kept = 0
    bound = -math.inf
    while kept != before:
        before = kept
        kept = 0
        total = 0.0
        for i in range(length):
            if x[i * step] > bound:
                kept += 1
                total += np.float64(x[i * step])
        if kept > 0:  # none is above infinity
            bound = (total - 1.0) / kept
    for i in range(length):
        above = np.float32(np.float64(x[i * step]) - bound)
        y[i * step] = np.float32(0.0) if above < np.float32(0.0) else above


@helper
def _sparsemax_gradient(y: Any, dy: Any, dx: Any, length: Any, step: Any) -> None:
    """Computes dx = dy minus its mean, over the floats that are not 0."""
    total = 0.0
    kept = 0
    for i in range(length):
        if y[i * step] > np.float32(0.0):
            total += np.float64(dy[i * step])
            kept += 1
    mean = np.float32(total / kept)
    for i in range(length):
        above = y[i * step] > np.float32(0.0)
        dx[i * step] = dy[i * step] - mean if above else np.float32(0.0)


ROW_FORMULAS = {
    "log_softmax": RowFormula(_log_softmax, _log_softmax_gradient),
    "softmax": RowFormula(_softmax, _softmax_gradient),
    "sparsemax": RowFormula(_sparsemax, _sparsemax_gradient),
}
"""By their names in `convlet.activations`."""


@specialised(ROWS, splits=True)
def apply_to_rows(name: str, last: bool) -> Any:
    """Computes y = f(x) along an axis; ``last`` says that its floats follow each other."""
    function = ROW_FORMULAS[name].forward

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        step = 1 if last else op.inner
        span = (op.length - 1) * step + 1
        begin, end = share(f.count * op.outer * op.inner, f.part, f.parts)
        for row in range(begin, end):
            place = row // op.inner * op.length * op.inner + row % op.inner
            x = carray(floats_at(f.slot + 4 * (op.x + place)), span)
            y = carray(floats_at(f.slot + 4 * (op.y + place)), span)
            function(x, y, op.length, step)

    return kernel


@specialised(ROWS)
def apply_gradient_to_rows(name: str, last: bool) -> Any:
    """Computes dx from y = f(x) and dy."""
    function = ROW_FORMULAS[name].backward

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        step = 1 if last else op.inner
        span = (op.length - 1) * step + 1
        for row in range(f.count * op.outer * op.inner):
            place = row // op.inner * op.length * op.inner + row % op.inner
            y = carray(floats_at(f.slot + 4 * (op.y + place)), span)
            dy = carray(floats_at(f.slot + 4 * (op.dy + place)), span)
            dx = carray(floats_at(f.slot + 4 * (op.dx + place)), span)
            function(y, dy, dx, op.length, step)

    return kernel


class Rowwise(Op):
    """y = f(x) along an axis, where no loss takes it over.

    Args:
        name: A name of `ROW_FORMULAS`.
        axis: Counted from the last, -1.
    """

    def __init__(self, name: str, axis: int) -> None:
        self.name = name
        self.axis = axis

    def describe(self) -> str:
        """The function's name."""
        return self.name

    def forward(self, plan: Plan, x: Tensor, halo: Halo) -> Tensor:
        """Appends the function."""
        self.x = as_contiguous(plan, x)
        self.y = plan.tensor(x.shape)
        plan.run(
            apply_to_rows(self.name, self.axis == -1), ROWS,
            x=self.x.offset, y=self.y.offset, **self._shape(),
        )  # fmt: skip
        return self.y

    def backward(self, plan: Plan, dy: Tensor, propagate: bool) -> Tensor | None:
        """Appends its gradient."""
        if not propagate:
            return None
        dx = plan.tensor(self.x.shape)
        plan.run(
            apply_gradient_to_rows(self.name, self.axis == -1), ROWS, y=self.y.offset,
            dy=as_contiguous(plan, dy).offset, dx=dx.offset, **self._shape(),
        )  # fmt: skip
        return dx

    def _shape(self) -> dict[str, int]:
        shape = self.x.shape
        axis = len(shape) + self.axis
        outer, inner = prod(shape[:axis]), prod(shape[axis + 1 :])
        return {"outer": outer, "inner": inner, "length": shape[axis]}
