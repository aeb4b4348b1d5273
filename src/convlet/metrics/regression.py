"""The losses of quantities as metrics: their mean over all samples."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet import validation
from convlet.losses import functions
from convlet.losses.functions.arrays import pair
from convlet.metrics.base import Mean, MeanMetricWrapper


class MeanSquaredError(MeanMetricWrapper):
    """The mean squared difference of targets and predictions.

    Args:
        name: A name: the key in the history.
        dtype: Only "float32".

    Example:
        >>> metric = MeanSquaredError()
        >>> metric([[0, 1], [0, 0]], [[1, 1], [0, 0]])
        0.25
    """

    def __init__(self, name: str = "mean_squared_error", dtype: str | None = None) -> None:
        super().__init__(functions.mean_squared_error, name, dtype)


class RootMeanSquaredError(Mean):
    """The square root of the mean squared difference of targets and predictions.

    Args:
        name: A name: the key in the history.
        dtype: Only "float32".

    Example:
        >>> metric = RootMeanSquaredError()
        >>> metric([[0, 1], [0, 0]], [[1, 1], [0, 0]])
        0.5
    """

    direction = "down"

    def __init__(self, name: str = "root_mean_squared_error", dtype: str | None = None) -> None:
        super().__init__(name, dtype)

    def update_state(  # type: ignore[override]  # a mean takes values, this takes what makes them
        self, y_true: ArrayLike, y_pred: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> None:
        """Takes a batch in."""
        target, predicted = pair(y_true, y_pred)
        super().update_state(np.square(predicted - target), sample_weight)

    def result(self) -> float:
        """Returns the root of the mean of everything taken in, 0.0 if there was nothing."""
        return float(np.sqrt(super().result()))


class MeanAbsoluteError(MeanMetricWrapper):
    """The mean absolute difference of targets and predictions.

    Args:
        name: A name: the key in the history.
        dtype: Only "float32".

    Example:
        >>> metric = MeanAbsoluteError()
        >>> metric([[0, 1], [0, 0]], [[1, 1], [0, 0]])
        0.25
    """

    def __init__(self, name: str = "mean_absolute_error", dtype: str | None = None) -> None:
        super().__init__(functions.mean_absolute_error, name, dtype)


class MeanAbsolutePercentageError(MeanMetricWrapper):
    """The mean absolute difference in percent of the target.

    Args:
        name: A name: the key in the history.
        dtype: Only "float32".

    Example:
        >>> metric = MeanAbsolutePercentageError()
        >>> metric([[2, 1], [1, 1]], [[1, 1], [1, 1]])
        12.5
    """

    def __init__(
        self, name: str = "mean_absolute_percentage_error", dtype: str | None = None
    ) -> None:
        super().__init__(functions.mean_absolute_percentage_error, name, dtype)


class MeanSquaredLogarithmicError(MeanMetricWrapper):
    """The mean of `(log(y_true + 1) - log(y_pred + 1)) ** 2`.

    Args:
        name: A name: the key in the history.
        dtype: Only "float32".

    Example:
        >>> metric = MeanSquaredLogarithmicError()
        >>> round(metric([[0, 1]], [[0, 3]]), 4)
        0.2402
    """

    def __init__(
        self, name: str = "mean_squared_logarithmic_error", dtype: str | None = None
    ) -> None:
        super().__init__(functions.mean_squared_logarithmic_error, name, dtype)


class LogCoshError(MeanMetricWrapper):
    """The mean of `log(cosh(y_pred - y_true))`.

    Args:
        name: A name: the key in the history.
        dtype: Only "float32".

    Example:
        >>> metric = LogCoshError()
        >>> round(metric([[0, 1]], [[1, 1]]), 4)
        0.2169
    """

    def __init__(self, name: str = "logcosh", dtype: str | None = None) -> None:
        super().__init__(functions.log_cosh, name, dtype)


def _cosine(y_true: ArrayLike, y_pred: ArrayLike, axis: int) -> NDArray[Any]:
    """The cosine itself, where the loss is minus the cosine."""
    return -functions.cosine_similarity(y_true, y_pred, axis)


class CosineSimilarity(MeanMetricWrapper):
    """The mean cosine of the angle between targets and predictions: 1 where they point one way.

    Args:
        name: A name: the key in the history.
        dtype: Only "float32".
        axis: The axis of the vectors.

    Example:
        >>> metric = CosineSimilarity()
        >>> round(metric([[0.0, 1.0], [1.0, 1.0]], [[0.0, 2.0], [1.0, 0.0]]), 4)
        0.8536
    """

    direction = "up"

    def __init__(
        self, name: str = "cosine_similarity", dtype: str | None = None, axis: int = -1
    ) -> None:
        axis = validation.integer("CosineSimilarity", "axis", axis, minimum=None)
        super().__init__(_cosine, name, dtype, axis=axis)
