"""The figures of an epoch: the loss and the metrics, gathered batch by batch."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from convlet.callbacks.callback import Logs
from convlet.metrics import Mean, Metric


class Scores:
    """The running loss and metrics of one pass over the data.

    Args:
        metrics: Metrics that do not see the weights of samples.
        weighted_metrics: Metrics that do.
    """

    def __init__(self, metrics: list[Metric], weighted_metrics: list[Metric]) -> None:
        self.loss = Mean("loss")
        self._plain = metrics
        self._weighted = weighted_metrics
        self.metrics: list[Metric] = [self.loss, *metrics, *weighted_metrics]
        self._names = _distinct([metric.name for metric in self.metrics])

    @property
    def need_targets(self) -> bool:
        """Whether there is any metric beside the loss."""
        return len(self.metrics) > 1

    def reset(self) -> None:
        """Forget everything."""
        for metric in self.metrics:
            metric.reset_state()

    def add_loss(self, loss: float, count: int) -> None:
        """Take in the mean loss of `count` samples."""
        self.loss.total += loss * count
        self.loss.count += count

    def add_predictions(
        self,
        y_true: NDArray[Any],
        y_pred: NDArray[Any],
        sample_weight: NDArray[Any] | None,
    ) -> None:
        """Let the metrics see a batch."""
        for metric in self._plain:
            metric.update_state(y_true, y_pred)
        for metric in self._weighted:
            metric.update_state(y_true, y_pred, sample_weight)

    def logs(self) -> Logs:
        """Return the figures so far by name, the loss first."""
        return {
            name: float(metric.result())
            for name, metric in zip(self._names, self.metrics, strict=True)
        }


def _distinct(names: list[str]) -> list[str]:
    """Number the names that occur again: `accuracy`, `accuracy_1`."""
    seen: dict[str, int] = {}
    distinct = []
    for name in names:
        count = seen.get(name, 0)
        seen[name] = count + 1
        distinct.append(f"{name}_{count}" if count else name)
    return distinct
