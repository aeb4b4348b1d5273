"""The record of a training run."""

from __future__ import annotations

from typing import Any

from convlet.callbacks.callback import Callback, Logs


class History(Callback):
    """What `fit` returns: the figures of every epoch.

    Attributes:
        history: For each figure, such as `loss` or `val_accuracy`, its value after every epoch.
        epoch: The epochs, counted from 0.
        params: `verbose`, `epochs` and `steps`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.history: dict[str, list[Any]] = {}
        self.epoch: list[int] = []

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Starts the list of epochs."""
        self.epoch = []

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Records the epoch's figures."""
        self.epoch.append(epoch)
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(value)
