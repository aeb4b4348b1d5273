"""Losses of overlap, for maps that say of every place whether it belongs to an object."""

from __future__ import annotations

from convlet import validation
from convlet.losses import functions
from convlet.losses.function_loss import FunctionLoss
from convlet.losses.functions.overlap import Axes


class Dice(FunctionLoss):
    """1 minus twice the overlap's share of targets and predictions (Dice, 1945).

    `1 - 2 * sum(y_true * y_pred) / (sum(y_true) + sum(y_pred))`; see `losses.dice`.

    Args:
        reduction: How the values of a batch become one; see `Loss`.
        name: A name for the loss.
        axis: The axes that are summed, the batch included: None for all of them.
        dtype: Only "float32".

    Example:
        >>> loss = Dice()
        >>> round(float(loss([[1.0, 1.0, 0.0]], [[1.0, 0.0, 0.0]])), 4)
        0.3333
    """

    axis: Axes

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "dice",
        axis: Axes = None,
        dtype: str | None = None,
    ) -> None:
        super().__init__(functions.dice, reduction, name, dtype, axis=_axes(axis))


class Tversky(FunctionLoss):
    """1 minus the overlap's share, where misses and additions may weigh differently.

    See `losses.tversky` (Salehi et al., 2017, https://arxiv.org/abs/1706.05721).

    Args:
        alpha: The weight of what is missed.
        beta: The weight of what is added.
        reduction: How the values of a batch become one; see `Loss`.
        name: A name for the loss.
        axis: The axes that are summed, the batch included: None for all of them.
        dtype: Only "float32".

    Raises:
        ArgumentError: A weight is not a number of at least 0.

    Example:
        >>> loss = Tversky(alpha=1.0)
        >>> round(float(loss([[1.0, 1.0, 0.0]], [[1.0, 0.0, 0.0]])), 4)
        0.5
    """

    alpha: float
    beta: float
    axis: Axes

    def __init__(
        self,
        alpha: float = 0.5,
        beta: float = 0.5,
        reduction: str | None = "sum_over_batch_size",
        name: str = "tversky",
        axis: Axes = None,
        dtype: str | None = None,
    ) -> None:
        owner = type(self).__name__
        super().__init__(
            functions.tversky,
            reduction,
            name,
            dtype,
            alpha=validation.number(owner, "alpha", alpha, minimum=0),
            beta=validation.number(owner, "beta", beta, minimum=0),
            axis=_axes(axis),
        )


def _axes(axis: Axes | list[int]) -> Axes:
    """As NumPy takes them; a file holds a list."""
    return tuple(axis) if isinstance(axis, list) else axis
