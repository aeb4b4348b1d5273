"""A learning rate for each epoch."""

from __future__ import annotations

import inspect
from collections.abc import Callable

from convlet import validation
from convlet.callbacks.callback import Callback, Logs
from convlet.errors import ArgumentError


class LearningRateScheduler(Callback):
    """Sets the learning rate at the beginning of every epoch.

    It adds `learning_rate` to the history.

    Args:
        schedule: Takes the epoch, counted from 0, and the current learning rate, or the epoch
            alone; returns the new rate.
        verbose: 1 prints each new learning rate.

    Raises:
        ArgumentError: `schedule` is not a function, or, in `fit`, does not return a number.

    Example:
        >>> callback = LearningRateScheduler(lambda epoch, rate: rate if epoch < 10 else rate * 0.9)
    """

    def __init__(self, schedule: Callable[..., float], verbose: int = 0) -> None:
        super().__init__()
        if not callable(schedule):
            raise ArgumentError(
                validation.bad_argument(
                    "LearningRateScheduler", "schedule", "a function of epoch and rate", schedule
                )
            )
        self.schedule = schedule
        self._takes_rate = _takes_two(schedule)
        self.verbose = verbose

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """Sets the learning rate of the epoch."""
        optimizer = self.model.optimizer
        arguments = (epoch, optimizer.learning_rate) if self._takes_rate else (epoch,)
        optimizer.learning_rate = validation.number(
            "LearningRateScheduler",
            "the result of schedule",
            self.schedule(*arguments),
            minimum=0,
        )
        if self.verbose:
            print(f"Epoch {epoch + 1}: setting the learning rate to {optimizer.learning_rate:g}")

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Adds the learning rate to the history."""
        if logs is not None:
            logs["learning_rate"] = self.model.optimizer.learning_rate


def _takes_two(function: Callable[..., float]) -> bool:
    """Whether a function can be called with two arguments; where it doesn't tell, it is tried."""
    try:
        inspect.signature(function).bind(0, 0.0)
    except TypeError:
        return False
    except ValueError:
        pass
    return True
