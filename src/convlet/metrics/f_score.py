"""F scores: precision and recall in one number."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet import validation
from convlet.errors import ShapeError
from convlet.losses.functions.arrays import EPSILON
from convlet.metrics.base import Metric

_AVERAGES = ["micro", "macro", "weighted"]


class FBetaScore(Metric):
    """`(1 + beta ** 2) * precision * recall / (beta ** 2 * precision + recall)`, for each class.

    Args:
        average: "macro" takes the mean over the classes, "weighted" weighs each by how often it
            occurs, "micro" counts all classes together, None gives an array of all.
        beta: How much more recall counts than precision.
        threshold: Predictions above it are a yes; None for the largest of each sample.
        name: A name: the key in the history.
        dtype: Only "float32".

    Raises:
        ArgumentError: A number is out of its range.
        UnknownNameError: There is no such average.

    Example:
        >>> metric = FBetaScore(beta=2.0, threshold=0.5)
        >>> y_true = np.array([[1, 1, 1], [1, 0, 0], [1, 1, 0]])
        >>> metric(y_true, [[0.2, 0.6, 0.7], [0.2, 0.6, 0.6], [0.6, 0.8, 0.0]]).round(4).tolist()
        [0.3846, 0.9091, 0.8333]
    """

    direction = "up"

    def __init__(
        self,
        average: str | None = None,
        beta: float = 1.0,
        threshold: float | None = None,
        name: str = "fbeta_score",
        dtype: str | None = None,
    ) -> None:
        super().__init__(dtype, name)
        owner = type(self).__name__
        if average is not None:
            validation.one_of(owner, "average", average, _AVERAGES)
        self.average = average
        self.beta = validation.number(owner, "beta", beta, above=0)
        self.threshold = threshold
        if threshold is not None:
            validation.number(owner, "threshold", threshold, above=0, maximum=1)

    def _build(self, classes: int) -> None:
        shape = () if self.average == "micro" else (classes,)
        self.true_positives = self.add_variable(shape, name="true_positives")
        self.false_positives = self.add_variable(shape, name="false_positives")
        self.false_negatives = self.add_variable(shape, name="false_negatives")
        self.occurrences = self.add_variable(shape, name="intermediate_weights")

    def update_state(
        self, y_true: ArrayLike, y_pred: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> None:
        """Takes a batch in.

        Raises:
            ShapeError: Targets and predictions are not both of shape (samples, classes).
        """
        target, predicted = np.asarray(y_true, np.float64), np.asarray(y_pred)
        if target.ndim != 2 or target.shape != predicted.shape:
            raise ShapeError(
                f"{type(self).__name__} needs targets and predictions of shape (samples, classes). "
                f"Received targets of shape {target.shape} and predictions of shape "
                f"{predicted.shape}."
            )
        if not self.variables:
            self._build(target.shape[1])
        yes = self._is_yes(predicted)
        weight = np.asarray(1.0 if sample_weight is None else sample_weight, np.float64)
        weight = weight.reshape(-1, 1)
        axis = None if self.average == "micro" else 0
        self.true_positives.assign_add((weight * yes * target).sum(axis))
        self.false_positives.assign_add((weight * yes * (1 - target)).sum(axis))
        self.false_negatives.assign_add((weight * ~yes * target).sum(axis))
        self.occurrences.assign_add((weight * target).sum(axis))

    def _is_yes(self, predicted: NDArray[Any]) -> NDArray[np.bool_]:
        if self.threshold is not None:
            return np.asarray(predicted > self.threshold)
        largest = predicted >= predicted.max(axis=-1, keepdims=True)
        return np.asarray(largest & (np.abs(predicted) > 1e-9))

    def result(self) -> Any:
        """Returns the score, without an average an array of one for each class."""
        if not self.variables:
            return 0.0
        right = self.true_positives.value
        precision = right / (right + self.false_positives + EPSILON)
        recall = right / (right + self.false_negatives + EPSILON)
        scores = precision * recall / (self.beta**2 * precision + recall + EPSILON)
        scores = scores * (1 + self.beta**2)
        if self.average is None:
            return scores
        if self.average == "weighted":
            scores = scores * self.occurrences / (self.occurrences.value.sum() + EPSILON)
            return float(scores.sum())
        return float(scores.mean())

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments."""
        return {
            **super().get_config(),
            "average": self.average,
            "beta": self.beta,
            "threshold": self.threshold,
        }


class F1Score(FBetaScore):
    """`2 * precision * recall / (precision + recall)`, for each class.

    Args:
        average: "macro" takes the mean over the classes, "weighted" weighs each by how often it
            occurs, "micro" counts all classes together, None gives an array of all.
        threshold: Predictions above it are a yes; None for the largest of each sample.
        name: A name: the key in the history.
        dtype: Only "float32".

    Raises:
        ArgumentError: `threshold` is not above 0 and at most 1.
        UnknownNameError: There is no such average.

    Example:
        >>> metric = F1Score(average="macro", threshold=0.5)
        >>> y_true = np.array([[1, 1, 1], [1, 0, 0], [1, 1, 0]])
        >>> round(metric(y_true, [[0.2, 0.6, 0.7], [0.2, 0.6, 0.6], [0.6, 0.8, 0.0]]), 4)
        0.6556
    """

    def __init__(
        self,
        average: str | None = None,
        threshold: float | None = None,
        name: str = "f1_score",
        dtype: str | None = None,
    ) -> None:
        super().__init__(average, 1.0, threshold, name, dtype)

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments."""
        config = super().get_config()
        del config["beta"]
        return config
