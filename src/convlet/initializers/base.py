"""What every initializer is, and initializers made of a user's function or array."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet.errors import ShapeError


class Initializer:
    """Fills a new weight: call it with a shape, and a dtype, of which None is float32.

    Subclass it for one of your own, and define `__call__(shape, dtype=None)`; define `get_config()`
    too, so that a model with it can be saved. An initializer can also be a plain function
    `f(shape, dtype=None)`.

    Example:
        >>> class Halves(Initializer):
        ...     def __call__(self, shape, dtype=None):
        ...         return np.full(shape, 0.5)
        >>> Halves()((2,)).tolist()
        [0.5, 0.5]
    """

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> NDArray[Any]:
        """Values of the shape asked for."""
        raise NotImplementedError

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same initializer."""
        return {}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Initializer:
        """Makes an initializer from what `get_config` returned."""
        return cls(**config)


class FunctionInitializer(Initializer):
    """A user's function `f(shape, dtype=None)`."""

    def __init__(self, function: Callable[..., ArrayLike]) -> None:
        self.function = function

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> NDArray[Any]:
        """What the function returns.

        Raises:
            ShapeError: It is of another shape.
        """
        values = np.asarray(self.function(tuple(shape), dtype=dtype or np.float32))
        if values.shape != tuple(shape):
            name = getattr(self.function, "__name__", type(self.function).__name__)
            raise ShapeError(
                f"The initializer {name!r} needs to return values of the weight's shape "
                f"{tuple(shape)}. Received shape {values.shape}."
            )
        return values


def of_array(values: NDArray[Any]) -> FunctionInitializer:
    """An initializer that gives an array as it is."""

    def given_array(shape: tuple[int, ...], dtype: Any = None) -> NDArray[Any]:
        return values.astype(dtype)

    return FunctionInitializer(given_array)
