"""Convolution over sequences."""

from __future__ import annotations

from typing import Any

from convlet.layers.conv import Convolution
from convlet.layers.spatial import PADDINGS


class Conv1D(Convolution):
    """Slides a window over a sequence and computes the same weighted sums at each position.

    `outputs[t, f] = activation(bias[f] + sum over i, c of
    kernel[i, c, f] * inputs[t * strides + i * dilation_rate, c])`

    Args:
        filters: How many sums each position yields: the channels of the output.
        kernel_size: The window's length.
        strides: How far the window moves at a time.
        padding: `"valid"` keeps the window inside the sequence. `"same"` pads with zeros, so that
            with strides of 1 the output is as long as the sequence. `"causal"` puts all of them
            before it, so that no output depends on later steps.
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
        (batch, steps, channels)

    Output shape:
        (batch, new_steps, filters): `(steps - extent) // stride + 1` for `"valid"`, with
        `extent = dilation_rate * (kernel_size - 1) + 1`; `ceil(steps / stride)` for the others.

    Parameters:
        kernel (kernel_size, channels, filters), bias (filters,):
        `(kernel_size * channels + 1) * filters` in all.

    Raises:
        ArgumentError: Where an argument is of the wrong kind or out of its range.
        UnsupportedError: For a setting of Keras's that convlet does not have.

    Example:
        >>> layer = Conv1D(16, 3, padding="causal", dilation_rate=4)
        >>> layer.build((None, 100, 8))
        >>> layer.output_shape, layer.count_params()
        ((None, 100, 16), 400)

    References:
        Waibel et al., 1989: Phoneme recognition using time-delay neural networks; causal and
        dilated: van den Oord et al., 2016: WaveNet (arXiv:1609.03499).
    """

    axes = 1
    paddings = ("causal", *PADDINGS)

    def __init__(
        self,
        filters: int,
        kernel_size: int | tuple[int],
        strides: int | tuple[int] = 1,
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: int | tuple[int] = 1,
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
