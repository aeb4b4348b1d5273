"""The base of all callbacks: a method for every moment of training, evaluation and prediction."""

from __future__ import annotations

import weakref
from typing import Any

from convlet.errors import StateError

Logs = dict[str, Any]  # numbers, and lists of them from metrics that give several


class Callback:
    """Something that acts at given moments of `fit`, `evaluate` and `predict`.

    Subclass it and define the methods you need. `logs` holds the figures so far by name: the loss
    and the metrics, those of the validation data with the prefix `val_`. A method may add to it at
    the end of an epoch: what it adds is kept in the history.

    Attributes:
        model: The model that is trained, evaluated or used.
        params: `verbose`, `epochs` and `steps`.

    Example:
        >>> class PrintLoss(Callback):
        ...     def on_epoch_end(self, epoch, logs=None):
        ...         print(epoch, logs["loss"])
    """

    def __init__(self) -> None:
        self.params: dict[str, Any] = {}
        # Weak, since a model holds its history: so it is freed at once with all its memory, and
        # not when Python next looks for cycles.
        self._model: weakref.ref[Any] | None = None

    @property
    def model(self) -> Any:
        """The model that is trained, evaluated or used."""
        model = None if self._model is None else self._model()
        if model is None:
            raise StateError(
                f"{type(self).__name__} has no model yet. Pass it to fit(callbacks=[...]) first."
            )
        return model

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_model": None}  # a copy has no model yet

    def set_params(self, params: dict[str, Any]) -> None:
        """Takes `verbose`, `epochs` and `steps` from `fit`."""
        self.params = params

    def set_model(self, model: Any) -> None:
        """Takes the model from `fit`."""
        self._model = None if model is None else weakref.ref(model)

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Called before the first epoch."""

    def on_train_end(self, logs: Logs | None = None) -> None:
        """Called when training ends, however it ends; `logs` are those of the last full epoch."""

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """Called before each epoch, counted from 0."""

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Called after each epoch, with all its figures."""

    def on_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """Another name for `on_train_batch_begin`."""

    def on_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Another name for `on_train_batch_end`."""

    def on_train_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """Called before each step of training, counted from 0 in each epoch."""
        self.on_batch_begin(batch, logs)

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Called after each step of training, with the figures of the epoch so far."""
        self.on_batch_end(batch, logs)

    def on_test_begin(self, logs: Logs | None = None) -> None:
        """Called before evaluation, also before that of the validation data in `fit`."""

    def on_test_end(self, logs: Logs | None = None) -> None:
        """Called after evaluation, with its figures."""

    def on_test_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """Called before each batch of an evaluation."""

    def on_test_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Called after each batch of an evaluation, with the figures so far."""

    def on_predict_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Called before prediction."""

    def on_predict_end(self, logs: dict[str, Any] | None = None) -> None:
        """Called after prediction."""

    def on_predict_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Called before each batch of a prediction."""

    def on_predict_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Called after each batch of a prediction, with its `outputs`."""
