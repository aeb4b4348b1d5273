"""What every loss is, and how its values become one number and one gradient."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet import validation
from convlet.errors import UnsupportedError
from convlet.losses import targets

REDUCTIONS = ["sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "none"]


class Loss:
    """How far predictions are from their targets.

    A loss of your own is a subclass that defines `call`, and `gradient` to be trained with.

    Args:
        name: A name for the loss.
        reduction: How the values of a batch become one: "sum_over_batch_size" and "mean" divide
            their weighted sum by their number, "sum" does not divide, "mean_with_sample_weight"
            divides by the sum of the weights, "none" or None keeps them all.
        dtype: Only "float32".

    Raises:
        UnknownNameError: There is no such reduction.

    Example:
        >>> class FourthPower(Loss):
        ...     def call(self, y_true, y_pred):
        ...         return ((y_pred - y_true) ** 4).sum(axis=-1)
        ...
        ...     def gradient(self, y_true, y_pred):
        ...         return 4 * (y_pred - y_true) ** 3
        >>> loss, gradient = FourthPower().value_and_gradient(np.zeros((2, 1)), np.ones((2, 1)))
        >>> loss, gradient.tolist()
        (1.0, [[2.0], [2.0]])
    """

    def __init__(
        self,
        name: str | None = None,
        reduction: str | None = "sum_over_batch_size",
        dtype: str | None = None,
    ) -> None:
        owner = type(self).__name__
        validation.unsupported(owner, "dtype", dtype or "float32", only="float32")
        self.name = name or owner
        self.reduction = reduction
        if reduction is not None:
            validation.one_of(owner, "reduction", reduction, REDUCTIONS)

    def call(self, y_true: ArrayLike, y_pred: ArrayLike) -> NDArray[Any]:
        """Returns one value for each sample."""
        raise NotImplementedError(f"{type(self).__name__} needs to define call(y_true, y_pred).")

    def gradient(self, y_true: ArrayLike, y_pred: ArrayLike) -> NDArray[Any]:
        """Returns the gradient of the sum of the values with respect to `y_pred`, in its shape.

        Raises:
            UnsupportedError: The loss has none: it can be evaluated, but not trained with.
        """
        raise UnsupportedError(self.missing_gradient("value_and_gradient"))

    @property
    def differentiable(self) -> bool:
        """Whether there is a gradient, so that a model can be trained with the loss."""
        return type(self).gradient is not Loss.gradient

    def missing_gradient(self, owner: str) -> str:
        """What `owner` says where it needs a gradient and the loss has none."""
        return (
            f"{owner} needs a loss with a gradient. Received {type(self).__name__}, which defines "
            "only call. Define gradient(y_true, y_pred) beside it: the gradient of the sum of "
            "call's values with respect to y_pred."
        )

    def mask(self, y_true: ArrayLike, values: NDArray[Any]) -> NDArray[np.bool_] | None:
        """Returns which of the values of `call` count; None where all do."""
        return None

    def prepare(self, y: ArrayLike, output_shape: tuple[int, ...]) -> NDArray[Any]:
        """Checks targets against the model's output and returns them as the engine reads them.

        Args:
            y: The targets of all samples.
            output_shape: The shape of one prediction, without the batch axis.

        Returns:
            The targets in C order: float32, or int32 labels.

        Raises:
            ArgumentError: A target is not a number, is NaN or is out of its range.
            ShapeError: The targets do not have the shape of the predictions.
        """
        return targets.finite_numbers(type(self).__name__, y, output_shape)

    def __call__(
        self, y_true: ArrayLike, y_pred: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> Any:
        """Returns the reduced loss of a batch."""
        y_true, y_pred = np.asarray(y_true), np.asarray(y_pred)
        values = np.asarray(self.call(y_true, y_pred))
        weight, divisor = self._weighting(values, y_true, sample_weight)
        if weight is not None:
            values = values * weight
        if self.reduction in (None, "none"):
            return values
        total = values.sum()
        return total / values.dtype.type(divisor) if divisor else total

    def value_and_gradient(
        self, y_true: ArrayLike, y_pred: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> tuple[float, NDArray[np.float32]]:
        """Returns the reduced loss of a batch, and its gradient with respect to `y_pred`.

        Args:
            y_true: Targets, as `prepare` returned them.
            y_pred: What the model predicts.
            sample_weight: A weight for each sample, or for each value of `call`.

        Raises:
            UnsupportedError: The loss has no gradient, or no reduction.
        """
        if self.reduction in (None, "none"):
            raise UnsupportedError(
                f"{type(self).__name__} needs a reduction to one number to be trained with. "
                f"Received reduction={self.reduction!r}. Use 'sum_over_batch_size'."
            )
        y_true, y_pred = np.asarray(y_true), np.asarray(y_pred)
        values = np.asarray(self.call(y_true, y_pred))
        weight, divisor = self._weighting(values, y_true, sample_weight)
        weight = np.ones((), values.dtype) if weight is None else weight
        weight = np.broadcast_to(weight, np.broadcast_shapes(weight.shape, values.shape))
        scale = weight / values.dtype.type(divisor) if divisor else weight
        gradient = self.weighted_gradient(y_true, y_pred, scale)
        return float((values * scale).sum()), np.ascontiguousarray(gradient, np.float32)

    def weighted_gradient(
        self, y_true: ArrayLike, y_pred: ArrayLike, weight: NDArray[Any]
    ) -> NDArray[Any]:
        """Returns the gradient of the weighted sum of the values, with a weight for each value.

        To be overridden where the value of one sample depends on the predictions for others.
        """
        gradient = self.gradient(y_true, y_pred)
        return np.asarray(gradient * _with_axes(weight, gradient.ndim))

    def _weighting(
        self, values: NDArray[Any], y_true: ArrayLike, sample_weight: ArrayLike | None
    ) -> tuple[NDArray[Any] | None, Any]:
        """A weight for each value, None for 1 each, and what the weighted sum is divided by."""
        weight = None if sample_weight is None else np.asarray(sample_weight, values.dtype)
        if weight is not None:
            if weight.ndim == values.ndim + 1 and weight.shape[-1] == 1:
                weight = weight[..., 0]
            weight = _with_axes(weight, values.ndim)
        counts = self.mask(y_true, values)
        if counts is not None:
            weight = counts.astype(values.dtype) if weight is None else weight * counts
        if self.reduction == "sum":
            return weight, 1
        if self.reduction == "mean_with_sample_weight" and weight is not None:
            return weight, weight.sum()
        if counts is not None:
            return weight, counts.sum()
        return weight, np.broadcast(values, 1 if weight is None else weight).size

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments."""
        return {"name": self.name, "reduction": self.reduction}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Makes a loss from what `get_config` returned."""
        return cls(**config)


def _with_axes(weight: NDArray[Any], ndim: int) -> NDArray[Any]:
    """With axes of length 1 at the end, so that it has at least `ndim`."""
    return weight.reshape(weight.shape + (1,) * (ndim - weight.ndim))
