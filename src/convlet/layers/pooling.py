"""Pooling: a number for each window of an image, or for the whole of it."""

from __future__ import annotations

from typing import Any

from convlet import validation
from convlet.layers.base import Layer
from convlet.layers.spatial import check_data_format, check_padding, slide
from convlet.layers.windows import Window


class Pooling2D(Layer):
    """What MaxPooling2D and AveragePooling2D share."""

    def __init__(
        self,
        pool_size: int | tuple[int, int],
        strides: int | tuple[int, int] | None,
        padding: str,
        data_format: str | None,
        name: str | None,
        **kwargs: Any,
    ) -> None:
        owner = type(self).__name__
        self.pool_size = validation.integer_pair(owner, "pool_size", pool_size)
        self.strides = (
            self.pool_size
            if strides is None
            else validation.integer_pair(owner, "strides", strides)
        )
        self.padding = check_padding(owner, padding)
        self.data_format = check_data_format(owner, data_format)
        super().__init__(name=name, **kwargs)

    @property
    def window(self) -> Window:
        """What one value of the output sees of the input."""
        return Window(self.pool_size, self.strides)

    def output_sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """(new_height, new_width, channels)."""
        self._check_image(sizes)
        size = slide(self.label, sizes, self.pool_size, self.strides, self.padding)
        return (*size, sizes[-1])

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {
            **super().get_config(),
            "pool_size": self.pool_size,
            "padding": self.padding,
            "strides": self.strides,
            "data_format": self.data_format,
        }


class MaxPooling2D(Pooling2D):
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


class AveragePooling2D(Pooling2D):
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


class GlobalPooling2D(Layer):
    """What GlobalMaxPooling2D and GlobalAveragePooling2D share."""

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
        """(channels,), or (1, 1, channels) with `keepdims`."""
        self._check_image(sizes)
        return (1, 1, sizes[-1]) if self.keepdims else sizes[-1:]

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {
            **super().get_config(),
            "data_format": self.data_format,
            "keepdims": self.keepdims,
        }


class GlobalMaxPooling2D(GlobalPooling2D):
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


class GlobalAveragePooling2D(GlobalPooling2D):
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
