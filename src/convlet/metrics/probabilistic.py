"""The losses of probabilities as metrics: their mean over all samples."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from convlet import validation
from convlet.losses import functions
from convlet.metrics.base import MeanMetricWrapper


class KLDivergence(MeanMetricWrapper):
    """How far predicted probabilities are from the true ones: the mean.

    Args:
        name: A name: the key in the history.
        dtype: Only "float32".

    Example:
        >>> metric = KLDivergence()
        >>> round(metric([[0.5, 0.5]], [[0.25, 0.75]]), 4)
        0.1438
    """

    def __init__(self, name: str = "kl_divergence", dtype: str | None = None) -> None:
        super().__init__(functions.kl_divergence, name, dtype)


class Poisson(MeanMetricWrapper):
    """How unlikely predicted means make counts: the mean of `y_pred - y_true * log(y_pred)`.

    Args:
        name: A name: the key in the history.
        dtype: Only "float32".

    Example:
        >>> metric = Poisson()
        >>> round(metric([[0.0, 2.0]], [[1.0, 2.0]]), 4)
        0.8069
    """

    def __init__(self, name: str = "poisson", dtype: str | None = None) -> None:
        super().__init__(functions.poisson, name, dtype)


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
        ignore_class: A label whose samples count as 0; with weights they do not count at all, as
            in Keras. None for none.
        axis: The axis of the classes.

    Example:
        >>> metric = SparseCategoricalCrossentropy()
        >>> round(metric([1, 2], [[0.05, 0.95, 0], [0.1, 0.8, 0.1]]), 4)
        1.1769
    """

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

    def update_state(  # type: ignore[override]  # as in its base
        self, y_true: ArrayLike, y_pred: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> None:
        """Takes a batch in."""
        ignored = self._arguments["ignore_class"]
        if sample_weight is not None and ignored is not None:
            shape = np.delete(np.shape(y_pred), self._arguments["axis"])
            label = np.reshape(y_true, shape)
            axes = (*np.shape(sample_weight), *[1] * label.ndim)[: label.ndim]
            sample_weight = np.where(label == ignored, 0.0, np.reshape(sample_weight, axes))
        super().update_state(y_true, y_pred, sample_weight)
