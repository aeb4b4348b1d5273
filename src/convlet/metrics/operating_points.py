"""The best of one share where another is large enough."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlet import validation
from convlet.metrics.confusion import ConfusionMetric


class _Best(ConfusionMetric):
    """The largest value of one share over all thresholds at which another is large enough."""

    direction = "up"

    def __init__(
        self,
        argument: str,
        least: float,
        num_thresholds: int,
        class_id: int | None,
        name: str | None,
        dtype: str | None,
    ) -> None:
        owner = type(self).__name__
        self._least = validation.number(owner, argument, least, minimum=0, maximum=1)
        self._argument = argument
        vars(self)[argument] = self._least
        self.num_thresholds = validation.integer(owner, "num_thresholds", num_thresholds)
        thresholds = [0.5] if num_thresholds == 1 else np.linspace(0, 1, num_thresholds).tolist()
        super().__init__(thresholds, name, dtype, class_id=class_id)

    def _best(self, shares: NDArray[np.float64], where: NDArray[np.float64]) -> float:
        return float(np.max(shares, where=where >= self._least, initial=0.0))

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments."""
        return {
            **super().get_config(),
            "num_thresholds": self.num_thresholds,
            self._argument: self._least,
            "class_id": self.class_id,
        }


class SensitivityAtSpecificity(_Best):
    """The largest sensitivity (recall) at a specificity of at least `specificity`.

    Args:
        specificity: How large the other has to be, from 0 to 1.
        num_thresholds: How many thresholds from 0 to 1 are tried.
        class_id: The only column that is looked at; None for all.
        name: A name: the key in the history.
        dtype: Only "float32".

    Raises:
        ArgumentError: An argument is out of its range.

    Example:
        >>> metric = SensitivityAtSpecificity(0.75)
        >>> round(metric([0, 0, 1, 1], [0.1, 0.5, 0.3, 0.9]), 4)
        0.5
    """

    def __init__(
        self,
        specificity: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: str | None = None,
    ) -> None:
        super().__init__("specificity", specificity, num_thresholds, class_id, name, dtype)

    def result(self) -> float:
        """Returns the largest share; 0.0 where the other is never large enough."""
        return self._best(self._recalls, where=self._specificities)


class SpecificityAtSensitivity(_Best):
    """The largest specificity at a sensitivity (recall) of at least `sensitivity`.

    Args:
        sensitivity: How large the other has to be, from 0 to 1.
        num_thresholds: How many thresholds from 0 to 1 are tried.
        class_id: The only column that is looked at; None for all.
        name: A name: the key in the history.
        dtype: Only "float32".

    Raises:
        ArgumentError: An argument is out of its range.

    Example:
        >>> metric = SpecificityAtSensitivity(0.75)
        >>> round(metric([0, 0, 1, 1], [0.1, 0.5, 0.3, 0.9]), 4)
        0.5
    """

    def __init__(
        self,
        sensitivity: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: str | None = None,
    ) -> None:
        super().__init__("sensitivity", sensitivity, num_thresholds, class_id, name, dtype)

    def result(self) -> float:
        """Returns the largest share; 0.0 where the other is never large enough."""
        return self._best(self._specificities, where=self._recalls)


class PrecisionAtRecall(_Best):
    """The largest precision at a recall of at least `recall`.

    Args:
        recall: How large the other has to be, from 0 to 1.
        num_thresholds: How many thresholds from 0 to 1 are tried.
        class_id: The only column that is looked at; None for all.
        name: A name: the key in the history.
        dtype: Only "float32".

    Raises:
        ArgumentError: An argument is out of its range.

    Example:
        >>> metric = PrecisionAtRecall(0.8)
        >>> round(metric([0, 0, 1, 1], [0.1, 0.5, 0.3, 0.9]), 4)
        0.6667
    """

    def __init__(
        self,
        recall: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: str | None = None,
    ) -> None:
        super().__init__("recall", recall, num_thresholds, class_id, name, dtype)

    def result(self) -> float:
        """Returns the largest share; 0.0 where the other is never large enough."""
        return self._best(self._precisions, where=self._recalls)


class RecallAtPrecision(_Best):
    """The largest recall at a precision of at least `precision`.

    Args:
        precision: How large the other has to be, from 0 to 1.
        num_thresholds: How many thresholds from 0 to 1 are tried.
        class_id: The only column that is looked at; None for all.
        name: A name: the key in the history.
        dtype: Only "float32".

    Raises:
        ArgumentError: An argument is out of its range.

    Example:
        >>> metric = RecallAtPrecision(0.6)
        >>> round(metric([0, 0, 1, 1], [0.1, 0.5, 0.3, 0.9]), 4)
        1.0
    """

    def __init__(
        self,
        precision: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: str | None = None,
    ) -> None:
        super().__init__("precision", precision, num_thresholds, class_id, name, dtype)

    def result(self) -> float:
        """Returns the largest share; 0.0 where the other is never large enough."""
        return self._best(self._recalls, where=self._precisions)
