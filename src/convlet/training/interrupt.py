"""Ctrl-C between steps rather than within one."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import Self


class HeldInterrupt:
    """Holds Ctrl-C back until `check`, so that the weights are always those after a full step.

    A second Ctrl-C is not held back. Outside the main thread, and where the program handles Ctrl-C
    in a way of its own, nothing is changed.
    """

    def __init__(self) -> None:
        self._received = False
        self._installed = False

    def __enter__(self) -> Self:
        if (
            threading.current_thread() is threading.main_thread()
            and signal.getsignal(signal.SIGINT) is signal.default_int_handler
        ):
            signal.signal(signal.SIGINT, self._hold)
            self._installed = True
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._installed:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        if error is None:
            self.check()

    def _hold(self, signum: int, frame: FrameType | None) -> None:
        if self._received:
            signal.default_int_handler(signum, frame)
        self._received = True

    def check(self) -> None:
        """Raises the KeyboardInterrupt that was held back, if there was one."""
        if self._received:
            self._received = False
            raise KeyboardInterrupt
