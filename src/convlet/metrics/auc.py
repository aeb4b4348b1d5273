"""The area under a curve that the threshold draws."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet import validation
from convlet.errors import ArgumentError, ShapeError
from convlet.losses.functions.arrays import EPSILON, floating, sigmoid
from convlet.metrics.base import Metric
from convlet.metrics.confusion import count, ratio

Curve = NDArray[np.float64]
_CURVES = ["ROC", "PR", "PRGAIN"]
_SUMMATIONS = ["interpolation", "majoring", "minoring"]


class AUC(Metric):
    """The area under a curve that is drawn point by point, one for each threshold.

    The ROC curve is recall over `false_positives / (false_positives + true_negatives)`: 1.0 where
    every target yes is predicted above every target no, 0.5 for guesses. The PR curve is precision
    over recall, and PRGAIN their gains (Flach and Kull, 2015). The PR curve is interpolated as by
    Davis and Goadrich (2006).

    Args:
        num_thresholds: How many thresholds there are, from 0 to 1.
        curve: "ROC", "PR" or "PRGAIN".
        summation_method: What a strip between two points is as high as: "interpolation" the mean of
            both, "majoring" the higher, "minoring" the lower one.
        name: A name: the key in the history.
        dtype: Only "float32".
        thresholds: The thresholds between 0 and 1, in place of `num_thresholds`.
        multi_label: Whether each column has a curve of its own; the result is their areas' mean.
        num_labels: With `multi_label`, how many columns there are; None to see from the data.
        label_weights: What each column weighs.
        from_logits: Whether the predictions come without a sigmoid.

    Raises:
        ArgumentError: An argument is out of its range.
        UnknownNameError: There is no such curve or summation.

    Example:
        >>> metric = AUC(num_thresholds=3)
        >>> metric([0, 0, 1, 1], [0, 0.5, 0.3, 0.9])
        0.75
    """

    direction = "up"

    def __init__(
        self,
        num_thresholds: int = 200,
        curve: str = "ROC",
        summation_method: str = "interpolation",
        name: str | None = None,
        dtype: str | None = None,
        thresholds: Sequence[float] | None = None,
        multi_label: bool = False,
        num_labels: int | None = None,
        label_weights: Sequence[float] | None = None,
        from_logits: bool = False,
    ) -> None:
        super().__init__(dtype, name)
        self.curve = _in_any_case("curve", curve, _CURVES)
        self.summation_method = _in_any_case("summation_method", summation_method, _SUMMATIONS)
        inner = _inner_thresholds(num_thresholds, thresholds)
        self.thresholds = [-EPSILON, *inner, 1 + EPSILON]
        self.num_thresholds = len(self.thresholds)
        self._given = None if thresholds is None else inner
        self.multi_label = validation.boolean("AUC", "multi_label", multi_label)
        self.num_labels = num_labels
        self.label_weights = None if label_weights is None else list(label_weights)
        self.from_logits = validation.boolean("AUC", "from_logits", from_logits)
        if num_labels is not None:
            validation.integer("AUC", "num_labels", num_labels)
            if not multi_label:
                raise ArgumentError(
                    f"AUC needs multi_label=True where num_labels is given. "
                    f"Received num_labels={num_labels}."
                )
        self._build(num_labels)

    def _build(self, labels: int | None) -> None:
        """Makes the state, which has a column for each label."""
        self.variables.clear()
        if self.multi_label and labels is None:
            return  # until the first batch shows how many there are
        shape = (self.num_thresholds, labels) if labels else (self.num_thresholds,)
        self.true_positives = self.add_variable(shape, name="true_positives")
        self.false_positives = self.add_variable(shape, name="false_positives")
        self.true_negatives = self.add_variable(shape, name="true_negatives")
        self.false_negatives = self.add_variable(shape, name="false_negatives")

    def update_state(
        self, y_true: ArrayLike, y_pred: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> None:
        """Takes a batch in.

        Raises:
            ShapeError: With `multi_label`, predictions have no columns, or other ones.
        """
        predicted = floating(y_pred)
        if self.from_logits:
            predicted = sigmoid(predicted)
        if self.multi_label:
            self._check_columns(predicted)
        weight = self._weight(sample_weight, predicted)
        counts = count(y_true, predicted, self.thresholds, weight, self.multi_label)
        for variable, more in zip(self.variables, counts, strict=True):
            variable.assign_add(more)

    def _check_columns(self, predicted: NDArray[Any]) -> None:
        wanted = self.variables[0].shape[1] if self.variables else None
        if predicted.ndim != 2 or wanted not in (None, predicted.shape[1]):
            columns = "labels" if wanted is None else wanted
            raise ShapeError(
                f"AUC needs predictions of shape (samples, {columns}) with multi_label=True. "
                f"Received shape {predicted.shape}."
            )
        if wanted is None:
            self._build(predicted.shape[1])

    def _weight(self, sample_weight: ArrayLike | None, predicted: NDArray[Any]) -> Any:
        """The weights of samples, times those of labels where there is one curve for all."""
        if self.label_weights is None or self.multi_label:
            return sample_weight
        weight = np.asarray(1.0 if sample_weight is None else sample_weight, np.float64)
        if weight.ndim < predicted.ndim:
            weight = weight[..., np.newaxis]
        return np.broadcast_to(weight * self.label_weights, predicted.shape)

    def result(self) -> float:
        """Returns the area."""
        if not self.variables:
            return 0.0
        if self.curve == "PR" and self.summation_method == "interpolation":
            strips = self._interpolated_strips()
        else:
            x, y = self._points()
            heights = {
                "interpolation": (y[:-1] + y[1:]) / 2,
                "majoring": np.maximum(y[:-1], y[1:]),
                "minoring": np.minimum(y[:-1], y[1:]),
            }[self.summation_method]
            strips = (x[:-1] - x[1:]) * heights
        areas = strips.sum(axis=0)
        if not self.multi_label or self.label_weights is None:
            return float(areas.mean())
        return float(ratio((areas * self.label_weights).sum(), np.sum(self.label_weights)))

    def _points(self) -> tuple[Curve, Curve]:
        """The curve's points, from the smallest threshold on."""
        tp, fp = self.true_positives.value, self.false_positives.value
        tn, fn = self.true_negatives.value, self.false_negatives.value
        recall, precision = ratio(tp, tp + fn), ratio(tp, tp + fp)
        if self.curve == "ROC":
            return ratio(fp, fp + tn), recall
        if self.curve == "PR":
            return recall, precision
        odds = ratio(tp + fn, tn + fp)
        recall_gain = np.where(tp == 0, 0.0, 1 - odds * ratio(fn, tp))
        precision_gain = np.where(tp == 0, 1.0, 1 - odds * ratio(fp, tp))
        return np.maximum(recall_gain, 0), precision_gain

    def _interpolated_strips(self) -> Curve:
        """Between two points, wrong yes grow evenly with right ones: precision is no straight line.

        Davis and Goadrich, 2006, https://doi.org/10.1145/1143844.1143874.
        """
        tp, fn = self.true_positives.value, self.false_negatives.value
        yes = tp + self.false_positives.value
        more_tp, more_yes = tp[:-1] - tp[1:], yes[:-1] - yes[1:]
        slope = ratio(more_tp, np.maximum(more_yes, 0))
        intercept = tp[1:] - slope * yes[1:]
        growth = np.where((yes[:-1] > 0) & (yes[1:] > 0), ratio(yes[:-1], yes[1:]), 1.0)
        area = slope * (more_tp + intercept * np.log(growth))
        return ratio(area, np.maximum(tp[1:] + fn[1:], 0))

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments."""
        config = {
            **super().get_config(),
            "num_thresholds": self.num_thresholds,
            "curve": self.curve,
            "summation_method": self.summation_method,
            "multi_label": self.multi_label,
            "num_labels": self.num_labels,
            "label_weights": self.label_weights,
            "from_logits": self.from_logits,
        }
        return config if self._given is None else {**config, "thresholds": self._given}


def _inner_thresholds(number: int, thresholds: Sequence[float] | None) -> list[float]:
    if thresholds is None:
        validation.integer("AUC", "num_thresholds", number, minimum=2)
        return [float(value) for value in np.linspace(0, 1, number)[1:-1]]
    return sorted(
        validation.number("AUC", "thresholds", value, minimum=0, maximum=1) for value in thresholds
    )


def _in_any_case(argument: str, value: str, choices: list[str]) -> str:
    for choice in choices:
        if isinstance(value, str) and value.lower() == choice.lower():
            return choice
    return validation.one_of("AUC", argument, value, choices)
