"""Layers that put the same values into another shape or order."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from convlet import validation
from convlet.errors import ArgumentError, ShapeError
from convlet.layers.base import Layer
from convlet.layers.shapes import count_values
from convlet.layers.spatial import check_data_format


class Flatten(Layer):
    """Lays all values of a sample out in one row, channels fastest.

    `outputs[(y * width + x) * channels + c] = inputs[y, x, c]`

    Args:
        data_format: Only `"channels_last"`.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        Any.

    Output shape:
        (batch, values): the product of the input's sizes.

    Parameters:
        None.

    Example:
        >>> Flatten().compute_output_shape((None, 3, 3, 64))
        (None, 576)
    """

    def __init__(self, data_format: str | None = None, **kwargs: Any) -> None:
        self.data_format = check_data_format(type(self).__name__, data_format)
        super().__init__(**kwargs)

    def output_sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """(values,)."""
        return (count_values(sizes),)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {**super().get_config(), "data_format": self.data_format}


class Reshape(Layer):
    """Gives each sample another shape; its values keep their order.

    Args:
        target_shape: The new shape without the batch axis. One size may be -1: as many as are left.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        Any with as many values.

    Output shape:
        (batch, *target_shape)

    Parameters:
        None.

    Raises:
        ArgumentError: Where `target_shape` is no shape.

    Example:
        >>> Reshape((28, 28, -1)).compute_output_shape((None, 784))
        (None, 28, 28, 1)
    """

    def __init__(self, target_shape: Sequence[int], **kwargs: Any) -> None:
        self.target_shape = _target(type(self).__name__, target_shape)
        super().__init__(**kwargs)

    def output_sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """The target shape, with the open size filled in."""
        values = count_values(sizes)
        fixed = math.prod(size for size in self.target_shape if size != -1)
        fits = values % fixed == 0 if -1 in self.target_shape else values == fixed
        if not fits:
            raise ShapeError(
                f"{self.label} needs a target_shape for {values} values, as many as its input of "
                f"shape {(None, *sizes)} has. Received target_shape={self.target_shape}."
            )
        return tuple(values // fixed if size == -1 else size for size in self.target_shape)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {**super().get_config(), "target_shape": self.target_shape}


class Permute(Layer):
    """Puts the axes of each sample into another order.

    `outputs[j] = inputs[i]` where `j[a] = i[dims[a] - 1]` for each axis `a`.

    Args:
        dims: Which axis of the input each axis of the output is, counted from 1; the batch axis,
            0, stays where it is.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        Any with as many axes besides the batch as `dims` names.

    Output shape:
        (batch, *(the input's sizes in the order of dims))

    Parameters:
        None.

    Raises:
        ArgumentError: Where `dims` doesn't name each axis once.

    Example:
        >>> Permute((2, 1, 3)).compute_output_shape((None, 28, 14, 3))
        (None, 14, 28, 3)
    """

    def __init__(self, dims: Sequence[int], **kwargs: Any) -> None:
        self.dims = _order(type(self).__name__, dims)
        super().__init__(**kwargs)

    @property
    def window(self) -> None:
        """The whole image: afterwards no axis is known to be height or width."""
        return

    def output_sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """The input's sizes in another order."""
        if len(sizes) != len(self.dims):
            raise ShapeError(
                f"{self.label} needs an input of {len(self.dims)} axes besides the batch, for "
                f"dims={self.dims}. Received shape {(None, *sizes)}."
            )
        return tuple(sizes[axis - 1] for axis in self.dims)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {**super().get_config(), "dims": self.dims}


class RepeatVector(Layer):
    """Repeats the features of each sample: a sequence of equal steps.

    `outputs[t] = inputs` for each step `t`.

    Args:
        n: How many steps.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        (batch, features)

    Output shape:
        (batch, n, features)

    Parameters:
        None.

    Raises:
        ArgumentError: Where `n` is no integer of at least 1.

    Example:
        >>> RepeatVector(3).compute_output_shape((None, 32))
        (None, 3, 32)
    """

    def __init__(self, n: int, **kwargs: Any) -> None:
        self.n = validation.integer(type(self).__name__, "n", n)
        super().__init__(**kwargs)

    def output_sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """(n, features)."""
        if len(sizes) != 1:
            raise ShapeError(
                f"{self.label} needs a 2D input (batch, features). "
                f"Received shape {(None, *sizes)}. Put a Flatten before it."
            )
        return (self.n, *sizes)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {**super().get_config(), "n": self.n}


def _target(owner: str, target_shape: object) -> tuple[int, ...]:
    if isinstance(target_shape, (tuple, list)) and target_shape.count(-1) <= 1:
        with suppress(ArgumentError):
            return tuple(
                -1 if size == -1 else validation.integer(owner, "target_shape", size)
                for size in target_shape
            )
    needed = "a tuple of sizes, each an integer of at least 1, one of them -1 at most"
    raise ArgumentError(validation.bad_argument(owner, "target_shape", needed, target_shape))


def _order(owner: str, dims: object) -> tuple[int, ...]:
    if isinstance(dims, (tuple, list)) and dims:
        with suppress(ArgumentError):
            order = tuple(validation.integer(owner, "dims", axis) for axis in dims)
            if sorted(order) == list(range(1, len(order) + 1)):
                return order
    needed = "a tuple that names each axis once: the numbers from 1 on, in any order"
    raise ArgumentError(validation.bad_argument(owner, "dims", needed, dims))
