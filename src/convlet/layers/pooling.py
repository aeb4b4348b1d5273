"""Pooling: a number for each window of an image or a sequence, or for the whole of it."""

from __future__ import annotations

from typing import Any, ClassVar

from convlet import validation
from convlet.layers.base import Layer
from convlet.layers.spatial import check_data_format, check_padding, slide
from convlet.layers.windows import Window, over_image


class Pooling(Layer):
    """What pooling over one and over two axes shares.

    Attributes:
        axes: How many axes its window slides along.
    """

    axes: ClassVar[int]

    def __init__(
        self,
        pool_size: int | tuple[int, ...],
        strides: int | tuple[int, ...] | None,
        padding: str,
        data_format: str | None,
        name: str | None,
        **kwargs: Any,
    ) -> None:
        owner = type(self).__name__
        self.pool_size = validation.integers(owner, "pool_size", pool_size, self.axes)
        self.strides = (
            self.pool_size
            if strides is None
            else validation.integers(owner, "strides", strides, self.axes)
        )
        self.padding = check_padding(owner, padding)
        self.data_format = check_data_format(owner, data_format)
        super().__init__(name=name, **kwargs)

    @property
    def window(self) -> Window:
        """What one value of the output sees of the input."""
        return Window(over_image(self.pool_size), over_image(self.strides))

    def output_sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """The window's positions along each axis, and the channels."""
        self._check_axes(sizes, self.axes)
        positions = slide(self.label, sizes, self.pool_size, self.strides, self.padding)
        return (*positions, sizes[-1])

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {
            **super().get_config(),
            "pool_size": self.pool_size,
            "padding": self.padding,
            "strides": self.strides,
            "data_format": self.data_format,
        }


class MaxPooling2D(Pooling):
    """The largest value of each window, channel by channel.

    `outputs[y, x, c] = max over i, j of inputs[y * strides[0] + i, x * strides[1] + j, c]`

    Args:
        pool_size: The window's height and width; one integer for both.
        strides: How far the window moves at a time; None for as far as it is long.
        padding: `"valid"` keeps the window inside the image; `"same"` lets it reach over the
            border, where nothing counts.
        data_format: Only `"channels_last"`.
        name: The layer's name.
        **kwargs: Every layer's `trainable`, `dtype`, `input_shape`.

    Input shape:
        (batch, height, width, channels)

    Output shape:
        (batch, new_height, new_width, channels): `(height - pool_size) // stride + 1` for
        `"valid"`, `ceil(height / stride)` for `"same"`.

    Parameters:
        None.

    Raises:
        ArgumentError: Where an argument is of the wrong kind or out of its range.

    Example:
        >>> MaxPooling2D((2, 2)).compute_output_shape((None, 11, 11, 64))
        (None, 5, 5, 64)
    """

    axes = 2

    def __init__(
        self,
        pool_size: int | tuple[int, int] = (2, 2),
        strides: int | tuple[int, int] | None = None,
        padding: str = "valid",
        data_format: str | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(pool_size, strides, padding, data_format, name, **kwargs)


class AveragePooling2D(Pooling):
    """The mean of each window, channel by channel.

    `outputs[y, x, c] = mean over i, j of inputs[y * strides[0] + i, x * strides[1] + j, c]`

    Args:
        pool_size: The window's height and width; one integer for both.
        strides: How far the window moves at a time; None for as far as it is long.
        padding: `"valid"` keeps the window inside the image; `"same"` lets it reach over the
            border: the mean is then of the values inside.
        data_format: Only `"channels_last"`.
        name: The layer's name.
        **kwargs: Every layer's `trainable`, `dtype`, `input_shape`.

    Input shape:
        (batch, height, width, channels)

    Output shape:
        (batch, new_height, new_width, channels): `(height - pool_size) // stride + 1` for
        `"valid"`, `ceil(height / stride)` for `"same"`.

    Parameters:
        None.

    Raises:
        ArgumentError: Where an argument is of the wrong kind or out of its range.

    Example:
        >>> AveragePooling2D(2, padding="same").compute_output_shape((None, 11, 11, 64))
        (None, 6, 6, 64)
    """

    axes = 2

    def __init__(
        self,
        pool_size: int | tuple[int, int],
        strides: int | tuple[int, int] | None = None,
        padding: str = "valid",
        data_format: str | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(pool_size, strides, padding, data_format, name, **kwargs)


class GlobalPooling(Layer):
    """What global pooling over one and over two axes shares.

    Attributes:
        axes: How many axes it takes together.
    """

    axes: ClassVar[int]

    def __init__(
        self, data_format: str | None = None, keepdims: bool = False, **kwargs: Any
    ) -> None:
        owner = type(self).__name__
        self.data_format = check_data_format(owner, data_format)
        self.keepdims = validation.boolean(owner, "keepdims", keepdims)
        super().__init__(**kwargs)

    @property
    def window(self) -> None:
        """The whole image."""
        return

    def output_sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """(channels,); with `keepdims` behind an axis of size 1 for each that is gone."""
        self._check_axes(sizes, self.axes)
        return (*[1] * self.axes, sizes[-1]) if self.keepdims else sizes[-1:]

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {
            **super().get_config(),
            "data_format": self.data_format,
            "keepdims": self.keepdims,
        }


class GlobalMaxPooling2D(GlobalPooling):
    """The largest value of the whole image, channel by channel.

    `outputs[c] = max over y, x of inputs[y, x, c]`

    Args:
        data_format: Only `"channels_last"`.
        keepdims: Whether height and width stay, as axes of size 1.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        (batch, height, width, channels)

    Output shape:
        (batch, channels), or (batch, 1, 1, channels) with `keepdims`.

    Parameters:
        None.

    Example:
        >>> GlobalMaxPooling2D().compute_output_shape((None, 3, 3, 64))
        (None, 64)
    """

    axes = 2


class GlobalAveragePooling2D(GlobalPooling):
    """The mean of the whole image, channel by channel.

    `outputs[c] = mean over y, x of inputs[y, x, c]`

    Args:
        data_format: Only `"channels_last"`.
        keepdims: Whether height and width stay, as axes of size 1.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        (batch, height, width, channels)

    Output shape:
        (batch, channels), or (batch, 1, 1, channels) with `keepdims`.

    Parameters:
        None.

    Example:
        >>> GlobalAveragePooling2D(keepdims=True).compute_output_shape((None, 3, 3, 64))
        (None, 1, 1, 64)

    References:
        Lin et al., 2013: Network in network (arXiv:1312.4400).
    """

    axes = 2
