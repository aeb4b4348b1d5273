"""The cross-entropies."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet import validation
from convlet.losses import functions, targets
from convlet.losses.function_loss import FunctionLoss


class CategoricalCrossentropy(FunctionLoss):
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

    from_logits: bool
    label_smoothing: float
    axis: int

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str = "categorical_crossentropy",
        dtype: str | None = None,
    ) -> None:
        settings = crossentropy_settings(self, from_logits, label_smoothing, axis)
        super().__init__(functions.categorical_crossentropy, reduction, name, dtype, **settings)

    def prepare(self, y: ArrayLike, output_shape: tuple[int, ...]) -> NDArray[np.float32]:
        """Checks one-hot targets and returns them as float32; see `Loss.prepare`."""
        return targets.class_probabilities(type(self).__name__, y, output_shape)


class BinaryCrossentropy(FunctionLoss):
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

    from_logits: bool
    label_smoothing: float
    axis: int

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str = "binary_crossentropy",
        dtype: str | None = None,
    ) -> None:
        settings = crossentropy_settings(self, from_logits, label_smoothing, axis)
        super().__init__(functions.binary_crossentropy, reduction, name, dtype, **settings)

    def prepare(self, y: ArrayLike, output_shape: tuple[int, ...]) -> NDArray[np.float32]:
        """Checks targets from 0 to 1 and returns them as float32; see `Loss.prepare`."""
        return targets.probabilities(type(self).__name__, y, output_shape)


class SparseCategoricalCrossentropy(FunctionLoss):
    """Cross-entropy between integer labels and predicted probabilities of classes.

    `-log(y_pred[y_true])`; see `losses.sparse_categorical_crossentropy`.

    Args:
        from_logits: Whether the predictions come without a softmax.
        ignore_class: A label that does not count: not in the mean, either. None for none.
        reduction: How the values of a batch become one; see `Loss`.
        axis: Only -1, the last.
        name: A name for the loss.
        dtype: Only "float32".

    Raises:
        ArgumentError: `ignore_class` is not an integer.
        UnsupportedError: `axis` is not -1.

    Example:
        >>> loss = SparseCategoricalCrossentropy()
        >>> round(float(loss([1, 2], [[0.05, 0.95, 0], [0.1, 0.8, 0.1]])), 4)
        1.1769
    """

    from_logits: bool
    ignore_class: int | None

    def __init__(
        self,
        from_logits: bool = False,
        ignore_class: int | None = None,
        reduction: str | None = "sum_over_batch_size",
        axis: int = -1,
        name: str = "sparse_categorical_crossentropy",
        dtype: str | None = None,
    ) -> None:
        owner = type(self).__name__
        validation.unsupported(owner, "axis", axis, only=-1)
        if ignore_class is not None:
            validation.integer(owner, "ignore_class", ignore_class, minimum=None)
        super().__init__(
            functions.sparse_categorical_crossentropy,
            reduction,
            name,
            dtype,
            from_logits=validation.boolean(owner, "from_logits", from_logits),
            ignore_class=ignore_class,
        )

    def mask(self, y_true: ArrayLike, values: NDArray[Any]) -> NDArray[np.bool_] | None:
        """Returns which labels are not ignored; None where none can be."""
        if self.ignore_class is None:
            return None
        return np.asarray(np.asarray(y_true).reshape(values.shape) != self.ignore_class)

    def prepare(self, y: ArrayLike, output_shape: tuple[int, ...]) -> NDArray[np.int32]:
        """Checks integer labels and returns them as int32; see `Loss.prepare`."""
        return targets.integer_labels(type(self).__name__, y, output_shape, self.ignore_class)


class CategoricalGeneralizedCrossEntropy(FunctionLoss):
    """Cross-entropy that forgives wrong labels (Zhang and Sabuncu, 2018).

    `(1 - y_pred[y_true] ** q) / q`; see `losses.categorical_generalized_cross_entropy`.

    Args:
        q: How forgiving it is, between 0 and 1.
        reduction: How the values of a batch become one; see `Loss`.
        name: A name for the loss.
        dtype: Only "float32".

    Raises:
        ArgumentError: `q` is not between 0 and 1.

    Example:
        >>> loss = CategoricalGeneralizedCrossEntropy()
        >>> round(float(loss([1], [[0.36, 0.64]])), 3)
        0.4
    """

    q: float

    def __init__(
        self,
        q: float = 0.5,
        reduction: str | None = "sum_over_batch_size",
        name: str = "categorical_generalized_cross_entropy",
        dtype: str | None = None,
    ) -> None:
        q = validation.number(type(self).__name__, "q", q, above=0, below=1)
        function = functions.categorical_generalized_cross_entropy
        super().__init__(function, reduction, name, dtype, q=q)

    def prepare(self, y: ArrayLike, output_shape: tuple[int, ...]) -> NDArray[np.int32]:
        """Checks integer labels and returns them as int32; see `Loss.prepare`."""
        return targets.integer_labels(type(self).__name__, y, output_shape)


def crossentropy_settings(
    loss: FunctionLoss, from_logits: bool, label_smoothing: float, axis: int
) -> dict[str, Any]:
    """The checked settings that cross-entropies of one-hot and of yes-or-no targets share."""
    owner = type(loss).__name__
    validation.unsupported(owner, "axis", axis, only=-1)
    return {
        "from_logits": validation.boolean(owner, "from_logits", from_logits),
        "label_smoothing": validation.number(
            owner, "label_smoothing", label_smoothing, minimum=0, maximum=1
        ),
        "axis": axis,
    }
