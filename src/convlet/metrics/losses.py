"""The losses as metrics: their mean over all samples, without the weights unless asked for."""

from __future__ import annotations

from convlet import validation
from convlet.losses import functions
from convlet.metrics.base import MeanMetricWrapper


class MeanSquaredError(MeanMetricWrapper):
    """The mean squared difference of targets and predictions.

    Args:
        name: A name: the key in the history.
        dtype: Only "float32".

    Example:
        >>> metric = MeanSquaredError()
        >>> metric([[0, 1], [0, 0]], [[1, 1], [0, 0]])
        0.25
    """

    direction = "down"

    def __init__(self, name: str = "mean_squared_error", dtype: str | None = None) -> None:
        super().__init__(functions.mean_squared_error, name, dtype)


class BinaryCrossentropy(MeanMetricWrapper):
    """The mean cross-entropy of yes-or-no targets.

    Args:
        name: A name: the key in the history.
        dtype: Only "float32".
        from_logits: Whether the predictions come without a sigmoid.
        label_smoothing: How far each target is moved towards 1/2.

    Example:
        >>> metric = BinaryCrossentropy()
        >>> round(metric([[0, 1], [0, 0]], [[0.6, 0.4], [0.4, 0.6]]), 4)
        0.8149
    """

    direction = "down"

    def __init__(
        self,
        name: str = "binary_crossentropy",
        dtype: str | None = None,
        from_logits: bool = False,
        label_smoothing: float = 0,
    ) -> None:
        owner = "BinaryCrossentropy"
        super().__init__(
            functions.binary_crossentropy,
            name,
            dtype,
            from_logits=validation.boolean(owner, "from_logits", from_logits),
            label_smoothing=validation.number(
                owner, "label_smoothing", label_smoothing, minimum=0, maximum=1
            ),
        )


class CategoricalCrossentropy(MeanMetricWrapper):
    """The mean cross-entropy of one-hot targets.

    Args:
        name: A name: the key in the history.
        dtype: Only "float32".
        from_logits: Whether the predictions come without a softmax.
        label_smoothing: How much of each target is spread evenly over all classes.
        axis: The axis of the classes.

    Example:
        >>> metric = CategoricalCrossentropy()
        >>> round(metric([[0, 1, 0], [0, 0, 1]], [[0.05, 0.95, 0], [0.1, 0.8, 0.1]]), 4)
        1.1769
    """

    direction = "down"

    def __init__(
        self,
        name: str = "categorical_crossentropy",
        dtype: str | None = None,
        from_logits: bool = False,
        label_smoothing: float = 0,
        axis: int = -1,
    ) -> None:
        owner = "CategoricalCrossentropy"
        super().__init__(
            functions.categorical_crossentropy,
            name,
            dtype,
            from_logits=validation.boolean(owner, "from_logits", from_logits),
            label_smoothing=validation.number(
                owner, "label_smoothing", label_smoothing, minimum=0, maximum=1
            ),
            axis=validation.integer(owner, "axis", axis, minimum=None),
        )


class SparseCategoricalCrossentropy(MeanMetricWrapper):
    """The mean cross-entropy of integer labels.

    Args:
        name: A name: the key in the history.
        dtype: Only "float32".
        from_logits: Whether the predictions come without a softmax.
        ignore_class: A label whose samples count as 0; None for none.
        axis: The axis of the classes.

    Example:
        >>> metric = SparseCategoricalCrossentropy()
        >>> round(metric([1, 2], [[0.05, 0.95, 0], [0.1, 0.8, 0.1]]), 4)
        1.1769
    """

    direction = "down"

    def __init__(
        self,
        name: str = "sparse_categorical_crossentropy",
        dtype: str | None = None,
        from_logits: bool = False,
        ignore_class: int | None = None,
        axis: int = -1,
    ) -> None:
        owner = "SparseCategoricalCrossentropy"
        super().__init__(
            functions.sparse_categorical_crossentropy,
            name,
            dtype,
            from_logits=validation.boolean(owner, "from_logits", from_logits),
            ignore_class=ignore_class,
            axis=validation.integer(owner, "axis", axis, minimum=None),
        )
