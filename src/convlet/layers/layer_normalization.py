"""Normalization of the last axes, sample by sample."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from convlet import initializers, validation
from convlet.errors import ArgumentError
from convlet.layers.affine import AffineLayer
from convlet.layers.base import Layer, WeightDeclaration
from convlet.layers.shapes import last_axes
from convlet.variable import Variable


class LayerNormalization(AffineLayer):
    """Brings each sample's values along the last axes to mean 0 and variance 1.

    `outputs = gamma * (inputs - mean) / sqrt(variance + epsilon) + beta`, with the mean and the
    (biased) variance of each sample's values along `axis`: of each pixel's channels, or with
    `axis=[1, 2, 3]` of a whole image. It does the same in training as at any other time.

    Args:
        axis: The last axis, -1, or the last few: `[1, 2, 3]`, `[-2, -1]`.
        epsilon: Added to the variance, so that nothing is divided by zero.
        center: Whether there is a `beta`; else it is 0.
        scale: Whether there is a `gamma`; else it is 1.
        beta_initializer: What `beta` starts with.
        gamma_initializer: What `gamma` starts with.
        beta_regularizer: A penalty on `beta` that counts in the loss: a name such as `"l2"`, or one
            of `convlet.regularizers`.
        gamma_regularizer: The same for `gamma`.
        beta_constraint: What bounds `beta` after each step: a name such as `"non_neg"`, or one of
            `convlet.constraints`.
        gamma_constraint: The same for `gamma`.
        rms_scaling: Only False: `RMSNormalization` is what Keras points to.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        Any with at least one axis besides the batch.

    Output shape:
        The input's.

    Parameters:
        `gamma` and `beta`, each of the shape of the axes.

    Raises:
        ArgumentError: Where an argument is out of its range.
        UnsupportedError: For axes that are not the last, once the input's shape is known.

    Example:
        >>> layer = LayerNormalization(axis=[2, 3])
        >>> layer.build((None, 8, 8, 16))
        >>> layer.gamma.shape
        (8, 16)

    References:
        Ba, Kiros and Hinton, 2016: Layer normalization.
    """

    def __init__(
        self,
        axis: int | Sequence[int] = -1,
        epsilon: float = 0.001,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
        rms_scaling: bool = False,
        **kwargs: Any,
    ) -> None:
        owner = type(self).__name__
        self.axis = checked_axes(owner, axis)
        validation.unsupported(owner, "rms_scaling", rms_scaling, only=False)
        super().__init__(
            epsilon=epsilon,
            center=center,
            scale=scale,
            beta_initializer=beta_initializer,
            gamma_initializer=gamma_initializer,
            beta_regularizer=beta_regularizer,
            gamma_regularizer=gamma_regularizer,
            beta_constraint=beta_constraint,
            gamma_constraint=gamma_constraint,
            **kwargs,
        )

    def output_sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """The input's shape."""
        last_axes(self.label, self.axis, sizes)
        return sizes

    def parameter_shape(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """The shape of the axes."""
        return last_axes(self.label, self.axis, sizes)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {**super().get_config(), "axis": self.axis, "rms_scaling": False}


class RMSNormalization(Layer):
    """Brings each sample's values along the last axes to a mean square of 1.

    `outputs = scale * inputs / sqrt(mean(inputs ** 2) + epsilon)`, with the mean along `axis`.

    Args:
        axis: The last axis, -1, or the last few: `[1, 2, 3]`.
        epsilon: Added to the mean square, so that nothing is divided by zero.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        Any with at least one axis besides the batch.

    Output shape:
        The input's.

    Parameters:
        `scale`, of the shape of the axes.

    Raises:
        ArgumentError: Where an argument is out of its range.
        UnsupportedError: For axes that are not the last, once the input's shape is known.

    Example:
        >>> RMSNormalization().compute_output_shape((None, 28, 28, 16))
        (None, 28, 28, 16)

    References:
        Zhang and Sennrich, 2019: Root mean square layer normalization.
    """

    def __init__(
        self, axis: int | Sequence[int] = -1, epsilon: float = 1e-6, **kwargs: Any
    ) -> None:
        owner = type(self).__name__
        self.axis = checked_axes(owner, axis)
        self.epsilon = validation.number(owner, "epsilon", epsilon, minimum=0)
        super().__init__(**kwargs)

    def output_sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """The input's shape."""
        last_axes(self.label, self.axis, sizes)
        return sizes

    def declare_weights(self, sizes: tuple[int, ...]) -> list[WeightDeclaration]:
        """The scale."""
        shape = last_axes(self.label, self.axis, sizes)
        return [WeightDeclaration("scale", shape, initializers.Ones())]

    @property
    def scale(self) -> Variable:
        """What the normalised values are multiplied with."""
        return self._weight("scale")

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {**super().get_config(), "axis": self.axis, "epsilon": self.epsilon}


class UnitNormalization(Layer):
    """Brings each sample's values along the last axes to a length of 1.

    `outputs = inputs / sqrt(sum(inputs ** 2))`, with the sum along `axis`; what is shorter than
    1e-12 is divided by that.

    Args:
        axis: The last axis, -1, or the last few: `[1, 2, 3]`.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        Any with at least one axis besides the batch.

    Output shape:
        The input's.

    Parameters:
        None.

    Raises:
        ArgumentError: Where `axis` is neither an integer nor several.
        UnsupportedError: For axes that are not the last, once the input's shape is known.

    Example:
        >>> UnitNormalization()([[3.0, 4.0]]).tolist()
        [[0.6000000238418579, 0.800000011920929]]
    """

    def __init__(self, axis: int | Sequence[int] = -1, **kwargs: Any) -> None:
        self.axis = checked_axes(type(self).__name__, axis)
        super().__init__(**kwargs)

    def output_sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """The input's shape."""
        last_axes(self.label, self.axis, sizes)
        return sizes

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {**super().get_config(), "axis": self.axis}


def checked_axes(owner: str, axis: Any) -> int | list[int]:
    """One axis, or a list of several.

    Raises:
        ArgumentError: Where it is something else.
    """
    if isinstance(axis, (list, tuple)) and axis:
        return [checked_axes(owner, each) for each in axis]  # type: ignore[misc]
    if isinstance(axis, int) and not isinstance(axis, bool):
        return axis
    needed = "an integer or a list of integers"
    raise ArgumentError(validation.bad_argument(owner, "axis", needed, axis))
