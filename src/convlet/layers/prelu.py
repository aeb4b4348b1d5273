"""A rectifier that learns its slope."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from convlet import validation
from convlet.layers.base import Layer, WeightDeclaration
from convlet.layers.kernel import settings_of, weight_settings
from convlet.layers.shapes import sample_axis
from convlet.variable import Variable


class PReLU(Layer):
    """A rectifier whose slope for negative values is learned.

    `outputs = inputs` where `inputs > 0`, else `alpha * inputs`

    Args:
        alpha_initializer: The slopes at the start: a name or an initializer.
        alpha_regularizer: The penalty for the slopes: a name or a regularizer; None for none.
        alpha_constraint: What bounds the slopes: a name or a constraint; None for nothing.
        shared_axes: Axes along which all values have the same slope, the batch's counted as 0:
            after a convolution `[1, 2]` gives each channel one slope. None gives each its own.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        Any with at least one axis besides the batch.

    Output shape:
        The input's.

    Parameters:
        `alpha`, of the shape of one input, with size 1 along `shared_axes`.

    Raises:
        ShapeError: Where the input lacks one of `shared_axes`.

    Example:
        >>> layer = PReLU(shared_axes=[1, 2])
        >>> layer.build((None, 26, 26, 32))
        >>> layer.alpha.shape
        (1, 1, 32)

    References:
        He et al., 2015: Delving deep into rectifiers: surpassing human-level performance on
        ImageNet classification.
    """

    def __init__(
        self,
        alpha_initializer: Any = "Zeros",
        alpha_regularizer: Any = None,
        alpha_constraint: Any = None,
        shared_axes: Sequence[int] | int | None = None,
        **kwargs: Any,
    ) -> None:
        owner = type(self).__name__
        self.alpha_initializer, self.alpha_regularizer, self.alpha_constraint = weight_settings(
            owner, "alpha", alpha_initializer, alpha_regularizer, alpha_constraint
        )
        axes = list(shared_axes) if isinstance(shared_axes, (list, tuple)) else [shared_axes]
        self.shared_axes = (
            None
            if shared_axes is None
            else [validation.integer(owner, "shared_axes", axis, minimum=None) for axis in axes]
        )
        super().__init__(**kwargs)

    def output_sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """The input's shape."""
        self._alpha_sizes(sizes)
        return sizes

    def declare_weights(self, sizes: tuple[int, ...]) -> list[WeightDeclaration]:
        """The slopes."""
        return [settings_of(self, "alpha").declare("alpha", self._alpha_sizes(sizes))]

    @property
    def alpha(self) -> Variable:
        """The slopes for negative values."""
        return self._weight("alpha")

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {
            **super().get_config(),
            **settings_of(self, "alpha").config("alpha"),
            "shared_axes": self.shared_axes,
        }

    def _alpha_sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        shared = {sample_axis(self.label, axis, sizes) for axis in self.shared_axes or []}
        return tuple(1 if axis in shared else size for axis, size in enumerate(sizes))
