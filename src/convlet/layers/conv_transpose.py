"""Transposed convolution: each value of the input spreads over a window of the output."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from convlet import validation
from convlet.errors import ArgumentError
from convlet.layers.shapes import count_values
from convlet.layers.sliding import SlidingKernel
from convlet.layers.spatial import check_strides_and_dilation
from convlet.layers.windows import Window, dilated_size, transposed_size


class Conv2DTranspose(SlidingKernel):
    """Adds up windows, one for each value of the image: what a convolution's gradient does.

    `outputs[y, x, f] = activation(bias[f] + sum over c and all i, j, u, v with
    u * strides[0] + i * dilation_rate[0] == y + top and
    v * strides[1] + j * dilation_rate[1] == x + left of kernel[i, j, f, c] * inputs[u, v, c])`,
    where `top` and `left` are 0 for `"valid"`, and for `"same"` what `Conv2D` pads an image of the
    output's size with.

    Args:
        filters: The channels of the output.
        kernel_size: The window's height and width; one integer for both.
        strides: How far apart two neighbours' windows lie, down and across.
        padding: `"valid"` keeps whole windows. `"same"` cuts them off, so that the output is
            `strides` times as large as the image.
        output_padding: What is added to the height and width at the end, each less than its stride;
            None for the size that `padding` says.
        data_format: Only `"channels_last"`.
        dilation_rate: How far apart the values in the window lie; not together with strides.
        activation: Applied to each sum: a name such as `"relu"`; None leaves it as it is.
        use_bias: Whether a number per filter is added.
        kernel_initializer: What the kernel starts as: a name or an initializer.
        bias_initializer: What the bias starts as.
        kernel_regularizer: A penalty on the kernel that counts in the loss: a name such as `"l2"`,
            or one of `convlet.regularizers`.
        bias_regularizer: The same for the bias.
        activity_regularizer: The same for the outputs, divided by the number of samples.
        kernel_constraint: What bounds the kernel after each step: a name such as `"max_norm"`, or
            one of `convlet.constraints`.
        bias_constraint: The same for the bias.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        (batch, height, width, channels)

    Output shape:
        (batch, new_height, new_width, filters): for `"valid"`
        `(height - 1) * stride + max(extent, stride)` with
        `extent = dilation_rate * (kernel_size - 1) + 1`; for `"same"` `height * stride`. With
        output_padding `(height - 1) * stride + base + output_padding`, where the base is `extent`
        for `"valid"` and `extent % 2` for `"same"`.

    Parameters:
        kernel (kernel_size[0], kernel_size[1], filters, channels), bias (filters,):
        `kernel_size[0] * kernel_size[1] * channels * filters + filters` in all.

    Raises:
        ArgumentError: Where an argument is of the wrong kind or out of its range.
        UnsupportedError: For a setting of Keras's that convlet does not have.

    Example:
        >>> layer = Conv2DTranspose(16, 3, strides=2, padding="same", activation="relu")
        >>> layer.build((None, 7, 7, 32))
        >>> layer.output_shape, layer.count_params()
        ((None, 14, 14, 16), 4624)

    References:
        Zeiler et al., 2010: Deconvolutional networks. Dumoulin and Visin, 2016: A guide to
        convolution arithmetic for deep learning (arXiv:1603.07285).
    """

    axes = 2

    def __init__(
        self,
        filters: int,
        kernel_size: int | tuple[int, int],
        strides: int | tuple[int, int] = (1, 1),
        padding: str = "valid",
        output_padding: int | tuple[int, int] | None = None,
        data_format: str | None = None,
        dilation_rate: int | tuple[int, int] = (1, 1),
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        owner = type(self).__name__
        self.filters = validation.integer(owner, "filters", filters)
        super().__init__(
            kernel_size=kernel_size,
            strides=strides,
            padding=padding,
            data_format=data_format,
            dilation_rate=dilation_rate,
            activation=activation,
            use_bias=use_bias,
            kernel_initializer=kernel_initializer,
            bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer,
            bias_regularizer=bias_regularizer,
            activity_regularizer=activity_regularizer,
            kernel_constraint=kernel_constraint,
            bias_constraint=bias_constraint,
            **kwargs,
        )
        check_strides_and_dilation(owner, self.strides, self.dilation_rate)
        self.output_padding = _check_output_padding(owner, output_padding, self.strides)

    @property
    def window(self) -> Window:
        """What one value of the output sees of the input."""
        extents = map(dilated_size, self.kernel_size, self.dilation_rate)
        down, across = self.strides
        height, width = (
            -(-extent // stride) for extent, stride in zip(extents, self.strides, strict=True)
        )
        return Window((height, width), (Fraction(1, down), Fraction(1, across)))

    def kernel_shape(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """(kernel height, kernel width, filters, input channels)."""
        return (*self.kernel_size, self.filters, sizes[-1])

    def output_channels(self, channels: int) -> int:
        """The filters."""
        return self.filters

    def output_sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """(new_height, new_width, filters)."""
        self._check_axes(sizes, self.axes)
        enlarged = (
            transposed_size(size, *settings)
            for size, settings in zip(sizes[:-1], self.settings_of_axes(), strict=True)
        )
        return (*enlarged, self.filters)

    def settings_of_axes(self) -> list[tuple[int, int, str, int, int | None]]:
        """For each axis what `transposed_size` wants to know, but for the size itself."""
        added = self.output_padding or (None, None)
        return [
            (self.kernel_size[i], self.strides[i], self.padding, self.dilation_rate[i], added[i])
            for i in range(self.axes)
        ]

    def multiply_adds(self, input_shape: Sequence[int | None]) -> int:
        """One for each value of the kernel at each position of the input."""
        return self.kernel.size * count_values(input_shape[1:-1])

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {
            **super().get_config(),
            "filters": self.filters,
            "output_padding": self.output_padding,
        }


def _check_output_padding(
    owner: str, output_padding: object, strides: tuple[int, ...]
) -> tuple[int, ...] | None:
    if output_padding is None:
        return None
    added = validation.integers(owner, "output_padding", output_padding, len(strides), minimum=0)
    if any(more >= stride for more, stride in zip(added, strides, strict=True)):
        raise ArgumentError(
            f"{owner} needs each output_padding to be less than its stride. "
            f"Received output_padding={added} and strides={strides}."
        )
    return added
