"""How much of the targets' spread predictions explain."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from convlet import validation
from convlet.errors import DataWarning, ShapeError
from convlet.losses.functions.arrays import same_rank
from convlet.metrics.base import Metric

_AGGREGATIONS = ["uniform_average", "variance_weighted_average"]


class R2Score(Metric):
    """The coefficient of determination: `1 - sum(error ** 2) / sum((y_true - mean(y_true)) ** 2)`.

    1.0 for perfect predictions, 0.0 for those that always say the mean; one for each output.

    Args:
        class_aggregation: "uniform_average" takes the mean over the outputs,
            "variance_weighted_average" weighs each by its targets' variance, None gives an array.
        num_regressors: How many quantities predictions are made from; with it the score is
            adjusted: `1 - (1 - score) * (n - 1) / (n - num_regressors - 1)` for `n` targets.
        name: A name: the key in the history.
        dtype: Only "float32".

    Raises:
        UnknownNameError: There is no such aggregation.
        ArgumentError: `num_regressors` is not an integer of at least 0.

    Example:
        >>> metric = R2Score()
        >>> round(metric([[1], [4], [3]], [[2], [4], [4]]), 4)
        0.5714
    """

    direction = "up"

    def __init__(
        self,
        class_aggregation: str | None = "uniform_average",
        num_regressors: int = 0,
        name: str = "r2_score",
        dtype: str | None = None,
    ) -> None:
        super().__init__(dtype, name)
        if class_aggregation is not None:
            validation.one_of("R2Score", "class_aggregation", class_aggregation, _AGGREGATIONS)
        self.class_aggregation = class_aggregation
        self.num_regressors = validation.integer(
            "R2Score", "num_regressors", num_regressors, minimum=0
        )

    def _build(self, outputs: int) -> None:
        self.num_samples = self.add_variable((), name="num_samples")
        self.squared_sum = self.add_variable((outputs,), name="squared_sum")
        self.sum = self.add_variable((outputs,), name="sum")
        self.total_mse = self.add_variable((outputs,), name="residual")
        self.count = self.add_variable((outputs,), name="count")

    def update_state(
        self, y_true: ArrayLike, y_pred: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> None:
        """Takes a batch in.

        Raises:
            ShapeError: Targets and predictions are not both of shape (samples, outputs).
        """
        target, predicted = same_rank(np.asarray(y_true, np.float64), np.asarray(y_pred))
        if target.ndim != 2 or target.shape != predicted.shape:
            raise ShapeError(
                "R2Score needs targets and predictions of shape (samples, outputs). Received "
                f"targets of shape {target.shape} and predictions of shape {predicted.shape}."
            )
        if not self.variables:
            self._build(target.shape[1])
        weight = np.asarray(1.0 if sample_weight is None else sample_weight, np.float64)
        weight = np.broadcast_to(
            weight[:, np.newaxis] if weight.ndim == 1 else weight, target.shape
        )
        self.sum.assign_add((weight * target).sum(axis=0))
        self.squared_sum.assign_add((weight * target**2).sum(axis=0))
        self.total_mse.assign_add((weight * (target - predicted) ** 2).sum(axis=0))
        self.count.assign_add(weight.sum(axis=0))
        self.num_samples.assign_add(target.size)

    def result(self) -> Any:
        """Returns the score, without an aggregation an array of one for each output."""
        if not self.variables:
            return 0.0
        with np.errstate(invalid="ignore", divide="ignore"):
            total = self.squared_sum - self.sum.value**2 / self.count
            scores = 1 - self.total_mse / total
        scores = np.where(np.isinf(scores), 0.0, scores)
        if self.class_aggregation == "uniform_average":
            scores = scores.mean()
        elif self.class_aggregation == "variance_weighted_average":
            scores = (total * scores).sum() / total.sum()
        scores = self._adjusted(scores)
        return float(scores) if np.ndim(scores) == 0 else scores

    def _adjusted(self, score: Any) -> Any:
        """The score with the number of regressors taken into account, where that can be done."""
        free = float(self.num_samples) - self.num_regressors - 1
        if self.num_regressors == 0:
            return score
        if free <= 0:
            warnings.warn(
                f"R2Score needs more than {self.num_regressors + 1} targets to be adjusted for "
                f"{self.num_regressors} regressors. Received {int(float(self.num_samples))}. "
                "The plain score is returned.",
                DataWarning,
                stacklevel=3,
            )
            return score
        return 1 - (1 - score) * (float(self.num_samples) - 1) / free

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments."""
        return {
            **super().get_config(),
            "class_aggregation": self.class_aggregation,
            "num_regressors": self.num_regressors,
        }
