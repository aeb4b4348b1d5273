"""The densely connected layer."""

from __future__ import annotations

from typing import Any

from convlet import validation
from convlet.errors import ShapeError
from convlet.layers.kernel import KernelLayer
from convlet.layers.windows import Window


class Dense(KernelLayer):
    """Weighted sums of all features: each output is connected to each input.

    `outputs = activation(inputs @ kernel + bias)`, along the last axis of the inputs.

    Args:
        units: How many sums: the size of the output's last axis.
        activation: Applied to the sums: a name such as `"softmax"`; None leaves them as they are.
        use_bias: Whether a number per unit is added.
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
        (batch, …, features)

    Output shape:
        (batch, …, units)

    Parameters:
        kernel (features, units), bias (units,): `(features + 1) * units` in all.

    Raises:
        ArgumentError: Where an argument is of the wrong kind or out of its range.
        UnsupportedError: For a setting of Keras's that convlet does not have.

    Example:
        >>> layer = Dense(64, activation="relu")
        >>> layer.build((None, 576))
        >>> layer.output_shape, layer.count_params()
        ((None, 64), 36928)
    """

    def __init__(
        self,
        units: int,
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
        self.units = validation.integer(type(self).__name__, "units", units)
        super().__init__(
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

    @property
    def window(self) -> Window | None:
        """The whole image after `Flatten`; a single position of one, or of a sequence, before."""
        return Window() if self.built and len(self.input_shape) > 2 else None

    def kernel_shape(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """(features, units)."""
        return (sizes[-1], self.units)

    def output_sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """The input's shape with the last axis replaced."""
        if not sizes:
            raise ShapeError(
                f"{self.label} needs an input of at least 2 axes (batch, features). "
                "Received shape (None,). Use x[:, None] for a single feature."
            )
        return (*sizes[:-1], self.units)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {**super().get_config(), "units": self.units}
