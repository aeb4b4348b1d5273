"""Pooling that is not part of a convolution: any window, stride and padding, and whole images.

All kernels walk one table: for each pooled pixel, where the pixels of its window lie in the input
(``OUTSIDE`` where the window reaches over the border). A global pool has one window: the image.
"""

from __future__ import annotations

from itertools import product as pairs
from typing import Any

import numpy as np
from numba import carray
from numpy.typing import NDArray

from convlet.engine.calls import by
from convlet.engine.cpu.jit import helper, share, specialised
from convlet.engine.cpu.simd import floats_at, int32_at
from convlet.engine.ops import Op
from convlet.engine.plan import Halo, Plan, Tensor
from convlet.variable import Variable

OUTSIDE = np.int32(-(2**31))

POOL = np.dtype(
    [
        ("x", np.int64),  # slot offset of the input, or of its gradient
        ("x_image", np.int64),
        ("y", np.int64),  # slot offset of the output, or of its gradient
        ("y_rows", np.int64),  # int32 table: where each pooled pixel starts in y
        ("codes", np.int64),  # slot offset; laid out like (pooled pixel, channel)
        ("code_rows", np.int64),  # int32 table
        ("places", np.int64),  # int32 table [pooled pixel][window pixel]: where it starts in x
        ("pooled", np.int64),  # pooled pixels an image has
        ("window", np.int64),  # pixels of a window
        ("channels", np.int64),
        ("bias", np.int64),  # offset of a bias gradient in the chunk's gradients, or -1
    ]
)


@specialised(POOL, splits=True)
def max_pool(keep_codes: bool) -> Any:
    """Computes y = max over the window; the first maximum wins, the first NaN wins over all."""
    outside = int(OUTSIDE)

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        total = op.pooled * f.count
        y_rows = carray(int32_at(op.y_rows), total)
        code_rows = carray(int32_at(op.code_rows), total)
        begin, end = share(total, f.part, f.parts)
        for pixel in range(begin, end):
            places = carray(int32_at(op.places + 4 * pixel * op.window), op.window)
            y = carray(floats_at(f.slot + 4 * (op.y + y_rows[pixel])), op.channels)
            codes = carray(int32_at(f.slot + 4 * (op.codes + code_rows[pixel])), op.channels)
            empty = True
            for code in range(op.window):
                if places[code] == outside:
                    continue
                x = carray(floats_at(f.slot + 4 * (op.x + places[code])), op.channels)
                for c in range(op.channels):
                    larger = empty or x[c] > y[c] or (x[c] != x[c] and y[c] == y[c])
                    y[c] = x[c] if larger else y[c]
                    if keep_codes:
                        codes[c] = code if larger else codes[c]
                empty = False

    return kernel


@specialised(POOL)
def unpool() -> Any:
    """Computes dx = sum of dy over the windows whose value came from x: they may overlap."""

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        total = op.pooled * f.count
        y_rows = carray(int32_at(op.y_rows), total)
        code_rows = carray(int32_at(op.code_rows), total)
        dx = carray(floats_at(f.slot + 4 * op.x), op.x_image * f.count)
        dx[:] = np.float32(0.0)
        for pixel in range(total):
            places = carray(int32_at(op.places + 4 * pixel * op.window), op.window)
            dy = carray(floats_at(f.slot + 4 * (op.y + y_rows[pixel])), op.channels)
            codes = carray(int32_at(f.slot + 4 * (op.codes + code_rows[pixel])), op.channels)
            for c in range(op.channels):
                dx[places[codes[c]] + c] += dy[c]

    return kernel


@specialised(POOL)
def spread(unpooled: bool) -> Any:
    """Computes dx = dy where the pooled value came from x, else 0; and the bias gradient.

    For windows that lie side by side: every pixel of theirs is written once, if ``unpooled``.
    """

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        total = op.pooled * f.count
        channels, window, dx_start = op.channels, op.window, f.slot + 4 * op.x
        y_rows = carray(int32_at(op.y_rows), total)
        code_rows = carray(int32_at(op.code_rows), total)
        bias = carray(floats_at(f.gradients + 4 * max(op.bias, 0)), channels)
        if op.bias >= 0:
            bias[:] = np.float32(0.0)
        for pixel in range(total):
            places = carray(int32_at(op.places + 4 * pixel * window), window)
            dy = carray(floats_at(f.slot + 4 * (op.y + y_rows[pixel])), channels)
            codes = carray(int32_at(f.slot + 4 * (op.codes + code_rows[pixel])), channels)
            for code in range(window if unpooled else 0):
                dx = carray(floats_at(dx_start + 4 * places[code]), channels)
                for c in range(channels):
                    dx[c] = dy[c] if codes[c] == code else np.float32(0.0)
            if op.bias >= 0:
                for c in range(channels):
                    bias[c] += dy[c] if codes[c] >= 0 else np.float32(0.0)

    return kernel


@helper
def _inside(places: Any) -> Any:
    """How many of a window's pixels are inside the image."""
    inside = 0
    for place in places:
        inside += place != OUTSIDE
    return inside


@specialised(POOL, splits=True)
def average_pool() -> Any:
    """Computes y = mean over the window's pixels inside the image."""
    outside = int(OUTSIDE)

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        total = op.pooled * f.count
        y_rows = carray(int32_at(op.y_rows), total)
        begin, end = share(total, f.part, f.parts)
        for pixel in range(begin, end):
            places = carray(int32_at(op.places + 4 * pixel * op.window), op.window)
            y = carray(floats_at(f.slot + 4 * (op.y + y_rows[pixel])), op.channels)
            y[:] = np.float32(0.0)
            for place in places:
                if place == outside:
                    continue
                x = carray(floats_at(f.slot + 4 * (op.x + place)), op.channels)
                for c in range(op.channels):
                    y[c] += x[c]
            portion = np.float32(1.0) / np.float32(_inside(places))
            for c in range(op.channels):
                y[c] *= portion

    return kernel


@specialised(POOL)
def average_unpool() -> Any:
    """Computes dx = sum over the windows that hold x of dy / their pixels inside the image."""
    outside = int(OUTSIDE)

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        total = op.pooled * f.count
        y_rows = carray(int32_at(op.y_rows), total)
        carray(floats_at(f.slot + 4 * op.x), op.x_image * f.count)[:] = np.float32(0.0)
        for pixel in range(total):
            places = carray(int32_at(op.places + 4 * pixel * op.window), op.window)
            dy = carray(floats_at(f.slot + 4 * (op.y + y_rows[pixel])), op.channels)
            portion = np.float32(1.0) / np.float32(_inside(places))
            for place in places:
                if place == outside:
                    continue
                dx = carray(floats_at(f.slot + 4 * (op.x + place)), op.channels)
                for c in range(op.channels):
                    dx[c] += dy[c] * portion

    return kernel


def window_places(
    plan: Plan, x: Tensor, output: tuple[int, int], window: tuple[int, int],
    strides: tuple[int, int], before: tuple[int, int] = (0, 0),
) -> NDArray[np.int32]:  # fmt: skip
    """The table of window pixels: [image, pooled pixel, window pixel] flattened."""
    height, width, _ = x.shape
    table = []
    for (py, px), (ky, kx) in pairs(
        pairs(range(output[0]), range(output[1])), pairs(range(window[0]), range(window[1]))
    ):
        row, column = py * strides[0] - before[0] + ky, px * strides[1] - before[1] + kx
        inside = 0 <= row < height and 0 <= column < width
        table.append(x.pixel(row, column) if inside else int(OUTSIDE))
    per_image = np.array(table, np.int64)
    images = np.arange(plan.chunk)[:, None] * x.image_stride
    return np.where(per_image == OUTSIDE, OUTSIDE, per_image + images).astype(np.int32).ravel()


def _fields(
    plan: Plan, x: Tensor, y: Tensor, codes: Tensor, places: int, window: int
) -> dict[str, int]:
    height, width, channels = y.shape
    pooled = list(pairs(range(height), range(width)))
    return {
        "x": x.offset, "x_image": x.image_stride,
        "y": y.offset, "y_rows": plan.constant(y.positions(plan.chunk, pooled)),
        "codes": codes.offset, "code_rows": plan.constant(codes.positions(plan.chunk, pooled)),
        "places": places, "pooled": height * width, "window": window, "channels": channels,
        "bias": -1,
    }  # fmt: skip


def emit_spread(
    plan: Plan, dy: Tensor, codes: Tensor, dz: Tensor, pool: tuple[int, int],
    bias: Variable | None, unpooled: bool,
) -> None:  # fmt: skip
    """Appends dz, if ``unpooled``, behind a pool that a convolution did itself, and its bias's.

    Rows and columns that no window covers are never written: they stay the slot's zeros.
    """
    plan.note("preactivation gradient")
    places = window_places(plan, dz, (dy.shape[0], dy.shape[1]), pool, pool)
    fields = _fields(plan, dz, dy, codes, plan.constant(places), pool[0] * pool[1])
    fields["bias"] = -1 if bias is None else plan.gradient(bias)
    plan.run(spread(unpooled), POOL, **fields)


class Pooling(Op):
    """Max or average pooling.

    Args:
        average: Average, or the maximum.
        window: Height and width of a window.
        strides: Pixels from one window to the next.
        before: Rows and columns by which the first window reaches over the border.
        output: Output height and width.
    """

    def __init__(
        self, average: bool, window: tuple[int, int], strides: tuple[int, int],
        before: tuple[int, int], output: tuple[int, int],
    ) -> None:  # fmt: skip
        self.average = average
        self.window, self.strides, self.before, self.output = window, strides, before, output

    def describe(self) -> str:
        """Kind, window and strides."""
        kind = "average" if self.average else "max"
        return f"{by(self.window)} {kind} pool, strides {by(self.strides)}"

    def forward(self, plan: Plan, x: Tensor, halo: Halo) -> Tensor:
        """Appends the pool."""
        self.x = x
        shape = (*self.output, x.channels)
        y = plan.tensor(shape, halo)
        self.codes = y
        if plan.training and not self.average:
            self.codes = plan.tensor(shape)
        self._emit(plan, x, y, average_pool() if self.average else max_pool(plan.training))
        return y

    def backward(self, plan: Plan, dy: Tensor, propagate: bool) -> Tensor | None:
        """Appends the gradient's way back through the windows."""
        if not propagate:
            return None
        dx = plan.tensor(self.x.shape)
        self._emit(plan, dx, dy, average_unpool() if self.average else unpool())
        return dx

    def _emit(self, plan: Plan, x: Tensor, y: Tensor, kernel: Any) -> None:
        places = window_places(plan, x, self.output, self.window, self.strides, self.before)
        window = self.window[0] * self.window[1]
        plan.run(kernel, POOL, **_fields(plan, x, y, self.codes, plan.constant(places), window))
