"""Bounds on weights: after each step of training they are brought back within them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet import validation
from convlet.errors import ArgumentError
from convlet.registry import Registry

__all__ = [
    "Constraint",
    "MaxNorm",
    "MinMaxNorm",
    "NonNeg",
    "UnitNorm",
    "deserialize",
    "get",
    "max_norm",
    "min_max_norm",
    "non_neg",
    "serialize",
    "unit_norm",
]

EPSILON = 1e-7  # Keras's: keeps a division by a norm of 0 finite


class Constraint:
    """The base of constraints. Subclass it for one of your own.

    Define `__call__(w)`, which returns what the weights shall be after a step of training that
    made them `w`; and `get_config()`, so that a model with it can be saved. A constraint can also
    be a plain function of `w`.

    Example:
        >>> class AtMostOne(Constraint):
        ...     def __call__(self, w):
        ...         return np.minimum(w, 1.0)
        >>> AtMostOne()(np.array([0.5, 2.0])).tolist()
        [0.5, 1.0]
    """

    def __call__(self, w: ArrayLike) -> NDArray[Any]:
        """What the weights `w` become; the base leaves them as they are."""
        return np.asarray(w)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same constraint."""
        return {}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Makes a constraint from what `get_config` returned."""
        return cls(**config)


class NonNeg(Constraint):
    """Negative weights become 0.

    Example:
        >>> NonNeg()([-1.0, 2.0]).tolist()
        [0.0, 2.0]
    """

    def __call__(self, w: ArrayLike) -> NDArray[Any]:
        """`max(w, 0)`."""
        return np.maximum(w, 0)


class _NormConstraint(Constraint):
    """The part that constraints of norms share: the axes along which a norm is taken."""

    def __init__(self, axis: int | Sequence[int]) -> None:
        owner = type(self).__name__
        if isinstance(axis, Sequence):
            valid = bool(axis) and all(isinstance(number, int) for number in axis)
        else:
            valid = isinstance(axis, int) and not isinstance(axis, bool)
        if not valid:
            needed = "an integer or several"
            raise ArgumentError(validation.bad_argument(owner, "axis", needed, axis))
        self.axis = axis

    def __call__(self, w: ArrayLike) -> NDArray[Any]:
        """The weights, each group along `axis` scaled to the norm that it shall have."""
        weights = np.asarray(w)
        axes = tuple(self.axis) if isinstance(self.axis, Sequence) else self.axis
        norms = np.sqrt(np.square(weights).sum(axis=axes, keepdims=True))
        scaled: NDArray[Any] = weights * (self._desired(norms) / (norms + EPSILON))
        return scaled

    def _desired(self, norms: NDArray[Any]) -> NDArray[Any]:
        """The norms wanted for those that there are."""
        raise NotImplementedError

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same constraint."""
        return {"axis": self.axis}


class MaxNorm(_NormConstraint):
    """Weights whose norm is too large are scaled down to it.

    `w = w * clip(norm, 0, max_value) / (1e-7 + norm)` with `norm = sqrt(sum(w ** 2))` along `axis`.

    Args:
        max_value: The largest norm, at least 0.
        axis: Along which axes a norm is taken: 0 for each unit of a Dense kernel (features, units),
            `[0, 1, 2]` for each filter of a Conv2D kernel (height, width, channels, filters).

    Raises:
        ArgumentError: `max_value` is negative, or `axis` is not made of integers.

    Example:
        >>> MaxNorm(1.0)([[3.0, 0.3], [4.0, 0.4]]).round(3).tolist()
        [[0.6, 0.3], [0.8, 0.4]]

    References:
        Srivastava et al., 2014: Dropout: a simple way to prevent neural networks from overfitting.
    """

    def __init__(self, max_value: float = 2, axis: int | Sequence[int] = 0) -> None:
        super().__init__(axis)
        validation.number("MaxNorm", "max_value", max_value, minimum=0)
        self.max_value = max_value

    def _desired(self, norms: NDArray[Any]) -> NDArray[Any]:
        desired: NDArray[Any] = np.minimum(norms, self.max_value)
        return desired

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same constraint."""
        return {"max_value": self.max_value, **super().get_config()}


class UnitNorm(_NormConstraint):
    """Weights are scaled to a norm of 1.

    `w = w / (1e-7 + norm)` with `norm = sqrt(sum(w ** 2))` along `axis`.

    Args:
        axis: Along which axes a norm is taken: 0 for each unit of a Dense kernel (features, units),
            `[0, 1, 2]` for each filter of a Conv2D kernel (height, width, channels, filters).

    Raises:
        ArgumentError: `axis` is not made of integers.

    Example:
        >>> UnitNorm()([[3.0], [4.0]]).round(3).tolist()
        [[0.6], [0.8]]
    """

    def __init__(self, axis: int | Sequence[int] = 0) -> None:
        super().__init__(axis)

    def _desired(self, norms: NDArray[Any]) -> NDArray[Any]:
        return np.ones_like(norms)


class MinMaxNorm(_NormConstraint):
    """Weights are scaled until their norm lies between two bounds, at once or little by little.

    `w = w * (rate * clip(norm, min_value, max_value) + (1 - rate) * norm) / (1e-7 + norm)` with
    `norm = sqrt(sum(w ** 2))` along `axis`.

    Args:
        min_value: The smallest norm, at least 0.
        max_value: The largest norm, at least `min_value`.
        rate: How much of the way is made after each step, from 0 to 1.
        axis: Along which axes a norm is taken: 0 for each unit of a Dense kernel (features, units),
            `[0, 1, 2]` for each filter of a Conv2D kernel (height, width, channels, filters).

    Raises:
        ArgumentError: A number is out of its range, or `axis` is not made of integers.

    Example:
        >>> MinMaxNorm(1.0, 2.0)([[0.3], [0.4]]).round(3).tolist()
        [[0.6], [0.8]]
    """

    def __init__(
        self,
        min_value: float = 0.0,
        max_value: float = 1.0,
        rate: float = 1.0,
        axis: int | Sequence[int] = 0,
    ) -> None:
        super().__init__(axis)
        validation.number("MinMaxNorm", "min_value", min_value, minimum=0)
        validation.number("MinMaxNorm", "max_value", max_value, minimum=min_value)
        validation.number("MinMaxNorm", "rate", rate, minimum=0, maximum=1)
        self.min_value = min_value
        self.max_value = max_value
        self.rate = rate

    def _desired(self, norms: NDArray[Any]) -> NDArray[Any]:
        bounded = np.clip(norms, self.min_value, self.max_value)
        desired: NDArray[Any] = self.rate * bounded + (1.0 - self.rate) * norms
        return desired

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same constraint."""
        return {
            "min_value": self.min_value,
            "max_value": self.max_value,
            "rate": self.rate,
            **super().get_config(),
        }


class _FunctionConstraint(Constraint):
    """A user's function of the weights."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function

    def __call__(self, w: ArrayLike) -> NDArray[Any]:
        return np.asarray(self.function(w))


max_norm = MaxNorm
min_max_norm = MinMaxNorm
non_neg = NonNeg
unit_norm = UnitNorm

_registry = Registry[Constraint](
    kind="constraint",
    module="keras.constraints",
    base=Constraint,
    classes={
        "max_norm": MaxNorm,
        "min_max_norm": MinMaxNorm,
        "non_neg": NonNeg,
        "unit_norm": UnitNorm,
    },
    from_function=_FunctionConstraint,
)
serialize = _registry.serialize
deserialize = _registry.deserialize


def get(
    identifier: Any, *, owner: str | None = None, argument: str | None = None
) -> Constraint | None:
    """Returns the constraint that is meant; None for None.

    Args:
        identifier: A name such as `"max_norm"`, a constraint or its class, what `serialize`
            returned, or a function of the weights that returns new ones.
        owner: Who asks, for the message of an error.
        argument: Which of the owner's arguments it is.

    Raises:
        UnknownNameError: The name is not known.
        ArgumentError: `identifier` is none of these.

    Example:
        >>> get("unit_norm").get_config()
        {'axis': 0}
    """
    if identifier is None:
        return None
    return _registry.get(identifier, owner=owner, argument=argument)
