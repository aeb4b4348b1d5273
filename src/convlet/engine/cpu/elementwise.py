"""Ops that treat each float by itself: activations, scaling, copies into a halo."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import carray

from convlet.engine.cpu.jit import helper, share, specialised
from convlet.engine.cpu.piecewise import PIECEWISE
from convlet.engine.cpu.simd import floats_at
from convlet.engine.cpu.smooth import SMOOTH
from convlet.engine.ops import Op
from convlet.engine.plan import NO_HALO, Halo, Plan, Tensor
from convlet.variable import Variable

FORMULAS = {**PIECEWISE, **SMOOTH}
"""Every activation that looks at one float at a time, by its name."""

ELEMENTWISE = np.dtype(
    [
        ("x", np.int64),
        ("x_image", np.int64),
        ("x_row", np.int64),
        ("y", np.int64),
        ("y_image", np.int64),
        ("y_row", np.int64),
        ("rows", np.int64),
        ("length", np.int64),
        ("a", np.float64),  # settings of the function: see `formula`
        ("b", np.float64),
        ("c", np.float64),
    ]
)


@specialised(ELEMENTWISE, splits=True)
def apply(name: str) -> Any:
    """Computes y = f(x)."""
    function = FORMULAS[name].value

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        a, b, c = np.float32(op.a), np.float32(op.b), np.float32(op.c)
        begin, end = share(op.rows, f.part, f.parts)
        for image in range(f.count):
            for row in range(begin, end):
                x_start = op.x + image * op.x_image + row * op.x_row
                y_start = op.y + image * op.y_image + row * op.y_row
                x = carray(floats_at(f.slot + 4 * x_start), op.length)
                y = carray(floats_at(f.slot + 4 * y_start), op.length)
                for i in range(op.length):
                    y[i] = function(x[i], a, b, c)

    return kernel


SLOPE = np.dtype(
    [
        *[(f"{name}{part}", np.int64) for name in ("x", "y", "dy", "dx")
          for part in ("", "_image", "_row")],
        ("rows", np.int64),
        ("length", np.int64),
        ("a", np.float64),
        ("b", np.float64),
        ("c", np.float64),
    ]
)  # fmt: skip


@specialised(SLOPE)
def apply_slope(name: str) -> Any:
    """Computes dx = dy f'(x), from x and y = f(x)."""
    slope = FORMULAS[name].slope

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        a, b, c = np.float32(op.a), np.float32(op.b), np.float32(op.c)
        for image in range(f.count):
            for row in range(op.rows):
                x_start = op.x + image * op.x_image + row * op.x_row
                y_start = op.y + image * op.y_image + row * op.y_row
                dy_start = op.dy + image * op.dy_image + row * op.dy_row
                dx_start = op.dx + image * op.dx_image + row * op.dx_row
                x = carray(floats_at(f.slot + 4 * x_start), op.length)
                y = carray(floats_at(f.slot + 4 * y_start), op.length)
                dy = carray(floats_at(f.slot + 4 * dy_start), op.length)
                dx = carray(floats_at(f.slot + 4 * dx_start), op.length)
                for i in range(op.length):
                    dx[i] = dy[i] * slope(x[i], y[i], a, b, c)

    return kernel


class Elementwise(Op):
    """y = f(x) for each float.

    Args:
        name: A name of `FORMULAS`.
        a, b, c: Settings of the function; of "linear", which is a x + b, too.
    """

    def __init__(self, name: str, a: float = 1.0, b: float = 0.0, c: float = 0.0) -> None:
        self.name = name
        self.settings = {"a": a, "b": b, "c": c}

    def describe(self) -> str:
        """The function's name."""
        return self.name

    def forward(self, plan: Plan, x: Tensor, halo: Halo) -> Tensor:
        """Appends one pass over the tensor."""
        self.x = x
        self.y = plan.workspace(x.shape, halo)
        self.copy(plan, x, self.y)
        return self.y

    def copy(self, plan: Plan, x: Tensor, y: Tensor) -> None:
        """Appends y = f(x) for two tensors of one shape."""
        plan.run(
            apply(self.name), ELEMENTWISE, **x.geometry("x"), **y.geometry("y"),
            rows=x.rows, length=x.row_length, **self.settings,
        )  # fmt: skip

    def backward(self, plan: Plan, dy: Tensor, propagate: bool) -> Tensor | None:
        """Appends dx = dy f'(x)."""
        if not propagate:
            return None
        dx = plan.workspace(self.x.shape)
        plan.run(
            apply_slope(self.name), SLOPE, **self.x.geometry("x"), **self.y.geometry("y"),
            **dy.geometry("dy"), **dx.geometry("dx"),
            rows=dx.rows, length=dx.row_length, **self.settings,
        )  # fmt: skip
        return dx


def with_halo(plan: Plan, x: Tensor, halo: Halo) -> Tensor:
    """The tensor itself if its halo is wide enough, else a copy that has one."""
    if x.halo.covers(halo):
        return x
    plan.note("padded copy")
    return Elementwise("linear").forward(plan, x, halo)


def as_contiguous(plan: Plan, x: Tensor) -> Tensor:
    """The tensor itself if it has no gaps, else a copy without."""
    return x if x.contiguous else Elementwise("linear").forward(plan, x, Halo())


PREACTIVATION = np.dtype(
    [
        *[(f"{name}{part}", np.int64) for name in ("y", "dy", "dz")
          for part in ("", "_image", "_row")],
        ("rows", np.int64),
        ("pixels", np.int64),  # in a row
        ("channels", np.int64),
        ("bias", np.int64),  # offset of the bias gradient in the chunk's gradients, or -1
    ]
)  # fmt: skip


@helper
def _preactivation(activation: Any, y: Any, dy: Any, dz: Any, length: Any) -> None:
    for i in range(length):
        if activation == "relu":
            dz[i] = dy[i] if y[i] > np.float32(0.0) else np.float32(0.0)
        elif activation == "relu6":
            rises = (y[i] > np.float32(0.0)) & (y[i] < np.float32(6.0))
            dz[i] = dy[i] if rises else np.float32(0.0)
        else:
            dz[i] = dy[i]


@specialised(PREACTIVATION)
def preactivation_gradient(activation: str, with_bias: bool) -> Any:
    """Computes dz = dy f'(z) from y = f(z), and the bias gradient: the sum of dz over pixels."""

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        # Without a bias a row's pixels are one run of floats.
        pixels = op.pixels if with_bias else 1
        length = op.channels if with_bias else op.pixels * op.channels
        bias = carray(floats_at(f.gradients + 4 * max(op.bias, 0)), length)
        if with_bias:
            bias[:] = np.float32(0.0)
        for image in range(f.count):
            for row in range(op.rows):
                y_start = op.y + image * op.y_image + row * op.y_row
                dy_start = op.dy + image * op.dy_image + row * op.dy_row
                dz_start = op.dz + image * op.dz_image + row * op.dz_row
                for pixel in range(pixels):
                    step = pixel * length
                    y = carray(floats_at(f.slot + 4 * (y_start + step)), length)
                    dy = carray(floats_at(f.slot + 4 * (dy_start + step)), length)
                    dz = carray(floats_at(f.slot + 4 * (dz_start + step)), length)
                    _preactivation(activation, y, dy, dz, length)
                    if with_bias:
                        for c in range(length):
                            bias[c] += dz[c]

    return kernel


def emit_preactivation_gradient(
    plan: Plan, activation: str, y: Tensor, dy: Tensor, bias: Variable | None,
    halo: Halo = NO_HALO,
) -> Tensor:  # fmt: skip
    """Appends the call for dz, with a halo, and for the bias gradient; returns dz.

    Where there is neither activation nor bias, dz is dy: it is copied only to get the halo.
    """
    if activation == "linear" and bias is None:
        return with_halo(plan, dy, halo)
    plan.note("preactivation gradient")
    dz = plan.workspace(y.shape, halo)
    plan.run(
        preactivation_gradient(activation, bias is not None), PREACTIVATION,
        **y.geometry("y"), **dy.geometry("dy"), **dz.geometry("dz"),
        rows=y.rows, pixels=y.row_length // y.channels, channels=y.channels,
        bias=-1 if bias is None else plan.gradient(bias),
    )  # fmt: skip
    return dz
