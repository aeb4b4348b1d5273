"""A penalty on activations as a layer of its own."""

from __future__ import annotations

from typing import Any

from convlet.layers.base import Layer
from convlet.regularizers import L1L2


class ActivityRegularization(Layer):
    """Passes its inputs on, and adds a penalty on them to the loss.

    `penalty = (l1 * sum(abs(inputs)) + l2 * sum(inputs ** 2)) / batch`

    Args:
        l1: The factor of the absolute values, at least 0.
        l2: The factor of the squares, at least 0.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        Any.

    Output shape:
        The input's.

    Parameters:
        None.

    Raises:
        ArgumentError: A factor is negative or not a number.

    Example:
        >>> ActivityRegularization(l1=0.01).compute_output_shape((None, 26, 26, 32))
        (None, 26, 26, 32)
    """

    def __init__(self, l1: float = 0.0, l2: float = 0.0, **kwargs: Any) -> None:
        penalty = L1L2(l1=l1, l2=l2)
        super().__init__(activity_regularizer=penalty, **kwargs)
        self.l1, self.l2 = penalty.l1, penalty.l2

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        config = super().get_config()
        config.pop("activity_regularizer")
        return {**config, "l1": self.l1, "l2": self.l2}
