"""Batch normalization."""

from __future__ import annotations

from typing import Any

from convlet import initializers, validation
from convlet.layers.affine import AffineLayer
from convlet.layers.base import WeightDeclaration
from convlet.layers.shapes import last_axis
from convlet.variable import Variable


class BatchNormalization(AffineLayer):
    """Brings each channel to mean `beta` and standard deviation `gamma` over the batch.

    While training `outputs = gamma * (inputs - mean) / sqrt(variance + epsilon) + beta`, with the
    mean and the (biased) variance of each channel over all images of the batch and all positions;
    and `moving_mean = momentum * moving_mean + (1 - momentum) * mean`, likewise
    `moving_variance`. Otherwise, and where `trainable` is False, the moving statistics take the
    place of the batch's. The last axis is the channels'.

    The moving statistics remember their start for about `1 / (1 - momentum)` steps. Where training
    takes fewer, lower `momentum`, or pass `convlet.callbacks.ExactBatchStatistics` to `fit`.

    Args:
        axis: The last axis: -1, or its number.
        momentum: The share of the moving statistics that a step leaves as it was.
        epsilon: Added to the variance, so that nothing is divided by zero.
        center: Whether there is a `beta`; else it is 0.
        scale: Whether there is a `gamma`; else it is 1.
        beta_initializer: What `beta` starts with.
        gamma_initializer: What `gamma` starts with.
        moving_mean_initializer: What `moving_mean` starts with.
        moving_variance_initializer: What `moving_variance` starts with.
        beta_regularizer: A penalty on `beta` that counts in the loss: a name such as `"l2"`, or one
            of `convlet.regularizers`.
        gamma_regularizer: The same for `gamma`.
        beta_constraint: What bounds `beta` after each step: a name such as `"non_neg"`, or one of
            `convlet.constraints`.
        gamma_constraint: The same for `gamma`.
        renorm: Only False.
        renorm_clipping: Only None.
        renorm_momentum: Without effect, as `renorm` is False.
        synchronized: Only False.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        Any with at least one axis besides the batch.

    Output shape:
        The input's.

    Parameters:
        4 for each channel, of which training changes 2: `gamma` and `beta`.

    Raises:
        ArgumentError: Where an argument is out of its range.
        UnsupportedError: For an axis that is not the last, once the input's shape is known.

    Example:
        >>> layer = BatchNormalization()
        >>> layer.build((None, 32, 32, 16))
        >>> [weight.name for weight in layer.weights]
        ['gamma', 'beta', 'moving_mean', 'moving_variance']

    References:
        Ioffe and Szegedy, 2015: Batch normalization: accelerating deep network training by reducing
        internal covariate shift.
    """

    def __init__(
        self,
        axis: int = -1,
        momentum: float = 0.99,
        epsilon: float = 0.001,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        moving_mean_initializer: Any = "zeros",
        moving_variance_initializer: Any = "ones",
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
        renorm: bool = False,
        renorm_clipping: None = None,
        renorm_momentum: float = 0.99,
        synchronized: bool = False,
        **kwargs: Any,
    ) -> None:
        owner = type(self).__name__
        self.axis = validation.integer(owner, "axis", axis, minimum=None)
        self.momentum = validation.number(owner, "momentum", momentum, minimum=0, maximum=1)
        self.moving_mean_initializer = initializers.get(moving_mean_initializer, owner=owner)
        self.moving_variance_initializer = initializers.get(
            moving_variance_initializer, owner=owner
        )
        validation.unsupported(owner, "renorm", renorm, only=False)
        validation.unsupported(owner, "renorm_clipping", renorm_clipping, only=None)
        self.renorm_momentum = validation.number(owner, "renorm_momentum", renorm_momentum)
        validation.unsupported(owner, "synchronized", synchronized, only=False)
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
        return sizes

    def declare_weights(self, sizes: tuple[int, ...]) -> list[WeightDeclaration]:
        """Gamma and beta, where they are wanted, and the moving statistics."""
        shape = self.parameter_shape(sizes)
        mean, variance = self.moving_mean_initializer, self.moving_variance_initializer
        return [
            *super().declare_weights(sizes),
            WeightDeclaration("moving_mean", shape, mean, trainable=False),
            WeightDeclaration("moving_variance", shape, variance, trainable=False),
        ]

    @property
    def moving_mean(self) -> Variable:
        """The mean that stands in for the batch's outside of training."""
        return self._weight("moving_mean")

    @property
    def moving_variance(self) -> Variable:
        """The variance that stands in for the batch's outside of training."""
        return self._weight("moving_variance")

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {
            **super().get_config(),
            "axis": self.axis,
            "momentum": self.momentum,
            "moving_mean_initializer": initializers.serialize(self.moving_mean_initializer),
            "moving_variance_initializer": initializers.serialize(self.moving_variance_initializer),
            "renorm": False,
            "renorm_clipping": None,
            "renorm_momentum": self.renorm_momentum,
            "synchronized": False,
        }
