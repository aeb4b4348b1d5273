"""Ops that move floats without changing them: another shape, a border of zeros or without."""

from __future__ import annotations

from dataclasses import replace

from convlet.engine.cpu.elementwise import Elementwise, as_contiguous
from convlet.engine.ops import Op
from convlet.engine.plan import Halo, Plan, Tensor
from convlet.variable import Variable


class Reshaped(Op):
    """The same floats under another shape: no work where the input has no gaps."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape = shape

    def describe(self) -> str:
        """What becomes of the shape."""
        return "another view of the same floats"

    def forward(self, plan: Plan, x: Tensor, halo: Halo) -> Tensor:
        """Gives the input another shape."""
        self.input_shape = x.shape
        return as_contiguous(plan, x).reshaped(self.shape)

    def backward(self, plan: Plan, dy: Tensor, propagate: bool) -> Tensor | None:
        """Gives the gradient the input's shape."""
        return as_contiguous(plan, dy).reshaped(self.input_shape) if propagate else None


class OverImage(Op):
    """An op over images for inputs and outputs of other shapes, which costs nothing.

    A sequence (steps, channels) is an image of one row, and features are an image of one pixel.

    Args:
        op: The op over images.
        shape: The output's shape: as many floats as the op's output, in the same places.
    """

    def __init__(self, op: Op, shape: tuple[int, ...]) -> None:
        self.op = op
        self.shape = shape
        self.trainable = getattr(op, "trainable", False)

    def describe(self) -> str:
        """What the op does."""
        return self.op.describe()

    def variables(self) -> list[Variable]:
        """The op's."""
        return self.op.variables()

    def input_halo(self) -> Halo:
        """The op's."""
        return self.op.input_halo()

    def forward(self, plan: Plan, x: Tensor, halo: Halo) -> Tensor:
        """Lets the op see an image."""
        self.input_shape = x.shape
        return replace(self.op.forward(plan, x.as_image(), halo), shape=self.shape)

    def backward(self, plan: Plan, dy: Tensor, propagate: bool) -> Tensor | None:
        """Lets the op see an image's gradient."""
        dx = self.op.backward(plan, dy.as_image(), propagate)
        return None if dx is None else replace(dx, shape=self.input_shape)


class ZeroPadding(Op):
    """Copies each image into the middle of a larger one, whose border stays zero."""

    def __init__(self, border: Halo) -> None:
        self.border = border

    def describe(self) -> str:
        """How wide the border is."""
        top, bottom, left, right = self.border
        return f"zeros around the image: {top} above, {bottom} below, {left} left, {right} right"

    def forward(self, plan: Plan, x: Tensor, halo: Halo) -> Tensor:
        """Appends a copy into the inner part of the output."""
        self.input_shape = x.shape
        top, bottom, left, right = self.border
        height, width, channels = x.shape
        y = plan.tensor((top + height + bottom, left + width + right, channels), halo)
        Elementwise("linear").copy(plan, x, y.inner(top, left, height, width))
        return y

    def backward(self, plan: Plan, dy: Tensor, propagate: bool) -> Tensor | None:
        """The gradient of the inner part: no work."""
        height, width, _ = self.input_shape
        return dy.inner(self.border.top, self.border.left, height, width) if propagate else None


class Cropping(Op):
    """The inner part of each image, where it lies: no work."""

    def __init__(self, border: Halo) -> None:
        self.border = border

    def describe(self) -> str:
        """What is cut off."""
        top, bottom, left, right = self.border
        return f"without the border: {top} above, {bottom} below, {left} left, {right} right"

    def forward(self, plan: Plan, x: Tensor, halo: Halo) -> Tensor:
        """Looks at the inner part."""
        self.input_shape = x.shape
        height, width, _ = x.shape
        top, bottom, left, right = self.border
        return x.inner(top, left, height - top - bottom, width - left - right)

    def backward(self, plan: Plan, dy: Tensor, propagate: bool) -> Tensor | None:
        """Appends a copy into the middle of zeros, which nothing else writes to."""
        if not propagate:
            return None
        dx = plan.tensor(self.input_shape)
        inner = dx.inner(self.border.top, self.border.left, dy.shape[0], dy.shape[1])
        Elementwise("linear").copy(plan, dy, inner)
        return dx
