"""Convolution."""

from __future__ import annotations

from typing import Any

from convlet import validation
from convlet.layers.sliding import SlidingKernel
from convlet.layers.spatial import check_strides_and_dilation


class Convolution(SlidingKernel):
    """What convolutions with filters over all channels share."""

    def __init__(
        self,
        filters: int,
        kernel_size: int | tuple[int, ...],
        strides: int | tuple[int, ...],
        padding: str,
        data_format: str | None,
        dilation_rate: int | tuple[int, ...],
        groups: int,
        **kwargs: Any,
    ) -> None:
        owner = type(self).__name__
        self.filters = validation.integer(owner, "filters", filters)
        validation.unsupported(owner, "groups", groups, only=1)
        super().__init__(
            kernel_size=kernel_size,
            strides=strides,
            padding=padding,
            data_format=data_format,
            dilation_rate=dilation_rate,
            **kwargs,
        )
        check_strides_and_dilation(owner, self.strides, self.dilation_rate)

    def kernel_shape(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """(*kernel_size, input channels, filters)."""
        return (*self.kernel_size, sizes[-1], self.filters)

    def output_channels(self, channels: int) -> int:
        """The filters."""
        return self.filters

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {**super().get_config(), "filters": self.filters, "groups": 1}


class Conv2D(Convolution):
    """Slides a window over an image and computes the same weighted sums at each position.

    `outputs[y, x, f] = activation(bias[f] + sum over i, j, c of
    kernel[i, j, c, f] * inputs[y * strides[0] + i * dilation_rate[0],
    x * strides[1] + j * dilation_rate[1], c])`

    Args:
        filters: How many sums each position yields: the channels of the output.
        kernel_size: The window's height and width; one integer for both.
        strides: How far the window moves at a time, down and across.
        padding: `"valid"` keeps the window inside the image. `"same"` pads with zeros, so that with
            strides of 1 the output is as large as the image.
        data_format: Only `"channels_last"`.
        dilation_rate: How far apart the values in the window lie; not together with strides.
        groups: Only 1.
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
        (batch, new_height, new_width, filters): `(height - extent) // stride + 1` for `"valid"`,
        with `extent = dilation_rate * (kernel_size - 1) + 1`; `ceil(height / stride)` for `"same"`.

    Parameters:
        kernel (kernel_size[0], kernel_size[1], channels, filters), bias (filters,):
        `(kernel_size[0] * kernel_size[1] * channels + 1) * filters` in all.

    Raises:
        ArgumentError: Where an argument is of the wrong kind or out of its range.
        UnsupportedError: For a setting of Keras's that convlet does not have.

    Example:
        >>> layer = Conv2D(32, (3, 3), activation="relu")
        >>> layer.build((None, 28, 28, 1))
        >>> layer.output_shape, layer.count_params()
        ((None, 26, 26, 32), 320)

    References:
        LeCun et al., 1998: Gradient-based learning applied to document recognition.
    """

    axes = 2

    def __init__(
        self,
        filters: int,
        kernel_size: int | tuple[int, int],
        strides: int | tuple[int, int] = (1, 1),
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: int | tuple[int, int] = (1, 1),
        groups: int = 1,
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
        super().__init__(
            filters,
            kernel_size,
            strides,
            padding,
            data_format,
            dilation_rate,
            groups,
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
