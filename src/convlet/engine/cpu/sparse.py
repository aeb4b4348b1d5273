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
from convlet.engine.cpu.lists import list_filters, list_pixels
from convlet.engine.cpu.packing import packed_transposed
from convlet.engine.cpu.simd import ACCUMULATORS, LANES, floats_at, int32_at, int64_at, padded
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
        ("list_stride", np.int64),  # room of a list
        ("offsets", np.int64),  # scratch offset: the lists' int32 halves
        ("values", np.int64),  # scratch offset: the lists' float halves
        ("counts", np.int64),  # scratch offset: int64 lengths
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


CACHED_WEIGHTS = 6 * 1024
"""Floats of weights that the input gradient works with at a time: half a first-level cache."""
PIXELS = 32
"""Pooled pixels whose lists it makes at a time."""


@specialised(LISTS)
def weight_gradient(segments: int, vectors: int, window: int) -> Any:
    """dW[f] = sum of value * x[place:] over the list of filter f, block by block of pixels."""
    lanes = LANES
    width = LANES * vectors

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        total = op.pooled * f.count
        counts = carray(int64_at(f.scratch + 4 * op.counts), op.filters)
        offsets, values = f.scratch + 4 * op.offsets, f.scratch + 4 * op.values
        per_filter = op.segments * op.padded_run
        for start in range(0, total, max(op.block, 1)):  # a step of 0 would raise
            counts[:] = 0
            for pixel in range(start, min(start + op.block, total), lanes):
                for lane in range(0, op.filters, lanes):
                    first = 4 * lane * op.list_stride
                    list_pixels(
                        lanes, window,
                        f.slot + 4 * (op.codes + lane), op.code_rows + 4 * pixel,
                        f.slot + 4 * (op.dy + lane), op.dy_rows + 4 * pixel,
                        op.places + 4 * pixel * window,
                        min(total, start + op.block) - pixel, op.filters - lane,
                        offsets + first, values + first, op.list_stride,
                        f.scratch + 4 * op.counts + 8 * lane,
                    )  # fmt: skip
            for number in range(op.filters):
                first = 4 * number * op.list_stride
                gradient = op.gradient + number * per_filter
                if op.bias >= 0:
                    listed = carray(floats_at(values + first), counts[number])
                    bias = carray(floats_at(f.gradients + 4 * (op.bias + number)), 1)
                    bias[0] = (np.float32(0.0) if start == 0 else bias[0]) + listed.sum()
                for segment in range(0, op.segments, segments):
                    for column in range(0, op.run, width):
                        sparse_tile(
                            lanes, segments, vectors, False,
                            offsets + first, values + first, counts[number],
                            f.slot + 4 * (op.x + segment * op.x_row + column), op.x_row,
                            f.gradients + 4 * (gradient + segment * op.padded_run + column),
                            op.padded_run, width, start == 0,
                        )  # fmt: skip

    return kernel


@specialised(LISTS)
def input_gradient(segments: int, vectors: int, ragged: bool) -> Any:
    """dx[place:] += sum of value * W[f] over the list of filters of each output pixel.

    Block by block of pooled pixels, and within a block one group of kernel rows after the other,
    so that the weights in use stay in the first-level cache.
    """
    lanes = LANES
    width = LANES * vectors

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        carray(floats_at(f.slot + 4 * op.x), op.x_image * f.count)[:] = np.float32(0.0)
        total = op.pooled * f.count
        code_rows = carray(int32_at(op.code_rows), total)
        dy_rows = carray(int32_at(op.dy_rows), total)
        places = carray(int32_at(op.places), total * op.window)
        counts = carray(int64_at(f.scratch + 4 * op.counts), op.window * op.block)
        offsets, values = f.scratch + 4 * op.offsets, f.scratch + 4 * op.values
        list_bytes = 4 * op.list_stride
        for start in range(0, total, max(op.block, 1)):  # a step of 0 would raise
            end = min(start + op.block, total)
            for pixel in range(start, end):
                for code in range(op.window):
                    number = (pixel - start) * op.window + code
                    counts[number] = list_filters(
                        lanes, f.slot + 4 * (op.codes + code_rows[pixel]),
                        f.slot + 4 * (op.dy + dy_rows[pixel]), op.filters, code,
                        op.segments * op.padded_run,
                        offsets + number * list_bytes, values + number * list_bytes,
                    )  # fmt: skip
            for segment in range(0, op.segments, segments):
                for column in range(0, op.run, width):
                    weights = op.weights + 4 * (segment * op.padded_run + column)
                    target = f.slot + 4 * (op.x + segment * op.x_row + column)
                    for number in range((end - start) * op.window):
                        if counts[number] > 0:
                            sparse_tile(
                                lanes, segments, vectors, ragged,
                                offsets + number * list_bytes, values + number * list_bytes,
                                counts[number], weights, op.padded_run,
                                target + 4 * places[start * op.window + number], op.x_row,
                                op.run - column, 0,
                            )  # fmt: skip

    return kernel


@dataclass(frozen=True)
class _Split:
    """How a kernel of some rows and row length is cut into register tiles."""

    segments: int
    vectors: int
    padded_run: int


def _split(segments: int, run: int, most: int) -> _Split:
    """Tiles of at most ``most`` kernel rows, none longer than the registers allow."""
    vectors = -(-run // LANES)
    parts = -(-vectors // ACCUMULATORS)
    vectors = -(-vectors // parts)
    most = max(1, min(most, ACCUMULATORS // vectors))
    together = max(d for d in range(1, segments + 1) if segments % d == 0 and d <= most)
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
        self.split = _split(self.rows, self.run, self.rows)
        self.window = pool[0] * pool[1]

    def _weight_costs(self) -> tuple[int, int]:
        """Vector operations per pooled pixel: by lists (half of relu's outputs 0), and densely."""
        overhead = 8
        filters = int(self.kernel.shape[-1])
        vectors = self.rows * self.split.padded_run // LANES
        dense = self.window * self.rows * self.run * -(-filters // LANES)
        return filters * (vectors + overhead) // 2, dense

    def _input_costs(self) -> tuple[int, int]:
        """The same for the input gradient, whose sums are added to memory at each pixel."""
        listed, dense = self._weight_costs()
        return listed + 2 * self.window * self.rows * self.split.padded_run // LANES, dense

    def _pays(self, costs: tuple[int, int]) -> bool:
        listed, dense = costs
        return self.geometry.dilation[1] == 1 and listed < dense

    def pays_for_weights(self) -> bool:
        """Whether lists cost less than the dense sum; dilation across breaks a kernel row's run."""
        return self._pays(self._weight_costs())

    def pays_for_input(self) -> bool:
        """Whether lists cost less than the dense product."""
        return self._pays(self._input_costs())

    def _way(self, costs: tuple[int, int]) -> str:
        if self.geometry.dilation[1] != 1:
            return "densely: lists need kernel rows without gaps"
        listed, dense = (f"{cost:,}" for cost in costs)
        if self._pays(costs):
            return f"by lists: about {listed} vector operations a pooled pixel; densely {dense}"
        return f"densely: {dense} vector operations a pooled pixel; by lists about {listed}"

    def weights_way(self) -> str:
        """How the weight gradient is computed, and why so."""
        return self._way(self._weight_costs())

    def input_way(self) -> str:
        """How the input gradient is computed, and why so."""
        return self._way(self._input_costs())

    def emit_weight_gradient(self, bias: Variable | None) -> None:
        """Appends the weight gradient, kept as (filter, kernel row, padded run), and the bias's."""
        self._note("weight gradient", self.weights_way())
        filters = int(self.kernel.shape[-1])
        per_filter = self.rows * self.split.padded_run
        sy, sx = self.geometry.strides
        fresh_bytes = 4 * self.window * sy * sx * self.x.channels
        block = min(max(16, 20 * 1024 // fresh_bytes), 256)
        gradient = self.plan.gradient(
            self.kernel, size=filters * per_filter, run=self.run, run_stride=self.split.padded_run,
            column_stride=per_filter,
        )  # fmt: skip
        self._emit(
            weight_gradient(self.split.segments, self.split.vectors, self.window), self.x, block,
            block, padded(filters), gradient=gradient,
            bias=-1 if bias is None else self.plan.gradient(bias),
        )  # fmt: skip

    def emit_input_gradient(self) -> Tensor:
        """Appends the input gradient and returns it; its halo takes what falls outside."""
        self._note("input gradient", self.input_way())
        filters = int(self.kernel.shape[-1])
        dx = self.plan.tensor(self.x.shape, self.geometry.padding)
        weights = packed_transposed(
            self.plan, self.kernel, filters, self.run, self.split.padded_run, interleaved=True
        )
        split = _split(self.rows, self.run, CACHED_WEIGHTS // (filters * self.split.padded_run))
        self._emit(
            input_gradient(split.segments, split.vectors, self.run % (split.vectors * LANES) != 0),
            dx, PIXELS, filters, PIXELS * self.window, weights=weights,
        )  # fmt: skip
        return dx

    def _note(self, task: str, way: str) -> None:
        self.plan.note(task, way, self.geometry.multiply_adds(self.kernel))

    def _emit(
        self, kernel: Kernel, x: Tensor, block: int, longest: int, lists: int, **fields: int
    ) -> None:
        plan = self.plan
        stride = padded(longest) + LANES
        offsets, values, counts = plan.temporary(stride * lists, stride * lists, 2 * lists)
        halo = x.halo
        image_start = x.offset - x.pixel(halo.top, 0) - halo.left * x.channels
        height, width, filters = self.dy.shape
        pooled = list(pairs(range(height), range(width)))
        # dx is cleared and addressed from the first float of its halo on.
        shift = x.offset - image_start
        windows = self.geometry.window_starts(self.pool)
        plan.run(
            kernel, LISTS,
            codes=self.codes.offset, dy=self.dy.offset,
            code_rows=plan.constant(self.codes.positions(plan.chunk, pooled)),
            dy_rows=plan.constant(self.dy.positions(plan.chunk, pooled)),
            places=plan.constant(x.positions(plan.chunk, windows) + np.int32(shift)),
            pooled=len(pooled), window=self.window, filters=filters, block=block,
            list_stride=stride,
            offsets=offsets, values=values, counts=counts,
            x=image_start, x_row=x.row_stride * self.geometry.dilation[0], x_image=x.image_stride,
            segments=self.rows, run=self.run, padded_run=self.split.padded_run, **fields,
        )  # fmt: skip
