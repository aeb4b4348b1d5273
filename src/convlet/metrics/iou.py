"""Intersection over union: how well the places of a class are found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet import validation
from convlet.errors import ArgumentError, ShapeError
from convlet.losses.functions.arrays import EPSILON
from convlet.metrics.base import Metric


class IoU(Metric):
    """`intersection / union` of the places of a class and those predicted, the mean over classes.

    A class that is neither there nor predicted is not in the mean.

    Args:
        num_classes: How many classes there are.
        target_class_ids: The classes that are looked at.
        name: A name: the key in the history.
        dtype: Taken for Keras's sake, without effect: weights stay fractions.
        ignore_class: A label whose places do not count; None for none.
        sparse_y_true: Whether targets are labels, not one-hot.
        sparse_y_pred: Whether predictions are labels, not probabilities of classes.
        axis: The axis of the classes.

    Raises:
        ArgumentError: A class is not among the `num_classes`.

    Example:
        >>> metric = IoU(num_classes=2, target_class_ids=[0])
        >>> round(metric([0, 0, 1, 1], [0, 1, 0, 1]), 4)
        0.3333
    """

    direction = "up"

    def __init__(
        self,
        num_classes: int,
        target_class_ids: Sequence[int],
        name: str | None = None,
        dtype: str | None = None,
        ignore_class: int | None = None,
        sparse_y_true: bool = True,
        sparse_y_pred: bool = True,
        axis: int = -1,
    ) -> None:
        super().__init__(None, name)
        owner = type(self).__name__
        self.num_classes = validation.integer(owner, "num_classes", num_classes)
        self.target_class_ids = list(target_class_ids)
        for label in self.target_class_ids:
            if validation.integer(owner, "target_class_ids", label, minimum=0) >= num_classes:
                needed = f"below num_classes={num_classes}"
                raise ArgumentError(
                    validation.bad_argument(owner, "target_class_ids", needed, label)
                )
        self.ignore_class = ignore_class
        self.sparse_y_true = validation.boolean(owner, "sparse_y_true", sparse_y_true)
        self.sparse_y_pred = validation.boolean(owner, "sparse_y_pred", sparse_y_pred)
        self.axis = validation.integer(owner, "axis", axis, minimum=None)
        self.total_cm = self.add_variable((num_classes, num_classes), name="total_confusion_matrix")

    def update_state(
        self, y_true: ArrayLike, y_pred: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> None:
        """Takes a batch in.

        Raises:
            ShapeError: There are not as many predictions as targets, or as weights.
        """
        target = _labels(y_true, self.sparse_y_true, self.axis)
        predicted = _labels(y_pred, self.sparse_y_pred, self.axis)
        weight = np.asarray(1.0 if sample_weight is None else sample_weight, np.float64).ravel()
        if target.size != predicted.size or weight.size not in (1, target.size):
            raise ShapeError(
                f"{type(self).__name__} needs a prediction, and a weight if any, for each target. "
                f"Received {target.size} targets, {predicted.size} predictions and {weight.size} "
                "weights."
            )
        counts = (target >= 0) & (target < self.num_classes)
        counts &= (predicted >= 0) & (predicted < self.num_classes)
        if self.ignore_class is not None:
            counts &= target != self.ignore_class
        cells = (target * self.num_classes + predicted)[counts]
        weights = np.broadcast_to(weight, target.shape)[counts]
        found = np.bincount(cells, weights, minlength=self.num_classes**2)
        self.total_cm.assign_add(found.reshape(self.num_classes, self.num_classes))

    def result(self) -> float:
        """Returns the mean over the classes that are there or predicted; 0.0 where none is."""
        matrix = self.total_cm.value
        intersection = np.diag(matrix)[self.target_class_ids]
        sums = matrix.sum(axis=0) + matrix.sum(axis=1)
        union = sums[self.target_class_ids] - intersection
        there = union > 1e-9
        shares = intersection[there] / (union[there] + EPSILON)
        return float(shares.sum() / (there.sum() + EPSILON))

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments."""
        return {
            **super().get_config(),
            "num_classes": self.num_classes,
            "target_class_ids": self.target_class_ids,
            "ignore_class": self.ignore_class,
            "sparse_y_true": self.sparse_y_true,
            "sparse_y_pred": self.sparse_y_pred,
            "axis": self.axis,
        }


def _labels(values: ArrayLike, sparse: bool, axis: int) -> NDArray[np.int64]:
    """Labels in one row."""
    array = np.asarray(values) if sparse else np.argmax(values, axis=axis)
    return array.astype(np.int64).ravel()


class BinaryIoU(IoU):
    """`intersection / union` of the places that are a yes, and of those that are a no.

    Args:
        target_class_ids: `[0, 1]` for the mean of both, `[0]` or `[1]` for one of them.
        threshold: Predictions of at least this are a yes.
        name: A name: the key in the history.
        dtype: Taken for Keras's sake, without effect: weights stay fractions.

    Raises:
        ArgumentError: A class is neither 0 nor 1, or `threshold` is no number.

    Example:
        >>> metric = BinaryIoU(threshold=0.3)
        >>> round(metric([0, 1, 0, 1], [0.1, 0.2, 0.4, 0.7]), 4)
        0.3333
    """

    def __init__(
        self,
        target_class_ids: Sequence[int] = (0, 1),
        threshold: float = 0.5,
        name: str | None = None,
        dtype: str | None = None,
    ) -> None:
        super().__init__(2, target_class_ids, name, dtype)
        self.threshold = validation.number("BinaryIoU", "threshold", threshold)

    def update_state(
        self, y_true: ArrayLike, y_pred: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> None:
        """Takes a batch in."""
        super().update_state(y_true, np.asarray(y_pred) >= self.threshold, sample_weight)

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments."""
        return {
            "name": self.name,
            "dtype": self.dtype,
            "target_class_ids": self.target_class_ids,
            "threshold": self.threshold,
        }


class MeanIoU(IoU):
    """`intersection / union` of the places of a class and those predicted, the mean over all.

    A class that is neither there nor predicted is not in the mean.

    Args:
        num_classes: How many classes there are.
        name: A name: the key in the history.
        dtype: Taken for Keras's sake, without effect: weights stay fractions.
        ignore_class: A label whose places do not count; None for none.
        sparse_y_true: Whether targets are labels, not one-hot.
        sparse_y_pred: Whether predictions are labels, not probabilities of classes.
        axis: The axis of the classes.

    Example:
        >>> metric = MeanIoU(num_classes=2)
        >>> round(metric([0, 0, 1, 1], [0, 1, 0, 1]), 4)
        0.3333
    """

    def __init__(
        self,
        num_classes: int,
        name: str | None = None,
        dtype: str | None = None,
        ignore_class: int | None = None,
        sparse_y_true: bool = True,
        sparse_y_pred: bool = True,
        axis: int = -1,
    ) -> None:
        labels = range(validation.integer(type(self).__name__, "num_classes", num_classes))
        super().__init__(
            num_classes, labels, name, dtype, ignore_class, sparse_y_true, sparse_y_pred, axis
        )

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments."""
        config = super().get_config()
        del config["target_class_ids"]
        return config


class OneHotIoU(IoU):
    """`IoU` of one-hot targets.

    Args:
        num_classes: How many classes there are.
        target_class_ids: The classes that are looked at.
        name: A name: the key in the history.
        dtype: Taken for Keras's sake, without effect: weights stay fractions.
        ignore_class: A label whose places do not count; None for none.
        sparse_y_pred: Whether predictions are labels, not probabilities of classes.
        axis: The axis of the classes.

    Raises:
        ArgumentError: A class is not among the `num_classes`.

    Example:
        >>> metric = OneHotIoU(num_classes=2, target_class_ids=[0])
        >>> round(metric([[1, 0], [1, 0], [0, 1]], [[0.9, 0.1], [0.2, 0.8], [0.3, 0.7]]), 4)
        0.5
    """

    def __init__(
        self,
        num_classes: int,
        target_class_ids: Sequence[int],
        name: str | None = None,
        dtype: str | None = None,
        ignore_class: int | None = None,
        sparse_y_pred: bool = False,
        axis: int = -1,
    ) -> None:
        super().__init__(
            num_classes, target_class_ids, name, dtype, ignore_class, False, sparse_y_pred, axis
        )

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments."""
        config = super().get_config()
        del config["sparse_y_true"]
        return config


class OneHotMeanIoU(MeanIoU):
    """`MeanIoU` of one-hot targets.

    Args:
        num_classes: How many classes there are.
        name: A name: the key in the history.
        dtype: Taken for Keras's sake, without effect: weights stay fractions.
        ignore_class: A label whose places do not count; None for none.
        sparse_y_pred: Whether predictions are labels, not probabilities of classes.
        axis: The axis of the classes.

    Example:
        >>> metric = OneHotMeanIoU(num_classes=2)
        >>> round(metric([[1, 0], [1, 0], [0, 1]], [[0.9, 0.1], [0.2, 0.8], [0.3, 0.7]]), 4)
        0.5
    """

    def __init__(
        self,
        num_classes: int,
        name: str | None = None,
        dtype: str | None = None,
        ignore_class: int | None = None,
        sparse_y_pred: bool = False,
        axis: int = -1,
    ) -> None:
        super().__init__(num_classes, name, dtype, ignore_class, False, sparse_y_pred, axis)

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments."""
        config = super().get_config()
        del config["sparse_y_true"]
        return config
