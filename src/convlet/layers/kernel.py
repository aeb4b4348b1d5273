"""What Conv2D and Dense share: a kernel, a bias and an activation; the settings of a weight."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple

from convlet import activations, constraints, initializers, regularizers, validation
from convlet.constraints import Constraint
from convlet.initializers import Initializer
from convlet.layers.base import Layer, WeightDeclaration
from convlet.layers.shapes import count_values
from convlet.regularizers import Regularizer
from convlet.variable import Variable


class WeightSettings(NamedTuple):
    """What a layer's arguments say about one of its weights.

    Attributes:
        initializer: What it starts as.
        regularizer: The penalty for its values, or None.
        constraint: What bounds its values, or None.
    """

    initializer: Initializer
    regularizer: Regularizer | None
    constraint: Constraint | None

    def declare(self, name: str, shape: tuple[int, ...]) -> WeightDeclaration:
        """The declaration of the weight."""
        return WeightDeclaration(name, shape, **self._asdict())

    def config(self, role: str) -> dict[str, Any]:
        """The three arguments as plain values, named after the weight's role: "kernel"."""
        regularizer, constraint = self.regularizer, self.constraint
        return {
            f"{role}_initializer": initializers.serialize(self.initializer),
            f"{role}_regularizer": regularizer and regularizers.serialize(regularizer),
            f"{role}_constraint": constraint and constraints.serialize(constraint),
        }


def weight_settings(
    owner: str, role: str, initializer: Any, regularizer: Any = None, constraint: Any = None
) -> WeightSettings:
    """Checks the arguments `<role>_initializer`, `<role>_regularizer` and `<role>_constraint`.

    Args:
        owner: The class of the layer, for messages.
        role: What the weight is in the arguments' names: "kernel", "depthwise".
        initializer: What each of them was given.
        regularizer: As `initializer`.
        constraint: As `initializer`.

    Raises:
        ArgumentError: One of them cannot be used.

    Example:
        >>> weight_settings("Dense", "kernel", "zeros", "l2").regularizer.get_config()
        {'l2': 0.01}
    """
    return WeightSettings(
        initializers.get(initializer, owner=owner, argument=f"{role}_initializer"),
        regularizers.get(regularizer, owner=owner, argument=f"{role}_regularizer"),
        constraints.get(constraint, owner=owner, argument=f"{role}_constraint"),
    )


def keep_settings(
    layer: Layer, role: str, initializer: Any, regularizer: Any, constraint: Any
) -> None:
    """Checks a weight's settings, and keeps them as the layer's `<role>_initializer`, ….

    Its arguments are those of `weight_settings`, but for the layer itself.
    """
    settings = weight_settings(type(layer).__name__, role, initializer, regularizer, constraint)
    for part, value in settings._asdict().items():
        setattr(layer, f"{role}_{part}", value)


def settings_of(layer: Layer, role: str) -> WeightSettings:
    """The settings that a layer keeps as `<role>_initializer`, `<role>_regularizer`, ….

    Args:
        layer: The layer.
        role: What the weight is in the attributes' names: "kernel".
    """
    return WeightSettings(*(getattr(layer, f"{role}_{part}") for part in WeightSettings._fields))


class KernelLayer(Layer):
    """The base of layers that compute `activation(inputs * kernel + bias)`.

    Attributes:
        role: What the kernel is in the names of the arguments that set it: "kernel_initializer".
    """

    role: ClassVar[str] = "kernel"

    def __init__(
        self,
        *,
        activation: Any,
        use_bias: bool,
        kernel_initializer: Any,
        bias_initializer: Any,
        kernel_regularizer: Any,
        bias_regularizer: Any,
        kernel_constraint: Any,
        bias_constraint: Any,
        **kwargs: Any,
    ) -> None:
        owner = type(self).__name__
        self.activation = activations.get(activation, owner)
        self.use_bias = validation.boolean(owner, "use_bias", use_bias)
        keep_settings(self, self.role, kernel_initializer, kernel_regularizer, kernel_constraint)
        keep_settings(self, "bias", bias_initializer, bias_regularizer, bias_constraint)
        super().__init__(**kwargs)

    def kernel_shape(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """The shape of the kernel for inputs of shape `sizes`."""
        raise NotImplementedError

    def declare_weights(self, sizes: tuple[int, ...]) -> list[WeightDeclaration]:
        """A kernel, and a bias where one is wanted."""
        kernel = settings_of(self, self.role).declare("kernel", self.kernel_shape(sizes))
        bias = settings_of(self, "bias").declare("bias", self.output_sizes(sizes)[-1:])
        return [kernel, bias] if self.use_bias else [kernel]

    def multiply_adds(self, input_shape: Sequence[int | None]) -> int:
        """One for each value of the kernel at each position of the output."""
        return self.kernel.size * count_values(self.compute_output_shape(input_shape)[1:-1])

    @property
    def kernel(self) -> Variable:
        """The weights that the inputs are multiplied with."""
        return self._weight("kernel")

    @property
    def bias(self) -> Variable | None:
        """What is added to each output, or None without a bias."""
        return self._weight("bias") if self.use_bias else None

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {
            **super().get_config(),
            "activation": activations.serialize(self.activation),
            "use_bias": self.use_bias,
            **settings_of(self, self.role).config(self.role),
            **settings_of(self, "bias").config("bias"),
        }
