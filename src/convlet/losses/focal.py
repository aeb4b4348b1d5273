"""The focal cross-entropies (Lin et al., 2017, https://arxiv.org/abs/1708.02002)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet import validation
from convlet.losses import functions, targets
from convlet.losses.crossentropy import crossentropy_settings
from convlet.losses.function_loss import FunctionLoss


class BinaryFocalCrossentropy(FunctionLoss):
    """Focal cross-entropy of yes-or-no targets, averaged over the outputs.

    `w * (1 - p_t) ** gamma * binary_crossentropy`; see `losses.binary_focal_crossentropy`.

    Args:
        apply_class_balancing: Whether the targets 1 weigh `alpha` and the targets 0 `1 - alpha`.
        alpha: The weight of the targets 1.
        gamma: How far it looks away from what is predicted well; 0 not at all.
        from_logits: Whether the predictions come without a sigmoid.
        label_smoothing: How far each target is moved towards 1/2.
        axis: Only -1, the last.
        reduction: How the values of a batch become one; see `Loss`.
        name: A name for the loss.
        dtype: Only "float32".

    Raises:
        ArgumentError: A number is out of its range.
        UnsupportedError: `axis` is not -1.

    Example:
        >>> loss = BinaryFocalCrossentropy(gamma=2)
        >>> round(float(loss([[0, 1], [0, 0]], [[0.6, 0.4], [0.4, 0.6]])), 3)
        0.268
    """

    apply_class_balancing: bool
    alpha: float
    gamma: float
    from_logits: bool
    label_smoothing: float
    axis: int

    def __init__(
        self,
        apply_class_balancing: bool = False,
        alpha: float = 0.25,
        gamma: float = 2.0,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str = "binary_focal_crossentropy",
        dtype: str | None = None,
    ) -> None:
        owner = type(self).__name__
        super().__init__(
            functions.binary_focal_crossentropy,
            reduction,
            name,
            dtype,
            apply_class_balancing=validation.boolean(
                owner, "apply_class_balancing", apply_class_balancing
            ),
            alpha=validation.number(owner, "alpha", alpha, minimum=0, maximum=1),
            gamma=validation.number(owner, "gamma", gamma, minimum=0),
            **crossentropy_settings(self, from_logits, label_smoothing, axis),
        )

    def prepare(self, y: ArrayLike, output_shape: tuple[int, ...]) -> NDArray[np.float32]:
        """Checks targets from 0 to 1 and returns them as float32; see `Loss.prepare`."""
        return targets.probabilities(type(self).__name__, y, output_shape)


class CategoricalFocalCrossentropy(FunctionLoss):
    """Focal cross-entropy between one-hot targets and predicted probabilities of classes.

    `-sum(alpha * (1 - y_pred) ** gamma * y_true * log(y_pred))` over the classes; see
    `losses.categorical_focal_crossentropy`.

    Args:
        alpha: A weight for all classes, or a list of one for each.
        gamma: How far it looks away from what is predicted well; 0 not at all.
        from_logits: Whether the predictions come without a softmax.
        label_smoothing: How much of each target is spread evenly over all classes.
        axis: Only -1, the last.
        reduction: How the values of a batch become one; see `Loss`.
        name: A name for the loss.
        dtype: Only "float32".

    Raises:
        ArgumentError: A number is out of its range.
        UnsupportedError: `axis` is not -1.

    Example:
        >>> loss = CategoricalFocalCrossentropy()
        >>> round(float(loss([[0, 1, 0]], [[0.25, 0.5, 0.25]])), 4)
        0.0433
    """

    alpha: float | list[float]
    gamma: float
    from_logits: bool
    label_smoothing: float
    axis: int

    def __init__(
        self,
        alpha: float | list[float] = 0.25,
        gamma: float = 2.0,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str = "categorical_focal_crossentropy",
        dtype: str | None = None,
    ) -> None:
        owner = type(self).__name__
        for weight in alpha if isinstance(alpha, list) else [alpha]:
            validation.number(owner, "alpha", weight, minimum=0)
        super().__init__(
            functions.categorical_focal_crossentropy,
            reduction,
            name,
            dtype,
            alpha=alpha,
            gamma=validation.number(owner, "gamma", gamma, minimum=0),
            **crossentropy_settings(self, from_logits, label_smoothing, axis),
        )

    def prepare(self, y: ArrayLike, output_shape: tuple[int, ...]) -> NDArray[np.float32]:
        """Checks one-hot targets and returns them as float32; see `Loss.prepare`."""
        return targets.class_probabilities(type(self).__name__, y, output_shape)
