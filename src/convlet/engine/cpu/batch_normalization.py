"""Batch normalization: statistics of a whole batch, and an activation in the same walk.

In training each chunk adds up what the batch's statistics need while the tensor is still in the
cache; a call for the whole batch makes one mean and variance of that (`batch_statistics`); and the
chunks go on with `normalise`. Backward likewise: sums of each chunk, of the batch, gradients.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import carray

from convlet.engine.cpu.batch_statistics import (
    STATISTICS,
    batch_gradients,
    batch_statistics,
    moving_statistics,
)
from convlet.engine.cpu.channels import fold, lines, pattern_size, spread, zeros_at
from convlet.engine.cpu.jit import helper, share, specialised
from convlet.engine.cpu.simd import floats_at
from convlet.engine.ops import Op
from convlet.engine.plan import Halo, Plan, Tensor
from convlet.variable import Variable

CEILINGS = {"linear": 0.0, "relu": np.inf, "relu6": 6.0}
"""Activations that are computed with it: the largest value of those that rectify."""

NORMALISE = np.dtype(
    [
        *[(f"{name}{part}", np.int64) for name in ("x", "y", "dy", "dx")
          for part in ("", "_image", "_row")],
        ("rows", np.int64),
        ("length", np.int64),
        ("channels", np.int64),
        ("size", np.int64),  # floats in a pattern
        ("mean", np.int64),  # addresses of patterns: y = (x - mean) * factor + beta,
        ("factor", np.int64),
        ("beta", np.int64),
        ("constant", np.int64),  # and dx = dy * factor + constant + (x - mean) * slope
        ("slope", np.int64),
        ("scratch", np.int64),  # offset of three patterns in the scratch memory
        ("moments", np.int64),  # offset in the chunk's gradients: means, sums of squared distances
        ("gamma_gradient", np.int64),  # offsets in the chunk's gradients
        ("beta_gradient", np.int64),
        ("inverse", np.int64),  # address of each channel's 1 / sqrt(variance + epsilon)
    ]
)  # fmt: skip


@helper
def _normalised(x: Any, mean: Any, factor: Any, beta: Any) -> Any:
    return (x - mean) * factor + beta


@specialised(NORMALISE)
def moments() -> Any:
    """Each channel's mean over the chunk, and its sum of squared distances from it.

    Squares are taken around the mean of a few pixels in the middle of an image: near the channel's
    own mean, so that little is lost where that is far from 0.
    """

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        channels, size, pixels = op.channels, max(op.size, 1), op.length // op.channels
        found = f.gradients + 4 * op.moments
        means = carray(floats_at(found), channels)
        squares = carray(floats_at(found + 4 * channels), channels)
        start = f.scratch + 4 * op.scratch
        shift = carray(floats_at(start), size)
        total = zeros_at(start + 4 * size, size)
        square = zeros_at(start + 8 * size, size)
        few = min(size // channels, pixels)
        middle = op.x + op.rows // 2 * op.x_row + (pixels - few) // 2 * channels
        fold(carray(floats_at(f.slot + 4 * middle), few * channels), means)
        for c in range(channels):
            means[c] /= np.float32(few)
        spread(means, shift)
        for image in range(f.count):
            for row in range(op.rows):
                line = f.slot + 4 * (op.x + image * op.x_image + row * op.x_row)
                for begin in range(0, op.length, size):
                    length = min(size, op.length - begin)
                    x = carray(floats_at(line + 4 * begin), length)
                    for i in range(length):
                        distance = x[i] - shift[i]
                        total[i] += distance
                        square[i] += distance * distance
        fold(square, squares)
        fold(total, shift[:channels])
        count = np.float32(f.count * op.rows * pixels)
        for c in range(channels):
            squares[c] -= shift[c] / count * shift[c]
            means[c] += shift[c] / count

    return kernel


@specialised(NORMALISE, splits=True)
def normalise(activation: str) -> Any:
    """Computes y = activation((x - mean) * factor + beta)."""
    rectified, ceiling = activation != "linear", np.float32(CEILINGS[activation])

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        size = max(op.size, 1)
        mean = carray(floats_at(op.mean), size)
        factor = carray(floats_at(op.factor), size)
        beta = carray(floats_at(op.beta), size)
        first, last = share(op.rows, f.part, f.parts)
        for image in range(f.count):
            for row in range(first, last):
                x_line = f.slot + 4 * (op.x + image * op.x_image + row * op.x_row)
                y_line = f.slot + 4 * (op.y + image * op.y_image + row * op.y_row)
                for begin in range(0, op.length, size):
                    length = min(size, op.length - begin)
                    x = carray(floats_at(x_line + 4 * begin), length)
                    y = carray(floats_at(y_line + 4 * begin), length)
                    for i in range(length):
                        value = _normalised(x[i], mean[i], factor[i], beta[i])
                        if rectified:
                            value = np.float32(0.0) if value < np.float32(0.0) else value
                            value = ceiling if value > ceiling else value
                        y[i] = value

    return kernel


@helper
def _slope(z: Any, ceiling: Any) -> Any:
    """The slope of a rectifier with a ceiling."""
    return np.float32(1.0) if z > np.float32(0.0) and z < ceiling else np.float32(0.0)


@specialised(NORMALISE)
def gradient_sums(activation: str) -> Any:
    """The chunk's gradients of beta and gamma: sums of dz, and of dz times the normalised x."""
    rectified, ceiling = activation != "linear", np.float32(CEILINGS[activation])

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        channels, size = op.channels, max(op.size, 1)
        mean = carray(floats_at(op.mean), size)
        factor = carray(floats_at(op.factor), size)
        beta = carray(floats_at(op.beta), size)
        start = f.scratch + 4 * op.scratch
        total = zeros_at(start, size)
        product = zeros_at(start + 4 * size, size)
        for image in range(f.count):
            for row in range(op.rows):
                x_line = f.slot + 4 * (op.x + image * op.x_image + row * op.x_row)
                dy_line = f.slot + 4 * (op.dy + image * op.dy_image + row * op.dy_row)
                for begin in range(0, op.length, size):
                    length = min(size, op.length - begin)
                    x = carray(floats_at(x_line + 4 * begin), length)
                    dy = carray(floats_at(dy_line + 4 * begin), length)
                    for i in range(length):
                        dz = dy[i]
                        if rectified:
                            z = _normalised(x[i], mean[i], factor[i], beta[i])
                            dz *= _slope(z, ceiling)
                        total[i] += dz
                        product[i] += dz * (x[i] - mean[i])
        inverse = carray(floats_at(op.inverse), channels)
        gamma_gradient = carray(floats_at(f.gradients + 4 * op.gamma_gradient), channels)
        fold(total, carray(floats_at(f.gradients + 4 * op.beta_gradient), channels))
        fold(product, gamma_gradient)
        for c in range(channels):
            gamma_gradient[c] *= inverse[c]

    return kernel


@specialised(NORMALISE)
def input_gradient(activation: str, statistics: str) -> Any:
    """Computes dx = dz * factor, and with the batch's statistics what these give and take.

    Args:
        activation: "linear" or a rectifier.
        statistics: "batch" or "moving".
    """
    rectified, ceiling = activation != "linear", np.float32(CEILINGS[activation])

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        size = max(op.size, 1)
        mean = carray(floats_at(op.mean), size)
        factor = carray(floats_at(op.factor), size)
        beta = carray(floats_at(op.beta), size)
        constant = carray(floats_at(op.constant), size)
        slope = carray(floats_at(op.slope), size)
        for image in range(f.count):
            for row in range(op.rows):
                x_line = f.slot + 4 * (op.x + image * op.x_image + row * op.x_row)
                dy_line = f.slot + 4 * (op.dy + image * op.dy_image + row * op.dy_row)
                dx_line = f.slot + 4 * (op.dx + image * op.dx_image + row * op.dx_row)
                for begin in range(0, op.length, size):
                    length = min(size, op.length - begin)
                    x = carray(floats_at(x_line + 4 * begin), length)
                    dy = carray(floats_at(dy_line + 4 * begin), length)
                    dx = carray(floats_at(dx_line + 4 * begin), length)
                    for i in range(length):
                        dz = dy[i]
                        if rectified:
                            z = _normalised(x[i], mean[i], factor[i], beta[i])
                            dz *= _slope(z, ceiling)
                        value = dz * factor[i]
                        if statistics == "batch":
                            value += constant[i] + (x[i] - mean[i]) * slope[i]
                        dx[i] = value

    return kernel


class BatchNormalization(Op):
    """y = activation(gamma * (x - mean) / sqrt(variance + epsilon) + beta).

    Args:
        gamma: Or None for 1.
        beta: Or None for 0.
        moving_mean: Stands in for the batch's.
        moving_variance: Stands in for the batch's.
        momentum: What the moving statistics keep of themselves in a step.
        epsilon: Added to the variance.
        activation: One of `CEILINGS`.
        trainable: Whether training takes the batch's statistics, and gamma and beta get gradients.

    Attributes:
        of_batch: Whether it does take them; known when the forward calls are there.
    """

    def __init__(
        self, gamma: Variable | None, beta: Variable | None, moving_mean: Variable,
        moving_variance: Variable, momentum: float, epsilon: float, activation: str,
        trainable: bool,
    ) -> None:  # fmt: skip
        self.gamma, self.beta = gamma, beta
        self.moving_mean, self.moving_variance = moving_mean, moving_variance
        self.settings: dict[str, float] = {"momentum": momentum, "epsilon": epsilon}
        self.activation = activation
        self.trainable = trainable

    def describe(self) -> str:
        """The layer, and the activation that is computed with it."""
        activation = "" if self.activation == "linear" else f" + {self.activation}"
        return f"batch normalization{activation}"

    def forward(self, plan: Plan, x: Tensor, halo: Halo) -> Tensor:
        """Appends the statistics, in training the batch's, and one pass over the tensor."""
        self.x = x
        self.of_batch = self.trainable and self.trains(plan)
        self._lay_out(plan, x)
        if self.of_batch:
            plan.note("moments")
            plan.run(moments(), NORMALISE, **x.geometry("x"), **lines(x), **self.places)
            plan.note("batch statistics")
            plan.once(batch_statistics(), STATISTICS, **self.statistics)
            plan.changed += [self.moving_mean, self.moving_variance]
        else:
            plan.pack(moving_statistics(), STATISTICS, **self.statistics)
        plan.note("output")
        y = plan.workspace(x.shape, halo)
        plan.run(
            normalise(self.activation), NORMALISE, **x.geometry("x"), **y.geometry("y"),
            **lines(x, y), **self.places,
        )  # fmt: skip
        return y

    def _lay_out(self, plan: Plan, x: Tensor) -> None:
        """Finds places for statistics and sums, and names them as the kernels' records do."""
        channels, size = x.channels, pattern_size(x.channels)
        pixels = x.rows * x.row_length // channels
        (scratch,) = plan.temporary(3 * size)
        names = ("mean", "factor", "beta", "constant", "slope")
        patterns = {name: plan.shared(size) for name in names}
        common = {"channels": channels, "size": size, "inverse": plan.shared(channels)}
        if self.trainable and plan.training:
            common["moments"] = plan.partial(2 * channels)
        self.places: dict[str, int] = {**common, **patterns, "scratch": scratch}
        self.statistics: dict[str, float] = {
            **common, **self.settings, "pixels": pixels,
            "gamma": self.gamma.address if self.gamma else 0,
            "beta": self.beta.address if self.beta else 0,
            "moving_mean": self.moving_mean.address,
            "moving_variance": self.moving_variance.address,
            **{f"{name}_pattern": address for name, address in patterns.items()},
        }  # fmt: skip

    def _lay_out_gradients(self, plan: Plan) -> None:
        """Finds places for the gradients, which only a way back that is walked fills."""
        for name, variable in (("gamma", self.gamma), ("beta", self.beta)):
            place = plan.gradient(variable) if variable else plan.partial(self.x.channels)
            self.places[f"{name}_gradient"] = self.statistics[f"{name}_gradient"] = place

    def backward(self, plan: Plan, dy: Tensor, propagate: bool) -> Tensor | None:
        """Appends the gradients of gamma and beta, and what dx takes from the whole batch."""
        x = self.x
        if self.trainable:
            self._lay_out_gradients(plan)
            plan.note("weight gradient")
            plan.run(
                gradient_sums(self.activation), NORMALISE, **x.geometry("x"), **dy.geometry("dy"),
                **lines(x, dy), **self.places,
            )  # fmt: skip
        if not propagate:
            return None
        if self.of_batch:
            plan.note("batch gradients")
            plan.once(batch_gradients(), STATISTICS, **self.statistics)
        plan.note("input gradient")
        dx = plan.workspace(x.shape)
        plan.run(
            input_gradient(self.activation, "batch" if self.of_batch else "moving"), NORMALISE,
            **x.geometry("x"), **dy.geometry("dy"), **dx.geometry("dx"), **lines(x, dy, dx),
            **self.places,
        )  # fmt: skip
        return dx
