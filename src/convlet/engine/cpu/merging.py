"""Ops of several inputs: sums, products, larger and smaller ones, concatenation.

Two inputs at a time, stretched to one shape where an axis of one has size 1: its stride is then 0.
"""

from __future__ import annotations

from math import prod
from typing import Any, NamedTuple

import numpy as np
from numba import carray

from convlet.engine.cpu.elementwise import emit_preactivation_gradient
from convlet.engine.cpu.jit import helper, share, specialised
from convlet.engine.cpu.simd import floats_at
from convlet.engine.ops import JoinOp
from convlet.engine.plan import Halo, Plan, Tensor

_OPERAND = ("", "_image", "_row", "_pixel")


def _record(*names: str) -> np.dtype[Any]:
    """A record of places and strides of some tensors, and of the sizes that they share."""
    fields = [(f"{name}{part}", np.int64) for name in names for part in _OPERAND]
    sizes = [("rows", np.int64), ("pixels", np.int64), ("channels", np.int64)]
    return np.dtype([*fields, *sizes, ("a", np.float64), ("b", np.float64)])


class View(NamedTuple):
    """A tensor seen as rows of pixels of channels, some of which may be the same ones again.

    Attributes:
        tensor: The tensor.
        row: Floats from one row to the next.
        pixel: Floats from one pixel to the next.
        step: Floats from one channel to the next: 1, or 0 where all are the same.
    """

    tensor: Tensor
    row: int
    pixel: int
    step: int = 1

    def fields(self, name: str, offset: int = 0) -> dict[str, int]:
        """The fields of a record, of the tensor or of what begins so many floats further."""
        places = (self.tensor.offset + offset, self.tensor.image_stride, self.row, self.pixel)
        return {f"{name}{part}": value for part, value in zip(_OPERAND, places, strict=True)}

    @property
    def stretched(self) -> bool:
        """Whether some of it is seen several times."""
        return 0 in (self.row, self.pixel, self.step)


def _sizes(shape: tuple[int, ...]) -> tuple[int, int, int]:
    """A shape as rows, pixels and channels."""
    if len(shape) > 3:
        return 1, 1, prod(shape)
    return (1,) * (3 - len(shape)) + shape  # type: ignore[return-value]


def view(x: Tensor, shape: tuple[int, ...]) -> View:
    """A tensor stretched to a shape."""
    height, width, channels = _sizes(x.shape)
    row = x.row_stride if x.is_image else width * channels
    rows, pixels, full = _sizes(shape)
    return View(
        x,
        row if height == rows else 0,
        channels if width == pixels else 0,
        1 if channels == full else 0,
    )


@helper
def _start(slot: Any, place: Any, image: Any, row: Any, pixel: Any) -> Any:
    """Address of a pixel: ``place`` holds an offset, and strides of images, rows and pixels."""
    return slot + 4 * (place[0] + image * place[1] + row * place[2] + pixel * place[3])


COMBINE = _record("x", "z", "y")


@specialised(COMBINE, splits=True)
def combine(kind: str, x_step: int, z_step: int, activation: str) -> Any:
    """Computes y = activation(f(x, z)).

    Args:
        kind: "linear": a x + b z; "multiply", "maximum" or "minimum".
        x_step: Floats from one channel of x to the next.
        z_step: The same of z.
        activation: "linear" or "relu".
    """

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        a, b = np.float32(op.a), np.float32(op.b)
        begin, end = share(op.rows, f.part, f.parts)
        x_place = (op.x, op.x_image, op.x_row, op.x_pixel)
        z_place = (op.z, op.z_image, op.z_row, op.z_pixel)
        y_place = (op.y, op.y_image, op.y_row, op.y_pixel)
        for image in range(f.count):
            for row in range(begin, end):
                for pixel in range(op.pixels):
                    x = carray(floats_at(_start(f.slot, x_place, image, row, pixel)), op.channels)
                    z = carray(floats_at(_start(f.slot, z_place, image, row, pixel)), op.channels)
                    y = carray(floats_at(_start(f.slot, y_place, image, row, pixel)), op.channels)
                    for c in range(op.channels):
                        left, right = x[c * x_step], z[c * z_step]
                        if kind == "linear":
                            value = a * left + b * right
                        elif kind == "multiply":
                            value = left * right
                        elif kind == "maximum":
                            value = left if left > right or left != left else right
                        else:
                            value = left if left < right or left != left else right
                        if activation == "relu":
                            value = np.float32(0.0) if value < np.float32(0.0) else value
                        y[c] = value

    return kernel


PULL = _record("x", "z", "dy", "dx")


@specialised(PULL)
def pull(kind: str, x_step: int, z_step: int, sums: bool) -> Any:
    """Computes dx = dy df(x, z)/dx, summed over what x was stretched to.

    Args:
        kind: As ``combine``'s; "linear": a dy.
        x_step: Floats from one channel of x to the next.
        z_step: The same of z.
        sums: Whether dx is a sum: it is then set to zero first.
    """

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        half = np.float32(0.5)
        zero, one = np.float32(0.0), np.float32(1.0)
        x_place = (op.x, op.x_image, op.x_row, op.x_pixel)
        z_place = (op.z, op.z_image, op.z_row, op.z_pixel)
        dy_place = (op.dy, op.dy_image, op.dy_row, op.dy_pixel)
        dx_place = (op.dx, op.dx_image, op.dx_row, op.dx_pixel)
        for image in range(f.count):
            if sums:
                for row in range(op.rows if op.dx_row else 1):
                    for pixel in range(op.pixels if op.dx_pixel else 1):
                        start = _start(f.slot, dx_place, image, row, pixel)
                        channels = op.channels if x_step else 1
                        carray(floats_at(start), channels)[:] = zero
            for row in range(op.rows):
                for pixel in range(op.pixels):
                    x = carray(floats_at(_start(f.slot, x_place, image, row, pixel)), op.channels)
                    z = carray(floats_at(_start(f.slot, z_place, image, row, pixel)), op.channels)
                    dy = carray(floats_at(_start(f.slot, dy_place, image, row, pixel)), op.channels)
                    dx = carray(floats_at(_start(f.slot, dx_place, image, row, pixel)), op.channels)
                    for c in range(op.channels):
                        left, right = x[c * x_step], z[c * z_step]
                        if kind == "linear":
                            value = np.float32(op.a) * dy[c]
                        elif kind == "multiply":
                            value = dy[c] * right
                        elif kind == "maximum":
                            wins = one if left > right else (half if left == right else zero)
                            value = dy[c] * wins
                        else:
                            wins = one if left < right else (half if left == right else zero)
                            value = dy[c] * wins
                        if sums:
                            dx[c * x_step] += value
                        else:
                            dx[c] = value

    return kernel


class Combined(JoinOp):
    """y = activation(f(x, z)) of two tensors, stretched to one shape.

    Args:
        kind: "linear": a x + b z; "multiply", "maximum" or "minimum".
        a, b: The weights of a sum.
        activation: "linear" or "relu".
    """

    count = 2

    def __init__(
        self, kind: str, a: float = 1.0, b: float = 1.0, activation: str = "linear"
    ) -> None:
        self.kind = kind
        self.weights = (a, b)
        self.activation = activation

    def describe(self) -> str:
        """What it makes of two."""
        names = {"linear": "sum", "multiply": "product"}
        activation = "" if self.activation == "linear" else f" + {self.activation}"
        return f"{names.get(self.kind, self.kind)} of two{activation}"

    def join(self, plan: Plan, xs: list[Tensor], halo: Halo) -> Tensor:
        """Appends one pass over both."""
        shape = tuple(np.broadcast_shapes(*(x.shape for x in xs)))
        self.views = [view(x, shape) for x in xs]
        self.y = plan.workspace(shape, halo)
        self._run(plan, self.views, self.y)
        return self.y

    def _run(self, plan: Plan, views: list[View], y: Tensor) -> None:
        x, z = views
        a, b = self.weights
        plan.run(
            combine(self.kind, x.step, z.step, self.activation), COMBINE,
            **x.fields("x"), **z.fields("z"), **view(y, y.shape).fields("y"),
            **_shared(y.shape, [*views, view(y, y.shape)]), a=a, b=b,
        )  # fmt: skip

    def split(self, plan: Plan, dy: Tensor, wanted: list[bool]) -> list[Tensor | None]:
        """Appends the gradient of each input that wants one."""
        if self.activation == "relu":
            dy = emit_preactivation_gradient(plan, "relu", self.y, dy, None)
        return [self._pulled(plan, dy, side) if wanted[side] else None for side in (0, 1)]

    def _pulled(self, plan: Plan, dy: Tensor, side: int) -> Tensor:
        mine, other = self.views[side], self.views[1 - side]
        if self.kind == "linear" and self.weights[side] == 1.0 and not mine.stretched:
            return dy
        dx = plan.workspace(mine.tensor.shape)
        target = view(dx, self.y.shape)
        kernel = pull(self.kind, mine.step, other.step, mine.stretched)
        plan.run(
            kernel, PULL, **mine.fields("x"), **other.fields("z"),
            **view(dy, dy.shape).fields("dy"), **target.fields("dx"),
            **_shared(dy.shape, [mine, other, target, view(dy, dy.shape)]),
            a=self.weights[side],
        )  # fmt: skip
        return dx


def _shared(shape: tuple[int, ...], views: list[View]) -> dict[str, int]:
    """The sizes that a kernel loops over: whole rows at once where nothing is stretched."""
    rows, pixels, channels = _sizes(shape)
    if any(each.stretched for each in views):
        return {"rows": rows, "pixels": pixels, "channels": channels}
    return {"rows": rows, "pixels": 1, "channels": pixels * channels}


def emit_sum(plan: Plan, tensors: list[Tensor]) -> Tensor:
    """Appends the sum of tensors of one shape, in their order, and returns it."""
    total = tensors[0]
    for tensor in tensors[1:]:
        total = Combined("linear").join(plan, [total, tensor], Halo())
    return total


MOVE = _record("x", "y")


@specialised(MOVE, splits=True)
def move() -> Any:
    """Copies rows of pixels of channels from one place to another."""

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        begin, end = share(op.rows, f.part, f.parts)
        x_place = (op.x, op.x_image, op.x_row, op.x_pixel)
        y_place = (op.y, op.y_image, op.y_row, op.y_pixel)
        for image in range(f.count):
            for row in range(begin, end):
                for pixel in range(op.pixels):
                    x = carray(floats_at(_start(f.slot, x_place, image, row, pixel)), op.channels)
                    y = carray(floats_at(_start(f.slot, y_place, image, row, pixel)), op.channels)
                    for c in range(op.channels):
                        y[c] = x[c]

    return kernel


class Concatenated(JoinOp):
    """Tensors one after another along an axis.

    Args:
        axis: The axis of a sample.
    """

    def __init__(self, axis: int) -> None:
        self.axis = axis

    def describe(self) -> str:
        """Along which axis."""
        return f"concatenation along axis {self.axis + 1}"

    def join(self, plan: Plan, xs: list[Tensor], halo: Halo) -> Tensor:
        """Appends a copy of each input to its place."""
        first = xs[0].shape
        length = sum(x.shape[self.axis] for x in xs)
        y = plan.tensor((*first[: self.axis], length, *first[self.axis + 1 :]), halo)
        self.shapes = [x.shape for x in xs]
        for x, place in zip(xs, self._places(y), strict=True):
            self._copy(plan, x, 0, y, place, x.shape)
        return y

    def split(self, plan: Plan, dy: Tensor, wanted: list[bool]) -> list[Tensor | None]:
        """Appends a copy of each part of the gradient that is wanted."""
        parts: list[Tensor | None] = []
        for shape, place, want in zip(self.shapes, self._places(dy), wanted, strict=True):
            dx = plan.tensor(shape) if want else None
            if dx is not None:
                self._copy(plan, dy, place, dx, 0, shape)
            parts.append(dx)
        return parts

    def _places(self, whole: Tensor) -> list[int]:
        """Where in the whole each part begins, in floats."""
        lengths = [shape[self.axis] for shape in self.shapes]
        before = [sum(lengths[:number]) for number in range(len(lengths))]
        step = prod(whole.shape[self.axis + 1 :])
        if whole.is_image and self.axis == 0:
            step = whole.row_stride
        return [position * step for position in before]

    def _copy(
        self, plan: Plan, x: Tensor, x_place: int, y: Tensor, y_place: int, part: tuple[int, ...]
    ) -> None:
        sizes = _sizes(part) if len(part) <= 3 else self._flat(part)
        sources = (self._view(x), self._view(y))
        plan.run(
            move(), MOVE, **sources[0].fields("x", x_place), **sources[1].fields("y", y_place),
            rows=sizes[0], pixels=sizes[1], channels=sizes[2],
        )  # fmt: skip

    def _view(self, x: Tensor) -> View:
        if len(x.shape) <= 3:
            return view(x, x.shape)
        return View(x, 0, self._flat(x.shape)[2])

    def _flat(self, shape: tuple[int, ...]) -> tuple[int, int, int]:
        """A shape of many axes: what lies before the axis are pixels, the rest is channels."""
        return 1, prod(shape[: self.axis]), prod(shape[self.axis :])
