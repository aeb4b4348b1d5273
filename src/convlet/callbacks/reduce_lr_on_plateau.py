"""Lowering the learning rate when a figure no longer improves."""

from __future__ import annotations

from convlet import validation
from convlet.callbacks.callback import Logs
from convlet.callbacks.monitor import MonitorCallback


class ReduceLROnPlateau(MonitorCallback):
    """Lowers the learning rate when a figure has not improved for `patience` epochs.

    It adds `learning_rate` to the history.

    Args:
        monitor: The figure's name in the logs.
        factor: What the learning rate is multiplied by, below 1.
        patience: How many epochs without improvement are waited for.
        verbose: 1 prints each new learning rate.
        mode: "min" where smaller is better, "max" where larger is, "auto" to go by the metric.
        min_delta: Changes smaller than this are no improvement.
        cooldown: How many epochs after a change are not counted.
        min_lr: The learning rate does not go below this.

    Raises:
        ArgumentError: An argument is out of its range.
        UnknownNameError: There is no such mode, or, in `fit`, no such figure.

    Example:
        >>> callback = ReduceLROnPlateau(monitor="val_loss", factor=0.5, patience=2)
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        factor: float = 0.1,
        patience: int = 10,
        verbose: int = 0,
        mode: str = "auto",
        min_delta: float = 1e-4,
        cooldown: int = 0,
        min_lr: float = 0.0,
    ) -> None:
        super().__init__(monitor, mode, min_delta)
        owner = type(self).__name__
        self.factor = validation.number(owner, "factor", factor, above=0, below=1)
        self.patience = validation.integer(owner, "patience", patience, minimum=0)
        self.verbose = verbose
        self.cooldown = validation.integer(owner, "cooldown", cooldown, minimum=0)
        self.min_lr = validation.number(owner, "min_lr", min_lr, minimum=0)
        self.cooldown_counter = 0
        self.wait = 0

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Starts anew: the callback may be used for several runs."""
        self.best = None
        self.cooldown_counter = 0
        self.wait = 0

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Compares the figure with the best so far, and lowers the rate where patience is over."""
        logs = {} if logs is None else logs
        logs["learning_rate"] = self.model.optimizer.learning_rate
        current = self.monitored(logs)
        if self.cooldown_counter > 0:
            self.cooldown_counter -= 1
            self.wait = 0
        if self.is_improvement(current, self.best):
            self.best = current
            self.wait = 0
        elif self.cooldown_counter == 0:
            self.wait += 1
            if self.wait >= self.patience:
                self._reduce(epoch)

    def _reduce(self, epoch: int) -> None:
        optimizer = self.model.optimizer
        if optimizer.learning_rate <= self.min_lr:
            return
        optimizer.learning_rate = max(optimizer.learning_rate * self.factor, self.min_lr)
        if self.verbose:
            print(f"Epoch {epoch + 1}: reducing the learning rate to {optimizer.learning_rate:g}")
        self.cooldown_counter = self.cooldown
        self.wait = 0
