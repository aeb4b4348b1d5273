"""The checks of the plain arguments of `fit`, `evaluate` and `predict`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from convlet import validation
from convlet.callbacks.callback import Logs
from convlet.errors import ArgumentError


def steps_of(owner: str, argument: str, value: int | None) -> int | None:
    """Returns a number of steps, or None where none is given."""
    return None if value is None else validation.integer(owner, argument, value)


def check_epochs(epochs: int, initial_epoch: int) -> None:
    """Raises unless there is an epoch between the two."""
    validation.integer("fit", "epochs", epochs)
    validation.integer("fit", "initial_epoch", initial_epoch, minimum=0)
    if initial_epoch >= epochs:
        raise ArgumentError(
            f"fit needs initial_epoch to be below epochs. Received initial_epoch={initial_epoch} "
            f"and epochs={epochs}. Epochs are counted from the first run on: pass "
            f"epochs={initial_epoch + epochs} for {epochs} more."
        )


def validated_epochs(validation_freq: int | Iterable[int]) -> Callable[[int], bool]:
    """Returns whether the model is validated after an epoch, counted from 0.

    Args:
        validation_freq: Every how many epochs; or after which, counted from 1.
    """
    if isinstance(validation_freq, (list, tuple, set, range)):
        epochs = {
            validation.integer("fit", "each of validation_freq", epoch) for epoch in validation_freq
        }
        return lambda epoch: epoch + 1 in epochs
    every = validation.integer("fit", "validation_freq", validation_freq)
    return lambda epoch: (epoch + 1) % every == 0


def verbosity(owner: str, verbose: str | int) -> int:
    """Returns 0, 1 or 2; "auto" is 1."""
    if verbose == "auto":
        return 1
    if verbose in (0, 1, 2):
        return int(verbose)
    raise ArgumentError(validation.bad_argument(owner, "verbose", "'auto', 0, 1 or 2", verbose))


def figures(logs: Logs, return_dict: bool) -> Any:
    """The figures as Keras returns them: by name, or the loss first, alone without a list."""
    if return_dict:
        return logs
    values = list(logs.values())
    return values if len(values) > 1 else values[0]
