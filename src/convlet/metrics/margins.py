"""The losses of margins as metrics: their mean over all samples."""

from __future__ import annotations

from convlet.losses import functions
from convlet.metrics.base import MeanMetricWrapper


class Hinge(MeanMetricWrapper):
    """The mean of `max(1 - y_true * y_pred, 0)`, for targets -1 and 1, or 0 and 1.

    Args:
        name: A name: the key in the history.
        dtype: Only "float32".

    Example:
        >>> metric = Hinge()
        >>> metric([[0, 1]], [[-2.0, 0.5]])
        0.25
    """

    def __init__(self, name: str = "hinge", dtype: str | None = None) -> None:
        super().__init__(functions.hinge, name, dtype)


class SquaredHinge(MeanMetricWrapper):
    """The mean of `max(1 - y_true * y_pred, 0) ** 2`, for targets -1 and 1, or 0 and 1.

    Args:
        name: A name: the key in the history.
        dtype: Only "float32".

    Example:
        >>> metric = SquaredHinge()
        >>> metric([[0, 1]], [[-2.0, 0.5]])
        0.125
    """

    def __init__(self, name: str = "squared_hinge", dtype: str | None = None) -> None:
        super().__init__(functions.squared_hinge, name, dtype)


class CategoricalHinge(MeanMetricWrapper):
    """How much the own class lacks of a lead of 1, for one-hot targets: the mean.

    Args:
        name: A name: the key in the history.
        dtype: Only "float32".

    Example:
        >>> metric = CategoricalHinge()
        >>> metric([[0, 1, 0]], [[0.5, 0.75, 0.0]])
        0.75
    """

    def __init__(self, name: str = "categorical_hinge", dtype: str | None = None) -> None:
        super().__init__(functions.categorical_hinge, name, dtype)
