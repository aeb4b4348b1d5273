"""Layers that enlarge an image or a sequence by a whole factor."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from convlet import validation
from convlet.layers.base import Layer
from convlet.layers.spatial import check_data_format
from convlet.layers.windows import Window

REACH = {"bicubic": 4, "bilinear": 2, "lanczos3": 6, "lanczos5": 10, "nearest": 1}
"""How many pixels along an axis each interpolation makes one of."""


class UpSampling1D(Layer):
    """Repeats each step of a sequence.

    `outputs[t, c] = inputs[t // size, c]`

    Args:
        size: How many times.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        (batch, steps, channels)

    Output shape:
        (batch, steps * size, channels)

    Parameters:
        None.

    Raises:
        ArgumentError: Where `size` is no integer of at least 1.

    Example:
        >>> UpSampling1D(3).compute_output_shape((None, 10, 8))
        (None, 30, 8)
    """

    def __init__(self, size: int = 2, **kwargs: Any) -> None:
        self.size = validation.integer(type(self).__name__, "size", size)
        super().__init__(**kwargs)

    @property
    def window(self) -> Window:
        """What one value of the output sees of the input."""
        return Window((1, 1), (1, Fraction(1, self.size)))

    def output_sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """(steps * size, channels)."""
        self._check_axes(sizes, 1)
        return (sizes[0] * self.size, sizes[1])

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {**super().get_config(), "size": self.size}


class UpSampling2D(Layer):
    """Enlarges an image: repeats its rows and columns, or draws curves between them.

    `outputs[y, x, c] = inputs[y // size[0], x // size[1], c]` for `"nearest"`. For `"bilinear"` the
    output is the input, linear between the middles of its pixels, at
    `((y + 0.5) / size[0] - 0.5, (x + 0.5) / size[1] - 0.5)`; outside the outermost middles it
    stays as it is there. The others are smoother curves through the pixels' middles.

    Args:
        size: How many times: (down, across), or one integer for both.
        data_format: Only `"channels_last"`.
        interpolation: `"nearest"`, `"bilinear"`, `"bicubic"` (Keys's, with a = -0.5), `"lanczos3"`
            or `"lanczos5"`.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        (batch, height, width, channels)

    Output shape:
        (batch, height * size[0], width * size[1], channels)

    Parameters:
        None.

    Raises:
        ArgumentError: Where `size` is neither.
        UnknownNameError: For an interpolation that is not known.

    Example:
        >>> UpSampling2D((2, 3)).compute_output_shape((None, 7, 7, 16))
        (None, 14, 21, 16)
    """

    def __init__(
        self,
        size: int | tuple[int, int] = (2, 2),
        data_format: str | None = None,
        interpolation: str = "nearest",
        **kwargs: Any,
    ) -> None:
        owner = type(self).__name__
        self.size = validation.integer_pair(owner, "size", size)
        self.data_format = check_data_format(owner, data_format)
        self.interpolation = _interpolation(owner, interpolation)
        super().__init__(**kwargs)

    @property
    def window(self) -> Window:
        """What one value of the output sees of the input."""
        reach = REACH[self.interpolation]
        height, width = (reach if factor > 1 else 1 for factor in self.size)
        down, across = self.size
        return Window((height, width), (Fraction(1, down), Fraction(1, across)))

    def output_sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """(height * size[0], width * size[1], channels)."""
        self._check_image(sizes)
        return (sizes[0] * self.size[0], sizes[1] * self.size[1], sizes[2])

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {
            **super().get_config(),
            "size": self.size,
            "data_format": self.data_format,
            "interpolation": self.interpolation,
        }


def _interpolation(owner: str, interpolation: object) -> str:
    name = interpolation.lower() if isinstance(interpolation, str) else interpolation
    return validation.one_of(owner, "interpolation", name, list(REACH))
