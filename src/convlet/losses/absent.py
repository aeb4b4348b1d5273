"""Losses of Keras that convlet does not have."""

from __future__ import annotations

from typing import Any

from convlet.errors import UnsupportedError
from convlet.losses.base import Loss


class CTC(Loss):
    """Not there: Keras's loss for sequences whose labels are not aligned with them.

    Args:
        *arguments: Whatever Keras takes.
        **settings: Whatever Keras takes.

    Raises:
        UnsupportedError: Always, with what to do instead.
    """

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        raise UnsupportedError(
            "convlet does not have the loss CTC: its networks see images, not sequences of their "
            "parts. Give the image one label for each place and use SparseCategoricalCrossentropy, "
            "or pass losses.custom(function, gradient)."
        )
