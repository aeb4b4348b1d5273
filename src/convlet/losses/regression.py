"""Losses for targets that are quantities."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike, NDArray

from convlet.losses import functions
from convlet.losses.base import Loss


class MeanSquaredError(Loss):
    """The mean of `(y_true - y_pred) ** 2` over the outputs.

    Args:
        reduction: How the values of a batch become one; see `Loss`.
        name: A name for the loss.
        dtype: Only "float32".

    Example:
        >>> loss = MeanSquaredError()
        >>> float(loss([[0.0, 1.0], [0.0, 0.0]], [[1.0, 1.0], [1.0, 0.0]]))
        0.5
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "mean_squared_error",
        dtype: str | None = None,
    ) -> None:
        super().__init__(name, reduction, dtype)

    def call(self, y_true: ArrayLike, y_pred: ArrayLike) -> NDArray[Any]:
        """Returns one value for each sample."""
        return functions.mean_squared_error(y_true, y_pred)
