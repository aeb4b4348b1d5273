"""The four counts as metrics, precision and recall."""

from __future__ import annotations

from typing import Any

import numpy as np

from convlet.metrics.confusion import ConfusionMetric, Thresholds, checked_thresholds


class _Count(ConfusionMetric):
    """One of the four counts."""

    def __init__(
        self, thresholds: Thresholds = None, name: str | None = None, dtype: str | None = None
    ) -> None:
        super().__init__(checked_thresholds(type(self).__name__, thresholds, 0.5), name, dtype)
        self._given = thresholds

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments."""
        return {**super().get_config(), "thresholds": self._given}


class TruePositives(_Count):
    """Targets yes that are predicted yes: their number, or the sum of their weights.

    Args:
        thresholds: Predictions above it are a yes; 0.5 by default. A list gives an array.
        name: A name: the key in the history.
        dtype: Only "float32".

    Raises:
        ArgumentError: A threshold is not from 0 to 1.

    Example:
        >>> metric = TruePositives()
        >>> metric([0, 1, 1, 1], [0.9, 0.1, 0.8, 0.6])
        2.0
    """

    direction = "up"

    def result(self) -> Any:
        """Returns the count, for several thresholds an array of them."""
        return self._one_or_all(self.true_positives)


class FalsePositives(_Count):
    """Targets no that are predicted yes: their number, or the sum of their weights.

    Args:
        thresholds: Predictions above it are a yes; 0.5 by default. A list gives an array.
        name: A name: the key in the history.
        dtype: Only "float32".

    Raises:
        ArgumentError: A threshold is not from 0 to 1.

    Example:
        >>> metric = FalsePositives()
        >>> metric([0, 1, 1, 1], [0.9, 0.1, 0.8, 0.6])
        1.0
    """

    direction = "down"

    def result(self) -> Any:
        """Returns the count, for several thresholds an array of them."""
        return self._one_or_all(self.false_positives)


class TrueNegatives(_Count):
    """Targets no that are predicted no: their number, or the sum of their weights.

    Args:
        thresholds: Predictions above it are a yes; 0.5 by default. A list gives an array.
        name: A name: the key in the history.
        dtype: Only "float32".

    Raises:
        ArgumentError: A threshold is not from 0 to 1.

    Example:
        >>> metric = TrueNegatives()
        >>> metric([0, 1, 1, 1], [0.9, 0.1, 0.8, 0.6])
        0.0
    """

    direction = "up"

    def result(self) -> Any:
        """Returns the count, for several thresholds an array of them."""
        return self._one_or_all(self.true_negatives)


class FalseNegatives(_Count):
    """Targets yes that are predicted no: their number, or the sum of their weights.

    Args:
        thresholds: Predictions above it are a yes; 0.5 by default. A list gives an array.
        name: A name: the key in the history.
        dtype: Only "float32".

    Raises:
        ArgumentError: A threshold is not from 0 to 1.

    Example:
        >>> metric = FalseNegatives()
        >>> metric([0, 1, 1, 1], [0.9, 0.1, 0.8, 0.6])
        1.0
    """

    direction = "down"

    def result(self) -> Any:
        """Returns the count, for several thresholds an array of them."""
        return self._one_or_all(self.false_negatives)


class _Share(ConfusionMetric):
    """The settings that precision and recall share."""

    direction = "up"

    def __init__(
        self,
        thresholds: Thresholds = None,
        top_k: int | None = None,
        class_id: int | None = None,
        name: str | None = None,
        dtype: str | None = None,
    ) -> None:
        default = 0.5 if top_k is None else -np.inf
        checked = checked_thresholds(type(self).__name__, thresholds, default)
        super().__init__(checked, name, dtype, top_k, class_id)
        self._given = thresholds

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments."""
        return {
            **super().get_config(),
            "thresholds": self._given,
            "top_k": self.top_k,
            "class_id": self.class_id,
        }


class Precision(_Share):
    """The share of targets yes among the predictions yes.

    `true_positives / (true_positives + false_positives)`, and 0 where nothing is a yes.

    Args:
        thresholds: Predictions above it are a yes; 0.5 by default, and none with `top_k`. A list
            gives an array.
        top_k: Only a sample's so many largest predictions can be a yes; None for all of them.
        class_id: The only column that is looked at; None for all.
        name: A name: the key in the history.
        dtype: Only "float32".

    Raises:
        ArgumentError: An argument is out of its range.

    Example:
        >>> metric = Precision()
        >>> round(metric([0, 1, 1, 1], [0.9, 0.1, 0.8, 0.6]), 4)
        0.6667
    """

    def result(self) -> Any:
        """Returns the share, for several thresholds an array of them."""
        return self._one_or_all(self._precisions)


class Recall(_Share):
    """The share of predictions yes among the targets yes.

    `true_positives / (true_positives + false_negatives)`, and 0 where no target is a yes.

    Args:
        thresholds: Predictions above it are a yes; 0.5 by default, and none with `top_k`. A list
            gives an array.
        top_k: Only a sample's so many largest predictions can be a yes; None for all of them.
        class_id: The only column that is looked at; None for all.
        name: A name: the key in the history.
        dtype: Only "float32".

    Raises:
        ArgumentError: An argument is out of its range.

    Example:
        >>> metric = Recall()
        >>> round(metric([0, 1, 1, 1], [0.9, 0.1, 0.8, 0.6]), 4)
        0.6667
    """

    def result(self) -> Any:
        """Returns the share, for several thresholds an array of them."""
        return self._one_or_all(self._recalls)
