"""What of Keras is not here: each name is refused where a program asks for it, with a way out.

Where a module's `__getattr__` raises `AttributeError`, `from convlet.layers import LSTM` says
"cannot import name", and nothing more; so what Keras has raises `UnsupportedError`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from convlet.errors import UnsupportedError

T = TypeVar("T")


def refuser(module: str, instead: Mapping[str, str]) -> Callable[[str], Any]:
    """Makes a module's `__getattr__`.

    Args:
        module: The module's name: "layers"; nothing for the package itself.
        instead: What to do instead of each name that Keras has, as sentences.

    Example:
        >>> refuser("layers", {"LSTM": "Use Conv1D."})("LSTM")
        Traceback (most recent call last):
        convlet.errors.UnsupportedError: convlet does not have layers.LSTM. Use Conv1D.
    """

    def refuse(name: str) -> Any:
        if name in instead:
            full = f"{module}.{name}" if module else name
            raise UnsupportedError(f"convlet does not have {full}. {instead[name]}")
        home = f"convlet.{module}" if module else "convlet"
        # With name and obj, Python itself adds the attribute that was probably meant.
        message = f"module {home!r} has no attribute {name!r}"
        raise AttributeError(message, name=name, obj=sys.modules.get(home))

    return refuse


def each(names: str, value: T) -> dict[str, T]:
    """The same value for several names, which have spaces between them."""
    return dict.fromkeys(names.split(), value)
