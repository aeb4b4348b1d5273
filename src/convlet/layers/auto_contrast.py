"""Contrast stretched to the whole range."""

from __future__ import annotations

from typing import Any

from convlet.layers.augmentation import Range, check_value_range
from convlet.layers.base import Layer
from convlet.layers.spatial import check_data_format


class AutoContrast(Layer):
    """Stretches each channel of an image to the whole range of values, in training and else.

    `outputs = low + (inputs - least) / (most - least) * (high - low)` for
    `value_range = (low, high)`, where `least` and `most` are the smallest and the largest value of
    the image's channel; a channel of one value is left alone.

    Args:
        value_range: The smallest and the largest value of a pixel.
        data_format: Only `"channels_last"`.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        (batch, height, width, channels)

    Output shape:
        The input's.

    Parameters:
        None.

    Raises:
        ArgumentError: Where `value_range` is not two numbers.
        UnsupportedError: For another `data_format`.

    Example:
        >>> AutoContrast().value_range
        (0.0, 255.0)

    References:
        Cubuk et al., 2019: AutoAugment: learning augmentation strategies from data.
    """

    def __init__(
        self, value_range: Range = (0, 255), data_format: str | None = None, **kwargs: Any
    ) -> None:
        owner = type(self).__name__
        self.value_range = check_value_range(owner, value_range)
        self.data_format = check_data_format(owner, data_format)
        super().__init__(**kwargs)

    def output_sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """The input's: an image."""
        self._check_image(sizes)
        return sizes

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {
            **super().get_config(),
            "value_range": self.value_range,
            "data_format": self.data_format,
        }
