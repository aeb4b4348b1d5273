"""The cross-entropies."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet import validation
from convlet.losses import functions, targets
from convlet.losses.base import Loss


class _SmoothedCrossentropy(Loss):
    """The settings that the cross-entropies of one-hot and of yes-or-no targets share."""

    def __init__(
        self,
        from_logits: bool,
        label_smoothing: float,
        axis: int,
        reduction: str | None,
        name: str,
        dtype: str | None,
    ) -> None:
        super().__init__(name, reduction, dtype)
        owner = type(self).__name__
        validation.unsupported(owner, "axis", axis, only=-1)
        self.from_logits = validation.boolean(owner, "from_logits", from_logits)
        self.label_smoothing = validation.number(
            owner, "label_smoothing", label_smoothing, minimum=0, maximum=1
        )
        self.axis = axis

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments."""
        return {
            **super().get_config(),
            "from_logits": self.from_logits,
            "label_smoothing": self.label_smoothing,
            "axis": self.axis,
        }


class CategoricalCrossentropy(_SmoothedCrossentropy):
    """Cross-entropy between one-hot targets and predicted probabilities of classes.

    `-sum(y_true * log(y_pred))` over the classes; see `losses.categorical_crossentropy`.

    Args:
        from_logits: Whether the predictions come without a softmax.
        label_smoothing: How much of each target is spread evenly over all classes.
        axis: Only -1, the last.
        reduction: How the values of a batch become one; see `Loss`.
        name: A name for the loss.
        dtype: Only "float32".

    Raises:
        ArgumentError: `label_smoothing` is not from 0 to 1.
        UnsupportedError: `axis` is not -1.

    Example:
        >>> loss = CategoricalCrossentropy()
        >>> round(float(loss([[0, 1, 0]], [[0.05, 0.95, 0.0]])), 4)
        0.0513
    """

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str = "categorical_crossentropy",
        dtype: str | None = None,
    ) -> None:
        super().__init__(from_logits, label_smoothing, axis, reduction, name, dtype)

    def call(self, y_true: ArrayLike, y_pred: ArrayLike) -> NDArray[Any]:
        """Returns one value for each sample."""
        return functions.categorical_crossentropy(
            y_true, y_pred, self.from_logits, self.label_smoothing
        )

    def prepare(self, y: ArrayLike, output_shape: tuple[int, ...]) -> NDArray[np.float32]:
        """Checks one-hot targets and returns them as float32; see `Loss.prepare`."""
        return targets.class_probabilities(type(self).__name__, y, output_shape)


class BinaryCrossentropy(_SmoothedCrossentropy):
    """Cross-entropy of yes-or-no targets, averaged over the outputs.

    `-(y_true * log(y_pred) + (1 - y_true) * log(1 - y_pred))`; see `losses.binary_crossentropy`.

    Args:
        from_logits: Whether the predictions come without a sigmoid.
        label_smoothing: How far each target is moved towards 1/2.
        axis: Only -1, the last.
        reduction: How the values of a batch become one; see `Loss`.
        name: A name for the loss.
        dtype: Only "float32".

    Raises:
        ArgumentError: `label_smoothing` is not from 0 to 1.
        UnsupportedError: `axis` is not -1.

    Example:
        >>> loss = BinaryCrossentropy()
        >>> round(float(loss([[0, 1], [0, 0]], [[0.6, 0.4], [0.4, 0.6]])), 3)
        0.815
    """

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str = "binary_crossentropy",
        dtype: str | None = None,
    ) -> None:
        super().__init__(from_logits, label_smoothing, axis, reduction, name, dtype)

    def call(self, y_true: ArrayLike, y_pred: ArrayLike) -> NDArray[Any]:
        """Returns one value for each sample."""
        return functions.binary_crossentropy(y_true, y_pred, self.from_logits, self.label_smoothing)

    def prepare(self, y: ArrayLike, output_shape: tuple[int, ...]) -> NDArray[np.float32]:
        """Checks targets from 0 to 1 and returns them as float32; see `Loss.prepare`."""
        return targets.probabilities(type(self).__name__, y, output_shape)


class SparseCategoricalCrossentropy(Loss):
    """Cross-entropy between integer labels and predicted probabilities of classes.

    `-log(y_pred[y_true])`; see `losses.sparse_categorical_crossentropy`.

    Args:
        from_logits: Whether the predictions come without a softmax.
        ignore_class: Only None.
        reduction: How the values of a batch become one; see `Loss`.
        axis: Only -1, the last.
        name: A name for the loss.
        dtype: Only "float32".

    Raises:
        UnsupportedError: `ignore_class` is not None, or `axis` is not -1.

    Example:
        >>> loss = SparseCategoricalCrossentropy()
        >>> round(float(loss([1, 2], [[0.05, 0.95, 0], [0.1, 0.8, 0.1]])), 4)
        1.1769
    """

    def __init__(
        self,
        from_logits: bool = False,
        ignore_class: int | None = None,
        reduction: str | None = "sum_over_batch_size",
        axis: int = -1,
        name: str = "sparse_categorical_crossentropy",
        dtype: str | None = None,
    ) -> None:
        super().__init__(name, reduction, dtype)
        owner = type(self).__name__
        validation.unsupported(owner, "ignore_class", ignore_class, only=None)
        validation.unsupported(owner, "axis", axis, only=-1)
        self.from_logits = validation.boolean(owner, "from_logits", from_logits)
        self.ignore_class = ignore_class

    def call(self, y_true: ArrayLike, y_pred: ArrayLike) -> NDArray[Any]:
        """Returns one value for each sample."""
        return functions.sparse_categorical_crossentropy(y_true, y_pred, self.from_logits)

    def prepare(self, y: ArrayLike, output_shape: tuple[int, ...]) -> NDArray[np.int32]:
        """Checks integer labels and returns them as int32; see `Loss.prepare`."""
        return targets.integer_labels(type(self).__name__, y, output_shape)

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments."""
        return {
            **super().get_config(),
            "from_logits": self.from_logits,
            "ignore_class": self.ignore_class,
        }
