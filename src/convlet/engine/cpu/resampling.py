"""Images enlarged by whole factors: each output pixel is a weighted sum of a few input pixels.

The sum goes along one axis after the other, so two short tables say all: for each row of the output
its *taps*, which rows of the input it is made of and how much of each, and the same for columns.
The gradient is the same sum with the tables turned around: what each input pixel was given to.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numba import carray

from convlet.engine.calls import by
from convlet.engine.cpu.jit import share, specialised
from convlet.engine.cpu.simd import floats_at, int32_at
from convlet.engine.plan import Halo, Op, Plan, Tensor

AXES = ("down", "across")
RESAMPLE = np.dtype(
    [
        *[(f"{name}{part}", np.int64) for name in ("x", "y") for part in ("", "_image", "_row")],
        ("rows", np.int64),  # of the output
        ("columns", np.int64),
        ("channels", np.int64),
        # Addresses of tables, for the taps along each axis: where each output position's begin
        # (int32, one more than positions), which input positions (int32), how much of each (float).
        *[(f"{axis}_{table}", np.int64) for axis in AXES
          for table in ("starts", "places", "shares")],
    ]
)  # fmt: skip


@specialised(RESAMPLE, splits=True)
def resample() -> Any:
    """Computes y = the sum over the taps of both axes of share * x, pixel by pixel."""

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        channels = op.channels
        down_starts = carray(int32_at(op.down_starts), op.rows + 1)
        across_starts = carray(int32_at(op.across_starts), op.columns + 1)
        down, across = down_starts[op.rows], across_starts[op.columns]
        down_places = carray(int32_at(op.down_places), down)
        across_places = carray(int32_at(op.across_places), across)
        down_shares = carray(floats_at(op.down_shares), down)
        across_shares = carray(floats_at(op.across_shares), across)
        begin, end = share(op.rows, f.part, f.parts)
        for image in range(f.count):
            x_image = f.slot + 4 * (op.x + image * op.x_image)
            for row in range(begin, end):
                y_row = op.y + image * op.y_image + row * op.y_row
                for column in range(op.columns):
                    y = carray(floats_at(f.slot + 4 * (y_row + column * channels)), channels)
                    fresh = True
                    for i in range(down_starts[row], down_starts[row + 1]):
                        for j in range(across_starts[column], across_starts[column + 1]):
                            place = down_places[i] * op.x_row + across_places[j] * channels
                            x = carray(floats_at(x_image + 4 * place), channels)
                            portion = down_shares[i] * across_shares[j]
                            if fresh:
                                for c in range(channels):
                                    y[c] = portion * x[c]
                            else:
                                for c in range(channels):
                                    y[c] += portion * x[c]
                            fresh = False

    return kernel


@dataclass(frozen=True)
class Taps:
    """What each output position along an axis is made of: (input position, share) pairs."""

    taps: list[list[tuple[int, float]]]

    def turned(self, size: int) -> Taps:
        """For each of ``size`` input positions: the output positions that it is part of."""
        turned: list[list[tuple[int, float]]] = [[] for _ in range(size)]
        for position, taps in enumerate(self.taps):
            for place, portion in taps:
                turned[place].append((position, portion))
        return Taps(turned)

    def fields(self, plan: Plan, axis: str) -> dict[str, int]:
        """The fields of a record that say them."""
        starts = np.cumsum([0, *(len(taps) for taps in self.taps)], dtype=np.int32)
        places, shares = zip(*(tap for taps in self.taps for tap in taps), strict=True)
        return {
            f"{axis}_starts": plan.constant(starts),
            f"{axis}_places": plan.constant(np.array(places, np.int32)),
            f"{axis}_shares": plan.constant(np.array(shares, np.float32)),
        }


def enlarged(size: int, factor: int, bilinear: bool) -> Taps:
    """The taps of an axis that becomes ``factor`` times as long.

    Example:
        >>> enlarged(2, 2, bilinear=False).taps
        [[(0, 1.0)], [(0, 1.0)], [(1, 1.0)], [(1, 1.0)]]
        >>> enlarged(2, 2, bilinear=True).taps
        [[(0, 1.0)], [(0, 0.75), (1, 0.25)], [(0, 0.25), (1, 0.75)], [(1, 1.0)]]
    """
    if not bilinear:
        return Taps([[(position // factor, 1.0)] for position in range(size * factor)])
    taps = []
    for position in range(size * factor):
        # Pixels are compared by their middles; beyond the outermost ones nothing changes.
        middle = Fraction(2 * position + 1, 2 * factor) - Fraction(1, 2)
        place = min(max(middle, Fraction(0)), Fraction(size - 1))
        first = int(place)
        pairs = [(first, 1 - (place - first)), (first + 1, place - first)]
        taps.append([(place, float(portion)) for place, portion in pairs if portion])
    return Taps(taps)


class UpSampling(Op):
    """Enlarges images.

    Args:
        size: How many times, down and across.
        bilinear: Linear between the pixels' middles, or each pixel repeated.
    """

    def __init__(self, size: tuple[int, int], bilinear: bool) -> None:
        self.size = size
        self.bilinear = bilinear

    def describe(self) -> str:
        """How many times, and how."""
        return f"{by(self.size)} larger, {'bilinear' if self.bilinear else 'pixels repeated'}"

    def forward(self, plan: Plan, x: Tensor, halo: Halo) -> Tensor:
        """Appends the sums."""
        self.x = x
        height, width = x.shape[:2]
        down, across = self.size
        self.down = enlarged(height, down, self.bilinear)
        self.across = enlarged(width, across, self.bilinear)
        y = plan.tensor((height * down, width * across, x.channels), halo)
        self._emit(plan, x, y, self.down, self.across)
        return y

    def backward(self, plan: Plan, dy: Tensor, propagate: bool) -> Tensor | None:
        """Appends the sums the other way around."""
        if not propagate:
            return None
        height, width = self.x.shape[:2]
        dx = plan.tensor(self.x.shape)
        self._emit(plan, dy, dx, self.down.turned(height), self.across.turned(width))
        return dx

    def _emit(self, plan: Plan, x: Tensor, y: Tensor, down: Taps, across: Taps) -> None:
        rows, columns, channels = y.shape
        plan.run(
            resample(), RESAMPLE, **x.geometry("x"), **y.geometry("y"), rows=rows, columns=columns,
            channels=channels, **down.fields(plan, "down"), **across.fields(plan, "across"),
        )  # fmt: skip
