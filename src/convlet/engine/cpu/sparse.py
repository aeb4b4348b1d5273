"""Gradients of a convolution behind relu and max pooling, computed from what is not zero.

Of each pooling window one pixel at most has a gradient, for a 2x2 pool less than one in four. So
the weight gradient is, for each filter, a sum over a list of (window position, value), and the
input gradient, for each output pixel, a sum over a list of (filter, value).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product as pairs
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import carray

from convlet.engine.cpu.jit import Kernel, specialised
from convlet.engine.cpu.products import packed
from convlet.engine.cpu.simd import LANES, REGISTERS, floats_at, int32_at, int64_at, padded
from convlet.engine.cpu.tiles import sparse_tile
from convlet.engine.plan import Plan, Tensor
from convlet.variable import Variable

if TYPE_CHECKING:
    from convlet.engine.cpu.conv2d import Geometry

LISTS = np.dtype(
    [
        ("codes", np.int64),  # slot offset; where in its window each pooled value came from
        ("dy", np.int64),  # slot offset of the pooled gradient
        ("code_rows", np.int64),  # int32 table: where each pooled pixel starts in codes
        ("dy_rows", np.int64),  # int32 table: where it starts in dy
        ("places", np.int64),  # int32 table [pooled pixel][code]: where its window starts in x
        ("pooled", np.int64),  # pooled pixels an image has
        ("window", np.int64),  # pixels of a pooling window
        ("filters", np.int64),
        ("block", np.int64),  # pooled pixels that are listed at a time
        ("offsets", np.int64),  # slot offset: the lists' int32 halves
        ("values", np.int64),  # slot offset: the lists' float halves
        ("counts", np.int64),  # slot offset: int64 lengths
        ("x", np.int64),  # slot offset of the input, or of its gradient
        ("x_row", np.int64),  # floats from one kernel row to the next in x
        ("x_image", np.int64),
        ("segments", np.int64),  # kernel rows
        ("run", np.int64),  # floats of a kernel row: kernel width times channels
        ("padded_run", np.int64),
        ("weights", np.int64),  # address of W as (filter, kernel row, padded run)
        ("gradient", np.int64),  # offset in the chunk's gradients, same layout
        ("bias", np.int64),  # likewise, or -1
    ]
)


@specialised(LISTS)
def weight_gradient(segments: int, vectors: int) -> Any:
    """dW[f] = sum of value * x[place:] over the list of filter f, block by block of pixels."""
    lanes = LANES
    width = LANES * vectors

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        total = op.pooled * f.count
        code_rows = carray(int32_at(op.code_rows), total)
        dy_rows = carray(int32_at(op.dy_rows), total)
        counts = carray(int64_at(f.slot + 4 * op.counts), op.filters)
        per_filter = op.segments * op.padded_run
        for start in range(0, total, op.block):
            counts[:] = 0
            for pixel in range(start, min(start + op.block, total)):
                codes = carray(int32_at(f.slot + 4 * (op.codes + code_rows[pixel])), op.filters)
                dy = carray(floats_at(f.slot + 4 * (op.dy + dy_rows[pixel])), op.filters)
                places = carray(int32_at(op.places + 4 * pixel * op.window), op.window)
                for filter in range(op.filters):
                    code = codes[filter]
                    entry = 4 * (filter * op.block + counts[filter])
                    carray(int32_at(f.slot + 4 * op.offsets + entry), 1)[0] = places[max(code, 0)]
                    carray(floats_at(f.slot + 4 * op.values + entry), 1)[0] = dy[filter]
                    counts[filter] += code >= 0
            for filter in range(op.filters):
                first = 4 * filter * op.block
                if op.bias >= 0:
                    bias = carray(floats_at(f.gradients + 4 * (op.bias + filter)), 1)
                    values = carray(floats_at(f.slot + 4 * op.values + first), op.block)
                    total_value = np.float32(0.0) if start == 0 else bias[0]
                    for i in range(counts[filter]):
                        total_value += values[i]
                    bias[0] = total_value
                for segment in range(0, op.segments, segments):
                    for column in range(0, op.run, width):
                        sparse_tile(
                            lanes, segments, vectors, False,
                            f.slot + 4 * op.offsets + first, f.slot + 4 * op.values + first,
                            counts[filter],
                            f.slot + 4 * (op.x + segment * op.x_row + column), op.x_row,
                            f.gradients + 4 * (
                                op.gradient + filter * per_filter + segment * op.padded_run + column
                            ),
                            op.padded_run, width, start == 0,
                        )  # fmt: skip

    return kernel


@specialised(LISTS)
def input_gradient(segments: int, vectors: int, ragged: bool) -> Any:
    """dx[place:] += sum of value * W[f] over the list of filters of each output pixel."""
    lanes = LANES
    width = LANES * vectors

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        carray(floats_at(f.slot + 4 * op.x), op.x_image * f.count)[:] = np.float32(0.0)
        total = op.pooled * f.count
        code_rows = carray(int32_at(op.code_rows), total)
        dy_rows = carray(int32_at(op.dy_rows), total)
        counts = carray(int64_at(f.slot + 4 * op.counts), op.window + 1)
        per_filter = op.segments * op.padded_run
        for pixel in range(total):
            codes = carray(int32_at(f.slot + 4 * (op.codes + code_rows[pixel])), op.filters)
            dy = carray(floats_at(f.slot + 4 * (op.dy + dy_rows[pixel])), op.filters)
            counts[:] = 0
            for filter in range(op.filters):
                # List 0 takes what relu let not through, and is never read.
                place = codes[filter] + 1
                entry = 4 * (place * op.filters + counts[place])
                carray(int32_at(f.slot + 4 * op.offsets + entry), 1)[0] = filter * per_filter
                carray(floats_at(f.slot + 4 * op.values + entry), 1)[0] = dy[filter]
                counts[place] += 1
            places = carray(int32_at(op.places + 4 * pixel * op.window), op.window)
            for code in range(op.window):
                if counts[code + 1] == 0:
                    continue
                first = 4 * (code + 1) * op.filters
                for segment in range(0, op.segments, segments):
                    for column in range(0, op.run, width):
                        target = op.x + places[code] + segment * op.x_row + column
                        sparse_tile(
                            lanes, segments, vectors, ragged,
                            f.slot + 4 * op.offsets + first, f.slot + 4 * op.values + first,
                            counts[code + 1],
                            op.weights + 4 * (segment * op.padded_run + column), op.padded_run,
                            f.slot + 4 * target, op.x_row, op.run - column, 0,
                        )  # fmt: skip

    return kernel


@dataclass(frozen=True)
class _Split:
    """How a kernel of some rows and row length is cut into register tiles."""

    segments: int
    vectors: int
    padded_run: int


def _split(segments: int, run: int) -> _Split:
    budget = 24 if REGISTERS >= 32 else 12
    vectors = -(-run // LANES)
    parts = -(-vectors // budget)
    vectors = -(-vectors // parts)
    together = max(d for d in range(1, segments + 1) if segments % d == 0 and d * vectors <= budget)
    return _Split(together, vectors, padded(run, vectors * LANES))


class Lists:
    """The sparse backward pass of one pooled convolution.

    Args:
        plan: Where the calls go.
        x: The convolution's input.
        codes: Which pixel of its window each pooled value came from; -1 for none.
        dy: The gradient of the pooled output.
        kernel: The convolution's weights.
        geometry: Where its windows lie.
        pool: The pooling window.
    """

    def __init__(
        self, plan: Plan, x: Tensor, codes: Tensor, dy: Tensor, kernel: Variable,
        geometry: Geometry, pool: tuple[int, int],
    ) -> None:  # fmt: skip
        self.plan, self.x, self.codes, self.dy = plan, x, codes, dy
        self.kernel, self.geometry, self.pool = kernel, geometry, pool
        self.rows, self.run = geometry.window[0], geometry.window[1] * x.channels
        self.split = _split(self.rows, self.run)
        self.window = pool[0] * pool[1]

    def _costs(self, overhead: int) -> tuple[int, int]:
        """Vector operations per pooled pixel: by lists (half of relu's outputs 0), and densely."""
        filters = int(self.kernel.shape[3])
        vectors = self.rows * self.split.padded_run // LANES
        dense = self.window * self.rows * self.run * -(-filters // LANES)
        return filters * (vectors + overhead) // 2, dense

    def pays_for_weights(self) -> bool:
        """Whether lists cost less than the dense sum; dilation across breaks a kernel row's run."""
        listed, dense = self._costs(overhead=8)
        return self.geometry.dilation[1] == 1 and listed < dense

    def pays_for_input(self) -> bool:
        """Whether lists cost less than the dense product."""
        listed, dense = self._costs(overhead=8)
        each_pixel = 2 * self.window * self.rows * self.split.padded_run // LANES
        return self.geometry.dilation[1] == 1 and listed + each_pixel < dense

    def emit_weight_gradient(self, bias: Variable | None) -> None:
        """Appends the weight gradient, kept as (filter, kernel row, padded run), and the bias's."""
        filters = int(self.kernel.shape[3])
        per_filter = self.rows * self.split.padded_run
        sy, sx = self.geometry.strides
        fresh_bytes = 4 * self.window * sy * sx * self.x.channels
        block = min(max(16, 24 * 1024 // fresh_bytes), 256)
        gradient = self.plan.gradient(
            self.kernel, size=filters * per_filter, run=self.run, run_stride=self.split.padded_run,
            column_stride=per_filter,
        )  # fmt: skip
        self._emit(
            weight_gradient(self.split.segments, self.split.vectors), self.x, block, filters * block, filters, gradient=gradient,
            bias=-1 if bias is None else self.plan.gradient(bias),
        )  # fmt: skip

    def emit_input_gradient(self) -> Tensor:
        """Appends the input gradient and returns it; its halo takes what falls outside."""
        filters = int(self.kernel.shape[3])
        dx = self.plan.tensor(self.x.shape, self.geometry.padding)
        starts = [
            row * self.run * filters + f for f, row in pairs(range(filters), range(self.rows))
        ]
        weights = packed(
            self.plan, self.kernel, np.array(starts, np.int64), self.run, filters,
            self.split.padded_run,
        )  # fmt: skip
        ragged = self.run % (self.split.vectors * LANES) != 0
        self._emit(
            input_gradient(self.split.segments, self.split.vectors, ragged), dx, 1,
            filters * (self.window + 1), self.window + 1, weights=weights,
        )  # fmt: skip
        return dx

    def _emit(
        self, kernel: Kernel, x: Tensor, block: int, entries: int, lists: int, **fields: int
    ) -> None:
        plan, split = self.plan, self.split
        halo = x.halo
        image_start = x.offset - x.pixel(halo.top, 0) - halo.left * x.channels
        height, width, filters = self.dy.shape
        pooled = list(pairs(range(height), range(width)))
        # dx is cleared and addressed from the first float of its halo on.
        shift = x.offset - image_start
        sy, sx = self.geometry.strides
        top, _, left, _ = self.geometry.padding
        windows = [
            ((py * self.pool[0] + y) * sy - top, (px * self.pool[1] + x_) * sx - left)
            for py, px in pooled
            for y, x_ in pairs(range(self.pool[0]), range(self.pool[1]))
        ]
        plan.run(
            kernel, LISTS,
            codes=self.codes.offset, dy=self.dy.offset,
            code_rows=plan.constant(self.codes.positions(plan.chunk, pooled)),
            dy_rows=plan.constant(self.dy.positions(plan.chunk, pooled)),
            places=plan.constant(x.positions(plan.chunk, windows) + np.int32(shift)),
            pooled=len(pooled), window=self.window, filters=filters, block=block,
            offsets=plan.scratch(entries), values=plan.scratch(entries),
            counts=plan.scratch(2 * lists),
            x=image_start, x_row=x.row_stride * self.geometry.dilation[0], x_image=x.image_stride,
            segments=self.rows, run=self.run, padded_run=split.padded_run, **fields,
        )  # fmt: skip
