"""The schedule of constant pieces."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from convlet.errors import ArgumentError
from convlet.optimizers.schedules.base import LearningRateSchedule


class PiecewiseConstantDecay(LearningRateSchedule):
    """Holds the learning rate constant between given steps.

    `values[0]` up to and including step `boundaries[0]`, then `values[1]` up to and including step
    `boundaries[1]`, and so on; `values[-1]` after the last boundary.

    Args:
        boundaries: Steps, in rising order.
        values: One learning rate more than there are boundaries.
        name: A name for the schedule.

    Raises:
        ArgumentError: The boundaries do not rise, or the lengths do not fit.

    Example:
        >>> schedule = PiecewiseConstantDecay([100, 200], [0.1, 0.05, 0.01])
        >>> schedule(100), schedule(101), schedule(500)
        (0.1, 0.05, 0.01)
    """

    def __init__(
        self,
        boundaries: Sequence[float],
        values: Sequence[float],
        name: str = "PiecewiseConstant",
    ) -> None:
        if len(values) != len(boundaries) + 1:
            raise ArgumentError(
                "PiecewiseConstantDecay needs one value more than boundaries. "
                f"Received {len(boundaries)} boundaries and {len(values)} values."
            )
        if any(later <= earlier for earlier, later in itertools.pairwise(boundaries)):
            raise ArgumentError(
                "PiecewiseConstantDecay needs boundaries in rising order. "
                f"Received boundaries={list(boundaries)}."
            )
        self.boundaries = list(boundaries)
        self.values = list(values)
        self.name = name

    def __call__(self, step: int) -> float:
        """Returns the learning rate of the given step."""
        passed = sum(step > boundary for boundary in self.boundaries)
        return float(self.values[passed])

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments."""
        return {"boundaries": self.boundaries, "values": self.values, "name": self.name}
