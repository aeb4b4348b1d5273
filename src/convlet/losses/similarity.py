"""A loss for vectors that stand for images, by which images are compared."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet import validation
from convlet.losses import functions, targets
from convlet.losses.function_loss import FunctionLoss
from convlet.losses.functions.similarity import circle_gradient


class Circle(FunctionLoss):
    """Draws vectors of one label together and those of two labels apart.

    The values depend on which samples are in a batch together. A sample without another of its
    label in the batch does not count; see `losses.circle`
    (Sun et al., 2020, https://arxiv.org/abs/2002.10857).

    Args:
        gamma: A factor: the larger, the more the hardest pairs count.
        margin: How far pairs of one label may be apart.
        remove_diagonal: Whether a sample makes no pair with itself.
        reduction: How the values of a batch become one; see `Loss`.
        name: A name for the loss.
        dtype: Only "float32".

    Raises:
        ArgumentError: A number is out of its range.

    Example:
        >>> loss = Circle(gamma=8.0)
        >>> round(float(loss([0, 0, 1], [[1.0, 0.0], [0.8, 0.6], [0.0, 1.0]])), 3)
        0.582
    """

    gamma: float
    margin: float
    remove_diagonal: bool

    def __init__(
        self,
        gamma: float = 80.0,
        margin: float = 0.4,
        remove_diagonal: bool = True,
        reduction: str | None = "sum_over_batch_size",
        name: str = "circle",
        dtype: str | None = None,
    ) -> None:
        owner = type(self).__name__
        super().__init__(
            functions.circle,
            reduction,
            name,
            dtype,
            gamma=validation.number(owner, "gamma", gamma, above=0),
            margin=validation.number(owner, "margin", margin),
            remove_diagonal=validation.boolean(owner, "remove_diagonal", remove_diagonal),
        )

    def mask(self, y_true: ArrayLike, values: NDArray[Any]) -> NDArray[np.bool_] | None:
        """Returns which samples have a pair of each kind."""
        return np.asarray(values > 0)

    def weighted_gradient(
        self, y_true: ArrayLike, y_pred: ArrayLike, weight: NDArray[Any]
    ) -> NDArray[Any]:
        """Returns the gradient of the weighted sum of the values, with a weight for each value."""
        return circle_gradient(y_true, y_pred, **self._settings, weights=weight)

    def prepare(self, y: ArrayLike, output_shape: tuple[int, ...]) -> NDArray[np.int32]:
        """Checks integer labels and returns them as int32; see `Loss.prepare`."""
        return targets.one_label_each(type(self).__name__, y)
