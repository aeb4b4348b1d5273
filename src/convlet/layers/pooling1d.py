"""Pooling over sequences: a number for each window of steps, or for all of them."""

from __future__ import annotations

from typing import Any

from convlet.layers.pooling import GlobalPooling, Pooling


class MaxPooling1D(Pooling):
    """The largest value of each window, channel by channel.

    `outputs[t, c] = max over i of inputs[t * strides + i, c]`

    Args:
        pool_size: The window's length.
        strides: How far the window moves at a time; None for as far as it is long.
        padding: `"valid"` keeps the window inside the sequence; `"same"` lets it reach over its
            ends, where nothing counts.
        data_format: Only `"channels_last"`.
        name: The layer's name.
        **kwargs: Every layer's `trainable`, `dtype`, `input_shape`.

    Input shape:
        (batch, steps, channels)

    Output shape:
        (batch, new_steps, channels): `(steps - pool_size) // stride + 1` for
        `"valid"`, `ceil(steps / stride)` for `"same"`.

    Parameters:
        None.

    Raises:
        ArgumentError: Where an argument is of the wrong kind or out of its range.

    Example:
        >>> MaxPooling1D(2).compute_output_shape((None, 11, 64))
        (None, 5, 64)
    """

    axes = 1

    def __init__(
        self,
        pool_size: int | tuple[int] = 2,
        strides: int | tuple[int] | None = None,
        padding: str = "valid",
        data_format: str | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(pool_size, strides, padding, data_format, name, **kwargs)


class AveragePooling1D(Pooling):
    """The mean of each window, channel by channel.

    `outputs[t, c] = mean over i of inputs[t * strides + i, c]`

    Args:
        pool_size: The window's length.
        strides: How far the window moves at a time; None for as far as it is long.
        padding: `"valid"` keeps the window inside the sequence; `"same"` lets it reach over its
            ends: the mean is then of the values inside.
        data_format: Only `"channels_last"`.
        name: The layer's name.
        **kwargs: Every layer's `trainable`, `dtype`, `input_shape`.

    Input shape:
        (batch, steps, channels)

    Output shape:
        (batch, new_steps, channels): `(steps - pool_size) // stride + 1` for
        `"valid"`, `ceil(steps / stride)` for `"same"`.

    Parameters:
        None.

    Raises:
        ArgumentError: Where an argument is of the wrong kind or out of its range.

    Example:
        >>> AveragePooling1D(2, padding="same").compute_output_shape((None, 11, 64))
        (None, 6, 64)
    """

    axes = 1

    def __init__(
        self,
        pool_size: int | tuple[int],
        strides: int | tuple[int] | None = None,
        padding: str = "valid",
        data_format: str | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(pool_size, strides, padding, data_format, name, **kwargs)


class GlobalMaxPooling1D(GlobalPooling):
    """The largest value of all steps, channel by channel.

    `outputs[c] = max over t of inputs[t, c]`

    Args:
        data_format: Only `"channels_last"`.
        keepdims: Whether the steps stay, as an axis of size 1.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        (batch, steps, channels)

    Output shape:
        (batch, channels), or (batch, 1, channels) with `keepdims`.

    Parameters:
        None.

    Example:
        >>> GlobalMaxPooling1D().compute_output_shape((None, 9, 64))
        (None, 64)
    """

    axes = 1


class GlobalAveragePooling1D(GlobalPooling):
    """The mean of all steps, channel by channel.

    `outputs[c] = mean over t of inputs[t, c]`

    Args:
        data_format: Only `"channels_last"`.
        keepdims: Whether the steps stay, as an axis of size 1.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        (batch, steps, channels)

    Output shape:
        (batch, channels), or (batch, 1, channels) with `keepdims`.

    Parameters:
        None.

    Example:
        >>> GlobalAveragePooling1D(keepdims=True).compute_output_shape((None, 9, 64))
        (None, 1, 64)

    References:
        Lin et al., 2013: Network in network (arXiv:1312.4400).
    """

    axes = 1
