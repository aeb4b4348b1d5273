"""What augmentations of values share: a factor, and the range of a pixel's values."""

from __future__ import annotations

from typing import Any, ClassVar

from convlet.errors import ShapeError
from convlet.layers.augmentation import Augmentation, Range, check_value_range, factor_range
from convlet.layers.resampled import Factor


class ColorAugmentation(Augmentation):
    """What layers share that change the values of an image by a factor that is drawn for it.

    Args:
        factor: What is drawn from.
        value_range: The smallest and the largest value of a pixel.
        **kwargs: Every augmentation's `seed`, `data_format`, `name`, `trainable`, `dtype`.
    """

    bounds: ClassVar[tuple[float, float, float]]
    """The smallest and the largest factor, and where the range of one number begins."""
    channels: ClassVar[tuple[int, ...]] = ()
    """How many channels images may have; any number if empty."""

    def __init__(self, factor: Factor, value_range: Range, **kwargs: Any) -> None:
        owner = type(self).__name__
        lowest, highest, least = self.bounds
        self.factor = factor_range(owner, "factor", factor, lowest, highest, least)
        self.value_range = check_value_range(owner, value_range)
        super().__init__(**kwargs)

    def output_sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """The input's: an image."""
        check_channels(self, sizes, self.channels)
        return super().output_sizes(sizes)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {**super().get_config(), "factor": self.factor, "value_range": self.value_range}


def check_channels(layer: Augmentation, sizes: tuple[int, ...], channels: tuple[int, ...]) -> None:
    """Refuses images that have another number of channels, if only some are allowed.

    Raises:
        ShapeError: For any other number.
    """
    if channels and len(sizes) == 3 and sizes[2] not in channels:
        numbers = " or ".join(map(str, channels))
        raise ShapeError(
            f"{layer.label} needs images of {numbers} channels: red, green and blue. "
            f"Received shape {(None, *sizes)}."
        )


class RGBAugmentation(ColorAugmentation):
    """What layers share that need the three colours."""

    channels = (3,)


class GrayAugmentation(ColorAugmentation):
    """What layers share that need the three colours, or gray."""

    channels = (1, 3)
