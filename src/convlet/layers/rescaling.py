"""Scaling of pixel values inside a model."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from convlet import validation
from convlet.errors import ArgumentError, ShapeError
from convlet.layers.base import Layer


class Rescaling(Layer):
    """Multiplies and shifts each value, so that a model can take pixels from 0 to 255.

    `outputs = inputs * scale + offset`

    Args:
        scale: The factor: `1 / 255` takes pixels to the range from 0 to 1. Several are one for each
            channel, or an array that NumPy's rules broadcast to a sample's shape.
        offset: What is added; one number or several.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        Any.

    Output shape:
        The input's.

    Parameters:
        None.

    Raises:
        ArgumentError: Where an argument is neither a finite number nor an array of them.
        ShapeError: Where the layer is built for samples that the arrays don't fit.

    Example:
        >>> Rescaling(1 / 127.5, offset=-1).compute_output_shape((None, 28, 28, 1))
        (None, 28, 28, 1)
        >>> Rescaling([0.5, 1, 2], offset=-1).compute_output_shape((None, 28, 28, 3))
        (None, 28, 28, 3)
    """

    def __init__(self, scale: ArrayLike, offset: ArrayLike = 0.0, **kwargs: Any) -> None:
        self.scale = numbers(type(self).__name__, "scale", scale)
        self.offset = numbers(type(self).__name__, "offset", offset)
        super().__init__(**kwargs)

    @property
    def uniform(self) -> bool:
        """Whether all values are treated alike."""
        return not isinstance(self.scale, list) and not isinstance(self.offset, list)

    def output_sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """The input's."""
        for argument in ("scale", "offset"):
            shape = np.shape(getattr(self, argument))
            axes = zip(reversed(shape), reversed(sizes), strict=False)
            if len(shape) > len(sizes) or any(axis not in (1, size) for axis, size in axes):
                raise ShapeError(
                    f"{self.label} needs samples that {argument} of shape {shape} fits. "
                    f"Received samples of shape {sizes}. Use one number for each channel."
                )
        return sizes

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {**super().get_config(), "scale": self.scale, "offset": self.offset}


def numbers(owner: str, argument: str, value: Any) -> Any:
    """Returns a finite number as a float, an array of them as (nested) lists of floats.

    Raises:
        ArgumentError: For anything else.

    Example:
        >>> numbers("Rescaling", "scale", np.array([1, 2]))
        [1.0, 2.0]
    """
    if not isinstance(value, (list, tuple, np.ndarray)):
        return validation.number(owner, argument, value)
    try:
        array = np.asarray(value, np.float64)
    except (TypeError, ValueError):
        array = np.array([np.nan])
    if array.size == 0 or not np.isfinite(array).all():
        needed = "a finite number or an array of them"
        raise ArgumentError(validation.bad_argument(owner, argument, needed, value))
    return array.tolist()
