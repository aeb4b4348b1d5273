"""Nadam."""

from __future__ import annotations

from typing import Any

import numpy as np

from convlet.optimizers.base import LearningRate, Optimizer

DECAY = 0.96
"""By which factor the look ahead comes closer to its last length at each step."""
SETTLED = 1000
"""The step from which on `1 - 0.5 * DECAY ** step` is 1 in float64."""


class Nadam(Optimizer):
    """`Adam` with Nesterov's momentum: it looks ahead along the mean gradient.

    For a weight `w` with the gradient `g`, in step number `t` counted from 1, element by element,
    with `u(t) = beta_1 * (1 - 0.5 * 0.96 ** t)` and `product(t) = u(1) * u(2) * ... * u(t)`:

        momentum = momentum + (1 - beta_1) * (g - momentum)
        velocity = velocity + (1 - beta_2) * (g ** 2 - velocity)
        ahead = u(t + 1) * momentum / (1 - product(t + 1)) + (1 - u(t)) * g / (1 - product(t))
        w = w - learning_rate * ahead / (sqrt(velocity / (1 - beta_2 ** t)) + epsilon)

    Args:
        learning_rate: A number, a schedule, or a function of the step.
        beta_1: How much of the mean is kept at each step.
        beta_2: How much of the mean square is kept at each step.
        epsilon: Keeps the divisor away from zero.
        weight_decay: `w` loses `w * weight_decay * learning_rate` before each step.
        clipnorm, clipvalue, global_clipnorm: How gradients are clipped, as `Optimizer` says.
        use_ema, ema_momentum, ema_overwrite_frequency: A moving average of the weights, as
            `Optimizer` says.
        loss_scale_factor, gradient_accumulation_steps: As `Optimizer` says.
        name: A name for the optimizer; None for that of its class.

    Raises:
        ArgumentError: A number is out of its range, or more than one way of clipping is given.

    Example:
        >>> Nadam().slot_names
        ('momentum', 'velocity')

    References:
        Dozat, "Incorporating Nesterov Momentum into Adam", 2016,
        https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ
    """

    rule = "nadam"
    settings = ("beta_1", "beta_2", "epsilon")

    def __init__(
        self,
        learning_rate: LearningRate = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: float | None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__(
            learning_rate,
            weight_decay,
            clipnorm,
            clipvalue,
            global_clipnorm,
            use_ema,
            ema_momentum,
            ema_overwrite_frequency,
            loss_scale_factor,
            gradient_accumulation_steps,
            name,
        )
        self.beta_1 = self._number("beta_1", beta_1, minimum=0, below=1)
        self.beta_2 = self._number("beta_2", beta_2, minimum=0, below=1)
        self.epsilon = self._number("epsilon", epsilon, minimum=0)

    @property
    def slot_groups(self) -> tuple[tuple[str, ...], ...]:
        """`momentum` and `velocity`."""
        return (("momentum", "velocity"),)

    def scalars(self) -> dict[str, float]:
        """Returns the numbers that the coming step's update uses.

        `u` and `u_next` are those of the step and of the one after it; so are the products.
        """
        numbers = super().scalars()
        step = self.updates + 1
        return {
            **numbers,
            "u": self._u(step),
            "u_next": self._u(step + 1),
            "u_product": self._u_product(step),
            "u_product_next": self._u_product(step + 1),
        }

    def _u(self, step: int) -> float:
        return self.beta_1 * (1.0 - 0.5 * DECAY**step)

    def _u_product(self, step: int) -> float:
        settled = min(step, SETTLED)
        factors = 1.0 - 0.5 * DECAY ** np.arange(1, settled + 1)
        return float(self.beta_1**step * factors.prod())

    def _further_state(self) -> list[np.ndarray[Any, Any]]:
        return [np.array(self._u_product(self.updates), np.float32)]
