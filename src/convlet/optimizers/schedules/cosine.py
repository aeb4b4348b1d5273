"""The cosine schedules."""

from __future__ import annotations

import math
from typing import Any

from convlet.optimizers.schedules.base import Decay, LearningRateSchedule


class CosineDecay(Decay):
    """Lowers the learning rate along half a cosine, after a linear warm-up if one is asked for.

    `rate * ((1 - alpha) * (1 + cos(pi * step / decay_steps)) / 2 + alpha)`, and `rate * alpha` from
    the end on. `rate` is `initial_learning_rate`; with a `warmup_target` the rate first rises on a
    straight line from `initial_learning_rate` to the target in `warmup_steps` steps, and the cosine
    starts there.

    Args:
        initial_learning_rate: The rate of step 0.
        decay_steps: The length of the decay, without the warm-up.
        alpha: The last rate, as a fraction of the highest.
        name: A name for the schedule.
        warmup_target: The rate at the end of the warm-up; None for no warm-up.
        warmup_steps: The length of the warm-up.

    Raises:
        ArgumentError: `decay_steps` is not positive, or another number is negative.

    Example:
        >>> schedule = CosineDecay(0.1, decay_steps=100)
        >>> schedule(0), round(schedule(50), 6), schedule(100)
        (0.1, 0.05, 0.0)

    References:
        Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", 2017,
        https://arxiv.org/abs/1608.03983
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        alpha: float = 0.0,
        name: str = "CosineDecay",
        warmup_target: float | None = None,
        warmup_steps: int = 0,
    ) -> None:
        super().__init__(initial_learning_rate, decay_steps, name)
        if warmup_target is not None:
            self._number("warmup_target", warmup_target, minimum=0)
        self.alpha = self._number("alpha", alpha, minimum=0)
        self.warmup_target = warmup_target
        self._number("warmup_steps", warmup_steps, minimum=0)
        self.warmup_steps = warmup_steps

    def __call__(self, step: int) -> float:
        """Returns the learning rate of the given step."""
        if self.warmup_target is None:
            return self._cosine(self.initial_learning_rate, step)
        if step < self.warmup_steps:
            rise = self.warmup_target - self.initial_learning_rate
            return float(self.initial_learning_rate + rise * step / self.warmup_steps)
        return self._cosine(self.warmup_target, step - self.warmup_steps)

    def _cosine(self, highest: float, step: int) -> float:
        fraction = min(step, self.decay_steps) / self.decay_steps
        wave = 0.5 * (1 + math.cos(math.pi * fraction))
        return float(highest * ((1 - self.alpha) * wave + self.alpha))

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments."""
        return {
            "initial_learning_rate": self.initial_learning_rate,
            "decay_steps": self.decay_steps,
            "alpha": self.alpha,
            "name": self.name,
            "warmup_target": self.warmup_target,
            "warmup_steps": self.warmup_steps,
        }


class CosineDecayRestarts(LearningRateSchedule):
    """Lowers the learning rate along half a cosine, again and again, each time more slowly.

    Period number `i`, counted from 0, has `first_decay_steps * t_mul ** i` steps. Within it, at the
    fraction `f` of its steps, the rate is `initial_learning_rate * ((1 - alpha) * m_mul ** i *
    (1 + cos(pi * f)) / 2 + alpha)`.

    Args:
        initial_learning_rate: The rate of step 0.
        first_decay_steps: The length of the first period.
        t_mul: How much longer each period is than the one before.
        m_mul: How much higher each period begins than the one before.
        alpha: The lowest rate, as a fraction of the highest.
        name: A name for the schedule.

    Raises:
        ArgumentError: `first_decay_steps` is not positive, or another number is out of its range.

    Example:
        >>> schedule = CosineDecayRestarts(0.1, first_decay_steps=100)
        >>> schedule(0), round(schedule(50), 6), schedule(100), round(schedule(200), 6)
        (0.1, 0.05, 0.1, 0.05)

    References:
        Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", 2017,
        https://arxiv.org/abs/1608.03983
    """

    def __init__(
        self,
        initial_learning_rate: float,
        first_decay_steps: int,
        t_mul: float = 2.0,
        m_mul: float = 1.0,
        alpha: float = 0.0,
        name: str = "SGDRDecay",
    ) -> None:
        self.initial_learning_rate = self._number(
            "initial_learning_rate", initial_learning_rate, minimum=0
        )
        self._number("first_decay_steps", first_decay_steps, above=0)
        self.first_decay_steps = first_decay_steps
        self.t_mul = self._number("t_mul", t_mul, above=0)
        self.m_mul = self._number("m_mul", m_mul, minimum=0)
        self.alpha = self._number("alpha", alpha, minimum=0)
        self.name = name

    def __call__(self, step: int) -> float:
        """Returns the learning rate of the given step."""
        period, fraction = self._period(step / self.first_decay_steps)
        wave = 0.5 * self.m_mul**period * (1 + math.cos(math.pi * fraction))
        return float(self.initial_learning_rate * ((1 - self.alpha) * wave + self.alpha))

    def _period(self, passed: float) -> tuple[int, float]:
        """The number of the period and what has passed of it, after so many first periods."""
        if self.t_mul == 1.0:
            return math.floor(passed), passed % 1.0
        period = math.floor(math.log(1 - passed * (1 - self.t_mul)) / math.log(self.t_mul))
        begin = (1 - self.t_mul**period) / (1 - self.t_mul)
        return period, (passed - begin) / self.t_mul**period

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments."""
        return {
            "initial_learning_rate": self.initial_learning_rate,
            "first_decay_steps": self.first_decay_steps,
            "t_mul": self.t_mul,
            "m_mul": self.m_mul,
            "alpha": self.alpha,
            "name": self.name,
        }
