"""The names of layers and models that were given none: `conv2d`, `conv2d_1`, `sequential`."""

from __future__ import annotations

import threading
from collections import Counter

from convlet.registry import snake_case as snake_case

_given: Counter[str] = Counter()
_lock = threading.Lock()  # models may be made in several Python threads


def next_name(class_name: str) -> str:
    """The next free name for an object of a class, counted in this process."""
    name = snake_case(class_name)
    with _lock:
        count = _given[name]
        _given[name] += 1
    return f"{name}_{count}" if count else name


def reset() -> None:
    """Starts all counts again."""
    _given.clear()
