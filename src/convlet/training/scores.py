"""The figures of an epoch: the loss and the metrics, gathered batch by batch."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlet.callbacks.callback import Logs
from convlet.metrics import Mean, Metric


class Scores:
    """The running loss and metrics of one pass over the data.

    Args:
        metrics: Metrics that do not see the weights of samples.
        weighted_metrics: Metrics that do.

    Attributes:
        loss: The mean of the loss.
        metrics: The mean of the loss, then all metrics.
        names: Their names in the logs, no two the same.
    """

    def __init__(self, metrics: list[Metric], weighted_metrics: list[Metric]) -> None:
        self.loss = Mean("loss")
        self._plain = metrics
        self._weighted = weighted_metrics
        self.metrics: list[Metric] = [self.loss, *metrics, *weighted_metrics]
        self.names = _distinct(
            ["loss", *(metric.name for metric in metrics)],
            [metric.name for metric in weighted_metrics],
        )

    @property
    def need_targets(self) -> bool:
        """Whether there is any metric beside the loss."""
        return len(self.metrics) > 1

    def reset(self) -> None:
        """Forgets everything."""
        for metric in self.metrics:
            metric.reset_state()

    def add_loss(self, loss: float, count: int) -> None:
        """Takes in the mean loss of `count` samples."""
        self.loss.total += loss * count
        self.loss.count += count

    def add_predictions(
        self,
        y_true: NDArray[Any],
        y_pred: NDArray[Any],
        sample_weight: NDArray[Any] | None,
    ) -> None:
        """Lets the metrics see a batch."""
        for metric in self._plain:
            metric.update_state(y_true, y_pred)
        for metric in self._weighted:
            metric.update_state(y_true, y_pred, sample_weight)

    def logs(self) -> Logs:
        """Returns the figures so far by name, the loss first."""
        return {
            name: _plain(metric.result())
            for name, metric in zip(self.names, self.metrics, strict=True)
        }


def _plain(figure: Any) -> Any:
    """A metric's figure as a float; several of them as a list."""
    return float(figure) if np.ndim(figure) == 0 else np.asarray(figure).tolist()


def _distinct(names: list[str], weighted_names: list[str]) -> list[str]:
    """Mark the names that occur again: `accuracy_1`, or `weighted_accuracy`."""
    distinct: list[str] = []
    for name in names:
        distinct.append(_numbered(name, distinct))
    for name in weighted_names:
        name = f"weighted_{name}" if name in distinct else name
        distinct.append(_numbered(name, distinct))
    return distinct


def _numbered(name: str, taken: list[str]) -> str:
    candidates = (f"{name}_{number}" if number else name for number in range(len(taken) + 1))
    return next(candidate for candidate in candidates if candidate not in taken)
