"""The names of layers and models that were given none: `conv2d`, `conv2d_1`, `sequential`."""

from __future__ import annotations

import re
from collections import Counter

_given: Counter[str] = Counter()


def snake_case(class_name: str) -> str:
    """A class's name in lower case, as Keras writes it.

    Example:
        >>> snake_case("MaxPooling2D"), snake_case("GlobalAveragePooling2D"), snake_case("ReLU")
        ('max_pooling2d', 'global_average_pooling2d', 're_lu')
    """
    words = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", class_name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", words).lower()


def next_name(class_name: str) -> str:
    """The next free name for an object of a class, counted in this process."""
    name = snake_case(class_name)
    count = _given[name]
    _given[name] += 1
    return f"{name}_{count}" if count else name


def reset() -> None:
    """Starts all counts again."""
    _given.clear()
