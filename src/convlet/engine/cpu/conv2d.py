"""Convolutions: bias, activation and max pooling included, forward and backward.

Forward is one product whose rows are output pixels and whose segments are the kernel's rows. Where
a max pool follows whose windows don't overlap, a tile's rows are whole windows and only pooled
values are stored. Backward takes the sparse way (``sparse``) or, here, the dense one: the weight
gradient sums over output pixels, the input gradient is again a product, over the output's gradient.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product as pairs
from math import prod

import numpy as np
from numpy.typing import NDArray

from convlet.engine.calls import by
from convlet.engine.cpu import sparse
from convlet.engine.cpu.elementwise import emit_preactivation_gradient, with_halo
from convlet.engine.cpu.packing import bias_row, packed, packed_transposed
from convlet.engine.cpu.pooling import Pooling, emit_spread
from convlet.engine.cpu.products import (
    ALWAYS,
    PRODUCT,
    TileShape,
    emit_weight_gradient,
    gradient_room,
    product,
    tile_shape,
)
from convlet.engine.cpu.winograd import Winograd
from convlet.engine.cpu.winograd_rule import (
    EXACT,
    LARGEST_OF_GRADIENTS,
    LARGEST_OF_INFERENCE,
    Way,
    choose,
    cropped,
)
from convlet.engine.ops import Op
from convlet.engine.plan import NO_HALO, Halo, Plan, Tensor
from convlet.variable import Variable

UNROLLED = 32
"""Kernels of at most so many weights per output channel get a fully unrolled tile."""


@dataclass(frozen=True)
class Geometry:
    """How windows lie over an image, along both axes.

    Attributes:
        window: Kernel height and width.
        strides: Pixels from one window to the next.
        dilation: Pixels from one kernel element to the next.
        padding: Zeros around the input.
        output: Output height and width.
    """

    window: tuple[int, int]
    strides: tuple[int, int]
    dilation: tuple[int, int]
    padding: Halo
    output: tuple[int, int]

    def multiply_adds(self, kernel: Variable) -> int:
        """An image's, with every output pixel counted, pooled or not."""
        return kernel.size * prod(self.output)

    def window_starts(self, pool: tuple[int, int] = (1, 1)) -> list[tuple[int, int]]:
        """The input pixel at which each output pixel's window starts, a pool's pixels together."""
        (sy, sx), (top, _, left, _) = self.strides, self.padding
        height, width = (size // p for size, p in zip(self.output, pool, strict=True))
        return [
            ((py * pool[0] + y) * sy - top, (px * pool[1] + x) * sx - left)
            for py, px in pairs(range(height), range(width))
            for y, x in pairs(range(pool[0]), range(pool[1]))
        ]


class Convolution(Op):
    """y = pool(activation(conv(x, kernel) + bias)).

    Args:
        kernel: Weights (height, width, input channels, filters); without the height for one row.
        bias: Or None.
        geometry: Where the windows lie.
        activation: "linear", "relu" or "relu6".
        pool: Size of the max pool's windows, which don't overlap; None for no pool.
        trainable: Whether the weights get gradients.
    """

    def __init__(
        self, kernel: Variable, bias: Variable | None, geometry: Geometry, activation: str,
        pool: tuple[int, int] | None, trainable: bool,
    ) -> None:  # fmt: skip
        self.kernel = kernel
        self.bias = bias
        self.geometry = geometry
        self.activation = activation
        self.pool = pool
        self.trainable = trainable

    def describe(self) -> str:
        """The fused layers, in their order."""
        geometry = self.geometry
        parts = [f"{by(geometry.window)} convolution"]
        parts[0] += f", strides {by(geometry.strides)}" if geometry.strides != (1, 1) else ""
        parts[0] += f", dilation {by(geometry.dilation)}" if geometry.dilation != (1, 1) else ""
        parts += ["bias"] if self.bias else []
        parts += [self.activation] if self.activation != "linear" else []
        parts += [f"{by(self.pool)} max pool"] if self.pool else []
        return " + ".join(parts)

    def input_halo(self) -> Halo:
        """The convolution's padding."""
        return self.geometry.padding

    def forward(self, plan: Plan, x: Tensor, halo: Halo) -> Tensor:
        """Appends the product, with the pool inside it."""
        return self.convolve(plan, x, halo, "output")

    def convolve(self, plan: Plan, x: Tensor, halo: Halo, task: str) -> Tensor:
        """Appends the product, whatever it is for: another op's gradient may be a convolution."""
        filters = int(self.kernel.shape[-1])
        pool = self.pool or (1, 1)
        way = self._way(x.channels, EXACT if plan.training else LARGEST_OF_INFERENCE, pool)
        if not way.fused:
            return self._forward_and_pool(plan, x, halo)
        self.x = x = with_halo(plan, x, self.geometry.padding)
        pooled = "pooled in registers: nothing is stored before the pool" if self.pool else ""
        plan.note(task, way.reason() or pooled, self.geometry.multiply_adds(self.kernel))
        window = pool[0] * pool[1]
        height, width = (size // p for size, p in zip(self.geometry.output, pool, strict=True))
        self.y = plan.workspace((height, width, filters), halo)
        keep_codes = plan.training and window > 1
        self.codes = plan.tensor((height, width, filters), halo) if keep_codes else self.y

        segments, depth = self._segments(x)
        shape = tile_shape(filters, window)
        weights = packed(plan, self.kernel, filters, shape.width)
        bias = bias_row(plan, self.bias, filters, shape.width)
        flag = ALWAYS
        if way.size:
            winograd = Winograd(plan, cropped(self.geometry, pool), way.size)
            winograd.emit_forward(
                x, self.y, self.codes, weights, bias, shape.vectors, pool[0], self.activation
            )
            flag = winograd.flag
        self._emit(
            plan, shape, x, x.positions(plan.chunk, self.geometry.window_starts(pool)), self.y,
            self.y.positions(plan.chunk, pairs(range(height), range(width))),
            segments, np.arange(len(segments), dtype=np.int32) * np.int32(depth), depth, weights,
            bias, window, self.activation, self.codes if keep_codes else None, flag,
        )  # fmt: skip
        return self.y

    def _way(self, depth: int, largest: int, pool: tuple[int, int] = (1, 1)) -> Way:
        """How to compute it; Winograd's tiles know square pooling windows only."""
        geometry = self.geometry if pool[0] == pool[1] else replace(self.geometry, window=(0, 0))
        return choose(geometry, depth, int(self.kernel.shape[-1]), largest, pool[0])

    def _forward_and_pool(self, plan: Plan, x: Tensor, halo: Halo) -> Tensor:
        """Appends convolution and pool one after the other; in inference only."""
        pool = self.pool or (1, 1)
        geometry = cropped(self.geometry, pool)
        plain = Convolution(self.kernel, self.bias, geometry, self.activation, None, False)
        height, width = (size // p for size, p in zip(geometry.output, pool, strict=True))
        pooling = Pooling(False, pool, pool, (0, 0), (height, width))
        return pooling.forward(plan, plain.forward(plan, x, NO_HALO), halo)

    def backward(self, plan: Plan, dy: Tensor, propagate: bool) -> Tensor | None:
        """Appends the gradients, each by the way that costs less."""
        lists = None
        if self.pool is not None:
            lists = sparse.Lists(
                plan, self.x, self.codes, dy, self.kernel, self.geometry, self.pool
            )
        dense_weights = self.trainable and not (lists and lists.pays_for_weights())
        dense_input = propagate and not (lists and lists.pays_for_input())
        if lists and self.trainable and not dense_weights:
            lists.emit_weight_gradient(self.bias)
        dx = lists.emit_input_gradient() if lists and propagate and not dense_input else None
        if dense_weights or dense_input:
            dz = self._dense_gradient(plan, dy, self.bias if dense_weights else None, dense_input)
            dense = "densely: without a max pool there are no zeros to leave out"
            work = self.geometry.multiply_adds(self.kernel)
            way = self._way(self.x.channels, LARGEST_OF_GRADIENTS)
            if dense_weights:
                reason = lists.weights_way() if lists else way.reason() or dense
                plan.note("weight gradient", reason, work)
                self.emit_weight_gradient(plan, self.x, dy if self.pool else dz, way)
            if dense_input:
                reason = way.reason() or (lists.input_way() if lists else dense)
                plan.note("input gradient", reason, work)
                dx = plan.workspace(self.x.shape, self.geometry.padding, clean=False)
                self.emit_input_gradient(plan, dz, dx, way)
        return dx

    def _segments(self, x: Tensor) -> tuple[NDArray[np.int32], int]:
        """Where in a window each contiguous run of factors starts, and the run's length.

        Undilated, a kernel row's pixels and channels follow each other: one run a row.
        """
        (high, wide), channels = self.geometry.window, x.channels
        down, right = self.geometry.dilation
        if right == 1:
            return np.array([x.pixel(i * down, 0) for i in range(high)], np.int32), (
                wide * channels
            )
        taps = pairs(range(high), range(wide))
        return np.array([x.pixel(i * down, j * right) for i, j in taps], np.int32), channels

    def _emit(
        self, plan: Plan, shape: TileShape, x: Tensor, x_rows: NDArray[np.int32], y: Tensor,
        y_rows: NDArray[np.int32], segments: NDArray[np.int32], weight_rows: NDArray[np.int32],
        depth: int, weights: int, bias: int, window: int, activation: str, codes: Tensor | None,
        flag: int,
    ) -> None:  # fmt: skip
        unrolled = len(segments) * 1000 + depth if 0 < len(segments) * depth <= UNROLLED else 0
        plan.run(
            product(
                shape.rows, shape.vectors, unrolled, window, activation, codes is not None,
                y.channels % shape.width != 0,
            ),
            PRODUCT,
            x=x.offset, x_rows=plan.constant(x_rows),
            rows=len(x_rows) // plan.chunk,
            segments=plan.constant(segments), weight_rows=plan.constant(weight_rows),
            segment_count=len(segments), depth=depth,
            weights=weights, panel_rows=self.kernel.size // (x.channels * y.channels) * x.channels,
            bias=bias, columns=y.channels,
            y=y.offset, y_rows=plan.constant(y_rows),
            codes=codes.offset if codes else 0, flag=flag,
        )  # fmt: skip

    def _dense_gradient(
        self, plan: Plan, dy: Tensor, bias: Variable | None, unpooled: bool
    ) -> Tensor:
        """dz, the gradient at every output pixel; and the bias's.

        Behind a pool only the input gradient needs dz: the weights' does without.
        """
        if self.pool is None:
            return emit_preactivation_gradient(plan, self.activation, self.y, dy, bias)
        dz = plan.tensor((*self.geometry.output, int(self.kernel.shape[-1])))
        emit_spread(plan, dy, self.codes, dz, self.pool, bias, unpooled)
        return dz

    def emit_weight_gradient(self, plan: Plan, x: Tensor, dz: Tensor, way: Way) -> None:
        """Appends the sum over the output's pixels; behind a pool dz is the pooled values'."""
        segments, depth = self._segments(x)
        k_offsets = (segments[:, None] + np.arange(depth, dtype=np.int32)[None, :]).ravel()
        outputs = list(pairs(range(dz.shape[0]), range(dz.shape[1])))
        codes = self.codes if self.pool else None
        starts = self.geometry.window_starts(self.pool or (1, 1))
        gradient = gradient_room(plan, self.kernel, len(k_offsets))
        flag = ALWAYS
        if self.pool is None and way.size:
            winograd = Winograd(plan, self.geometry, way.size)
            winograd.emit_weight_gradient(x, dz, gradient)
            flag = winograd.flag
        emit_weight_gradient(
            plan, gradient, x, x.positions(plan.chunk, starts), k_offsets, dz,
            dz.positions(plan.chunk, outputs), codes,
            codes.positions(plan.chunk, outputs) if codes else None, flag,
        )  # fmt: skip

    def _taps(self, axis: int, size: int) -> dict[tuple[int, ...], list[tuple[int, int]]]:
        """The input positions along an axis, grouped by the kernel elements that reach them.

        Each group maps kernel indices k to its positions i, each with the output index that the
        first k leads to: ``(i + padding - k dilation) / strides``, where that is whole and inside.
        """
        stride, step = self.geometry.strides[axis], self.geometry.dilation[axis]
        before = self.geometry.padding[2 * axis]
        groups: dict[tuple[int, ...], list[tuple[int, int]]] = {}
        for position in range(size):
            reached = {}
            for k in range(self.geometry.window[axis]):
                output, rest = divmod(position + before - k * step, stride)
                if rest == 0 and 0 <= output < self.geometry.output[axis]:
                    reached[k] = output
            first = next(iter(reached.values()), 0)
            groups.setdefault(tuple(reached), []).append((position, first))
        return groups

    def emit_input_gradient(
        self, plan: Plan, dz: Tensor, dx: Tensor, way: Way, bias: Variable | None = None,
        activation: str = "linear",
    ) -> None:  # fmt: skip
        """dx[i] = activation(bias + sum over the elements k that reach i of dz[o(i, k)] W[k]^T).

        One product for each group of pixels that the same elements reach: with strides some don't
        reach a pixel, and at the border some would reach it from outside the output.
        """
        channels, filters = dx.channels, dz.channels
        shape = tile_shape(channels)
        weights = packed_transposed(plan, self.kernel, filters, channels, shape.width)
        added = bias_row(plan, bias, channels, shape.width)
        flag = ALWAYS
        if way.size:
            winograd = Winograd(plan, self.geometry, way.size)
            winograd.emit_input_gradient(dz, dx, weights, shape.vectors)
            flag = winograd.flag
        down, across = (self._taps(axis, dx.shape[axis]) for axis in (0, 1))
        for (ky, lines), (kx, columns) in pairs(down.items(), across.items()):
            positions = list(pairs(lines, columns))
            segments, weight_rows = self._reached(dz, ky, kx)
            self._emit(
                plan, shape, dz, dz.positions(plan.chunk, [(o, p) for (_, o), (_, p) in positions]),
                dx, dx.positions(plan.chunk, [(i, j) for (i, _), (j, _) in positions]),
                segments, weight_rows, filters, weights, added, 1, activation, None, flag,
            )  # fmt: skip

    def _reached(
        self, dz: Tensor, ky: tuple[int, ...], kx: tuple[int, ...]
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """For each kernel element: its output pixel relative to the first's, and its weights."""
        strides, steps = self.geometry.strides, self.geometry.dilation
        segments, weight_rows = [], []
        for y, x in pairs(ky, kx):
            up = (y - ky[0]) * steps[0] // strides[0]
            left = (x - kx[0]) * steps[1] // strides[1]
            segments.append(dz.pixel(-up, -left))
            weight_rows.append((y * self.geometry.window[1] + x) * dz.channels)
        return np.array(segments, np.int32), np.array(weight_rows, np.int32)
