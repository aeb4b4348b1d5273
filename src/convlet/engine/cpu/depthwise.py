"""Depthwise convolutions: each channel has a window of its own, and no channel meets another.

Forward computes tiles of a line's pixels. The input gradient is of the same form: the pixels that
the same taps reach (one group without strides) are a convolution of the output's gradient with
those taps, last one first. The weight gradient keeps a window's sums in registers along lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product as pairs
from math import gcd, prod
from typing import Any

import numpy as np
from numba import carray

from convlet.engine.calls import by
from convlet.engine.cpu.conv2d import Geometry
from convlet.engine.cpu.depthwise_tiles import window_gradient_tile, window_tile
from convlet.engine.cpu.elementwise import emit_preactivation_gradient, with_halo
from convlet.engine.cpu.jit import share, specialised
from convlet.engine.cpu.packing import bias_row, packed
from convlet.engine.cpu.simd import ACCUMULATORS, LANES, REGISTERS, padded
from convlet.engine.ops import Op
from convlet.engine.plan import Halo, Plan, Tensor
from convlet.variable import Variable

WINDOWS = np.dtype(
    [
        *[(f"{name}{part}", np.int64) for name in ("x", "y") for part in ("", "_image", "_line")],
        ("x_row", np.int64),  # floats of x from a row of the window to the next
        ("rows", np.int64),  # of the window
        ("weights", np.int64),  # address
        ("weight_row", np.int64),  # floats from a row of the window to the next
        ("weight_tap", np.int64),  # floats from a tap to the next
        ("bias", np.int64),  # address
        ("y_step", np.int64),  # floats of y from a pixel to the next
        ("lines", np.int64),  # of y
        ("width", np.int64),  # pixels of such a line
        ("channels", np.int64),
    ]
)

LINE_PIXELS = 64
"""About so many pixels are summed into the weight gradient while its sums are in registers."""


@specialised(WINDOWS, splits=True)
def windows(
    lanes: int, pixels: int, vectors: int, taps: int, pixel_step: int, tap_step: int,
    activation: str, ragged: bool,
) -> Any:  # fmt: skip
    """Computes y = activation(sum of x over windows + bias); see ``window_tile``."""
    columns = lanes * vectors

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        lines, width, channels = op.lines, op.width, op.channels
        whole = (channels + lanes - 1) // lanes * lanes
        begin, end = share(f.count * lines, f.part, f.parts)
        for number in range(begin, end):
            image, line = number // lines, number % lines
            x_start = op.x + image * op.x_image + line * op.x_line
            y_start = op.y + image * op.y_image + line * op.y_line
            for tile in range(0, width, pixels):
                # The last tile overlaps the one before it, and so do the last vectors.
                pixel = min(tile, width - pixels)
                x = x_start + pixel * pixel_step * channels
                y = y_start + pixel * op.y_step
                for block in range(0, whole, columns):
                    c = min(block, whole - columns)
                    window_tile(
                        lanes, pixels, vectors, taps, pixel_step, tap_step, activation, ragged,
                        f.slot + 4 * (x + c), op.x_row, op.rows, channels,
                        op.weights + 4 * c, op.weight_row, op.weight_tap, op.bias + 4 * c,
                        f.slot + 4 * (y + c), op.y_step, channels - c,
                    )  # fmt: skip

    return kernel


WINDOW_GRADIENT = np.dtype(
    [
        *[(f"{name}{part}", np.int64) for name in ("x", "dz") for part in ("", "_image", "_line")],
        ("x_row", np.int64),  # as in WINDOWS
        ("lines", np.int64),  # of dz
        ("width", np.int64),
        ("channels", np.int64),
        ("gradient", np.int64),  # offset in the chunk's gradients
    ]
)


@specialised(WINDOW_GRADIENT)
def window_gradient(
    lanes: int, rows: int, taps: int, pixels: int, pixel_step: int, tap_step: int, ragged: bool
) -> Any:
    """Adds up the gradient of some rows of the windows; see ``window_gradient_tile``."""
    together = LINE_PIXELS

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        channels, gradient = op.channels, f.gradients + 4 * op.gradient
        step = max(1, together // op.width)
        for image in range(f.count):
            for line in range(0, op.lines, step):
                x = op.x + image * op.x_image + line * op.x_line
                dz = op.dz + image * op.dz_image + line * op.dz_line
                for c in range(0, channels, lanes):
                    window_gradient_tile(
                        lanes, rows, taps, pixels, pixel_step, tap_step, ragged,
                        f.slot + 4 * (x + c), op.x_line, op.x_row, channels,
                        f.slot + 4 * (dz + c), op.dz_line, min(step, op.lines - line), op.width,
                        gradient + 4 * c, channels - c, image + line == 0,
                    )  # fmt: skip

    return kernel


@dataclass(frozen=True)
class Sweep:
    """Along an axis: which results a call computes, and what their taps meet.

    Of result i, at ``first + i step``, tap number t meets ``start + i move + t apart``.

    Attributes:
        first, step, count: The results.
        start, move, apart: What they are computed from; it may be outside.
        taps: The kernel elements that are the taps, equally far from each other.
    """

    first: int
    step: int
    count: int
    start: int
    move: int
    apart: int
    taps: Sequence[int]

    @property
    def end(self) -> int:
        """What follows the last that is met."""
        return self.start + (self.count - 1) * self.move + (len(self.taps) - 1) * self.apart + 1

    @property
    def taps_step(self) -> int:
        """Kernel elements from a tap to the next."""
        return self.taps[1] - self.taps[0] if len(self.taps) > 1 else 0


def forward_sweep(geometry: Geometry, axis: int) -> Sweep:
    """All outputs along an axis, each with its window."""
    start, move = -geometry.padding[2 * axis], geometry.strides[axis]
    taps = range(geometry.window[axis])
    return Sweep(0, 1, geometry.output[axis], start, move, geometry.dilation[axis], taps)


def backward_sweeps(geometry: Geometry, axis: int, size: int) -> list[Sweep]:
    """The gradients of all inputs along an axis, in groups that the same taps reach.

    Tap k joins input i to output (i + padding - k dilation) / stride, where that is whole.

    Args:
        geometry: Where the windows lie.
        axis: 0 down, 1 across.
        size: Inputs along the axis.
    """
    stride, dilation = geometry.strides[axis], geometry.dilation[axis]
    sweeps = []
    for first in range(min(stride, size)):
        position = first + geometry.padding[2 * axis]
        window = reversed(range(geometry.window[axis]))  # so that outputs go up
        taps = [k for k in window if (position - k * dilation) % stride == 0]
        start = (position - taps[0] * dilation) // stride if taps else 0
        count = -(-(size - first) // stride)
        sweeps.append(
            Sweep(first, stride, count, start, 1, dilation // gcd(stride, dilation), taps)
        )
    return sweeps


class DepthwiseConvolution(Op):
    """y = activation(conv(x, kernel) + bias), channel by channel.

    Args:
        kernel: Weights (height, width, channels, 1); or (height, width, c, m) with c m channels.
        bias: Or None.
        geometry: Where the windows lie.
        activation: "linear", "relu" or "relu6".
        trainable: Whether the weights get gradients.
    """

    def __init__(
        self, kernel: Variable, bias: Variable | None, geometry: Geometry, activation: str,
        trainable: bool,
    ) -> None:  # fmt: skip
        self.kernel = kernel
        self.bias = bias
        self.geometry = geometry
        self.activation = activation
        self.trainable = trainable
        self.channels = kernel.size // prod(geometry.window)
        self.lanes = min(LANES, 1 << max(2, (self.channels - 1).bit_length()))
        self.columns = padded(self.channels, self.lanes)
        self.ragged = self.columns != self.channels

    def describe(self) -> str:
        """The fused layers, in their order."""
        geometry = self.geometry
        parts = [f"{by(geometry.window)} depthwise convolution"]
        parts[0] += f", strides {by(geometry.strides)}" if geometry.strides != (1, 1) else ""
        parts[0] += f", dilation {by(geometry.dilation)}" if geometry.dilation != (1, 1) else ""
        parts += ["bias"] if self.bias else []
        parts += [self.activation] if self.activation != "linear" else []
        return " + ".join(parts)

    def input_halo(self) -> Halo:
        """The convolution's padding."""
        return self.geometry.padding

    def forward(self, plan: Plan, x: Tensor, halo: Halo) -> Tensor:
        """Appends one call that slides all windows."""
        geometry = self.geometry
        self.x = x = with_halo(plan, x, geometry.padding)
        plan.note("output", multiply_adds=geometry.multiply_adds(self.kernel))
        self.y = plan.workspace((*geometry.output, self.channels), halo)
        self.packed = packed(plan, self.kernel, self.channels, self.columns)
        down, across = (forward_sweep(geometry, axis) for axis in (0, 1))
        self._emit(plan, x, self.y, down, across, self.bias, self.activation)
        return self.y

    def backward(self, plan: Plan, dy: Tensor, propagate: bool) -> Tensor | None:
        """Appends the gradients of bias, kernel and input."""
        geometry, work = self.geometry, self.geometry.multiply_adds(self.kernel)
        sweeps = [
            backward_sweeps(geometry, axis, self.x.shape[axis]) if propagate else []
            for axis in (0, 1)
        ]
        bias = self.bias if self.trainable else None
        halo = _halo(sweeps, geometry.output)
        dz = emit_preactivation_gradient(plan, self.activation, self.y, dy, bias, halo)
        if self.trainable:
            plan.note("weight gradient", multiply_adds=work)
            self._emit_weight_gradient(plan, dz)
        if not propagate:
            return None
        plan.note("input gradient", multiply_adds=work)
        dx = plan.workspace(self.x.shape)
        for down, across in pairs(*sweeps):
            self._emit(plan, dz, dx, down, across, None, "linear")
        return dx

    def _emit(
        self, plan: Plan, x: Tensor, y: Tensor, down: Sweep, across: Sweep, bias: Variable | None,
        activation: str,
    ) -> None:  # fmt: skip
        """Appends the call that computes some of y from x."""
        pixels, vectors = tile_shape(across.count, self.columns // self.lanes)
        tap = self.columns
        row = self.geometry.window[1] * tap
        # Where no tap reaches, the sum is empty.
        down_taps, across_taps = (down.taps, across.taps) if across.taps else ([], [])
        first = down_taps[0] * row + across_taps[0] * tap if down_taps else 0
        plan.run(
            windows(
                self.lanes, pixels, vectors, len(across_taps), across.move, across.apart,
                activation, self.ragged,
            ),
            WINDOWS,
            x=x.offset + x.pixel(down.start, across.start), x_image=x.image_stride,
            x_line=down.move * x.row_stride, x_row=down.apart * x.row_stride,
            rows=len(down_taps), weights=self.packed + 4 * first,
            weight_row=down.taps_step * row, weight_tap=across.taps_step * tap,
            bias=bias_row(plan, bias, self.channels, self.columns),
            y=y.offset + y.pixel(down.first, across.first), y_image=y.image_stride,
            y_line=down.step * y.row_stride, y_step=across.step * self.channels,
            lines=down.count, width=across.count, channels=self.channels,
        )  # fmt: skip

    def _emit_weight_gradient(self, plan: Plan, dz: Tensor) -> None:
        """Appends calls for as many rows of the window at a time as registers hold sums for."""
        down, across = (forward_sweep(self.geometry, axis) for axis in (0, 1))
        high, wide = self.geometry.window
        gradient = plan.gradient(self.kernel)
        calls = -(-high // max(1, ACCUMULATORS // wide))
        for number in range(calls):
            first, end = high * number // calls, high * (number + 1) // calls
            plan.run(
                window_gradient(
                    self.lanes, end - first, wide, gradient_pixels((end - first) * wide),
                    across.move, across.apart, self.ragged,
                ),
                WINDOW_GRADIENT,
                x=self.x.offset + self.x.pixel(down.start + first * down.apart, across.start),
                x_image=self.x.image_stride, x_line=down.move * self.x.row_stride,
                x_row=down.apart * self.x.row_stride,
                dz=dz.offset, dz_image=dz.image_stride, dz_line=dz.row_stride,
                lines=down.count, width=across.count, channels=self.channels,
                gradient=gradient + first * wide * self.channels,
            )  # fmt: skip


def tile_shape(width: int, vectors: int) -> tuple[int, int]:
    """Pixels of a line, and vectors of each, in a tile: about equal tiles of up to 8 sums (or 4).

    More pixels meet what is loaded; where a line is short, several vectors let sums overlap.
    """
    most = 8 if REGISTERS >= 32 else 4
    pixels = -(-width // -(-width // most))
    return pixels, min(vectors, most // pixels)


def gradient_pixels(sums: int) -> int:
    """Pixels that are summed side by side, so that they meet the same vectors of x."""
    return 4 if REGISTERS >= 32 and sums <= ACCUMULATORS // 2 else 2


def _halo(sweeps: list[list[Sweep]], output: tuple[int, int]) -> Halo:
    """The zeros around the output's gradient that taps meet."""
    sides = []
    for groups, size in zip(sweeps, output, strict=True):
        starts = [-sweep.start for sweep in groups if sweep.taps]
        ends = [sweep.end - size for sweep in groups if sweep.taps]
        sides += [max(0, *starts, 0), max(0, *ends, 0)]
    return Halo(*sides)
