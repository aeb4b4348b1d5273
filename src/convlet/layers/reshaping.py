"""Layers that put the same values into another shape."""

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


class ZeroPadding2D(Layer):
    """Puts rows and columns of zeros around an image.

    Args:
        padding: How many: one integer for all sides, (above and below, left and right), or
            ((above, below), (left, right)).
        data_format: Only `"channels_last"`.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        (batch, height, width, channels)

    Output shape:
        (batch, above + height + below, left + width + right, channels)

    Parameters:
        None.

    Raises:
        ArgumentError: Where `padding` has another form.

    Example:
        >>> ZeroPadding2D(((0, 1), (2, 2))).compute_output_shape((None, 28, 28, 1))
        (None, 29, 32, 1)
    """

    def __init__(
        self,
        padding: int | tuple[int, int] | tuple[tuple[int, int], tuple[int, int]] = (1, 1),
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        self.padding = _sides(type(self).__name__, padding)
        self.data_format = check_data_format(type(self).__name__, data_format)
        super().__init__(**kwargs)

    def output_sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """(padded height, padded width, channels)."""
        self._check_image(sizes)
        height, width = (
            before + size + after
            for size, (before, after) in zip(sizes[:2], self.padding, strict=True)
        )
        return (height, width, sizes[-1])

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {
            **super().get_config(),
            "padding": self.padding,
            "data_format": self.data_format,
        }


def _target(owner: str, target_shape: object) -> tuple[int, ...]:
    if isinstance(target_shape, (tuple, list)) and target_shape.count(-1) <= 1:
        with suppress(ArgumentError):
            return tuple(
                -1 if size == -1 else validation.integer(owner, "target_shape", size)
                for size in target_shape
            )
    needed = "a tuple of sizes, each an integer of at least 1, one of them -1 at most"
    raise ArgumentError(validation.bad_argument(owner, "target_shape", needed, target_shape))


def _sides(owner: str, padding: object) -> tuple[tuple[int, int], tuple[int, int]]:
    pairs = padding if isinstance(padding, (tuple, list)) else (padding, padding)
    try:
        down, across = (
            validation.integer_pair(owner, "padding", pair, minimum=0) for pair in pairs
        )
    except ValueError:
        needed = "an integer of at least 0, 2 of them, or ((above, below), (left, right))"
        raise ArgumentError(validation.bad_argument(owner, "padding", needed, padding)) from None
    return (down, across)
