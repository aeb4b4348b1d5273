"""What learning-rate schedules have in common."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from typing import Any, Self

from convlet import validation


class LearningRateSchedule:
    """A learning rate as a function of the step, counted from 0.

    Subclass it and define `__call__(step)`; define `get_config()` too, so that a model compiled
    with it can be saved. A plain function of the step can be an optimizer's `learning_rate` too.

    Example:
        >>> class Halving(LearningRateSchedule):
        ...     def __call__(self, step):
        ...         return 0.1 * 0.5**step
        >>> Halving()(1)
        0.05
    """

    def __call__(self, step: int) -> float:
        """Returns the learning rate of the given step."""
        raise NotImplementedError(f"{type(self).__name__} needs to define __call__(step).")

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments."""
        raise NotImplementedError(f"{type(self).__name__} needs to define get_config().")

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Makes a schedule from what `get_config` returned."""
        return cls(**config)

    def _number(self, argument: str, value: float, **bounds: float) -> float:
        return validation.number(type(self).__name__, argument, value, **bounds)


class FunctionSchedule(LearningRateSchedule):
    """A user's function of the step, or of nothing, that returns the rate."""

    def __init__(self, function: Callable[..., float]) -> None:
        self.function = function
        self._takes_step = bool(inspect.signature(function).parameters)

    def __call__(self, step: int) -> float:
        """Returns the learning rate of the given step."""
        return float(self.function(step) if self._takes_step else self.function())


class Decay(LearningRateSchedule):
    """What the schedules share that start from one rate and fall over a number of steps."""

    def __init__(self, initial_learning_rate: float, decay_steps: int, name: str) -> None:
        self._number("initial_learning_rate", initial_learning_rate, minimum=0)
        self._number("decay_steps", decay_steps, above=0)
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.name = name


class PeriodicDecay(Decay):
    """The arguments of the schedules that change by a `decay_rate` every `decay_steps` steps."""

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        decay_rate: float,
        staircase: bool = False,
        name: str | None = None,
    ) -> None:
        super().__init__(initial_learning_rate, decay_steps, name or type(self).__name__)
        self.decay_rate = self._number("decay_rate", decay_rate, minimum=0)
        self.staircase = staircase

    def periods(self, step: int) -> float:
        """Returns how many times `decay_steps` have passed."""
        passed = step / self.decay_steps
        return math.floor(passed) if self.staircase else passed

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments."""
        return {
            "initial_learning_rate": self.initial_learning_rate,
            "decay_steps": self.decay_steps,
            "decay_rate": self.decay_rate,
            "staircase": self.staircase,
            "name": self.name,
        }
