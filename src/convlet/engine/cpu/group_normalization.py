"""Group normalization: of groups of channels, over all positions of an image.

Sums are taken channel by channel (see `channels`), and put together to the groups'; so loops stay
long however few channels a group has.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import carray

from convlet.engine.cpu.channels import fold, pattern_size, spread, zeros_at
from convlet.engine.cpu.elementwise import as_contiguous
from convlet.engine.cpu.jit import helper, specialised
from convlet.engine.cpu.simd import floats_at
from convlet.engine.ops import Op
from convlet.engine.plan import Halo, Plan, Tensor
from convlet.variable import Variable

GROUPS = np.dtype(
    [
        ("x", np.int64),  # slot offsets, all without gaps
        ("y", np.int64),
        ("dy", np.int64),
        ("dx", np.int64),
        ("means", np.int64),  # slot offset: of each image, a mean and a factor for each channel
        ("scratch", np.int64),  # scratch offset of `PATTERNS` patterns
        ("length", np.int64),  # floats of an image
        ("channels", np.int64),
        ("groups", np.int64),
        ("size", np.int64),  # floats in a pattern
        ("gamma", np.int64),  # addresses of the variables, or 0
        ("beta", np.int64),
        ("epsilon", np.float64),
        ("gamma_gradient", np.int64),  # offsets in the chunk's gradients
        ("beta_gradient", np.int64),
    ]
)
PATTERNS = 5


@helper
def _share_in_groups(values: Any, groups: Any, count: Any) -> None:
    """Gives each channel the sum of its group, divided by ``count``."""
    each = len(values) // groups
    for group in range(groups):
        total = 0.0
        for c in range(group * each, (group + 1) * each):
            total += values[c]
        for c in range(group * each, (group + 1) * each):
            values[c] = total / count


@helper
def _image_moments(op: Any, f: Any, image: Any, mean: Any, total: Any) -> None:
    """Finds each channel's mean and factor, those of its group, and keeps them.

    Args:
        op: The record.
        f: The frame.
        image: Which image.
        mean: A pattern that holds the means afterwards.
        total: A pattern that may be overwritten.
    """
    size, count = max(op.size, 1), op.length // max(op.groups, 1)
    kept = f.slot + 4 * (op.means + 2 * image * op.channels)
    means = carray(floats_at(kept), op.channels)
    factors = carray(floats_at(kept + 4 * op.channels), op.channels)
    start = f.slot + 4 * (op.x + image * op.length)
    total[:] = np.float32(0.0)
    for begin in range(0, op.length, size):
        x = carray(floats_at(start + 4 * begin), min(size, op.length - begin))
        for i in range(len(x)):
            total[i] += x[i]
    fold(total, means)
    _share_in_groups(means, op.groups, count)
    spread(means, mean)
    total[:] = np.float32(0.0)
    for begin in range(0, op.length, size):
        x = carray(floats_at(start + 4 * begin), min(size, op.length - begin))
        for i in range(len(x)):
            total[i] += (x[i] - mean[i]) * (x[i] - mean[i])
    fold(total, factors)
    _share_in_groups(factors, op.groups, count)
    for c in range(op.channels):
        factors[c] = 1.0 / np.sqrt(np.float64(factors[c]) + op.epsilon)


@specialised(GROUPS)
def normalise_groups() -> Any:
    """Computes y = (x - mean) * factor * gamma + beta."""

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        size, channels = max(op.size, 1), op.channels
        scratch = f.scratch + 4 * op.scratch
        mean = carray(floats_at(scratch), size)
        factor = carray(floats_at(scratch + 4 * size), size)
        shift = zeros_at(scratch + 8 * size, size)
        gamma = carray(floats_at(op.gamma), channels)
        if op.beta != 0:
            spread(carray(floats_at(op.beta), channels), shift)
        for image in range(f.count):
            _image_moments(op, f, image, mean, factor)
            kept = f.slot + 4 * (op.means + 2 * image * channels)
            spread(carray(floats_at(kept + 4 * channels), channels), factor)
            if op.gamma != 0:
                for i in range(size):
                    factor[i] *= gamma[i % channels]
            start = 4 * image * op.length
            for begin in range(0, op.length, size):
                length = min(size, op.length - begin)
                x = carray(floats_at(f.slot + 4 * (op.x + begin) + start), length)
                y = carray(floats_at(f.slot + 4 * (op.y + begin) + start), length)
                for i in range(length):
                    y[i] = (x[i] - mean[i]) * factor[i] + shift[i]

    return kernel


@specialised(GROUPS)
def group_gradients(inputs: bool) -> Any:
    """The gradients of gamma and beta, and dx = factor * (g - mean of g - z * mean of g z).

    Here z is the normalised x, g = dy * gamma, and means are a group's.

    Args:
        inputs: Whether dx is wanted.
    """

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        size, channels = max(op.size, 1), op.channels
        count = op.length // max(op.groups, 1)
        scratch = f.scratch + 4 * op.scratch
        mean = carray(floats_at(scratch), size)
        factor = carray(floats_at(scratch + 4 * size), size)
        total = carray(floats_at(scratch + 8 * size), size)
        product = carray(floats_at(scratch + 12 * size), size)
        sums = carray(floats_at(scratch + 16 * size), channels)
        gamma = carray(floats_at(op.gamma), channels)
        dgamma = zeros_at(f.gradients + 4 * op.gamma_gradient, channels)
        dbeta = zeros_at(f.gradients + 4 * op.beta_gradient, channels)
        for image in range(f.count):
            kept = f.slot + 4 * (op.means + 2 * image * channels)
            factors = carray(floats_at(kept + 4 * channels), channels)
            spread(carray(floats_at(kept), channels), mean)
            spread(factors, factor)
            total[:] = np.float32(0.0)
            product[:] = np.float32(0.0)
            start = 4 * image * op.length
            for begin in range(0, op.length, size):
                length = min(size, op.length - begin)
                x = carray(floats_at(f.slot + 4 * (op.x + begin) + start), length)
                dy = carray(floats_at(f.slot + 4 * (op.dy + begin) + start), length)
                for i in range(length):
                    total[i] += dy[i]
                    product[i] += dy[i] * ((x[i] - mean[i]) * factor[i])
            fold(total, sums)
            for c in range(channels):
                dbeta[c] += sums[c]
                sums[c] *= gamma[c] if op.gamma != 0 else np.float32(1.0)
            _share_in_groups(sums, op.groups, count)
            spread(sums, total)
            fold(product, sums)
            for c in range(channels):
                dgamma[c] += sums[c]
                sums[c] *= gamma[c] if op.gamma != 0 else np.float32(1.0)
            _share_in_groups(sums, op.groups, count)
            spread(sums, product)
            if inputs:
                _input_gradient(op, f, start, mean, factor, total, product)

    return kernel


@helper
def _input_gradient(
    op: Any, f: Any, start: Any, mean: Any, factor: Any, total: Any, product: Any
) -> None:
    """An image's dx, from its groups' means of g and of g z."""
    size, channels = len(mean), op.channels
    gamma = carray(floats_at(op.gamma), channels)
    scaled = carray(floats_at(f.scratch + 4 * (op.scratch + 4 * size)), size)
    for i in range(size):
        scaled[i] = gamma[i % channels] if op.gamma != 0 else np.float32(1.0)
    for begin in range(0, op.length, max(size, 1)):
        length = min(size, op.length - begin)
        x = carray(floats_at(f.slot + 4 * (op.x + begin) + start), length)
        dy = carray(floats_at(f.slot + 4 * (op.dy + begin) + start), length)
        dx = carray(floats_at(f.slot + 4 * (op.dx + begin) + start), length)
        for i in range(length):
            z = (x[i] - mean[i]) * factor[i]
            dx[i] = factor[i] * (dy[i] * scaled[i] - total[i] - z * product[i])


class GroupNormalization(Op):
    """Normalises groups of channels of each image.

    Args:
        groups: How many groups of equally many channels.
        gamma: What the normalised values are multiplied with, or None.
        beta: What is added to them, or None.
        epsilon: Added to the variance.
        trainable: Whether gamma and beta get gradients.
    """

    def __init__(
        self, groups: int, gamma: Variable | None, beta: Variable | None, epsilon: float,
        trainable: bool,
    ) -> None:  # fmt: skip
        self.groups, self.epsilon = groups, epsilon
        self.gamma, self.beta = gamma, beta
        self.trainable = trainable

    def describe(self) -> str:
        """The number of groups."""
        return f"normalization of {self.groups} groups of channels"

    def forward(self, plan: Plan, x: Tensor, halo: Halo) -> Tensor:
        """Appends the passes over each image: its means, its variances, its output."""
        self.x = x = as_contiguous(plan, x)
        y = plan.tensor(x.shape)
        size = pattern_size(x.channels)
        (scratch,) = plan.temporary(PATTERNS * size)
        self.fields: dict[str, float] = {
            "x": x.offset, "means": plan.reserve(2 * x.channels * plan.chunk), "scratch": scratch,
            "length": x.image_stride, "channels": x.channels, "groups": self.groups, "size": size,
            "epsilon": self.epsilon, "gamma": self.gamma.address if self.gamma else 0,
            "beta": self.beta.address if self.beta else 0,
        }  # fmt: skip
        plan.run(normalise_groups(), GROUPS, y=y.offset, **self.fields)
        return y

    def backward(self, plan: Plan, dy: Tensor, propagate: bool) -> Tensor | None:
        """Appends all gradients."""
        dy = as_contiguous(plan, dy)
        gradients = [
            plan.gradient(weight) if weight and self.trainable else plan.partial(self.x.channels)
            for weight in (self.gamma, self.beta)
        ]
        dx = plan.tensor(self.x.shape) if propagate else None
        plan.note("gradients")
        plan.run(
            group_gradients(propagate), GROUPS, dy=dy.offset, dx=dx.offset if dx else 0,
            gamma_gradient=gradients[0], beta_gradient=gradients[1], **self.fields,
        )  # fmt: skip
        return dx
