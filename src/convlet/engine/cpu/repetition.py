"""Images enlarged by repeating their pixels."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import carray

from convlet.engine.calls import by
from convlet.engine.cpu.jit import share, specialised
from convlet.engine.cpu.simd import floats_at
from convlet.engine.ops import Op
from convlet.engine.plan import Halo, Plan, Tensor

REPEAT = np.dtype(
    [
        *[(f"{name}{part}", np.int64) for name in ("small", "large")
          for part in ("", "_image", "_row")],
        ("rows", np.int64),  # of the small image
        ("columns", np.int64),
        ("channels", np.int64),
        ("down", np.int64),  # how many times a row is repeated
        ("across", np.int64),  # how many times a column is
    ]
)  # fmt: skip


@specialised(REPEAT, splits=True)
def repeat_pixels(summed: bool) -> Any:
    """Copies each pixel to the block that it becomes; or, ``summed``, sums that block."""

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        channels, down, across = op.channels, op.down, op.across
        begin, end = share(op.rows, f.part, f.parts)
        for image in range(f.count):
            for row in range(begin, end):
                small_row = op.small + image * op.small_image + row * op.small_row
                if summed:
                    length = op.columns * channels
                    carray(floats_at(f.slot + 4 * small_row), length)[:] = np.float32(0.0)
                for copy in range(down):
                    large_row = op.large + image * op.large_image
                    large_row += (row * down + copy) * op.large_row
                    for column in range(op.columns * across):
                        place = small_row + column // across * channels
                        small = carray(floats_at(f.slot + 4 * place), channels)
                        place = large_row + column * channels
                        large = carray(floats_at(f.slot + 4 * place), channels)
                        for c in range(channels):
                            if summed:
                                small[c] += large[c]
                            else:
                                large[c] = small[c]

    return kernel


class Repetition(Op):
    """Repeats rows and columns of images.

    Args:
        size: How many times, down and across.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        self.size = size

    def describe(self) -> str:
        """How many times."""
        return f"{by(self.size)} larger, pixels repeated"

    def forward(self, plan: Plan, x: Tensor, halo: Halo) -> Tensor:
        """Appends the copies."""
        self.input_shape = x.shape
        (height, width, channels), (down, across) = x.shape, self.size
        y = plan.tensor((height * down, width * across, channels), halo)
        self._emit(plan, x, y, summed=False)
        return y

    def backward(self, plan: Plan, dy: Tensor, propagate: bool) -> Tensor | None:
        """Appends the sums over each pixel's copies."""
        if not propagate:
            return None
        dx = plan.tensor(self.input_shape)
        self._emit(plan, dx, dy, summed=True)
        return dx

    def _emit(self, plan: Plan, small: Tensor, large: Tensor, summed: bool) -> None:
        rows, columns, channels = small.shape
        plan.run(
            repeat_pixels(summed), REPEAT, **small.geometry("small"), **large.geometry("large"),
            rows=rows, columns=columns, channels=channels, down=self.size[0], across=self.size[1],
        )  # fmt: skip
