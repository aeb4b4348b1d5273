"""The learning rate of an optimizer, as it is read there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from convlet.optimizers.base import Optimizer


class Rate(float):
    """A learning rate as one reads it of an optimizer: a number that can be told to change there.

    Args:
        value: The number.
        optimizer: Whose it is.

    Example:
        >>> from convlet import optimizers
        >>> optimizer = optimizers.SGD(0.5)
        >>> optimizer.learning_rate.assign(0.25)
        >>> optimizer.learning_rate
        0.25
    """

    def __new__(cls, value: float, optimizer: Optimizer) -> Self:
        """Makes the number."""
        return super().__new__(cls, value)

    def __init__(self, value: float, optimizer: Optimizer) -> None:
        self._optimizer = optimizer

    def assign(self, value: float) -> None:
        """Sets the optimizer's learning rate."""
        self._optimizer.learning_rate = value

    def numpy(self) -> float:
        """The number alone."""
        return float(self)

    def __reduce__(self) -> tuple[type[float], tuple[float]]:
        return float, (float(self),)
