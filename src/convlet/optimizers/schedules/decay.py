"""Schedules that fall along a power: exponential, inverse time, polynomial."""

from __future__ import annotations

import math
from typing import Any

from convlet.optimizers.schedules.base import Decay, PeriodicDecay


class ExponentialDecay(PeriodicDecay):
    """Multiplies the learning rate by `decay_rate` every `decay_steps` steps.

    `initial_learning_rate * decay_rate ** (step / decay_steps)`; with `staircase` the exponent is
    rounded down.

    Args:
        initial_learning_rate: The rate of step 0.
        decay_steps: After so many steps the rate has been multiplied by `decay_rate` once.
        decay_rate: The factor.
        staircase: Change the rate only every `decay_steps` steps.
        name: A name for the schedule.

    Raises:
        ArgumentError: `decay_steps` is not positive, or a rate is negative.

    Example:
        >>> schedule = ExponentialDecay(0.1, decay_steps=100, decay_rate=0.5)
        >>> schedule(0), schedule(100), schedule(200)
        (0.1, 0.05, 0.025)
    """

    def __call__(self, step: int) -> float:
        """Returns the learning rate of the given step."""
        return float(self.initial_learning_rate * self.decay_rate ** self.periods(step))


class InverseTimeDecay(PeriodicDecay):
    """Divides the learning rate by a number that grows with the step.

    `initial_learning_rate / (1 + decay_rate * step / decay_steps)`; with `staircase` the quotient
    `step / decay_steps` is rounded down.

    Args:
        initial_learning_rate: The rate of step 0.
        decay_steps: How many steps count as one in the formula.
        decay_rate: How fast the divisor grows.
        staircase: Change the rate only every `decay_steps` steps.
        name: A name for the schedule.

    Raises:
        ArgumentError: `decay_steps` is not positive, or a rate is negative.

    Example:
        >>> schedule = InverseTimeDecay(0.1, decay_steps=100, decay_rate=1.0)
        >>> schedule(0), schedule(100), schedule(300)
        (0.1, 0.05, 0.025)
    """

    def __call__(self, step: int) -> float:
        """Returns the learning rate of the given step."""
        return float(self.initial_learning_rate / (1 + self.decay_rate * self.periods(step)))


class PolynomialDecay(Decay):
    """Goes from one learning rate to another along a power of the remaining fraction.

    `(initial_learning_rate - end_learning_rate) * (1 - step / decay_steps) ** power`
    `+ end_learning_rate`, and `end_learning_rate` from step `decay_steps` on. With `cycle` the
    decay starts anew there, each time over a span of `decay_steps` more.

    Args:
        initial_learning_rate: The rate of step 0.
        decay_steps: The step at which the end rate is reached.
        end_learning_rate: The last rate.
        power: 1.0 goes along a straight line.
        cycle: Start anew after the end.
        name: A name for the schedule.

    Raises:
        ArgumentError: `decay_steps` is not positive, or a rate or the power is negative.

    Example:
        >>> schedule = PolynomialDecay(0.5, decay_steps=100, end_learning_rate=0.0)
        >>> schedule(0), schedule(50), schedule(1000)
        (0.5, 0.25, 0.0)
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        end_learning_rate: float = 0.0001,
        power: float = 1.0,
        cycle: bool = False,
        name: str = "PolynomialDecay",
    ) -> None:
        super().__init__(initial_learning_rate, decay_steps, name)
        self.end_learning_rate = self._number("end_learning_rate", end_learning_rate, minimum=0)
        self.power = self._number("power", power, minimum=0)
        self.cycle = cycle

    def __call__(self, step: int) -> float:
        """Returns the learning rate of the given step."""
        span = float(self.decay_steps)
        if self.cycle:
            span *= max(1, math.ceil(step / self.decay_steps))
        remaining = 1 - min(step, span) / span
        fall = self.initial_learning_rate - self.end_learning_rate
        return float(fall * remaining**self.power + self.end_learning_rate)

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments."""
        return {
            "initial_learning_rate": self.initial_learning_rate,
            "decay_steps": self.decay_steps,
            "end_learning_rate": self.end_learning_rate,
            "power": self.power,
            "cycle": self.cycle,
            "name": self.name,
        }
