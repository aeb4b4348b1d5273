"""Activations as layers of their own."""

from __future__ import annotations

from typing import Any

from convlet import activations, validation
from convlet.layers.base import Layer
from convlet.layers.shapes import last_axis


class Activation(Layer):
    """Applies a function to each value.

    `outputs = activation(inputs)`

    Args:
        activation: A name such as `"relu"`, or a function of `convlet.activations`.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        Any.

    Output shape:
        The input's.

    Parameters:
        None.

    Raises:
        UnknownNameError: For a name that is not known.

    Example:
        >>> Activation("relu").compute_output_shape((None, 26, 26, 32))
        (None, 26, 26, 32)
    """

    def __init__(self, activation: Any, **kwargs: Any) -> None:
        self.activation = activations.get(activation, type(self).__name__)
        super().__init__(**kwargs)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {**super().get_config(), "activation": activations.serialize(self.activation)}


class ReLU(Layer):
    """The rectifier: lets positive values through.

    `outputs = inputs` where `inputs >= threshold`, else `negative_slope * (inputs - threshold)`; at
    most `max_value`.

    Args:
        max_value: The largest value that comes out; None for no bound.
        negative_slope: The slope below the threshold.
        threshold: Below it, a value counts as negative.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        Any.

    Output shape:
        The input's.

    Parameters:
        None.

    Raises:
        ArgumentError: Where an argument is negative.

    Example:
        >>> ReLU(max_value=6.0).compute_output_shape((None, 26, 26, 32))
        (None, 26, 26, 32)
    """

    def __init__(
        self,
        max_value: float | None = None,
        negative_slope: float = 0.0,
        threshold: float = 0.0,
        **kwargs: Any,
    ) -> None:
        owner = type(self).__name__
        self.max_value = (
            None
            if max_value is None
            else validation.number(owner, "max_value", max_value, minimum=0)
        )
        self.negative_slope = validation.number(owner, "negative_slope", negative_slope, minimum=0)
        self.threshold = validation.number(owner, "threshold", threshold, minimum=0)
        super().__init__(**kwargs)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {
            **super().get_config(),
            "max_value": self.max_value,
            "negative_slope": self.negative_slope,
            "threshold": self.threshold,
        }


class Softmax(Layer):
    """Turns the values along the last axis into probabilities that sum to 1.

    `outputs = exp(inputs) / sum(exp(inputs))`

    Args:
        axis: The last axis: -1, or its number.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        Any with at least one axis besides the batch.

    Output shape:
        The input's.

    Parameters:
        None.

    Raises:
        UnsupportedError: For an axis that is not the last, once the input's shape is known.

    Example:
        >>> Softmax().compute_output_shape((None, 10))
        (None, 10)
    """

    def __init__(self, axis: int = -1, **kwargs: Any) -> None:
        self.axis = validation.integer(type(self).__name__, "axis", axis, minimum=None)
        super().__init__(**kwargs)

    def output_sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """The input's shape."""
        last_axis(self.label, self.axis, sizes)
        return sizes

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {**super().get_config(), "axis": self.axis}
