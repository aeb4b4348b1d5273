"""Normalization of the last axes, image by image: layer, root mean square and unit normalization.

What is normalised together lies in one run of memory, a *vector*. Its mean and the factor that it
is multiplied with are kept for the way back.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
from numba import carray

from convlet.engine.cpu.channels import zeros_at
from convlet.engine.cpu.elementwise import as_contiguous
from convlet.engine.cpu.jit import helper, specialised
from convlet.engine.cpu.simd import floats_at
from convlet.engine.ops import Op
from convlet.engine.plan import Halo, Plan, Tensor
from convlet.variable import Variable

VECTORS = np.dtype(
    [
        ("x", np.int64),  # slot offsets, all without gaps
        ("y", np.int64),
        ("dy", np.int64),
        ("dx", np.int64),
        ("means", np.int64),  # slot offsets: two floats for each vector
        ("vectors", np.int64),  # of an image
        ("length", np.int64),  # of a vector
        ("gamma", np.int64),  # addresses of the variables, or 0
        ("beta", np.int64),
        ("epsilon", np.float64),
        ("gamma_gradient", np.int64),  # offsets in the chunk's gradients, or -1
        ("beta_gradient", np.int64),
    ]
)

LEAST_NORM = 1e-12
"""A vector shorter than that is divided by it, instead of by its length."""


@helper
def _moments(x: Any, kind: Any, epsilon: Any) -> Any:
    """The mean that is taken off, and the factor after that."""
    mean = np.float32(0.0)
    if kind == "layer":
        for i in range(len(x)):
            mean += x[i]
        mean /= np.float32(len(x))
    squares = np.float32(0.0)
    for i in range(len(x)):
        squares += (x[i] - mean) * (x[i] - mean)
    if kind == "unit":
        return mean, np.float32(1.0 / max(np.sqrt(np.float64(squares)), LEAST_NORM))
    return mean, np.float32(1.0 / np.sqrt(np.float64(squares) / len(x) + epsilon))


@specialised(VECTORS)
def normalise_vectors(kind: str) -> Any:
    """Computes y = (x - mean) * factor * gamma + beta.

    Args:
        kind: "layer", "rms" or "unit".
    """

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        length = op.length
        gamma = carray(floats_at(op.gamma), length)
        beta = carray(floats_at(op.beta), length)
        for vector in range(f.count * op.vectors):
            x = carray(floats_at(f.slot + 4 * (op.x + vector * length)), length)
            y = carray(floats_at(f.slot + 4 * (op.y + vector * length)), length)
            kept = carray(floats_at(f.slot + 4 * (op.means + 2 * vector)), 2)
            mean, factor = _moments(x, kind, op.epsilon)
            kept[0], kept[1] = mean, factor
            for i in range(length):
                y[i] = (x[i] - mean) * factor
            if op.gamma != 0:
                for i in range(length):
                    y[i] *= gamma[i]
            if op.beta != 0:
                for i in range(length):
                    y[i] += beta[i]

    return kernel


@specialised(VECTORS)
def vector_weight_gradients() -> Any:
    """Sums dy times the normalised x, and dy, over the chunk's vectors."""

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        length = op.length
        if op.gamma_gradient >= 0:
            zeros_at(f.gradients + 4 * op.gamma_gradient, length)
        if op.beta_gradient >= 0:
            zeros_at(f.gradients + 4 * op.beta_gradient, length)
        dgamma = carray(floats_at(f.gradients + 4 * op.gamma_gradient), length)
        dbeta = carray(floats_at(f.gradients + 4 * op.beta_gradient), length)
        for vector in range(f.count * op.vectors):
            x = carray(floats_at(f.slot + 4 * (op.x + vector * length)), length)
            dy = carray(floats_at(f.slot + 4 * (op.dy + vector * length)), length)
            kept = carray(floats_at(f.slot + 4 * (op.means + 2 * vector)), 2)
            mean, factor = kept[0], kept[1]
            if op.gamma_gradient >= 0:
                for i in range(length):
                    dgamma[i] += dy[i] * ((x[i] - mean) * factor)
            if op.beta_gradient >= 0:
                for i in range(length):
                    dbeta[i] += dy[i]

    return kernel


@specialised(VECTORS)
def vector_input_gradient(kind: str) -> Any:
    """Computes dx = factor * (g - mean of g - z * mean of g z), where g = dy * gamma.

    z is the normalised x. Only the layer's kind takes off the mean of g; the unit's has a sum for
    the other.
    """

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        length = op.length
        gamma = carray(floats_at(op.gamma), length)
        for vector in range(f.count * op.vectors):
            x = carray(floats_at(f.slot + 4 * (op.x + vector * length)), length)
            dy = carray(floats_at(f.slot + 4 * (op.dy + vector * length)), length)
            dx = carray(floats_at(f.slot + 4 * (op.dx + vector * length)), length)
            kept = carray(floats_at(f.slot + 4 * (op.means + 2 * vector)), 2)
            mean, factor = kept[0], kept[1]
            for i in range(length):
                dx[i] = dy[i]
            if op.gamma != 0:
                for i in range(length):
                    dx[i] *= gamma[i]
            total, product = np.float32(0.0), np.float32(0.0)
            for i in range(length):
                total += dx[i]
                product += dx[i] * ((x[i] - mean) * factor)
            if kind == "layer":
                total /= np.float32(length)
            else:
                total = np.float32(0.0)
            if kind != "unit":
                product /= np.float32(length)
            for i in range(length):
                dx[i] = factor * (dx[i] - total - (x[i] - mean) * factor * product)

    return kernel


class LayerNormalization(Op):
    """Normalises the last axes of each image.

    Args:
        kind: "layer": mean 0 and variance 1; "rms": a mean square of 1; "unit": a length of 1.
        shape: The axes that are normalised together.
        gamma: What the normalised values are multiplied with, or None.
        beta: What is added to them, or None.
        epsilon: Added to the variance or the mean square.
        trainable: Whether gamma and beta get gradients.
    """

    def __init__(
        self, kind: str, shape: tuple[int, ...], gamma: Variable | None, beta: Variable | None,
        epsilon: float, trainable: bool,
    ) -> None:  # fmt: skip
        self.kind, self.length, self.epsilon = kind, prod(shape), epsilon
        self.gamma, self.beta = gamma, beta
        self.trainable = trainable

    def describe(self) -> str:
        """The kind."""
        return f"{self.kind} normalization of vectors of {self.length}"

    def forward(self, plan: Plan, x: Tensor, halo: Halo) -> Tensor:
        """Appends one pass over the tensor, vector by vector."""
        self.x = x = as_contiguous(plan, x)
        y = plan.tensor(x.shape)
        vectors = prod(x.shape) // self.length
        self.fields: dict[str, float] = {
            "x": x.offset, "means": plan.reserve(2 * vectors * plan.chunk), "vectors": vectors,
            "length": self.length, "epsilon": self.epsilon,
            "gamma": self.gamma.address if self.gamma else 0,
            "beta": self.beta.address if self.beta else 0,
        }  # fmt: skip
        plan.run(normalise_vectors(self.kind), VECTORS, y=y.offset, **self.fields)
        return y

    def backward(self, plan: Plan, dy: Tensor, propagate: bool) -> Tensor | None:
        """Appends the gradients of gamma and beta, and of the input."""
        dy = as_contiguous(plan, dy)
        if self.trainable:
            plan.note("weight gradient")
            plan.run(
                vector_weight_gradients(), VECTORS, dy=dy.offset, **self.fields,
                gamma_gradient=plan.gradient(self.gamma) if self.gamma else -1,
                beta_gradient=plan.gradient(self.beta) if self.beta else -1,
            )  # fmt: skip
        if not propagate:
            return None
        plan.note("input gradient")
        dx = plan.tensor(self.x.shape)
        plan.run(
            vector_input_gradient(self.kind), VECTORS, dy=dy.offset, dx=dx.offset, **self.fields
        )
        return dx
