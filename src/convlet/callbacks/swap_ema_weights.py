"""Evaluating with the moving averages of the weights."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from convlet import validation
from convlet.callbacks.callback import Callback, Logs
from convlet.errors import ArgumentError


class SwapEMAWeights(Callback):
    """Gives the model the moving averages of its weights while it is evaluated or predicts.

    The optimizer keeps them with `use_ema=True`. Training goes on with the weights themselves.

    Args:
        swap_on_epoch: Give the model the averages also at the end of each epoch, so that callbacks
            after this one save them, until the next epoch begins.

    Raises:
        ArgumentError: `swap_on_epoch` is not True or False; later, the optimizer keeps no averages.

    Example:
        >>> callback = SwapEMAWeights(swap_on_epoch=True)
    """

    def __init__(self, swap_on_epoch: bool = False) -> None:
        super().__init__()
        self.swap_on_epoch = validation.boolean("SwapEMAWeights", "swap_on_epoch", swap_on_epoch)
        self._trained: list[NDArray[Any]] | None = None  # the weights while averages are in place

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Begins with the weights that the model has."""
        self._trained = None
        self._check_optimizer()

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """Puts the weights back."""
        self._put_weights_back()

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Puts the averages in place with `swap_on_epoch`."""
        if self.swap_on_epoch:
            self._put_averages_in_place()

    def on_test_begin(self, logs: Logs | None = None) -> None:
        """Puts the averages in place."""
        self._put_averages_in_place()

    def on_test_end(self, logs: Logs | None = None) -> None:
        """Puts the weights back."""
        self._put_weights_back()

    def on_predict_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Puts the averages in place."""
        self._put_averages_in_place()

    def on_predict_end(self, logs: dict[str, Any] | None = None) -> None:
        """Puts the weights back."""
        self._put_weights_back()

    def _check_optimizer(self) -> None:
        optimizer = self.model.optimizer
        if not getattr(optimizer, "use_ema", False):
            name = type(optimizer).__name__
            raise ArgumentError(
                f"SwapEMAWeights needs an optimizer that keeps averages of the weights. Received "
                f"{name} with use_ema=False. Write {name}(use_ema=True)."
            )

    def _put_averages_in_place(self) -> None:
        self._check_optimizer()
        optimizer = self.model.optimizer
        if self._trained is None and optimizer.iterations:  # before the first step there are none
            averages = optimizer.slots["average"]
            weights = self.model.trainable_weights
            self._trained = [weight.numpy() for weight in weights]
            for weight, average in zip(weights, averages, strict=True):
                weight.assign(average.value)

    def _put_weights_back(self) -> None:
        if self._trained is not None:
            for weight, trained in zip(self.model.trainable_weights, self._trained, strict=True):
                weight.assign(trained)
            self._trained = None
