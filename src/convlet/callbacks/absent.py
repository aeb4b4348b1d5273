"""Callbacks of Keras that convlet does not have: each says what to use instead."""

from __future__ import annotations

from typing import Any

from convlet.callbacks.callback import Callback
from convlet.errors import UnsupportedError


class _Absent(Callback):
    instead: str

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        raise UnsupportedError(
            f"convlet does not have the callback {type(self).__name__}. {self.instead}"
        )


class TensorBoard(_Absent):
    """Not there: use `CSVLogger`, or write what `on_epoch_end` receives in a `LambdaCallback`."""

    instead = (
        "Use CSVLogger('log.csv'), or LambdaCallback(on_epoch_end=...) with a writer of your own."
    )


class RemoteMonitor(_Absent):
    """Not there: send what `on_epoch_end` receives in a `LambdaCallback`."""

    instead = "Send the logs in LambdaCallback(on_epoch_end=lambda epoch, logs: ...)."


class OrbaxCheckpoint(_Absent):
    """Not there: use `ModelCheckpoint`, or `BackupAndRestore` to go on after an interruption."""

    instead = "Use ModelCheckpoint('model.keras'), or BackupAndRestore('backup') to go on later."
