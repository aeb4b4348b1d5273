"""The progress bar by its name in Keras."""

from __future__ import annotations

from convlet.callbacks.callback import Callback


class ProgbarLogger(Callback):
    """Taken for Keras's sake, without effect.

    `fit`, `evaluate` and `predict` draw the progress bar themselves, as `verbose` says.

    Example:
        >>> callback = ProgbarLogger()
    """
