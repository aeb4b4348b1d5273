"""How far predictions go with their targets."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet import validation
from convlet.losses.functions.arrays import EPSILON, pair
from convlet.metrics.base import MeanMetricWrapper


def _deviations(values: NDArray[Any], axis: int) -> NDArray[Any]:
    return np.asarray(values - values.mean(axis=axis, keepdims=True))


def pearson_correlation(y_true: ArrayLike, y_pred: ArrayLike, axis: int = -1) -> NDArray[Any]:
    """Pearson's coefficient: 1 where predictions are a line that rises with the targets.

    The mean of `y_true * y_pred` along `axis`, both less their mean and over their standard
    deviation; NaN where one of them is constant.

    Args:
        y_true: Targets.
        y_pred: What the model predicts, in the same shape.
        axis: The axis of what is compared.

    Example:
        >>> pearson_correlation([[1.0, 2.0, 3.0]], [[2.0, 4.0, 6.0]]).round(4).tolist()
        [1.0]
    """
    target, predicted = (_deviations(values, axis) for values in pair(y_true, y_pred))
    with np.errstate(invalid="ignore", divide="ignore"):
        target = target / target.std(axis=axis, keepdims=True)
        predicted = predicted / predicted.std(axis=axis, keepdims=True)
    return np.asarray((target * predicted).mean(axis=axis))


def concordance_correlation(y_true: ArrayLike, y_pred: ArrayLike, axis: int = -1) -> NDArray[Any]:
    """Lin's coefficient (1989): 1 only where predictions equal the targets.

    `2 * covariance / (variance_true + variance_pred + (mean_true - mean_pred) ** 2 + 1e-7)`, along
    `axis`.

    Args:
        y_true: Targets.
        y_pred: What the model predicts, in the same shape.
        axis: The axis of what is compared.

    Example:
        >>> concordance_correlation([[1.0, 2.0, 3.0]], [[2.0, 3.0, 4.0]]).round(4).tolist()
        [0.5714]
    """
    target, predicted = pair(y_true, y_pred)
    apart = np.square(target.mean(axis=axis) - predicted.mean(axis=axis))
    target, predicted = _deviations(target, axis), _deviations(predicted, axis)
    spread = np.square(target).mean(axis=axis) + np.square(predicted).mean(axis=axis) + apart
    return np.asarray(2 * (target * predicted).mean(axis=axis) / (spread + EPSILON))


class PearsonCorrelation(MeanMetricWrapper):
    """Pearson's coefficient of each sample's outputs and targets: the mean over all samples.

    Args:
        name: A name: the key in the history.
        dtype: Only "float32".
        axis: The axis of what is compared: 0 for the samples of a batch, output by output.

    Example:
        >>> metric = PearsonCorrelation(axis=-1)
        >>> y_true = [[0, 1, 0.5], [1, 1, 0.2]]
        >>> round(metric(y_true, [[0.1, 0.9, 0.5], [1, 0.9, 0.2]]), 4)
        0.9967
    """

    direction = "up"

    def __init__(
        self, name: str = "pearson_correlation", dtype: str | None = None, axis: int = -1
    ) -> None:
        self.axis = validation.integer("PearsonCorrelation", "axis", axis, minimum=None)
        super().__init__(pearson_correlation, name, dtype, axis=self.axis)


class ConcordanceCorrelation(MeanMetricWrapper):
    """Lin's coefficient of each sample's outputs and targets: the mean over all samples.

    Args:
        name: A name: the key in the history.
        dtype: Only "float32".
        axis: The axis of what is compared: 0 for the samples of a batch, output by output.

    Example:
        >>> metric = ConcordanceCorrelation(axis=-1)
        >>> y_true = [[0, 1, 0.5], [1, 1, 0.2]]
        >>> round(metric(y_true, [[0.1, 0.9, 0.5], [1, 0.9, 0.2]]), 4)
        0.9816
    """

    direction = "up"

    def __init__(
        self, name: str = "concordance_correlation", dtype: str | None = None, axis: int = -1
    ) -> None:
        self.axis = validation.integer("ConcordanceCorrelation", "axis", axis, minimum=None)
        super().__init__(concordance_correlation, name, dtype, axis=self.axis)
