"""A callback made of functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from convlet import validation
from convlet.callbacks.callback import Callback
from convlet.errors import ArgumentError

Function = Callable[..., Any]


class LambdaCallback(Callback):
    """Calls given functions at the moments that their names say.

    Args:
        on_epoch_begin: Called as `on_epoch_begin(epoch, logs)`.
        on_epoch_end: Called as `on_epoch_end(epoch, logs)`.
        on_train_begin: Called as `on_train_begin(logs)`.
        on_train_end: Called as `on_train_end(logs)`.
        on_train_batch_begin: Called as `on_train_batch_begin(batch, logs)`.
        on_train_batch_end: Called as `on_train_batch_end(batch, logs)`.
        **kwargs: Functions for further methods of `Callback`.

    Raises:
        UnknownNameError: `Callback` has no such method.
        ArgumentError: One of the arguments is not a function.

    Example:
        >>> callback = LambdaCallback(on_epoch_end=lambda epoch, logs: print(epoch, logs["loss"]))
    """

    def __init__(
        self,
        on_epoch_begin: Function | None = None,
        on_epoch_end: Function | None = None,
        on_train_begin: Function | None = None,
        on_train_end: Function | None = None,
        on_train_batch_begin: Function | None = None,
        on_train_batch_end: Function | None = None,
        **kwargs: Function,
    ) -> None:
        super().__init__()
        functions = {
            "on_epoch_begin": on_epoch_begin,
            "on_epoch_end": on_epoch_end,
            "on_train_begin": on_train_begin,
            "on_train_end": on_train_end,
            "on_train_batch_begin": on_train_batch_begin,
            "on_train_batch_end": on_train_batch_end,
            **kwargs,
        }
        hooks = [name for name in vars(Callback) if name.startswith("on_")]
        for name, function in functions.items():
            validation.one_of("LambdaCallback", "an argument", name, hooks)
            if function is None:
                continue
            if not callable(function):
                raise ArgumentError(
                    validation.bad_argument("LambdaCallback", name, "a function", function)
                )
            setattr(self, name, function)
