"""Initializers that draw nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlet import validation
from convlet.errors import ShapeError
from convlet.initializers.base import Initializer


class Constant(Initializer):
    """One value everywhere.

    Args:
        value: The value.

    Example:
        >>> Constant(0.25)((2,)).tolist()
        [0.25, 0.25]
    """

    def __init__(self, value: float = 0.0) -> None:
        self.value = validation.number(type(self).__name__, "value", value)

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> NDArray[Any]:
        """Values of the shape asked for."""
        return np.full(tuple(shape), self.value, dtype or np.float32)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same initializer."""
        return {"value": self.value}


class Zeros(Initializer):
    """Zeros, as biases start."""

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> NDArray[Any]:
        """Values of the shape asked for."""
        return np.zeros(tuple(shape), dtype or np.float32)


class Ones(Initializer):
    """Ones."""

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> NDArray[Any]:
        """Values of the shape asked for."""
        return np.ones(tuple(shape), dtype or np.float32)


class Identity(Initializer):
    """The identity matrix: ones on the diagonal.

    Args:
        gain: What stands on the diagonal in place of 1.

    Raises:
        ArgumentError: `gain` is not a number.

    Example:
        >>> Identity(2.0)((2, 2)).tolist()
        [[2.0, 0.0], [0.0, 2.0]]
    """

    def __init__(self, gain: float = 1.0) -> None:
        self.gain = validation.number("Identity", "gain", gain)

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> NDArray[Any]:
        """Values of the shape asked for.

        Raises:
            ShapeError: It is not that of a matrix.
        """
        if len(shape) != 2:
            raise ShapeError(
                f"Identity needs the shape of a matrix. Received shape {tuple(shape)}. "
                "Use it for the kernel of a Dense layer."
            )
        identity: NDArray[Any] = self.gain * np.eye(*shape, dtype=dtype or np.float32)
        return identity

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same initializer."""
        return {"gain": self.gain}
