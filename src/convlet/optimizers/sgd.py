"""Stochastic gradient descent."""

from __future__ import annotations

from typing import Any

from convlet import validation
from convlet.optimizers.base import Optimizer
from convlet.optimizers.schedules import LearningRateSchedule


class SGD(Optimizer):
    """Goes against the gradient, with momentum if asked for.

    For a weight `w` with the gradient `g`: `w = w - learning_rate * g`. With `momentum`:

        m = momentum * m - learning_rate * g
        w = w + m                                     without nesterov
        w = w + momentum * m - learning_rate * g      with nesterov

    Args:
        learning_rate: A number or a schedule.
        momentum: How much of the last step is kept, 0 to 1.
        nesterov: Look ahead along the momentum.
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
        >>> SGD(momentum=0.9, nesterov=True).learning_rate
        0.01

    References:
        Sutskever et al., "On the importance of initialization and momentum in deep learning", 2013,
        https://proceedings.mlr.press/v28/sutskever13.html
    """

    def __init__(
        self,
        learning_rate: float | LearningRateSchedule = 0.01,
        momentum: float = 0.0,
        nesterov: bool = False,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: float | None = None,
        gradient_accumulation_steps: int | None = None,
        name: str = "SGD",
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
        self.momentum = validation.number("SGD", "momentum", momentum, minimum=0, maximum=1)
        self.nesterov = validation.boolean("SGD", "nesterov", nesterov)

    @property
    def slot_names(self) -> tuple[str, ...]:
        """`momentum`, or nothing without it."""
        return ("momentum",) if self.momentum else ()

    def scalars(self) -> dict[str, float]:
        """Returns the numbers that the coming step's update uses."""
        return {**super().scalars(), "momentum": self.momentum}

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments, a schedule in serialized form."""
        return {**super().get_config(), "momentum": self.momentum, "nesterov": self.nesterov}
