"""Activations as layers of their own."""

from __future__ import annotations

from functools import partial
from typing import Any

from convlet import activations, validation
from convlet.activations.lookup import describe
from convlet.layers.base import Layer
from convlet.layers.shapes import sample_axis


class FunctionLayer(Layer):
    """The base of layers that do nothing but compute an activation function.

    Args:
        activation: The function, with its arguments.
        **kwargs: Every layer's.
    """

    def __init__(self, activation: Any, **kwargs: Any) -> None:
        self.activation = activation
        super().__init__(**kwargs)

    def output_sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """The input's shape."""
        axis = describe(self.activation).settings.get("axis")
        if axis is not None:
            sample_axis(self.label, axis, sizes)
        return sizes


class Activation(FunctionLayer):
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
        super().__init__(activations.get(activation, type(self).__name__), **kwargs)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {**super().get_config(), "activation": activations.serialize(self.activation)}


class ReLU(FunctionLayer):
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
        activation = partial(
            activations.relu,
            negative_slope=self.negative_slope,
            max_value=self.max_value,
            threshold=self.threshold,
        )
        super().__init__(activation, **kwargs)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {
            **super().get_config(),
            "max_value": self.max_value,
            "negative_slope": self.negative_slope,
            "threshold": self.threshold,
        }


class LeakyReLU(FunctionLayer):
    """A rectifier that leaks: its gradient is not 0 for negative values.

    `outputs = inputs` where `inputs > 0`, else `negative_slope * inputs`

    Args:
        negative_slope: The slope below 0.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        Any.

    Output shape:
        The input's.

    Parameters:
        None.

    Raises:
        ArgumentError: Where `negative_slope` is negative.

    Example:
        >>> LeakyReLU(0.1).compute_output_shape((None, 26, 26, 32))
        (None, 26, 26, 32)

    References:
        Maas et al., 2013: Rectifier nonlinearities improve neural network acoustic models.
    """

    def __init__(self, negative_slope: float = 0.3, **kwargs: Any) -> None:
        self.negative_slope = validation.number(
            type(self).__name__, "negative_slope", negative_slope, minimum=0
        )
        activation = partial(activations.leaky_relu, negative_slope=self.negative_slope)
        super().__init__(activation, **kwargs)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {**super().get_config(), "negative_slope": self.negative_slope}


class ELU(FunctionLayer):
    """The exponential linear unit: bends negative values towards `-alpha`.

    `outputs = inputs` where `inputs > 0`, else `alpha * (exp(inputs) - 1)`

    Args:
        alpha: Minus the value that it falls to.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        Any.

    Output shape:
        The input's.

    Parameters:
        None.

    Raises:
        ArgumentError: Where `alpha` is no number.

    Example:
        >>> ELU().compute_output_shape((None, 26, 26, 32))
        (None, 26, 26, 32)

    References:
        Clevert et al., 2016: Fast and accurate deep network learning by exponential linear units.
    """

    def __init__(self, alpha: float = 1.0, **kwargs: Any) -> None:
        self.alpha = validation.number(type(self).__name__, "alpha", alpha)
        activation = partial(activations.elu, alpha=self.alpha)
        super().__init__(activation, **kwargs)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {**super().get_config(), "alpha": self.alpha}


class Softmax(FunctionLayer):
    """Turns the values along an axis into probabilities that sum to 1.

    `outputs = exp(inputs) / sum(exp(inputs))`

    Args:
        axis: The axis along which they compete, the batch's counted as 0.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        Any with at least one axis besides the batch.

    Output shape:
        The input's.

    Parameters:
        None.

    Raises:
        ShapeError: For an axis that the input does not have, and for the batch's.

    Example:
        >>> Softmax().compute_output_shape((None, 10))
        (None, 10)
    """

    def __init__(self, axis: int = -1, **kwargs: Any) -> None:
        self.axis = validation.integer(type(self).__name__, "axis", axis, minimum=None)
        activation = partial(activations.softmax, axis=self.axis)
        super().__init__(activation, **kwargs)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {**super().get_config(), "axis": self.axis}
