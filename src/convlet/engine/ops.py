"""What an op is: one step of a program, which appends its calls to a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convlet.engine.calls import Label
from convlet.engine.plan import Halo, Plan, Tensor
from convlet.variable import Variable

if TYPE_CHECKING:
    from convlet.layers import Layer


class Op:
    """One step of a program: a layer, or several that are computed as one.

    ``forward`` appends the op's calls to the plan and remembers what ``backward`` will need. Which
    of its inputs' halo it wants is asked first, so that the op before can write into it directly.
    Neither may change what it is given: others may need it, too.

    Attributes:
        layers: The layers that it computes; lowering sets them.
        result_shape: Of an image's result; lowering sets it.
        inference: Whether it acts in training, too, as it does at any other time.
        penalises: Whether it adds to the loss, so that its gradient is not only what arrives.
    """

    layers: tuple[Layer, ...] = ()
    result_shape: tuple[int, ...] = ()
    inference = False
    penalises = False

    def trains(self, plan: Plan) -> bool:
        """Whether it acts as in training."""
        return plan.training and not self.inference

    def describe(self) -> str:
        """What it computes, in a few words."""
        raise NotImplementedError

    def variables(self) -> list[Variable]:
        """The variables that it computes with."""
        return [value for value in vars(self).values() if isinstance(value, Variable)]

    def label(self) -> Label:
        """How an explanation calls it."""
        return Label(
            " + ".join(layer.name for layer in self.layers),
            self.describe(),
            self.result_shape,
            sum(variable.size for variable in self.variables()),
        )

    def input_halo(self) -> Halo:
        """The zeros this op wants around its input."""
        return Halo()

    def forward(self, plan: Plan, x: Tensor, halo: Halo) -> Tensor:
        """Appends the forward calls; returns the output, with at least this halo if possible."""
        raise NotImplementedError

    def backward(self, plan: Plan, dy: Tensor, propagate: bool) -> Tensor | None:
        """Appends the backward calls; returns the input's gradient if ``propagate``."""
        raise NotImplementedError


class JoinOp(Op):
    """An op of several inputs.

    Attributes:
        count: How many; None for as many as its layer has.
    """

    count: int | None = None

    def join(self, plan: Plan, xs: list[Tensor], halo: Halo) -> Tensor:
        """Appends the forward calls; returns the output, with at least this halo if possible."""
        raise NotImplementedError

    def split(self, plan: Plan, dy: Tensor, wanted: list[bool]) -> list[Tensor | None]:
        """Appends the backward calls; returns the gradient of each input that wants one."""
        raise NotImplementedError
