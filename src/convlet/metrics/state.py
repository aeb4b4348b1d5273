"""What a metric remembers from batch to batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet import initializers


class MetricVariable(np.lib.mixins.NDArrayOperatorsMixin):
    """Running figures of a metric, in float64: they calculate like an array, and are assigned.

    Args:
        shape: Their shape; `()` for a single figure.
        initializer: What they hold at first: "zeros", or whatever `initializers.get` takes.
        name: A name.

    Example:
        >>> total = MetricVariable(name="total")
        >>> total.assign_add(3)
        >>> total.assign(total * 2)
        >>> float(total)
        6.0
    """

    def __init__(
        self, shape: Sequence[int] = (), initializer: Any = "zeros", name: str | None = None
    ) -> None:
        self.name = name
        self._value = np.asarray(initializers.get(initializer)(tuple(shape)), np.float64)

    @property
    def value(self) -> NDArray[np.float64]:
        """The figures."""
        return self._value

    @property
    def shape(self) -> tuple[int, ...]:
        """Their shape."""
        return self._value.shape

    def numpy(self) -> NDArray[np.float64]:
        """A copy of the figures."""
        return self._value.copy()

    def assign(self, value: ArrayLike) -> None:
        """Replaces them, all by one number or each by its own."""
        self._value = np.array(np.broadcast_to(np.asarray(value, np.float64), self.shape))

    def assign_add(self, value: ArrayLike) -> None:
        """Adds to them."""
        self.assign(self._value + np.asarray(value))

    def assign_sub(self, value: ArrayLike) -> None:
        """Subtracts from them."""
        self.assign(self._value - np.asarray(value))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.array(self._value, dtype)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **settings: Any) -> Any:
        plain = [item._value if isinstance(item, MetricVariable) else item for item in inputs]
        return getattr(ufunc, method)(*plain, **settings)

    def __getitem__(self, key: Any) -> Any:
        return self._value[key]

    def __len__(self) -> int:
        return len(self._value)

    def __float__(self) -> float:
        return float(self._value)

    def __repr__(self) -> str:
        return f"MetricVariable({self._value!r}, name={self.name!r})"
