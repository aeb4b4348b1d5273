"""Group normalization."""

from __future__ import annotations

from typing import Any

from convlet import validation
from convlet.errors import ArgumentError, ShapeError
from convlet.layers.affine import AffineLayer
from convlet.layers.shapes import last_axis


class GroupNormalization(AffineLayer):
    """Brings each sample's groups of channels to mean 0 and variance 1.

    `outputs = gamma * (inputs - mean) / sqrt(variance + epsilon) + beta`, with the mean and the
    (biased) variance of a group over its channels and all positions. It does not look at other
    samples, and does the same in training as at any other time: for small batches, the
    replacement of `BatchNormalization`. The last axis is the channels'.

    Args:
        groups: Into how many groups the channels are cut; -1 for one of each channel (instance
            normalization), 1 for all in one.
        axis: The last axis: -1, or its number.
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
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        Any with at least one axis besides the batch.

    Output shape:
        The input's.

    Parameters:
        2 for each channel: `gamma` and `beta`.

    Raises:
        ArgumentError: Where an argument is out of its range.
        ShapeError: Where the groups do not divide the channels, once their number is known.
        UnsupportedError: For an axis that is not the last, once the input's shape is known.

    Example:
        >>> GroupNormalization(8).compute_output_shape((None, 28, 28, 32))
        (None, 28, 28, 32)

    References:
        Wu and He, 2018: Group normalization.
    """

    def __init__(
        self,
        groups: int = 32,
        axis: int = -1,
        epsilon: float = 0.001,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        owner = type(self).__name__
        self.groups = validation.integer(owner, "groups", groups, minimum=-1)
        if self.groups == 0:
            needed = "an integer of at least 1, or -1"
            raise ArgumentError(validation.bad_argument(owner, "groups", needed, groups))
        self.axis = validation.integer(owner, "axis", axis, minimum=None)
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
        last_axis(self.label, self.axis, sizes)
        if self.groups != -1 and sizes[-1] % self.groups:
            divisors = [str(n) for n in range(1, sizes[-1] + 1) if sizes[-1] % n == 0]
            raise ShapeError(
                f"{self.label} needs a number of channels that its {self.groups} groups divide. "
                f"Received shape {(None, *sizes)}. Pass groups={', '.join(divisors)} or -1."
            )
        return sizes

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {**super().get_config(), "groups": self.groups, "axis": self.axis}
