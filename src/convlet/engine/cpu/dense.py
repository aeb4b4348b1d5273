"""Dense layers: y = activation(x W + b) on the last axis."""

from __future__ import annotations

from math import prod

import numpy as np

from convlet.engine.cpu.elementwise import as_contiguous, emit_preactivation_gradient
from convlet.engine.cpu.packing import bias_row, packed, packed_transposed
from convlet.engine.cpu.products import (
    ALWAYS,
    PRODUCT,
    emit_weight_gradient,
    gradient_room,
    product,
    tile_shape,
)
from convlet.engine.ops import Op
from convlet.engine.plan import Halo, Plan, Tensor
from convlet.variable import Variable


class Dense(Op):
    """A product whose rows are the images, or the positions of an image.

    Args:
        kernel: Weights (inputs, units).
        bias: Or None.
        activation: "linear", "relu" or "relu6".
        trainable: Whether the weights get gradients.
    """

    def __init__(
        self, kernel: Variable, bias: Variable | None, activation: str, trainable: bool
    ) -> None:
        self.kernel = kernel
        self.bias = bias
        self.activation = activation
        self.trainable = trainable

    def describe(self) -> str:
        """The fused layers, in their order."""
        bias = " + bias" if self.bias else ""
        activation = f" + {self.activation}" if self.activation != "linear" else ""
        return f"dense{bias}{activation}"

    def forward(self, plan: Plan, x: Tensor, halo: Halo) -> Tensor:
        """Appends the product."""
        inputs, units = self.kernel.shape
        self.multiply_adds = self.kernel.size * prod(x.shape[:-1])
        plan.note("output", multiply_adds=self.multiply_adds)
        self.x = as_contiguous(plan, x)
        self.y = plan.tensor((*x.shape[:-1], units))
        self.positions = prod(x.shape[:-1])
        shape = tile_shape(units)
        weights = packed(plan, self.kernel, units, shape.width)
        self._emit(
            plan, self.x, self.y, inputs, units, weights,
            bias_row(plan, self.bias, units, shape.width), self.activation,
        )  # fmt: skip
        return self.y

    def backward(self, plan: Plan, dy: Tensor, propagate: bool) -> Tensor | None:
        """Appends dW = x^T dz and dx = dz W^T."""
        inputs, units = self.kernel.shape
        bias = self.bias if self.trainable else None
        dz = emit_preactivation_gradient(plan, self.activation, self.y, dy, bias)
        dz = as_contiguous(plan, dz)
        if self.trainable:
            plan.note("weight gradient", multiply_adds=self.multiply_adds)
            emit_weight_gradient(
                plan, gradient_room(plan, self.kernel, inputs), self.x, self._rows(plan, inputs),
                np.arange(inputs, dtype=np.int32), dz, self._rows(plan, units),
            )  # fmt: skip
        if not propagate:
            return None
        plan.note("input gradient", multiply_adds=self.multiply_adds)
        dx = plan.tensor(self.x.shape)
        width = tile_shape(inputs).width
        weights = packed_transposed(plan, self.kernel, units, inputs, width)
        self._emit(
            plan, dz, dx, units, inputs, weights, bias_row(plan, None, inputs, width), "linear"
        )
        return dx

    def _rows(self, plan: Plan, length: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int32]]:
        return np.arange(self.positions * plan.chunk, dtype=np.int32) * np.int32(length)

    def _emit(
        self, plan: Plan, x: Tensor, y: Tensor, depth: int, columns: int, weights: int, bias: int,
        activation: str,
    ) -> None:  # fmt: skip
        shape = tile_shape(columns)
        plan.run(
            product(
                shape.rows, shape.vectors, 0, 1, activation, False, columns % shape.width != 0
            ),
            PRODUCT,
            x=x.offset, x_rows=plan.constant(self._rows(plan, depth)),
            rows=self.positions, segments=plan.constant(np.zeros(1, np.int32)),
            weight_rows=plan.constant(np.zeros(1, np.int32)), segment_count=1, depth=depth,
            weights=weights, panel_rows=depth, bias=bias, columns=columns,
            y=y.offset, y_rows=plan.constant(self._rows(plan, columns)),
            flag=ALWAYS,
        )  # fmt: skip
