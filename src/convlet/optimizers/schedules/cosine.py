"""The cosine schedule."""

from __future__ import annotations

import math
from typing import Any

from convlet.optimizers.schedules.base import Decay


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
