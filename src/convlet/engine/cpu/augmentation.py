"""What ops share that change images at random, in training only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convlet.engine.cpu.jit import Kernel
from convlet.engine.ops import Op
from convlet.engine.plan import Halo, Plan, Tensor
from convlet.errors import UnsupportedError

if TYPE_CHECKING:
    from convlet.layers import Layer
    from convlet.layers.augmentation import Augmentation


def augmentation_record(*more: tuple[str, Any]) -> np.dtype[Any]:
    """The record of a kernel that makes images of images: where they lie, their size, the seed."""
    places = [f"{name}{part}" for name in ("x", "y") for part in ("", "_image", "_row")]
    fields = [(name, np.int64) for name in (*places, "height", "width", "channels", "seed")]
    return np.dtype([*fields, *more])


def refuse_gradient(layer: Layer, propagate: bool) -> None:
    """Of a layer that must stand before all weights: refuses to send a gradient back.

    Raises:
        UnsupportedError: Where it does not.
    """
    if propagate:
        raise UnsupportedError(
            f"{layer.label} needs to stand before all layers whose weights are trained, "
            "since no gradient passes through it. Received layers with weights before it. "
            "Move it to the front, or set their trainable to False."
        )


class RandomOp(Op):
    """Changes each image by what is drawn for it; hands images on outside of training.

    Args:
        layer: Says what is drawn and from which seed.
    """

    def __init__(self, layer: Augmentation) -> None:
        self.layer = layer

    def describe(self) -> str:
        """That it is random."""
        return "drawn for each image and epoch"

    def shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """The shape of an output, from the input's."""
        return shape

    def emit(self, plan: Plan, x: Tensor, y: Tensor) -> None:
        """Appends the calls that make ``y`` of ``x``."""
        raise NotImplementedError

    def run(
        self, plan: Plan, kernel: Kernel, record: np.dtype[Any], x: Tensor, y: Tensor,
        **fields: float,
    ) -> None:  # fmt: skip
        """Appends one call whose record begins as ``augmentation_record`` says."""
        height, width, channels = x.shape
        plan.run(
            kernel, record, **x.geometry("x"), **y.geometry("y"), height=height, width=width,
            channels=channels, seed=self.layer.seed, **fields,
        )  # fmt: skip

    def forward(self, plan: Plan, x: Tensor, halo: Halo) -> Tensor:
        """Appends the change in training; nothing in inference."""
        if not self.trains(plan):
            return x
        y = plan.tensor(self.shape(x.shape), halo)
        self.emit(plan, x, y)
        return y

    def backward(self, plan: Plan, dy: Tensor, propagate: bool) -> Tensor | None:
        """No gradient: nothing before it may have weights that are trained."""
        refuse_gradient(self.layer, propagate)
        return None
