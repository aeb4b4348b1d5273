"""What every loss is, and how its values become one number."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet import validation
from convlet.losses import targets

REDUCTIONS = ["sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "none"]


class Loss:
    """How far predictions are from their targets.

    Args:
        name: A name for the loss.
        reduction: How the values of a batch become one: "sum_over_batch_size" and "mean" divide
            their weighted sum by their number, "sum" does not divide, "mean_with_sample_weight"
            divides by the sum of the weights, "none" or None keeps them all.
        dtype: Only "float32".

    Raises:
        UnknownNameError: There is no such reduction.
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
        return targets.like_output(type(self).__name__, y, output_shape)

    def __call__(
        self, y_true: ArrayLike, y_pred: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> Any:
        """Returns the reduced loss of a batch."""
        values = self.call(y_true, y_pred)
        weight = None if sample_weight is None else np.asarray(sample_weight, values.dtype)
        if weight is not None:
            if weight.ndim == values.ndim + 1 and weight.shape[-1] == 1:
                weight = weight[..., 0]
            weight = weight.reshape(weight.shape + (1,) * (values.ndim - weight.ndim))
            values = values * weight
        if self.reduction in (None, "none"):
            return values
        total = values.sum()
        if self.reduction == "sum":
            return total
        divisor = values.size
        if self.reduction == "mean_with_sample_weight" and weight is not None:
            divisor = weight.sum()
        return total / values.dtype.type(divisor) if divisor else total

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments."""
        return {"name": self.name, "reduction": self.reduction}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Makes a loss from what `get_config` returned."""
        return cls(**config)
