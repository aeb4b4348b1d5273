"""What normalising layers share: what normalised values are multiplied with, and what is added."""

from __future__ import annotations

from typing import Any

from convlet import validation
from convlet.layers.base import Layer, WeightDeclaration
from convlet.layers.kernel import settings_of, weight_settings
from convlet.variable import Variable


class AffineLayer(Layer):
    """The base of layers that compute `gamma * normalised(inputs) + beta`."""

    def __init__(
        self,
        *,
        epsilon: float,
        center: bool,
        scale: bool,
        beta_initializer: Any,
        gamma_initializer: Any,
        beta_regularizer: Any,
        gamma_regularizer: Any,
        beta_constraint: Any,
        gamma_constraint: Any,
        **kwargs: Any,
    ) -> None:
        owner = type(self).__name__
        self.epsilon = validation.number(owner, "epsilon", epsilon, minimum=0)
        self.center = validation.boolean(owner, "center", center)
        self.scale = validation.boolean(owner, "scale", scale)
        self.beta_initializer, self.beta_regularizer, self.beta_constraint = weight_settings(
            owner, "beta", beta_initializer, beta_regularizer, beta_constraint
        )
        self.gamma_initializer, self.gamma_regularizer, self.gamma_constraint = weight_settings(
            owner, "gamma", gamma_initializer, gamma_regularizer, gamma_constraint
        )
        super().__init__(**kwargs)

    def parameter_shape(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """The shape of gamma and beta for inputs of shape `sizes`."""
        return sizes[-1:]

    def declare_weights(self, sizes: tuple[int, ...]) -> list[WeightDeclaration]:
        """Gamma and beta, where they are wanted."""
        shape = self.parameter_shape(sizes)
        gamma = settings_of(self, "gamma").declare("gamma", shape)
        beta = settings_of(self, "beta").declare("beta", shape)
        return [gamma] * self.scale + [beta] * self.center

    @property
    def gamma(self) -> Variable | None:
        """What normalised values are multiplied with, or None without a scale."""
        return self._weight("gamma") if self.scale else None

    @property
    def beta(self) -> Variable | None:
        """What is added then, or None without a centre."""
        return self._weight("beta") if self.center else None

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {
            **super().get_config(),
            "epsilon": self.epsilon,
            "center": self.center,
            "scale": self.scale,
            **settings_of(self, "beta").config("beta"),
            **settings_of(self, "gamma").config("gamma"),
        }
