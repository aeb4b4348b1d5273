"""Penalties on the size of weights or of a layer's outputs, which training adds to the loss."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet import validation
from convlet.errors import ArgumentError, ShapeError
from convlet.registry import Registry

__all__ = [
    "L1",
    "L1L2",
    "L2",
    "OrthogonalRegularizer",
    "Regularizer",
    "deserialize",
    "get",
    "l1",
    "l1_l2",
    "l2",
    "orthogonal_regularizer",
    "serialize",
]

SMALLEST_NORM = 1e-12  # what a row of zeros is divided by


class Regularizer:
    """The base of penalties. Subclass it for one of your own.

    Define `__call__(x)`, which returns the penalty, a number, and `gradient(x)`, its derivative by
    each element of `x`; and `get_config()`, so that a model with it can be saved.

    Example:
        >>> class Cubes(Regularizer):
        ...     def __call__(self, x):
        ...         return 0.1 * float((abs(x) ** 3).sum())
        ...
        ...     def gradient(self, x):
        ...         return 0.3 * x * abs(x)
        >>> Cubes()(np.array([1.0, -2.0]))
        0.9
    """

    def __call__(self, x: ArrayLike) -> float:
        """The penalty for an array of weights or outputs."""
        raise NotImplementedError(f"{type(self).__name__} needs to define __call__(x).")

    def gradient(self, x: ArrayLike) -> NDArray[Any]:
        """The penalty's derivative by each element of `x`."""
        raise NotImplementedError(f"{type(self).__name__} needs to define gradient(x).")

    @property
    def has_gradient(self) -> bool:
        """Whether a `gradient` is defined, as training needs."""
        return type(self).gradient is not Regularizer.gradient

    @property
    def factors(self) -> tuple[float, float] | None:
        """The factors of the absolute values and of the squares, where there is nothing else.

        The engine computes such penalties by itself.
        """
        return None

    @property
    def label(self) -> str:
        """How messages call it: by its class, or a user's function by its name."""
        return type(self).__name__

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same regularizer."""
        return {}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Makes a regularizer from what `get_config` returned."""
        return cls(**config)


class L1L2(Regularizer):
    """A penalty on the absolute values and on the squares.

    `penalty = l1 * sum(abs(x)) + l2 * sum(x ** 2)`

    Args:
        l1: The factor of the absolute values, at least 0; None is 0.
        l2: The factor of the squares, at least 0; None is 0.

    Raises:
        ArgumentError: A factor is negative or not a number.

    Example:
        >>> L1L2(l1=0.5, l2=0.25)([1.0, -2.0])
        2.75

    References:
        Zou and Hastie, 2005: Regularization and variable selection via the elastic net.
    """

    def __init__(self, l1: float | None = 0.0, l2: float | None = 0.0) -> None:
        self.l1 = _factor(self, "l1", l1, 0.0)
        self.l2 = _factor(self, "l2", l2, 0.0)

    def __call__(self, x: ArrayLike) -> float:
        """The penalty for an array of weights or outputs."""
        values = np.asarray(x, np.float64)
        return float(self.l1 * np.abs(values).sum() + self.l2 * np.square(values).sum())

    def gradient(self, x: ArrayLike) -> NDArray[Any]:
        """`l1 * sign(x) + 2 * l2 * x`, with a sign of 0 at 0."""
        values = np.asarray(x)
        slope: NDArray[Any] = self.l1 * np.sign(values) + 2.0 * self.l2 * values
        return slope

    @property
    def factors(self) -> tuple[float, float] | None:
        """`l1` and `l2`; None for a subclass of one's own, which may compute something else."""
        return (self.l1, self.l2) if type(self) in (L1, L2, L1L2) else None

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same regularizer."""
        return {"l1": self.l1, "l2": self.l2}


class L1(L1L2):
    """A penalty on the absolute values, which drives many weights to 0.

    `penalty = l1 * sum(abs(x))`

    Args:
        l1: The factor, at least 0; None is 0.01.

    Raises:
        ArgumentError: The factor is negative or not a number.

    Example:
        >>> L1(0.5)([1.0, -2.0])
        1.5

    References:
        Tibshirani, 1996: Regression shrinkage and selection via the lasso.
    """

    def __init__(self, l1: float | None = 0.01) -> None:
        super().__init__(l1=_factor(self, "l1", l1, 0.01))

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same regularizer."""
        return {"l1": self.l1}


class L2(L1L2):
    """A penalty on the squares, which keeps weights small.

    `penalty = l2 * sum(x ** 2)`

    Args:
        l2: The factor, at least 0; None is 0.01.

    Raises:
        ArgumentError: The factor is negative or not a number.

    Example:
        >>> L2(0.5)([1.0, -2.0])
        2.5

    References:
        Krogh and Hertz, 1992: A simple weight decay can improve generalization.
    """

    def __init__(self, l2: float | None = 0.01) -> None:
        super().__init__(l2=_factor(self, "l2", l2, 0.01))

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same regularizer."""
        return {"l2": self.l2}


class OrthogonalRegularizer(Regularizer):
    """A penalty on rows or columns of a matrix that point in similar directions.

    `penalty = factor * mean(abs(cosine))` over all pairs of different rows (or columns), where
    `cosine` is that of the angle between the two.

    Args:
        factor: How strong it is, at least 0.
        mode: `"rows"` or `"columns"`: of a Dense kernel (features, units), the columns are units.

    Raises:
        ArgumentError: The factor is negative or the mode is another word.

    Example:
        >>> OrthogonalRegularizer(0.5)([[1.0, 0.0], [3.0, 4.0]])
        0.3

    References:
        Brock et al., 2017: Neural photo editing with introspective adversarial networks
        (arXiv:1609.07093).
    """

    def __init__(self, factor: float = 0.01, mode: str = "rows") -> None:
        self.factor = _factor(self, "factor", factor, 0.01)
        self.mode = validation.one_of(type(self).__name__, "mode", mode, ["rows", "columns"])

    def __call__(self, x: ArrayLike) -> float:
        """The penalty for a matrix.

        Raises:
            ShapeError: `x` is not a matrix.
        """
        rows, _, weight = self._unit_rows(x)
        return float(0.5 * weight * np.abs(_cosines(rows)).sum())

    def gradient(self, x: ArrayLike) -> NDArray[Any]:
        """The penalty's derivative by each element of the matrix.

        Raises:
            ShapeError: `x` is not a matrix.
        """
        rows, norms, weight = self._unit_rows(x)
        by_rows = weight * np.sign(_cosines(rows)) @ rows
        # Along a row itself nothing changes: only its direction counts.
        along = (by_rows * rows).sum(axis=1, keepdims=True)
        gradient: NDArray[Any] = (by_rows - along * rows) / norms
        return gradient if self.mode == "rows" else gradient.T

    def _unit_rows(self, x: ArrayLike) -> tuple[NDArray[Any], NDArray[Any], float]:
        """The rows (or columns) at length 1, their lengths, and what each pair counts."""
        matrix = np.asarray(x, np.float64)
        if matrix.ndim != 2:
            raise ShapeError(
                f"{type(self).__name__} needs a matrix. Received shape {matrix.shape}. "
                "Use it for the kernel of a Dense layer."
            )
        rows = matrix if self.mode == "rows" else matrix.T
        norms = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), SMALLEST_NORM)
        pairs = len(rows) * (len(rows) - 1) / 2
        return rows / norms, norms, self.factor / max(pairs, 1.0)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same regularizer."""
        return {"factor": self.factor, "mode": self.mode}


class _FunctionRegularizer(Regularizer):
    """A user's function `f(x)` with an attribute `gradient`, a function of `x` too."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function

    def __call__(self, x: ArrayLike) -> float:
        return float(self.function(x))

    def gradient(self, x: ArrayLike) -> NDArray[Any]:
        derivative: Callable[..., Any] = self.function.gradient  # type: ignore[attr-defined]
        return np.asarray(derivative(x))

    @property
    def has_gradient(self) -> bool:
        return callable(getattr(self.function, "gradient", None))

    @property
    def label(self) -> str:
        return getattr(self.function, "__name__", type(self.function).__name__)


l1 = L1
l2 = L2
l1_l2 = L1L2
orthogonal_regularizer = OrthogonalRegularizer

_registry = Registry[Regularizer](
    kind="regularizer",
    module="keras.regularizers",
    base=Regularizer,
    classes={
        "l1": L1,
        "l1_l2": L1L2,
        "l2": L2,
        "orthogonal_regularizer": OrthogonalRegularizer,
    },
    aliases={"l1l2": "l1_l2"},
    from_function=_FunctionRegularizer,
)
serialize = _registry.serialize
deserialize = _registry.deserialize


def get(
    identifier: Any, *, owner: str | None = None, argument: str | None = None
) -> Regularizer | None:
    """Returns the regularizer that is meant; None for None.

    Args:
        identifier: A name such as `"l2"`, a regularizer or its class, what `serialize` returned, or
            a function `f(x)` that returns the penalty, with an attribute `gradient`, a function
            that returns the penalty's derivative by each element of `x`.
        owner: Who asks, for the message of an error.
        argument: Which of the owner's arguments it is.

    Raises:
        UnknownNameError: The name is not known.
        ArgumentError: `identifier` is none of these, or has no gradient.

    Example:
        >>> get("l2").get_config()
        {'l2': 0.01}
    """
    if identifier is None:
        return None
    regularizer = _registry.get(identifier, owner=owner, argument=argument)
    if not regularizer.has_gradient:
        raise ArgumentError(
            f"{owner or 'regularizers.get'} needs {argument or 'regularizer'} to have a gradient: "
            f"convlet does not derive it. Received {regularizer.label} without. Define "
            "gradient(x), which returns the penalty's derivative by each element of x, in the "
            "class or as the function's attribute."
        )
    return regularizer


def _factor(regularizer: Regularizer, argument: str, value: float | None, default: float) -> float:
    owner = type(regularizer).__name__
    return validation.number(owner, argument, default if value is None else value, minimum=0)


def _cosines(rows: NDArray[Any]) -> NDArray[Any]:
    """The cosine between each two rows of length 1, and 0 between a row and itself."""
    product: NDArray[Any] = rows @ rows.T
    np.fill_diagonal(product, 0.0)
    return product
