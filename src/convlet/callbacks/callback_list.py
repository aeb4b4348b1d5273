"""Several callbacks called as one; at each batch only those that ask for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from typing import Any

from convlet import validation
from convlet.callbacks.callback import Callback, Logs
from convlet.errors import ArgumentError

Hook = Callable[..., None]

# What counts as defining each batch hook: on_batch_* is another name for on_train_batch_*.
_BATCH_HOOKS = {
    "on_train_batch_begin": ("on_train_batch_begin", "on_batch_begin"),
    "on_train_batch_end": ("on_train_batch_end", "on_batch_end"),
    "on_test_batch_begin": ("on_test_batch_begin",),
    "on_test_batch_end": ("on_test_batch_end",),
    "on_predict_batch_begin": ("on_predict_batch_begin",),
    "on_predict_batch_end": ("on_predict_batch_end",),
}


class CallbackList:
    """The callbacks of one call of `fit`, `evaluate` or `predict`.

    Args:
        callbacks: A callback, or several in the order in which they are called.
        model: The model they are given.
        params: What they are given as `params`.
        owner: Who was given them, for the message of an error.
        last: A callback to call after them.

    Raises:
        ArgumentError: One of them is not a `Callback`.
    """

    def __init__(
        self,
        callbacks: Callback | Iterable[Callback] | None,
        model: Any,
        params: dict[str, Any],
        owner: str,
        last: Callback | None = None,
    ) -> None:
        given = [callbacks] if isinstance(callbacks, Callback) else list(callbacks or [])
        self.callbacks = given if last is None else [*given, last]
        for callback in self.callbacks:
            if not _is_callback(callback):
                fix = f"Write {callback.__name__}()." if isinstance(callback, type) else ""
                needed = "Callback objects"
                raise ArgumentError(
                    validation.bad_argument(owner, "callbacks", needed, callback, fix)
                )
            callback.set_model(model)
            callback.set_params(params)
        self._batch_hooks = {
            hook: [
                getattr(callback, hook)
                for callback in self.callbacks
                if any(_defines(callback, name) for name in names)
            ]
            for hook, names in _BATCH_HOOKS.items()
        }

    def batch_hooks(self, hook: str) -> list[Hook]:
        """Returns the methods to call for a batch hook: of the callbacks that define it."""
        return self._batch_hooks[hook]

    def call(self, hook: str, *arguments: Any) -> None:
        """Calls a hook of every callback."""
        for callback in self.callbacks:
            getattr(callback, hook)(*arguments)

    def on_train_end(self, logs: Logs | None) -> None:
        """Calls every callback's `on_train_end`, the later ones also if an earlier one fails."""
        with ExitStack() as stack:
            for callback in reversed(self.callbacks):  # a stack is emptied from its end
                stack.callback(callback.on_train_end, logs)


def _defines(callback: Callback, hook: str) -> bool:
    return hook in vars(callback) or getattr(type(callback), hook) is not getattr(Callback, hook)


def _is_callback(value: object) -> bool:
    return isinstance(value, Callback)
