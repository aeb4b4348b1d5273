"""What Conv2D and Dense share: a kernel, a bias and an activation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from convlet import activations, initializers, validation
from convlet.layers.base import Layer, WeightDeclaration
from convlet.layers.shapes import count_values
from convlet.variable import Variable


class KernelLayer(Layer):
    """The base of layers that compute `activation(inputs * kernel + bias)`."""

    def __init__(
        self,
        *,
        activation: Any,
        use_bias: bool,
        kernel_initializer: Any,
        bias_initializer: Any,
        kernel_regularizer: None,
        bias_regularizer: None,
        kernel_constraint: None,
        bias_constraint: None,
        **kwargs: Any,
    ) -> None:
        owner = type(self).__name__
        self.activation = activations.get(activation, owner)
        self.use_bias = validation.boolean(owner, "use_bias", use_bias)
        self.kernel_initializer = initializers.get(kernel_initializer, owner=owner)
        self.bias_initializer = initializers.get(bias_initializer, owner=owner)
        for argument, value in {
            "kernel_regularizer": kernel_regularizer,
            "bias_regularizer": bias_regularizer,
            "kernel_constraint": kernel_constraint,
            "bias_constraint": bias_constraint,
        }.items():
            validation.unsupported(owner, argument, value, only=None)
        super().__init__(**kwargs)

    def kernel_shape(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """The shape of the kernel for inputs of shape `sizes`."""
        raise NotImplementedError

    def declare_weights(self, sizes: tuple[int, ...]) -> list[WeightDeclaration]:
        """A kernel, and a bias where one is wanted."""
        kernel = WeightDeclaration("kernel", self.kernel_shape(sizes), self.kernel_initializer)
        bias = WeightDeclaration("bias", self.output_sizes(sizes)[-1:], self.bias_initializer)
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
            "kernel_initializer": initializers.serialize(self.kernel_initializer),
            "bias_initializer": initializers.serialize(self.bias_initializer),
        }
