"""Noise in training: what is drawn hangs on (seed, step, position in the batch) alone."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import carray

from convlet.engine.cpu import float_math
from convlet.engine.cpu.broadcasting import spread
from convlet.engine.cpu.draws import mixed
from convlet.engine.cpu.jit import helper, specialised
from convlet.engine.cpu.simd import floats_at, int32_at
from convlet.engine.ops import Op
from convlet.engine.plan import Halo, Plan, Tensor

NOISE = np.dtype(
    [
        *[(f"{name}{part}", np.int64) for name in ("x", "y") for part in ("", "_image", "_row")],
        ("rows", np.int64),
        ("pieces", np.int64),  # in a row; see `broadcasting.Spread`
        ("length", np.int64),  # of a piece
        ("starts", np.int64),  # int32 table: the number of each piece's first draw in its image
        ("one_each", np.int64),  # 1 where each float of a piece has its own draw, else 0
        ("image_draws", np.int64),  # draws an image has; 0 where all images share them
        ("seed", np.int64),
        ("limit", np.uint64),  # draws below it, of 24 bits, are drops
        ("a", np.float64),  # settings of the noise
        ("b", np.float64),
        ("c", np.float64),
    ]
)  # fmt: skip


@helper
def _drop(x: Any, draw: Any, limit: Any, a: Any, b: Any, c: Any) -> Any:
    """Keeps: a x + b; or drops: c."""
    return x * a + b if draw >> np.uint64(40) >= limit else c


@helper
def _add(x: Any, draw: Any, limit: Any, a: Any, b: Any, c: Any) -> Any:
    """Noise of standard deviation a."""
    return x + a * float_math.normal(draw)


@helper
def _multiply(x: Any, draw: Any, limit: Any, a: Any, b: Any, c: Any) -> Any:
    """A factor of mean 1 and standard deviation a."""
    return x * (np.float32(1.0) + a * float_math.normal(draw))


_KINDS = {"drop": _drop, "add": _add, "multiply": _multiply}
"""Functions of a float and 64 random bits."""


@specialised(NOISE)
def disturb(kind: str) -> Any:
    """Computes y = f(x, draw), with a draw for each float or one for several."""
    function = _KINDS[kind]

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        a, b, c = np.float32(op.a), np.float32(op.b), np.float32(op.c)
        limit, one_each = np.uint64(op.limit), np.int64(op.one_each)
        step = mixed(np.uint64(op.seed) ^ mixed(np.uint64(carray(batch, 1)[0].step)))
        starts = carray(int32_at(op.starts), op.rows * op.pieces)
        for image in range(f.count):
            first = (f.first + image) * op.image_draws
            for row in range(op.rows):
                x_start = op.x + image * op.x_image + row * op.x_row
                y_start = op.y + image * op.y_image + row * op.y_row
                for piece in range(op.pieces):
                    at = piece * op.length
                    x = carray(floats_at(f.slot + 4 * (x_start + at)), op.length)
                    y = carray(floats_at(f.slot + 4 * (y_start + at)), op.length)
                    number = first + starts[row * op.pieces + piece]
                    for i in range(op.length):
                        draw = mixed(step + np.uint64(number + i * one_each))
                        y[i] = function(x[i], draw, limit, a, b, c)

    return kernel


class Noise(Op):
    """Disturbs each float in training.

    The backward pass draws the same numbers again, so that nothing is stored.

    Args:
        seed: What is drawn hangs on it.
        sizes: The shape of an image's draws: 1 along axes whose floats share one.
        one_for_all: Whether all images of a batch share them.
    """

    def __init__(self, seed: int, sizes: tuple[int, ...], one_for_all: bool = False) -> None:
        self.seed = seed
        self.sizes = sizes
        self.one_for_all = one_for_all

    def disturb(self, plan: Plan, x: Tensor, y: Tensor) -> None:
        """Appends y = x, disturbed."""
        raise NotImplementedError

    def disturb_back(self, plan: Plan, dy: Tensor) -> Tensor:
        """Appends dx for dy."""
        raise NotImplementedError

    def forward(self, plan: Plan, x: Tensor, halo: Halo) -> Tensor:
        """Appends the noise in training; nothing in inference."""
        if not self.trains(plan):
            return x
        y = plan.tensor(x.shape, halo)
        self.disturb(plan, x, y)
        return y

    def backward(self, plan: Plan, dy: Tensor, propagate: bool) -> Tensor | None:
        """Appends the way back through the same draws."""
        if not propagate:
            return None
        return self.disturb_back(plan, dy) if self.trains(plan) else dy

    def emit(
        self, plan: Plan, kind: str, x: Tensor, y: Tensor, limit: int = 0, a: float = 0.0,
        b: float = 0.0, c: float = 0.0,
    ) -> None:  # fmt: skip
        """Appends y = f(x, draw)."""
        pieces = spread(x, self.sizes)
        count = int(np.prod(self.sizes))
        plan.run(
            disturb(kind), NOISE, **x.geometry("x"), **y.geometry("y"), rows=x.rows,
            pieces=len(pieces.starts) // x.rows, length=pieces.length,
            starts=plan.constant(pieces.starts), one_each=pieces.step,
            image_draws=0 if self.one_for_all else count,
            seed=self.seed, limit=limit, a=a, b=b, c=c,
        )  # fmt: skip


class Dropout(Noise):
    """Drops a share of the floats.

    Args:
        rate: The share that is dropped.
        affine: What becomes of a float: (factor, summand) if it is kept, else (value); None for
            what keeps the mean: (1 / (1 - rate), 0, 0).
        seed, sizes, one_for_all: As in ``Noise``.
    """

    def __init__(
        self, rate: float, affine: tuple[float, float, float] | None, seed: int,
        sizes: tuple[int, ...], one_for_all: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(seed, sizes, one_for_all)
        self.rate = rate
        # With rate 1 nothing is kept: any factor will do.
        self.affine = affine or (1.0 if rate == 1 else 1 / (1 - rate), 0.0, 0.0)

    def describe(self) -> str:
        """The share of floats that are dropped."""
        return f"dropout of {self.rate:.0%}"

    def disturb(self, plan: Plan, x: Tensor, y: Tensor) -> None:
        """Appends y = what is kept, scaled."""
        self._emit(plan, x, y, *self.affine)

    def disturb_back(self, plan: Plan, dy: Tensor) -> Tensor:
        """Drops the same floats from the gradient."""
        dx = plan.tensor(dy.shape)
        self._emit(plan, dy, dx, self.affine[0], 0.0, 0.0)
        return dx

    def _emit(self, plan: Plan, x: Tensor, y: Tensor, a: float, b: float, c: float) -> None:
        self.emit(plan, "drop", x, y, int(self.rate * (1 << 24)), a, b, c)


class GaussianNoise(Noise):
    """Adds normally distributed numbers, or multiplies with such around 1.

    Args:
        stddev: Their standard deviation.
        multiplies: Whether they are factors.
        seed, sizes: As in ``Noise``.
    """

    def __init__(self, stddev: float, multiplies: bool, seed: int, sizes: tuple[int, ...]) -> None:
        super().__init__(seed, sizes)
        self.stddev = stddev
        self.multiplies = multiplies

    def describe(self) -> str:
        """How large the noise is."""
        return f"{'factors' if self.multiplies else 'noise'} of deviation {self.stddev:.3g}"

    def disturb(self, plan: Plan, x: Tensor, y: Tensor) -> None:
        """Appends y = x with noise."""
        self.emit(plan, "multiply" if self.multiplies else "add", x, y, a=self.stddev)

    def disturb_back(self, plan: Plan, dy: Tensor) -> Tensor:
        """The gradient itself where noise is added; else appends dy with the same factors."""
        if not self.multiplies:
            return dy
        dx = plan.tensor(dy.shape)
        self.disturb(plan, dy, dx)
        return dx
