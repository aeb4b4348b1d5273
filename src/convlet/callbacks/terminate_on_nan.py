"""Stopping when the loss is no longer a number."""

from __future__ import annotations

import math

from convlet import validation
from convlet.callbacks.callback import Callback, Logs
from convlet.errors import StateError


class TerminateOnNaN(Callback):
    """Stops training after the first step whose epoch has a loss that is NaN or infinite.

    Args:
        raise_error: Raise a StateError in place of stopping quietly.

    Example:
        >>> callback = TerminateOnNaN()
    """

    def __init__(self, raise_error: bool = False) -> None:
        super().__init__()
        self.raise_error = validation.boolean("TerminateOnNaN", "raise_error", raise_error)
        self._found: str | None = None

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Starts anew: the callback may be used for several runs."""
        self._found = None

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Looks at the loss."""
        loss = (logs or {}).get("loss", 0.0)
        if math.isfinite(loss):
            return
        self._found = f"The loss is {loss} after batch {batch}"
        if self.raise_error:
            raise StateError(
                f"TerminateOnNaN needs a finite loss. Received {loss} after batch {batch}. "
                "A smaller learning rate often helps."
            )
        self.model.stop_training = True

    def on_train_end(self, logs: Logs | None = None) -> None:
        """Says why training stopped."""
        if self._found is not None and not self.raise_error:
            print(f"{self._found}: training stopped.")
