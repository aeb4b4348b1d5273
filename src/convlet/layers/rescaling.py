"""Scaling of pixel values inside a model."""

from __future__ import annotations

from typing import Any

from convlet import validation
from convlet.layers.base import Layer


class Rescaling(Layer):
    """Multiplies and shifts each value, so that a model can take pixels from 0 to 255.

    `outputs = inputs * scale + offset`

    Args:
        scale: The factor: `1 / 255` takes pixels to the range from 0 to 1.
        offset: What is added.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        Any.

    Output shape:
        The input's.

    Parameters:
        None.

    Raises:
        ArgumentError: Where an argument is not a finite number.

    Example:
        >>> Rescaling(1 / 127.5, offset=-1).compute_output_shape((None, 28, 28, 1))
        (None, 28, 28, 1)
    """

    def __init__(self, scale: float, offset: float = 0.0, **kwargs: Any) -> None:
        self.scale = validation.number(type(self).__name__, "scale", scale)
        self.offset = validation.number(type(self).__name__, "offset", offset)
        super().__init__(**kwargs)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {**super().get_config(), "scale": self.scale, "offset": self.offset}
