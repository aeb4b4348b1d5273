"""Stopping when a figure no longer improves."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from convlet import validation
from convlet.callbacks.callback import Logs
from convlet.callbacks.monitor import MonitorCallback


class EarlyStopping(MonitorCallback):
    """Stops training when a figure has not improved for `patience` epochs.

    Args:
        monitor: The figure's name in the logs.
        min_delta: Changes smaller than this are no improvement.
        patience: How many epochs without improvement are waited for.
        verbose: 1 prints when it stops and which weights it restores.
        mode: "min" where smaller is better, "max" where larger is, "auto" to go by the metric.
        baseline: Waiting ends only where this is beaten, too.
        restore_best_weights: Give the model the weights of its best epoch when training ends:
            also where it ends because the epochs are over or because it is interrupted.
        start_from_epoch: Epochs before this one, counted from 0, are not looked at.

    Raises:
        ArgumentError: An argument is out of its range.
        UnknownNameError: There is no such mode, or, in `fit`, no such figure.

    Example:
        >>> callback = EarlyStopping(monitor="val_accuracy", patience=3, restore_best_weights=True)
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        min_delta: float = 0,
        patience: int = 0,
        verbose: int = 0,
        mode: str = "auto",
        baseline: float | None = None,
        restore_best_weights: bool = False,
        start_from_epoch: int = 0,
    ) -> None:
        super().__init__(monitor, mode, min_delta)
        owner = type(self).__name__
        self.patience = validation.integer(owner, "patience", patience, minimum=0)
        self.verbose = verbose
        self.baseline = baseline
        self.restore_best_weights = validation.boolean(
            owner, "restore_best_weights", restore_best_weights
        )
        self.start_from_epoch = validation.integer(
            owner, "start_from_epoch", start_from_epoch, minimum=0
        )
        self._forget()

    def _forget(self) -> None:
        self.wait = 0
        self.stopped_epoch = 0
        self.best = None
        self.best_epoch = 0
        self.best_weights: list[NDArray[Any]] | None = None

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Starts anew: the callback may be used for several runs."""
        self._forget()

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Compares the figure with the best so far, and stops where patience is over."""
        current = self.monitored(logs)
        if epoch < self.start_from_epoch:
            return
        if self.restore_best_weights and self.best_weights is None:
            self._keep(epoch)  # also where the figure is NaN from the start
        self.wait += 1
        if self.is_improvement(current, self.best):
            self.best = current
            self._keep(epoch)
            if self.baseline is None or self.is_improvement(current, self.baseline):
                self.wait = 0
        elif self.wait >= self.patience and epoch > 0:
            self.stopped_epoch = epoch
            self.model.stop_training = True

    def _keep(self, epoch: int) -> None:
        self.best_epoch = epoch
        if self.restore_best_weights:
            self.best_weights = self.model.get_weights()

    def on_train_end(self, logs: Logs | None = None) -> None:
        """Restores the best weights if that was asked for."""
        if self.stopped_epoch > 0 and self.verbose:
            print(f"Epoch {self.stopped_epoch + 1}: early stopping")
        if self.best_weights is not None:
            if self.verbose:
                print(f"Restoring the weights of the best epoch: {self.best_epoch + 1}")
            self.model.set_weights(self.best_weights)
