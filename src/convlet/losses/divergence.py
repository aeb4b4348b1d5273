"""Distances between distributions."""

from __future__ import annotations

from convlet.losses import functions
from convlet.losses.function_loss import FunctionLoss


class KLDivergence(FunctionLoss):
    """How far predicted probabilities are from the true ones (Kullback and Leibler, 1951).

    `sum(y_true * log(y_true / y_pred))` over the outputs; see `losses.kl_divergence`.

    Args:
        reduction: How the values of a batch become one; see `Loss`.
        name: A name for the loss.
        dtype: Only "float32".

    Example:
        >>> loss = KLDivergence()
        >>> round(float(loss([[0.5, 0.5]], [[0.25, 0.75]])), 4)
        0.1438
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "kl_divergence",
        dtype: str | None = None,
    ) -> None:
        super().__init__(functions.kl_divergence, reduction, name, dtype)


class Poisson(FunctionLoss):
    """How unlikely predicted means make counts, over the outputs.

    The mean of `y_pred - y_true * log(y_pred)`; see `losses.poisson`.

    Args:
        reduction: How the values of a batch become one; see `Loss`.
        name: A name for the loss.
        dtype: Only "float32".

    Example:
        >>> loss = Poisson()
        >>> round(float(loss([[0.0, 2.0]], [[1.0, 2.0]])), 4)
        0.8069
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "poisson",
        dtype: str | None = None,
    ) -> None:
        super().__init__(functions.poisson, reduction, name, dtype)
