"""Separable convolution: a window for each channel, then sums over the channels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from convlet import validation
from convlet.layers.base import WeightDeclaration
from convlet.layers.kernel import keep_settings, settings_of
from convlet.layers.shapes import count_values
from convlet.layers.sliding import SlidingKernel
from convlet.variable import Variable


class SeparableConv2D(SlidingKernel):
    """Slides a window over each channel alone, then mixes the channels pixel by pixel.

    `d[y, x, c * depth_multiplier + m] = sum over i, j of
    depthwise_kernel[i, j, c, m] * inputs[y * strides[0] + i * dilation_rate[0],
    x * strides[1] + j * dilation_rate[1], c]`

    `outputs[y, x, f] = activation(bias[f] + sum over n of pointwise_kernel[0, 0, n, f] *
    d[y, x, n])`

    Args:
        filters: How many sums each position yields: the channels of the output.
        kernel_size: The window's height and width; one integer for both.
        strides: How far the window moves at a time, down and across.
        padding: `"valid"` keeps the window inside the image. `"same"` pads with zeros, so that with
            strides of 1 the output is as large as the image.
        data_format: Only `"channels_last"`.
        dilation_rate: How far apart the values in the window lie.
        depth_multiplier: How many windows each channel has.
        activation: Applied to each sum: a name such as `"relu"`; None leaves it as it is.
        use_bias: Whether a number per filter is added.
        depthwise_initializer: What the windows start as: a name or an initializer.
        pointwise_initializer: What the weights of the channels start as.
        bias_initializer: What the bias starts as.
        depthwise_regularizer: A penalty on the windows that counts in the loss: a name such as
            `"l2"`, or one of `convlet.regularizers`.
        pointwise_regularizer: The same for the weights of the channels.
        bias_regularizer: The same for the bias.
        activity_regularizer: The same for the outputs, divided by the number of samples.
        depthwise_constraint: What bounds the windows after each step: a name such as `"max_norm"`,
            or one of `convlet.constraints`.
        pointwise_constraint: The same for the weights of the channels.
        bias_constraint: The same for the bias.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        (batch, height, width, channels)

    Output shape:
        (batch, new_height, new_width, filters): `(height - extent) // stride + 1` for `"valid"`,
        with `extent = dilation_rate * (kernel_size - 1) + 1`; `ceil(height / stride)` for `"same"`.

    Parameters:
        depthwise_kernel (kernel_size[0], kernel_size[1], channels, depth_multiplier),
        pointwise_kernel (1, 1, channels * depth_multiplier, filters), bias (filters,).

    Raises:
        ArgumentError: Where an argument is of the wrong kind or out of its range.
        UnsupportedError: For a setting of Keras's that convlet does not have.

    Example:
        >>> layer = SeparableConv2D(64, 3, padding="same", activation="relu")
        >>> layer.build((None, 28, 28, 32))
        >>> layer.output_shape, layer.count_params()  # Conv2D has 18,496
        ((None, 28, 28, 64), 2400)

    References:
        Chollet, 2016: Xception: deep learning with depthwise separable convolutions
        (arXiv:1610.02357).
    """

    axes = 2
    role = "depthwise"

    def __init__(
        self,
        filters: int,
        kernel_size: int | tuple[int, int],
        strides: int | tuple[int, int] = (1, 1),
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: int | tuple[int, int] = (1, 1),
        depth_multiplier: int = 1,
        activation: Any = None,
        use_bias: bool = True,
        depthwise_initializer: Any = "glorot_uniform",
        pointwise_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        depthwise_regularizer: Any = None,
        pointwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        depthwise_constraint: Any = None,
        pointwise_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        owner = type(self).__name__
        self.filters = validation.integer(owner, "filters", filters)
        self.depth_multiplier = validation.integer(owner, "depth_multiplier", depth_multiplier)
        keep_settings(
            self, "pointwise", pointwise_initializer, pointwise_regularizer, pointwise_constraint
        )
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

    def declare_weights(self, sizes: tuple[int, ...]) -> list[WeightDeclaration]:
        """Both kernels, and a bias where one is wanted."""
        channels = sizes[-1] * self.depth_multiplier
        depthwise = (*self.kernel_size, sizes[-1], self.depth_multiplier)
        pointwise = (1, 1, channels, self.filters)
        kernels = [
            settings_of(self, "depthwise").declare("depthwise_kernel", depthwise),
            settings_of(self, "pointwise").declare("pointwise_kernel", pointwise),
        ]
        bias = settings_of(self, "bias").declare("bias", (self.filters,))
        return [*kernels, bias] if self.use_bias else kernels

    @property
    def depthwise_kernel(self) -> Variable:
        """The weights of each channel's windows."""
        return self._weight("depthwise_kernel")

    @property
    def pointwise_kernel(self) -> Variable:
        """The weights of the channels."""
        return self._weight("pointwise_kernel")

    def multiply_adds(self, input_shape: Sequence[int | None]) -> int:
        """One for each value of both kernels at each position of the output."""
        weights = self.depthwise_kernel.size + self.pointwise_kernel.size
        return weights * count_values(self.compute_output_shape(input_shape)[1:-1])

    def output_channels(self, channels: int) -> int:
        """The filters."""
        return self.filters

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {
            **super().get_config(),
            **settings_of(self, "pointwise").config("pointwise"),
            "filters": self.filters,
            "depth_multiplier": self.depth_multiplier,
        }
