"""RMSprop."""

from __future__ import annotations

from typing import Any

from convlet import validation
from convlet.optimizers.base import Optimizer
from convlet.optimizers.schedules import LearningRateSchedule


class RMSprop(Optimizer):
    """Divides each gradient by a running root mean square of its own size.

    For a weight `w` with the gradient `g`, element by element:

        velocity = rho * velocity + (1 - rho) * g ** 2
        step = learning_rate * g / sqrt(velocity + epsilon)
        w = w - step

    With `momentum`, `m = momentum * m + step` is subtracted in place of `step`. With `centered`, a
    running mean `a` of the gradient is kept like `velocity`, and the root is of
    `velocity - a ** 2 + epsilon`.

    Args:
        learning_rate: A number or a schedule.
        rho: How much of the running averages is kept at each step.
        momentum: How much of the last step is kept; 0.0 for none.
        epsilon: Keeps the divisor away from zero; note that it stands inside the root.
        centered: Divide by an estimate of the standard deviation.
        weight_decay: `w` loses `w * weight_decay * learning_rate` before each step.
        clipnorm: Scale each weight's gradient down to at most this length.
        clipvalue: Cut each element of a gradient to at most this size.
        global_clipnorm: Scale all gradients together down to at most this length.
        use_ema: Not supported yet.
        ema_momentum: Not supported yet.
        ema_overwrite_frequency: Not supported yet.
        loss_scale_factor: Not supported yet.
        gradient_accumulation_steps: Not supported yet.
        name: A name for the optimizer.

    Raises:
        ArgumentError: A number is out of its range, or more than one way of clipping is given.

    Example:
        >>> RMSprop(learning_rate=0.01).learning_rate
        0.01

    References:
        Hinton, "Neural Networks for Machine Learning", lecture 6, 2012,
        https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf
    """

    def __init__(
        self,
        learning_rate: float | LearningRateSchedule = 0.001,
        rho: float = 0.9,
        momentum: float = 0.0,
        epsilon: float = 1e-7,
        centered: bool = False,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: float | None = None,
        gradient_accumulation_steps: int | None = None,
        name: str = "rmsprop",
    ) -> None:
        super().__init__(
            learning_rate,
            weight_decay,
            clipnorm,
            clipvalue,
            global_clipnorm,
            name,
            use_ema=use_ema,
            ema_momentum=ema_momentum,
            ema_overwrite_frequency=ema_overwrite_frequency,
            loss_scale_factor=loss_scale_factor,
            gradient_accumulation_steps=gradient_accumulation_steps,
        )
        self.rho = validation.number("RMSprop", "rho", rho, minimum=0, maximum=1)
        self.momentum = validation.number("RMSprop", "momentum", momentum, minimum=0, maximum=1)
        self.epsilon = validation.number("RMSprop", "epsilon", epsilon, minimum=0)
        self.centered = validation.boolean("RMSprop", "centered", centered)

    @property
    def slot_names(self) -> tuple[str, ...]:
        """`velocity`, then `momentum` and `average_gradient` where the settings need them."""
        names = ["velocity"]
        if self.momentum > 0:
            names.append("momentum")
        if self.centered:
            names.append("average_gradient")
        return tuple(names)

    def scalars(self) -> dict[str, float]:
        """Returns the numbers that the coming step's update uses."""
        return {
            **super().scalars(),
            "rho": self.rho,
            "momentum": self.momentum,
            "epsilon": self.epsilon,
        }

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments, a schedule in serialized form."""
        return {
            **super().get_config(),
            "rho": self.rho,
            "momentum": self.momentum,
            "epsilon": self.epsilon,
            "centered": self.centered,
        }
