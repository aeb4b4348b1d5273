"""Saving the model while it trains."""

from __future__ import annotations

import os
from pathlib import Path

from convlet import validation
from convlet.callbacks.callback import Logs
from convlet.callbacks.monitor import MonitorCallback
from convlet.errors import ArgumentError, UnknownNameError


class ModelCheckpoint(MonitorCallback):
    """Saves the model, or its weights, at the end of epochs or every so many steps.

    A file appears whole or not at all: an interruption leaves the last one where it was.

    Args:
        filepath: Where to, ending in ".keras", or in ".weights.h5" with `save_weights_only`. May
            hold `{epoch}` and the names of figures: "{epoch:02d}-{val_loss:.2f}.keras".
        monitor: The figure that says which model is best.
        verbose: 1 prints what is saved.
        save_best_only: Save only where the figure has improved.
        save_weights_only: Save the weights without the architecture.
        mode: "min" where smaller is better, "max" where larger is, "auto" to go by the metric.
        save_freq: "epoch", or a number of steps.
        initial_value_threshold: The figure that the first saved model has to beat.

    Raises:
        ArgumentError: The file's ending or `save_freq` does not fit.
        UnknownNameError: There is no such mode, or, in `fit`, no such figure.

    Example:
        >>> callback = ModelCheckpoint("best.keras", monitor="val_accuracy", save_best_only=True)
    """

    def __init__(
        self,
        filepath: str | os.PathLike[str],
        monitor: str = "val_loss",
        verbose: int = 0,
        save_best_only: bool = False,
        save_weights_only: bool = False,
        mode: str = "auto",
        save_freq: str | int = "epoch",
        initial_value_threshold: float | None = None,
    ) -> None:
        super().__init__(monitor, mode)
        owner = type(self).__name__
        self.filepath = os.fspath(filepath)
        self.verbose = verbose
        self.save_best_only = validation.boolean(owner, "save_best_only", save_best_only)
        self.save_weights_only = validation.boolean(owner, "save_weights_only", save_weights_only)
        self.save_freq = save_freq
        if save_freq != "epoch":
            validation.integer(owner, "save_freq", save_freq)
        self.best = initial_value_threshold
        ending = ".weights.h5" if self.save_weights_only else ".keras"
        if not self.filepath.endswith(ending):
            raise ArgumentError(
                validation.bad_argument(
                    owner, "filepath", f"a path that ends in {ending!r}", self.filepath
                )
            )
        self._epoch = 0
        self._steps = 0

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """Remembers the epoch for the name of the file."""
        self._epoch = epoch

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Saves where `save_freq` steps have passed."""
        if self.save_freq == "epoch":
            return
        self._steps += 1
        if self._steps >= int(self.save_freq):
            self._steps = 0
            self._save({"batch": batch + 1, **(logs or {})})

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Saves where `save_freq` is "epoch"."""
        if self.save_freq == "epoch":
            self._save(logs or {})

    def _save(self, logs: Logs) -> None:
        place = self._place(logs)
        if self.save_best_only:
            current = self.monitored(logs)
            if not self.is_improvement(current, self.best):
                self._say(f"{self.monitor} did not improve from {self.best:.5f}")
                return
            before = "" if self.best is None else f" from {self.best:.5f}"
            self._say(f"{self.monitor} improved{before} to {current:.5f}, saving to {place}")
            self.best = current
        else:
            self._say(f"saving to {place}")
        place.parent.mkdir(parents=True, exist_ok=True)
        if self.save_weights_only:
            self.model.save_weights(place)
        else:
            self.model.save(place)

    def _place(self, logs: Logs) -> Path:
        names = {"epoch": self._epoch + 1, **logs}
        try:
            return Path(self.filepath.format(**names))
        except KeyError as error:
            unknown = str(error.args[0])
            raise UnknownNameError(
                f"ModelCheckpoint needs the names in its filepath to be among "
                f"{', '.join(map(repr, names))}. Received {unknown!r} in {self.filepath!r}. "
                f"{validation.did_you_mean(unknown, names)}".rstrip()
            ) from None

    def _say(self, message: str) -> None:
        if self.verbose:
            print(f"Epoch {self._epoch + 1}: {message}")
