"""Values multiplied and shifted by numbers that hang on their place in a sample."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import carray
from numpy.typing import NDArray

from convlet.engine.cpu.jit import share, specialised
from convlet.engine.cpu.simd import floats_at, int32_at
from convlet.engine.ops import Op
from convlet.engine.plan import Halo, Plan, Tensor
from convlet.variable import Variable

EPSILON = 1e-7
"""The smallest deviation that is divided by: Keras's ``epsilon()``."""

SCALE = np.dtype(
    [
        *[(f"{name}{part}", np.int64) for name in ("x", "y") for part in ("", "_image", "_row")],
        ("rows", np.int64),
        ("length", np.int64),
        ("scale", np.int64),  # address of a factor for each float of a row
        ("offset", np.int64),  # address of as many summands
        ("table_row", np.int64),  # floats from one row's to the next row's: 0 where rows are alike
    ]
)


@specialised(SCALE, splits=True)
def rescale(kind: str) -> Any:
    """Computes y = x scale + offset, or "centred" (x - offset) scale, or the "slope" x scale."""

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        begin, end = share(op.rows, f.part, f.parts)
        for image in range(f.count):
            for row in range(begin, end):
                x_start = op.x + image * op.x_image + row * op.x_row
                y_start = op.y + image * op.y_image + row * op.y_row
                x = carray(floats_at(f.slot + 4 * x_start), op.length)
                y = carray(floats_at(f.slot + 4 * y_start), op.length)
                scale = carray(floats_at(op.scale + 4 * row * op.table_row), op.length)
                offset = carray(floats_at(op.offset + 4 * row * op.table_row), op.length)
                for i in range(op.length):
                    if kind == "centred":
                        y[i] = (x[i] - offset[i]) * scale[i]
                    elif kind == "slope":
                        y[i] = x[i] * scale[i]
                    else:
                        y[i] = x[i] * scale[i] + offset[i]

    return kernel


DEVIATIONS = np.dtype(
    [(name, np.int64) for name in ("mean", "variance", "numbers", "count", "scale", "offset")]
)


@specialised(DEVIATIONS)
def deviations(invert: bool) -> Any:
    """Fills the tables of a normalization in, from the mean and the variance as they are now."""

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        numbers = carray(int32_at(op.numbers), op.count)
        scale = carray(floats_at(op.scale), op.count)
        offset = carray(floats_at(op.offset), op.count)
        for i in range(op.count):
            variance = carray(floats_at(op.variance + 4 * numbers[i]), 1)[0]
            deviation = max(math.sqrt(np.float64(variance)), EPSILON)
            scale[i] = deviation if invert else 1.0 / deviation
            offset[i] = carray(floats_at(op.mean + 4 * numbers[i]), 1)[0]

    return kernel


def one_row(*tables: NDArray[Any]) -> list[NDArray[Any]]:
    """The first row of an image's tables, if the others are the same."""
    alike = all(table.ndim == 3 and (table == table[:1]).all() for table in tables)
    return [table[:1] if alike else table for table in tables]


class Rescaled(Op):
    """The base of ops with a factor and a summand for each place."""

    kind = "affine"

    def describe(self) -> str:
        """That numbers hang on the place."""
        return "each place multiplied and shifted by numbers of its own"

    def tables(self, plan: Plan) -> tuple[int, int, int]:
        """Addresses of factors and summands, and the floats from one row's to the next's."""
        raise NotImplementedError

    def forward(self, plan: Plan, x: Tensor, halo: Halo) -> Tensor:
        """Appends one pass over the tensor."""
        self.found = self.tables(plan)
        return self._emit(plan, self.kind, x, plan.tensor(x.shape, halo))

    def backward(self, plan: Plan, dy: Tensor, propagate: bool) -> Tensor | None:
        """Appends dx = dy scale."""
        return self._emit(plan, "slope", dy, plan.tensor(dy.shape)) if propagate else None

    def _emit(self, plan: Plan, kind: str, x: Tensor, y: Tensor) -> Tensor:
        scale, offset, table_row = self.found
        plan.run(
            rescale(kind), SCALE, **x.geometry("x"), **y.geometry("y"), rows=x.rows,
            length=x.row_length, scale=scale, offset=offset, table_row=table_row,
        )  # fmt: skip
        return y


class ChannelRescaling(Rescaled):
    """Computes x scale + offset.

    Args:
        scale: In the sample's shape.
        offset: In the sample's shape.
    """

    def __init__(self, scale: NDArray[Any], offset: NDArray[Any]) -> None:
        self.scale, self.offset = one_row(scale.astype(np.float32), offset.astype(np.float32))

    def tables(self, plan: Plan) -> tuple[int, int, int]:
        """Constants."""
        row = 0 if len(self.scale) == 1 else self.scale[0].size
        return plan.constant(self.scale), plan.constant(self.offset), row


class Standardization(Rescaled):
    """Computes (x - mean) / deviation, or with ``invert`` mean + x deviation.

    Args:
        mean: A weight, or its constant values.
        variance: Likewise.
        numbers: For each place of a sample, which of them belongs to it.
        invert: Which way.
    """

    def __init__(
        self, mean: Variable | NDArray[Any], variance: Variable | NDArray[Any],
        numbers: NDArray[np.int32], invert: bool,
    ) -> None:  # fmt: skip
        self.mean = mean
        self.variance = variance
        (self.numbers,) = one_row(numbers)
        self.invert = invert
        self.kind = "affine" if invert else "centred"

    def tables(self, plan: Plan) -> tuple[int, int, int]:
        """Filled in whenever the weights change."""
        scale, offset = (plan.constant(np.zeros(self.numbers.size, np.float32)) for _ in range(2))
        mean, variance = (
            value.address if isinstance(value, Variable) else plan.constant(value)
            for value in (self.mean, self.variance)
        )
        plan.pack(
            deviations(self.invert), DEVIATIONS, mean=mean, variance=variance,
            numbers=plan.constant(self.numbers), count=self.numbers.size, scale=scale,
            offset=offset,
        )  # fmt: skip
        row = 0 if len(self.numbers) == 1 else self.numbers[0].size
        return scale, offset, row
