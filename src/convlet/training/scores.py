"""The figures of an epoch: the loss and the metrics, gathered batch by batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlet import metrics
from convlet.callbacks.callback import Logs
from convlet.metrics import Mean, Metric
from convlet.training.examples import Weights

_BY_SHAPE = ("accuracy", "acc")  # which accuracy is meant shows when the shapes are known


class _Loss(Mean):
    """The mean of a loss over samples."""

    direction = "down"

    def add(self, loss: float, count: int) -> None:
        """Takes in the mean loss of `count` samples."""
        self.total += loss * count
        self.count += count


class OutputScores:
    """The metrics of one output.

    Args:
        given: What `compile` was given as metrics that do not see the weights of samples.
        given_weighted: The same, of metrics that do.

    Attributes:
        metrics: All of them.
        names: Their names, no two the same.
    """

    def __init__(self, given: Sequence[Any], given_weighted: Sequence[Any]) -> None:
        self._given = [*given, *given_weighted]
        self._plain = len(given)
        self.metrics = [_find(identifier) for identifier in self._given]
        names = [metric.name for metric in self.metrics]
        self.names = _distinct(names[: self._plain], names[self._plain :])
        self._by_shape = [
            number for number, identifier in enumerate(self._given) if _is_by_shape(identifier)
        ]

    def add(self, y_true: NDArray[Any], y_pred: NDArray[Any], weight: Any) -> None:
        """Lets the metrics see a batch."""
        for number in self._by_shape:
            shapes = (y_true.shape, y_pred.shape)
            self.metrics[number] = _accuracy(self._given[number], *shapes)
        self._by_shape = []
        for metric in self.metrics[: self._plain]:
            metric.update_state(y_true, y_pred)
        for metric in self.metrics[self._plain :]:
            metric.update_state(y_true, y_pred, weight)


class Scores:
    """The running loss and metrics of one pass over the data.

    Args:
        outputs: The metrics of each output.
        output_names: What the outputs are called; with several, their figures begin with it.
        with_loss: Which of the outputs have a loss; all by default.

    Attributes:
        loss: The mean of the loss.
        losses: With several losses, the mean of each; else none.
        watched: The outputs that have metrics.
    """

    def __init__(
        self,
        outputs: Sequence[OutputScores],
        output_names: Sequence[str] = ("",),
        with_loss: Sequence[bool] | None = None,
    ) -> None:
        self.loss = _Loss("loss")
        taught = [True] * len(outputs) if with_loss is None else with_loss
        self._taught = [number for number, has_loss in enumerate(taught) if has_loss]
        several = len(self._taught) > 1
        self.losses = [_Loss(f"{output_names[n]}_loss") for n in self._taught if several]
        self._outputs = outputs
        self._prefixes = [f"{name}_" if len(outputs) > 1 else "" for name in output_names]
        self.watched = [number for number, output in enumerate(outputs) if output.metrics]

    @property
    def _figures(self) -> list[tuple[str, Metric]]:
        """Name and metric in the order in which Keras's `evaluate` returns them."""
        figures: list[tuple[str, Metric]] = [
            (prefix + name, metric)
            for prefix, output in zip(self._prefixes, self._outputs, strict=True)
            for name, metric in zip(output.names, output.metrics, strict=True)
        ]
        if len(self._outputs) > 1:
            figures.sort(key=lambda figure: figure[0])
        return [(mean.name, mean) for mean in (self.loss, *self.losses)] + figures

    @property
    def metrics(self) -> list[Metric]:
        """The mean of the loss, with several losses the mean of each, then all metrics."""
        return [metric for _, metric in self._figures]

    @property
    def names(self) -> list[str]:
        """Their names in the logs, no two the same."""
        return [name for name, _ in self._figures]

    def reset(self) -> None:
        """Forgets everything."""
        for metric in self.metrics:
            metric.reset_state()

    def add_losses(self, total: float, each: Sequence[float], count: int) -> None:
        """Takes in the mean losses of `count` samples: their weighted sum, and each output's."""
        self.loss.add(total, count)
        if self.losses:
            for mean, number in zip(self.losses, self._taught, strict=True):
                mean.add(each[number], count)

    def add_predictions(
        self,
        ys: Sequence[NDArray[Any] | None],
        outputs: Sequence[NDArray[Any]],
        weights: Weights | None,
    ) -> None:
        """Lets the metrics see a batch: targets, predictions and weights of each output."""
        for number in self.watched:
            weight = None if weights is None else weights[number]
            y = ys[number]
            if y is not None:
                self._outputs[number].add(y, outputs[number], weight)

    def logs(self) -> Logs:
        """Returns the figures so far by name, the loss first."""
        return {name: _plain(metric.result()) for name, metric in self._figures}


def _plain(figure: Any) -> Any:
    """A metric's figure as a float; several of them as a list."""
    return float(figure) if np.ndim(figure) == 0 else np.asarray(figure).tolist()


def check_metrics(given: Sequence[Any]) -> None:
    """Raises where one of them is no metric: a misspelt name is refused on the line of `compile`.

    Raises:
        UnknownNameError: A name is not known.
        ArgumentError: Something else is no metric.
    """
    for identifier in given:
        _find(identifier)


def _find(identifier: Any) -> Metric:
    """Returns the metric that is meant; for "accuracy" one that stands for whichever fits."""
    if _is_by_shape(identifier):
        return metrics.Accuracy(identifier)
    metric = metrics.get(identifier, owner="compile")
    if isinstance(identifier, str):
        metric.name = identifier
    return metric


def _is_by_shape(identifier: Any) -> bool:
    return isinstance(identifier, str) and identifier in _BY_SHAPE


def _accuracy(name: str, target_shape: tuple[int, ...], output_shape: tuple[int, ...]) -> Metric:
    if output_shape[-1] == 1:
        return metrics.BinaryAccuracy(name)
    if len(target_shape) < len(output_shape) or target_shape[-1] == 1:
        return metrics.SparseCategoricalAccuracy(name)
    return metrics.CategoricalAccuracy(name)


def _distinct(names: list[str], weighted_names: list[str]) -> list[str]:
    """Mark the names that occur again: `accuracy_1`, or `weighted_accuracy`."""
    distinct: list[str] = []
    for name in names:
        distinct.append(_numbered(name, ["loss", *distinct]))
    for name in weighted_names:
        name = f"weighted_{name}" if name in distinct else name
        distinct.append(_numbered(name, ["loss", *distinct]))
    return distinct


def _numbered(name: str, taken: list[str]) -> str:
    candidates = (f"{name}_{number}" if number else name for number in range(len(taken) + 1))
    return next(candidate for candidate in candidates if candidate not in taken)
