"""Convolutions and dense layers with a batch normalization behind them, as one op.

For inference the normalization is folded into the weights: it multiplies each channel and adds to
it, as the kernel's columns and the bias do already. In training both are computed one by one.
"""

from __future__ import annotations

from copy import copy
from typing import Any, TypeAlias

import numpy as np
from numba import carray

from convlet.engine.cpu.batch_normalization import BatchNormalization
from convlet.engine.cpu.conv2d import Convolution
from convlet.engine.cpu.dense import Dense
from convlet.engine.cpu.depthwise import DepthwiseConvolution
from convlet.engine.cpu.jit import specialised
from convlet.engine.cpu.packing import TASK_FLOATS
from convlet.engine.cpu.simd import floats_at
from convlet.engine.ops import Op
from convlet.engine.plan import NO_HALO, Halo, Plan, Tensor
from convlet.variable import Variable

Product: TypeAlias = Convolution | Dense | DepthwiseConvolution

FOLD = np.dtype(
    [
        *[(name, np.int64) for name in  # addresses; those of what is not there are 0
          ("weights", "bias", "gamma", "beta", "mean", "variance", "new_weights", "new_bias")],
        ("epsilon", np.float64),
        ("rows", np.int64),  # of the weights as a matrix
        ("channels", np.int64),  # its columns
    ]
)  # fmt: skip


@specialised(FOLD)
def fold_kernel() -> Any:
    """Some rows of kernel * factor, and bias' = (bias - mean) * factor + beta."""

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        mean = carray(floats_at(op.mean), op.channels)
        variance = carray(floats_at(op.variance), op.channels)
        gamma = carray(floats_at(op.gamma), op.channels)
        beta = carray(floats_at(op.beta), op.channels)
        bias = carray(floats_at(op.bias), op.channels)
        new_bias = carray(floats_at(op.new_bias), op.channels)
        weights = carray(floats_at(op.weights), (op.rows, op.channels))
        new_weights = carray(floats_at(op.new_weights), (op.rows, op.channels))
        for c in range(op.channels):
            factor = (gamma[c] if op.gamma != 0 else 1.0) / np.sqrt(variance[c] + op.epsilon)
            before = np.float64(bias[c]) if op.bias != 0 else 0.0
            new_bias[c] = (before - mean[c]) * factor + (beta[c] if op.beta != 0 else 0.0)
            for row in range(op.rows):
                new_weights[row, c] = weights[row, c] * factor

    return kernel


class NormalisedProduct(Op):
    """y = activation(normalization(product(x))).

    Args:
        product: Without an activation and without a pool.
        normalization: With the activation.
    """

    def __init__(self, product: Product, normalization: BatchNormalization) -> None:
        self.product = product
        self.normalization = normalization
        self.trainable = product.trainable or normalization.trainable

    def describe(self) -> str:
        """Both, in their order."""
        return f"{self.product.describe()} + {self.normalization.describe()}"

    def variables(self) -> list[Variable]:
        """The weights of both."""
        return [*self.product.variables(), *self.normalization.variables()]

    def input_halo(self) -> Halo:
        """The product's."""
        return self.product.input_halo()

    def forward(self, plan: Plan, x: Tensor, halo: Halo) -> Tensor:
        """Appends the product with folded weights, or in training both."""
        if plan.training:
            z = self.product.forward(plan, x, NO_HALO)
            self.normalization.inference = self.inference
            return self.normalization.forward(plan, z, halo)
        return self._folded(plan).forward(plan, x, halo)

    def _folded(self, plan: Plan) -> Product:
        """The product with other weights, which are made of its own wherever those change."""
        kernel, norm = self.product.kernel, self.normalization
        channels = norm.moving_mean.size
        rows = kernel.size // channels
        folded = copy(self.product)
        folded.kernel = Variable(np.zeros(kernel.shape), "folded kernel")
        folded.bias = Variable(np.zeros(channels), "folded bias")
        folded.activation = norm.activation
        plan.keep(folded)
        given = {"bias": self.product.bias, "gamma": norm.gamma, "beta": norm.beta}
        step = max(1, TASK_FLOATS // channels)
        for first in range(0, rows, step):
            plan.fold(
                fold_kernel(), FOLD, **{name: v.address if v else 0 for name, v in given.items()},
                mean=norm.moving_mean.address, variance=norm.moving_variance.address,
                weights=kernel.address + 4 * first * channels,
                new_weights=folded.kernel.address + 4 * first * channels,
                new_bias=folded.bias.address, epsilon=norm.settings["epsilon"],
                rows=min(step, rows - first), channels=channels,
            )  # fmt: skip
        return folded

    def backward(self, plan: Plan, dy: Tensor, propagate: bool) -> Tensor | None:
        """Appends the gradients of both."""
        dz = self.normalization.backward(plan, dy, self.product.trainable or propagate)
        return None if dz is None else self.product.backward(plan, dz, propagate)
