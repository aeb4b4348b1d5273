"""Penalties that regularizers add to the loss, and to the gradients: of weights and of outputs.

Those of weights are added to the summed gradients, slice by slice. L1 and L2 have kernels; any
other regularizer is a Python function, which is called before the step.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numba import carray
from numpy.typing import NDArray

from convlet.engine.calls import Call
from convlet.engine.cpu.gradients import MATRIX, matrix_of, row_start, slices
from convlet.engine.cpu.jit import Kernel, helper, specialised
from convlet.engine.cpu.simd import float64_at, floats_at
from convlet.engine.ops import Op
from convlet.engine.plan import Gradient, Halo, Plan, Tensor
from convlet.regularizers import Regularizer
from convlet.variable import Variable, aligned_empty

WEIGHT_PENALTY = np.dtype(
    [
        *MATRIX,
        ("l1", np.float64),
        ("l2", np.float64),
        ("derivative", np.int64),  # address of what Python found to be added to the gradient
        ("penalty", np.int64),  # address of a float64 for each slice's part of the penalty
        ("slice", np.int64),  # this task's number among them
    ]
)


def _geometries(*names: str) -> list[tuple[str, type]]:
    """The fields of `Tensor.geometry` for several tensors."""
    return [(f"{name}{part}", np.int64) for name in names for part in ("", "_image", "_row")]


@helper
def _slope(x: Any, l1: Any, l2: Any) -> Any:
    """The derivative of l1 |x| + l2 x²."""
    zero = np.float32(0.0)
    return (l1 if x > zero else (-l1 if x < zero else zero)) + np.float32(2.0) * l2 * x


@helper
def _penalty(x: Any, l1: float, l2: float) -> float:
    """Computes l1 |x| + l2 x²."""
    value = np.float64(x)
    return l1 * abs(value) + l2 * value * value


@specialised(WEIGHT_PENALTY)
def weight_penalty(computed: bool, transposed: bool) -> Any:
    """Adds a penalty's derivative to some rows of a gradient; sums the penalty itself up.

    Args:
        computed: Whether Python has computed both already.
        transposed: Whether a gradient's columns lie apart: a loop without is a loop over vectors.
    """

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        l1, l2 = op.l1, op.l2
        strength, square_strength = np.float32(l1), np.float32(l2)
        total = 0.0
        for row in range(op.first_row, op.first_row + op.rows):
            span = (op.columns - 1) * op.column_stride + 1
            gradient = carray(floats_at(row_start(op, row)), span)
            start = 4 * row * op.columns
            w = carray(floats_at(op.weights + start), op.columns)
            derivative = carray(floats_at(op.derivative + start), op.columns)
            for c in range(op.columns):
                place = c * op.column_stride if transposed else c
                if computed:
                    gradient[place] += derivative[c]
                else:
                    gradient[place] += _slope(w[c], strength, square_strength)
                    total += _penalty(w[c], l1, l2)
        if not computed:
            carray(float64_at(op.penalty), op.slice + 1)[op.slice] = total

    return kernel


class PythonPenalty:
    """A penalty that Python computes before each step.

    Args:
        variable: Whose penalty.
        regularizer: Has it, and its derivative.
    """

    def __init__(self, variable: Variable, regularizer: Regularizer) -> None:
        self._variable = variable
        self._regularizer = regularizer
        self.value = 0.0
        self.derivative = aligned_empty(variable.shape)

    def refresh(self) -> None:
        """Computes the coming step's value and derivative."""
        self.value = self._regularizer(self._variable.value)
        self.derivative[...] = self._regularizer.gradient(self._variable.value)


class WeightPenalties:
    """The calls that add the penalties of weights, and what the penalties of a step amount to.

    Args:
        plan: Has the gradients' layout.
        gradients: The memory of all chunks' gradients, one row a chunk, summed in the first.
        variables: Those that are trained.
    """

    def __init__(
        self, plan: Plan, gradients: NDArray[np.float32], variables: Sequence[Variable]
    ) -> None:
        self.calls: list[Call] = []
        self._plan, self._gradients = plan, gradients
        self._sums: list[NDArray[np.float64]] = []
        self._python: list[PythonPenalty] = []
        trained = {id(variable) for variable in variables}
        for gradient in plan.summed_gradients:
            regularizer = gradient.variable.regularizer
            if id(gradient.variable) in trained and regularizer is not None:
                self._add(gradient, regularizer)

    def _add(self, gradient: Gradient, regularizer: Regularizer) -> None:
        fields = matrix_of(gradient, self._gradients)
        transposed = gradient.column_stride > 1
        factors = regularizer.factors
        if factors is None:
            penalty = PythonPenalty(gradient.variable, regularizer)
            self._python.append(penalty)
            fields["derivative"] = penalty.derivative.ctypes.data
            self._call(weight_penalty(True, transposed), fields)
        else:
            sums = np.zeros(len(list(slices(fields))), np.float64)
            self._sums.append(sums)
            fields["penalty"] = sums.ctypes.data
            self._call(weight_penalty(False, transposed), fields, l1=factors[0], l2=factors[1])

    def _call(self, kernel: Kernel, fields: dict[str, int], **factors: float) -> None:
        self.calls += [
            self._plan.call(kernel, WEIGHT_PENALTY, **part, **factors, slice=number)
            for number, part in enumerate(slices(fields))
        ]

    def refresh(self) -> None:
        """Computes what the coming step takes from Python's regularizers."""
        for penalty in self._python:
            penalty.refresh()

    def total(self, images: int) -> float:
        """All penalties of the last step, those of outputs included."""
        of_weights = sum(float(sums.sum()) for sums in self._sums)
        in_python = sum(penalty.value for penalty in self._python)
        of_outputs = sum(float(self._gradients[0, offset]) for offset in self._plan.penalties)
        return of_weights + in_python + of_outputs / images


OUTPUT_PENALTY = np.dtype(
    [
        *_geometries("x"),
        ("rows", np.int64),
        ("length", np.int64),
        ("l1", np.float64),
        ("l2", np.float64),
        ("penalty", np.int64),  # its offset in the chunk's gradients
    ]
)


@specialised(OUTPUT_PENALTY)
def output_penalty() -> Any:
    """The penalty of a chunk's outputs."""

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        l1, l2 = op.l1, op.l2
        total = 0.0
        for image in range(f.count):
            for row in range(op.rows):
                start = op.x + image * op.x_image + row * op.x_row
                x = carray(floats_at(f.slot + 4 * start), op.length)
                for i in range(op.length):
                    total += _penalty(x[i], l1, l2)
        carray(floats_at(f.gradients + 4 * op.penalty), 1)[0] = total

    return kernel


OUTPUT_SLOPE = np.dtype(
    [
        *_geometries("x", "dy", "dx"),
        ("rows", np.int64),
        ("length", np.int64),
        ("l1", np.float64),
        ("l2", np.float64),
    ]
)


@specialised(OUTPUT_SLOPE)
def output_slope() -> Any:
    """Computes dx = dy + the penalty's derivative, a sample's share of it."""

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        b = carray(batch, 1)[0]
        f = carray(frame, 1)[0]
        l1, l2 = np.float32(op.l1 / b.images), np.float32(op.l2 / b.images)
        for image in range(f.count):
            for row in range(op.rows):
                x_start = op.x + image * op.x_image + row * op.x_row
                dy_start = op.dy + image * op.dy_image + row * op.dy_row
                dx_start = op.dx + image * op.dx_image + row * op.dx_row
                x = carray(floats_at(f.slot + 4 * x_start), op.length)
                dy = carray(floats_at(f.slot + 4 * dy_start), op.length)
                dx = carray(floats_at(f.slot + 4 * dx_start), op.length)
                for i in range(op.length):
                    dx[i] = dy[i] + _slope(x[i], l1, l2)

    return kernel


class OutputPenalty(Op):
    """A penalty on what a layer puts out, which passes on unchanged.

    Args:
        l1: The factor of the absolute values, divided by the number of images.
        l2: That of the squares.
    """

    penalises = True

    def __init__(self, l1: float, l2: float) -> None:
        self.factors = {"l1": l1, "l2": l2}

    def describe(self) -> str:
        """Its name."""
        return "activity penalty"

    def forward(self, plan: Plan, x: Tensor, halo: Halo) -> Tensor:
        """Appends the sum over the outputs, in training; returns the same tensor."""
        self.x = x
        if plan.training:
            plan.note("penalty")
            plan.run(
                output_penalty(), OUTPUT_PENALTY, **x.geometry("x"), rows=x.rows,
                length=x.row_length, penalty=plan.penalty(), **self.factors,
            )  # fmt: skip
        return x

    def backward(self, plan: Plan, dy: Tensor, propagate: bool) -> Tensor | None:
        """Appends the penalty's part of the gradient."""
        if not propagate:
            return None
        dx = plan.tensor(self.x.shape)
        plan.run(
            output_slope(), OUTPUT_SLOPE, **self.x.geometry("x"), **dy.geometry("dy"),
            **dx.geometry("dx"), rows=dx.rows, length=dx.row_length, **self.factors,
        )  # fmt: skip
        return dx
