"""Layers that put zeros around an image or a sequence, or cut its borders off."""

from __future__ import annotations

from typing import Any

from convlet import validation
from convlet.errors import ArgumentError, ShapeError
from convlet.layers.base import Layer
from convlet.layers.spatial import check_data_format

Sides = tuple[int, int]


class ZeroPadding1D(Layer):
    """Puts steps of zeros before and after a sequence.

    Args:
        padding: How many: one integer for both ends, or (before, after).
        data_format: Only `"channels_last"`.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        (batch, steps, channels)

    Output shape:
        (batch, before + steps + after, channels)

    Parameters:
        None.

    Raises:
        ArgumentError: Where `padding` has another form.

    Example:
        >>> ZeroPadding1D((2, 0)).compute_output_shape((None, 10, 3))
        (None, 12, 3)
    """

    def __init__(
        self, padding: int | Sides = 1, data_format: str | None = None, **kwargs: Any
    ) -> None:
        owner = type(self).__name__
        self.padding = validation.integer_pair(owner, "padding", padding, minimum=0)
        self.data_format = check_data_format(owner, data_format)
        super().__init__(**kwargs)

    def output_sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """(padded steps, channels)."""
        self._check_axes(sizes, 1)
        return (sizes[0] + sum(self.padding), sizes[1])

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {
            **super().get_config(),
            "padding": self.padding,
            "data_format": self.data_format,
        }


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
        padding: int | tuple[int, int] | tuple[Sides, Sides] = (1, 1),
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        owner = type(self).__name__
        self.padding = _sides(owner, "padding", padding)
        self.data_format = check_data_format(owner, data_format)
        super().__init__(**kwargs)

    def output_sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """(padded height, padded width, channels)."""
        self._check_image(sizes)
        height, width = (
            size + sum(sides) for size, sides in zip(sizes[:2], self.padding, strict=True)
        )
        return (height, width, sizes[-1])

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {
            **super().get_config(),
            "padding": self.padding,
            "data_format": self.data_format,
        }


class Cropping1D(Layer):
    """Cuts steps off the ends of a sequence.

    `outputs[t, c] = inputs[t + cropping[0], c]`

    Args:
        cropping: How many: one integer for both ends, or (before, after).
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        (batch, steps, channels)

    Output shape:
        (batch, steps - before - after, channels)

    Parameters:
        None.

    Raises:
        ArgumentError: Where `cropping` has another form.
        ShapeError: Where nothing of the sequence is left.

    Example:
        >>> Cropping1D((2, 1)).compute_output_shape((None, 10, 3))
        (None, 7, 3)
    """

    def __init__(self, cropping: int | Sides = (1, 1), **kwargs: Any) -> None:
        self.cropping = validation.integer_pair(
            type(self).__name__, "cropping", cropping, minimum=0
        )
        super().__init__(**kwargs)

    def output_sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """(remaining steps, channels)."""
        self._check_axes(sizes, 1)
        return (*_remaining(self, sizes, (self.cropping,)), sizes[-1])

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {**super().get_config(), "cropping": self.cropping}


class Cropping2D(Layer):
    """Cuts rows and columns off the borders of an image.

    `outputs[y, x, c] = inputs[y + cropping[0][0], x + cropping[1][0], c]`

    Args:
        cropping: How many: one integer for all sides, (above and below, left and right), or
            ((above, below), (left, right)).
        data_format: Only `"channels_last"`.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        (batch, height, width, channels)

    Output shape:
        (batch, height - above - below, width - left - right, channels)

    Parameters:
        None.

    Raises:
        ArgumentError: Where `cropping` has another form.
        ShapeError: Where nothing of the image is left.

    Example:
        >>> Cropping2D(((0, 1), (2, 2))).compute_output_shape((None, 28, 28, 1))
        (None, 27, 24, 1)
    """

    def __init__(
        self,
        cropping: int | tuple[int, int] | tuple[Sides, Sides] = ((0, 0), (0, 0)),
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        owner = type(self).__name__
        self.cropping = _sides(owner, "cropping", cropping)
        self.data_format = check_data_format(owner, data_format)
        super().__init__(**kwargs)

    def output_sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """(remaining height, remaining width, channels)."""
        self._check_image(sizes)
        return (*_remaining(self, sizes, self.cropping), sizes[-1])

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {
            **super().get_config(),
            "cropping": self.cropping,
            "data_format": self.data_format,
        }


def _remaining(
    layer: Cropping1D | Cropping2D, sizes: tuple[int, ...], cropping: tuple[Sides, ...]
) -> tuple[int, ...]:
    """What is left along each axis."""
    remaining = tuple(size - sum(sides) for size, sides in zip(sizes[:-1], cropping, strict=True))
    if min(remaining) < 1:
        raise ShapeError(
            f"{layer.label} needs an input larger than what it cuts off. "
            f"Received shape {(None, *sizes)} for cropping={layer.cropping}. Cut less off."
        )
    return remaining


def _sides(owner: str, argument: str, value: object) -> tuple[Sides, Sides]:
    pairs = value if isinstance(value, (tuple, list)) else (value, value)
    try:
        down, across = (validation.integer_pair(owner, argument, pair, minimum=0) for pair in pairs)
    except ValueError:
        needed = "an integer of at least 0, 2 of them, or ((above, below), (left, right))"
        raise ArgumentError(validation.bad_argument(owner, argument, needed, value)) from None
    return (down, across)
