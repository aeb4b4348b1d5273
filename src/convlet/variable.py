"""Weights: named arrays whose memory never moves."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from convlet.errors import ShapeError

if TYPE_CHECKING:
    from convlet.constraints import Constraint
    from convlet.regularizers import Regularizer

ALIGNMENT = 64  # bytes: a cache line, and the widest vector register


def aligned_empty(shape: Sequence[int], dtype: DTypeLike = np.float32) -> NDArray[Any]:
    """An uninitialised array that starts at a multiple of 64 bytes.

    Example:
        >>> array = aligned_empty((3, 5))
        >>> array.shape, array.ctypes.data % 64
        ((3, 5), 0)
    """
    size = math.prod(shape) * np.dtype(dtype).itemsize
    memory = np.empty(size + ALIGNMENT, dtype=np.uint8)
    start = -memory.ctypes.data % ALIGNMENT
    return memory[start : start + size].view(dtype).reshape(tuple(shape))


class Variable:
    """An array of float32 that a layer owns and training changes in place.

    Its memory is allocated once and stays where it is: the engine keeps its address.

    Args:
        value: The first content, anything that NumPy takes for an array.
        name: What it is to its layer: "kernel".
        trainable: Whether training changes it.

    Attributes:
        changes: How often its values were changed. Whoever keeps something made of them, as
            inference keeps packed weights, sees by it that they are others.
        regularizer: The penalty that training adds to the loss for its values, or None.
        constraint: Where its values are brought back to after each step of training, or None.

    Example:
        >>> kernel = Variable([[1.0, 2.0]], "kernel")
        >>> kernel.assign([[3.0, 4.0]])
        >>> kernel.shape, kernel.numpy().tolist()
        ((1, 2), [[3.0, 4.0]])
    """

    def __init__(self, value: ArrayLike, name: str, trainable: bool = True) -> None:
        content = np.asarray(value)
        self._value: NDArray[np.float32] = aligned_empty(content.shape)
        self._value[...] = content
        self.name = name
        self.path = name
        self.trainable = trainable
        self.changes = 0
        self.regularizer: Regularizer | None = None
        self.constraint: Constraint | None = None

    @property
    def value(self) -> NDArray[np.float32]:
        """The values where they lie, to be read: `assign` changes them."""
        view = self._value.view()
        view.flags.writeable = False
        return view

    @property
    def shape(self) -> tuple[int, ...]:
        """The size of each axis."""
        return self._value.shape

    @property
    def dtype(self) -> np.dtype[np.float32]:
        """Always float32."""
        return self._value.dtype

    @property
    def size(self) -> int:
        """The number of values."""
        return self._value.size

    @property
    def address(self) -> int:
        """Where the first value lies in memory."""
        return self._value.ctypes.data

    def numpy(self) -> NDArray[np.float32]:
        """A copy of the values."""
        return self._value.copy()

    def assign(self, value: ArrayLike) -> None:
        """Copies new values in.

        Raises:
            ShapeError: Where they have another shape.
        """
        content = np.asarray(value)
        if content.shape != self.shape:
            raise ShapeError(
                f"Variable {self.path!r} needs values of shape {self.shape}. "
                f"Received shape {content.shape}."
            )
        self._value[...] = content
        self.changes += 1

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:
        return np.array(self.value, dtype=dtype, copy=copy)

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]:
        # A copy is made anew, since copying the bare array would lose its alignment.
        kept = {name: getattr(self, name) for name in ("path", "regularizer", "constraint")}
        return Variable, (self.numpy(), self.name, self.trainable), kept

    def __repr__(self) -> str:
        return f"<Variable {self.path!r}, shape {self.shape}>"


def assign_all(owner: str, variables: Sequence[Variable], values: Sequence[ArrayLike]) -> None:
    """Copies one array into each variable: all of them, or none where one does not fit.

    Args:
        owner: Whose variables they are, for the error messages.
        variables: Where the values go.
        values: As many arrays, in the same order.

    Raises:
        ShapeError: Where the number of arrays or the shape of one is wrong.

    Example:
        >>> bias = Variable([0.0, 0.0], "bias")
        >>> assign_all("Dense 'dense'", [bias], [[1.0, 2.0]])
        >>> bias.numpy().tolist()
        [1.0, 2.0]
    """
    arrays = [np.asarray(value) for value in values]
    if len(arrays) != len(variables):
        needed = ", ".join(f"{variable.path} {variable.shape}" for variable in variables)
        raise ShapeError(
            f"{owner} needs {len(variables)} arrays of weights ({needed or 'it has none'}). "
            f"Received {len(arrays)}."
        )
    for variable, array in zip(variables, arrays, strict=True):
        if array.shape != variable.shape:
            raise ShapeError(
                f"{owner} needs {variable.path!r} to have shape {variable.shape}. "
                f"Received shape {array.shape}."
            )
    for variable, array in zip(variables, arrays, strict=True):
        variable.assign(array)
