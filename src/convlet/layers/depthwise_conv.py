"""Depthwise convolution: a window for each channel."""

from __future__ import annotations

from typing import Any

from convlet import validation
from convlet.layers.sliding import SlidingKernel


class DepthwiseConv2D(SlidingKernel):
    """Slides windows over an image, each over one channel alone.

    `outputs[y, x, c * depth_multiplier + m] = activation(bias[c * depth_multiplier + m] +
    sum over i, j of kernel[i, j, c, m] * inputs[y * strides[0] + i * dilation_rate[0],
    x * strides[1] + j * dilation_rate[1], c])`

    Args:
        kernel_size: The window's height and width; one integer for both.
        strides: How far the window moves at a time, down and across.
        padding: `"valid"` keeps the window inside the image. `"same"` pads with zeros, so that with
            strides of 1 the output is as large as the image.
        depth_multiplier: How many windows each channel has.
        data_format: Only `"channels_last"`.
        dilation_rate: How far apart the values in the window lie.
        activation: Applied to each sum: a name such as `"relu"`; None leaves it as it is.
        use_bias: Whether a number per channel of the output is added.
        depthwise_initializer: What the kernel starts as: a name or an initializer.
        bias_initializer: What the bias starts as.
        depthwise_regularizer: A penalty on the kernel that counts in the loss: a name such as
            `"l2"`, or one of `convlet.regularizers`.
        bias_regularizer: The same for the bias.
        activity_regularizer: The same for the outputs, divided by the number of samples.
        depthwise_constraint: What bounds the kernel after each step: a name such as `"max_norm"`,
            or one of `convlet.constraints`.
        bias_constraint: The same for the bias.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        (batch, height, width, channels)

    Output shape:
        (batch, new_height, new_width, channels * depth_multiplier):
        `(height - extent) // stride + 1` for `"valid"`, with
        `extent = dilation_rate * (kernel_size - 1) + 1`; `ceil(height / stride)` for `"same"`.

    Parameters:
        kernel (kernel_size[0], kernel_size[1], channels, depth_multiplier),
        bias (channels * depth_multiplier,):
        `(kernel_size[0] * kernel_size[1] + 1) * channels * depth_multiplier` in all.

    Raises:
        ArgumentError: Where an argument is of the wrong kind or out of its range.
        UnsupportedError: For a setting of Keras's that convlet does not have.

    Example:
        >>> layer = DepthwiseConv2D(3, padding="same", activation="relu")
        >>> layer.build((None, 28, 28, 32))
        >>> layer.output_shape, layer.count_params()
        ((None, 28, 28, 32), 320)

    References:
        Howard et al., 2017: MobileNets: efficient convolutional neural networks for mobile vision
        applications (arXiv:1704.04861).
    """

    axes = 2
    role = "depthwise"

    def __init__(
        self,
        kernel_size: int | tuple[int, int],
        strides: int | tuple[int, int] = (1, 1),
        padding: str = "valid",
        depth_multiplier: int = 1,
        data_format: str | None = None,
        dilation_rate: int | tuple[int, int] = (1, 1),
        activation: Any = None,
        use_bias: bool = True,
        depthwise_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        depthwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        depthwise_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        owner = type(self).__name__
        self.depth_multiplier = validation.integer(owner, "depth_multiplier", depth_multiplier)
        super().__init__(
            kernel_size=kernel_size,
            strides=strides,
            padding=padding,
            data_format=data_format,
            dilation_rate=dilation_rate,
            activation=activation,
            use_bias=use_bias,
            kernel_initializer=depthwise_initializer,
            bias_initializer=bias_initializer,
            kernel_regularizer=depthwise_regularizer,
            bias_regularizer=bias_regularizer,
            activity_regularizer=activity_regularizer,
            kernel_constraint=depthwise_constraint,
            bias_constraint=bias_constraint,
            **kwargs,
        )

    def kernel_shape(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """(kernel height, kernel width, channels, depth_multiplier)."""
        return (*self.kernel_size, sizes[-1], self.depth_multiplier)

    def output_channels(self, channels: int) -> int:
        """Each channel's windows."""
        return channels * self.depth_multiplier

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {**super().get_config(), "depth_multiplier": self.depth_multiplier}
