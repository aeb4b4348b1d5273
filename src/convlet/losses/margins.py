"""Losses of margins: nothing where a prediction is right by at least 1."""

from __future__ import annotations

from convlet.losses import functions
from convlet.losses.function_loss import FunctionLoss


class Hinge(FunctionLoss):
    """The mean of `max(1 - y_true * y_pred, 0)` over the outputs, for targets -1 and 1.

    A batch of only 0 and 1 is read as -1 and 1; see `losses.hinge`.

    Args:
        reduction: How the values of a batch become one; see `Loss`.
        name: A name for the loss.
        dtype: Only "float32".

    Example:
        >>> loss = Hinge()
        >>> float(loss([[0, 1]], [[-2.0, 0.5]]))
        0.25
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "hinge",
        dtype: str | None = None,
    ) -> None:
        super().__init__(functions.hinge, reduction, name, dtype)


class SquaredHinge(FunctionLoss):
    """The mean of `max(1 - y_true * y_pred, 0) ** 2` over the outputs, for targets -1 and 1.

    A batch of only 0 and 1 is read as -1 and 1; see `losses.squared_hinge`.

    Args:
        reduction: How the values of a batch become one; see `Loss`.
        name: A name for the loss.
        dtype: Only "float32".

    Example:
        >>> loss = SquaredHinge()
        >>> float(loss([[0, 1]], [[-2.0, 0.5]]))
        0.125
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "squared_hinge",
        dtype: str | None = None,
    ) -> None:
        super().__init__(functions.squared_hinge, reduction, name, dtype)


class CategoricalHinge(FunctionLoss):
    """How much the own class lacks of a lead of 1, for one-hot targets.

    `max(max((1 - y_true) * y_pred) - sum(y_true * y_pred) + 1, 0)`; see
    `losses.categorical_hinge`.

    Args:
        reduction: How the values of a batch become one; see `Loss`.
        name: A name for the loss.
        dtype: Only "float32".

    Example:
        >>> loss = CategoricalHinge()
        >>> float(loss([[0, 1, 0]], [[0.5, 0.75, 0.0]]))
        0.75
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "categorical_hinge",
        dtype: str | None = None,
    ) -> None:
        super().__init__(functions.categorical_hinge, reduction, name, dtype)
