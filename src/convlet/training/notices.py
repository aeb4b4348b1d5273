"""Warnings that point to the line that called convlet."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

from convlet.errors import DataWarning

_PACKAGE = str(Path(__file__).parents[1])


def warn_user(message: str, category: type[Warning]) -> None:
    """Warns on the user's line, however deep in convlet the reason is found."""
    frame, level = sys._getframe(), 1
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        frame, level = frame.f_back, level + 1
    warnings.warn(message, category, stacklevel=level)


def warn_of_data(message: str) -> None:
    """Warns of data."""
    warn_user(message, DataWarning)


def warn_of_lack(when: str) -> None:
    """Warns of data that ended too early.

    Args:
        when: Such as "after 3 of 10 steps."
    """
    warn_of_data(
        f"The data ended {when} Give more batches or fewer steps, or data that can be gone through "
        "again: a list, or an object with __iter__ or __getitem__."
    )
