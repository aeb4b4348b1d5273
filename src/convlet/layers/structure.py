"""One thing, a list of things or a dictionary of them: how inputs and outputs are handed over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple


class Structure(NamedTuple):
    """How several values are put together.

    Attributes:
        kind: "single", "list" or "dict".
        keys: The keys of a dictionary, in the order of its values.
    """

    kind: str = "single"
    keys: tuple[str, ...] = ()

    def pack(self, values: Sequence[Any]) -> Any:
        """Puts values together.

        Example:
            >>> Structure("dict", ("a", "b")).pack([1, 2])
            {'a': 1, 'b': 2}
        """
        if self.kind == "dict":
            return dict(zip(self.keys, values, strict=True))
        return list(values) if self.kind == "list" else values[0]


def taken_apart(value: Any) -> tuple[list[Any], Structure]:
    """The values that something consists of, and how they were put together.

    A dictionary's values come in the order of its sorted keys, as Keras takes them.

    Example:
        >>> taken_apart([1, 2])
        ([1, 2], Structure(kind='list', keys=()))
        >>> taken_apart(1)
        ([1], Structure(kind='single', keys=()))
        >>> taken_apart({"b": 1, "a": 2})
        ([2, 1], Structure(kind='dict', keys=('a', 'b')))
    """
    if isinstance(value, dict):
        keys = sorted(value)
        return [value[key] for key in keys], Structure("dict", tuple(keys))
    if isinstance(value, (list, tuple)):
        return list(value), Structure("list")
    return [value], Structure()
