"""How often each of the four is found: right and wrong yes, right and wrong no."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet import validation
from convlet.errors import ArgumentError, ShapeError
from convlet.losses.functions.arrays import floating, same_rank
from convlet.metrics.base import Metric

Thresholds = float | Sequence[float] | None


class Counts(NamedTuple):
    """For each threshold (and each label, where labels are apart) the weights of four cases."""

    true_positives: NDArray[np.float64]
    false_positives: NDArray[np.float64]
    true_negatives: NDArray[np.float64]
    false_negatives: NDArray[np.float64]


def count(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    thresholds: Sequence[float],
    sample_weight: ArrayLike | None = None,
    per_label: bool = False,
) -> Counts:
    """Counts where predictions are above each threshold.

    Args:
        y_true: Targets: 0 for no, anything else for yes.
        y_pred: Predictions, in the same shape.
        thresholds: Predictions above one of them are a yes.
        sample_weight: What each sample counts, or each prediction.
        per_label: Whether the columns are counted apart.
    """
    target, predicted = same_rank(np.asarray(y_true), floating(y_pred))
    weight = np.broadcast_to(_prediction_weights(sample_weight, predicted), predicted.shape)
    limits = np.asarray(thresholds, predicted.dtype)
    order = np.argsort(limits)
    # Each prediction is above the first so many of the thresholds, in ascending order.
    exceeded = np.searchsorted(limits[order], predicted)
    exceeded[np.isnan(predicted)] = 0
    labels = predicted.shape[-1] if per_label else 1
    cells = exceeded * labels + (np.arange(labels) if per_label else 0)
    shape = (len(limits) + 1, labels) if per_label else (len(limits) + 1,)

    def above_and_below(kind: NDArray[np.bool_]) -> tuple[NDArray[Any], NDArray[Any]]:
        found = np.bincount(
            cells.ravel(), (weight * kind).ravel(), minlength=(len(limits) + 1) * labels
        ).reshape(shape)
        above = np.empty_like(found[1:])
        above[order] = found[::-1].cumsum(axis=0)[-2::-1]
        return above, found.sum(axis=0) - above

    true_positives, false_negatives = above_and_below(target.astype(bool))
    false_positives, true_negatives = above_and_below(~target.astype(bool))
    return Counts(true_positives, false_positives, true_negatives, false_negatives)


def _prediction_weights(
    sample_weight: ArrayLike | None, predicted: NDArray[Any]
) -> NDArray[np.float64]:
    """Weights that fit the predictions: a sample's weight is that of all its predictions."""
    weight = np.asarray(1.0 if sample_weight is None else sample_weight, np.float64)
    return weight[..., np.newaxis] if 0 < weight.ndim < predicted.ndim else weight


class ConfusionMetric(Metric):
    """The base of the metrics that go by the four counts.

    Args:
        thresholds: Predictions above one of them are a yes.
        name: A name: the key in the history.
        dtype: Only "float32".
        top_k: Only a sample's so many largest predictions can be a yes; None for all of them.
        class_id: The only column that is looked at; None for all.
    """

    def __init__(
        self,
        thresholds: Sequence[float],
        name: str | None,
        dtype: str | None,
        top_k: int | None = None,
        class_id: int | None = None,
    ) -> None:
        super().__init__(dtype, name)
        owner = type(self).__name__
        self.thresholds = list(thresholds)
        self.top_k = None if top_k is None else validation.integer(owner, "top_k", top_k)
        self.class_id = (
            None if class_id is None else validation.integer(owner, "class_id", class_id, minimum=0)
        )
        shape = (len(self.thresholds),)
        self.true_positives = self.add_variable(shape, name="true_positives")
        self.false_positives = self.add_variable(shape, name="false_positives")
        self.true_negatives = self.add_variable(shape, name="true_negatives")
        self.false_negatives = self.add_variable(shape, name="false_negatives")

    def update_state(
        self, y_true: ArrayLike, y_pred: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> None:
        """Takes a batch in.

        Raises:
            ShapeError: With `class_id`, there is no such column.
        """
        target, predicted = same_rank(np.asarray(y_true), floating(y_pred))
        if self.top_k is not None:
            predicted = _only_largest(predicted, self.top_k)
        if self.class_id is not None:
            if predicted.ndim < 2 or predicted.shape[-1] <= self.class_id:
                raise ShapeError(
                    f"{type(self).__name__} needs predictions of at least {self.class_id + 1} "
                    f"classes for class_id={self.class_id}. Received shape {predicted.shape}."
                )
            column = slice(self.class_id, self.class_id + 1)
            target, predicted = target[..., column], predicted[..., column]
        self._add(count(target, predicted, self.thresholds, sample_weight))

    def _add(self, counts: Counts) -> None:
        for variable, more in zip(self.variables, counts, strict=True):
            variable.assign_add(more)

    @property
    def _recalls(self) -> NDArray[np.float64]:
        """The share of yes among the targets yes, for each threshold."""
        return ratio(self.true_positives, self.true_positives + self.false_negatives)

    @property
    def _precisions(self) -> NDArray[np.float64]:
        """The share of targets yes among the predictions yes, for each threshold."""
        return ratio(self.true_positives, self.true_positives + self.false_positives)

    @property
    def _specificities(self) -> NDArray[np.float64]:
        """The share of no among the targets no, for each threshold."""
        return ratio(self.true_negatives, self.true_negatives + self.false_positives)

    def _one_or_all(self, values: ArrayLike) -> Any:
        """A number where there is one threshold, else an array."""
        array = np.array(values)
        return float(array[0]) if len(self.thresholds) == 1 else array


def ratio(numerator: ArrayLike, denominator: ArrayLike) -> NDArray[np.float64]:
    """The quotient, and 0 where it would be divided by 0."""
    top, bottom = np.asarray(numerator, np.float64), np.asarray(denominator, np.float64)
    return np.divide(
        top, bottom, out=np.zeros(np.broadcast_shapes(top.shape, bottom.shape)), where=bottom != 0
    )


def checked_thresholds(owner: str, thresholds: Thresholds, default: float) -> list[float]:
    """The thresholds as a list.

    Raises:
        ArgumentError: One of them is not from 0 to 1.
    """
    if thresholds is None:
        return [default]
    given = list(thresholds) if isinstance(thresholds, Sequence) else [thresholds]
    if not given:
        raise ArgumentError(
            validation.bad_argument(owner, "thresholds", "at least one number", thresholds)
        )
    return [validation.number(owner, "thresholds", t, minimum=0, maximum=1) for t in given]


def _only_largest(predicted: NDArray[Any], k: int) -> NDArray[Any]:
    """Predictions, of which all but the `k` largest of each sample are minus infinity."""
    largest = np.argsort(-predicted, axis=-1, kind="stable")[..., :k]
    kept = np.full_like(predicted, -np.inf)
    np.put_along_axis(kept, largest, np.take_along_axis(predicted, largest, -1), -1)
    return kept
