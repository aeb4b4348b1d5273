"""Augmentations that change an image's colours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from convlet import validation
from convlet.layers.augmentation import Augmentation, Range, check_value_range
from convlet.layers.brightness import RandomBrightness, RandomContrast
from convlet.layers.color_augmentation import (
    ColorAugmentation,
    GrayAugmentation,
    RGBAugmentation,
    check_channels,
)
from convlet.layers.resampled import Factor, plain_factor


class RandomColorDegeneration(GrayAugmentation):
    """Takes colour out of each image, or adds to it, while training.

    `outputs = clip(inputs + factor * (gray - inputs), low, high)` for `value_range = (low, high)`,
    where `gray = 0.2989 * red + 0.587 * green + 0.114 * blue`, the factor drawn uniformly from its
    range.

    Args:
        factor: Two numbers from -1 to 1, or one `f` for `(-f, f)`.
        value_range: The smallest and the largest value of a pixel.
        data_format: Only `"channels_last"`.
        seed: The same seed draws the same; None takes the next one of the global sequence.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        (batch, height, width, 1 or 3)

    Output shape:
        The input's.

    Parameters:
        None.

    Raises:
        ArgumentError: Where `factor` is out of its range, or `value_range` is not two numbers.
        ShapeError: Where images have another number of channels.

    Example:
        >>> RandomColorDegeneration((0, 0.5)).factor
        (0.0, 0.5)

    References:
        Cubuk et al., 2019: AutoAugment: learning augmentation strategies from data.
    """

    bounds: ClassVar[tuple[float, float, float]] = (-1, 1, -1)

    def __init__(
        self,
        factor: Factor,
        value_range: Range = (0, 255),
        data_format: str | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            factor=factor, value_range=value_range, seed=seed, data_format=data_format, **kwargs
        )


class RandomHue(RGBAugmentation):
    """Turns each image's colours along the colour circle while training.

    The hue of each pixel, from 0 to 1, has `factor / 2` added, or with probability 1/2 taken off,
    the factor drawn uniformly from its range.

    Args:
        factor: Two numbers from 0 to 1, or one `f` for `(0, f)`.
        value_range: The smallest and the largest value of a pixel.
        data_format: Only `"channels_last"`.
        seed: The same seed draws the same; None takes the next one of the global sequence.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        (batch, height, width, 3)

    Output shape:
        The input's.

    Parameters:
        None.

    Raises:
        ArgumentError: Where `factor` is out of its range, or `value_range` is not two numbers.
        ShapeError: Where images have another number of channels.

    Example:
        >>> RandomHue(0.2).factor
        (0, 0.2)
    """

    bounds: ClassVar[tuple[float, float, float]] = (0, 1, 0)

    def __init__(
        self,
        factor: Factor,
        value_range: Range = (0, 255),
        data_format: str | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            factor=factor, value_range=value_range, seed=seed, data_format=data_format, **kwargs
        )


class RandomSaturation(RGBAugmentation):
    """Makes each image's colours paler or stronger while training.

    The saturation of each pixel is multiplied with `factor / (1 - factor)` and clipped to
    `value_range`, as Keras 3.15 does it, the factor drawn uniformly from its range: 0 is gray, 0.5
    changes nothing, and above it values can leave their range.

    Args:
        factor: Two numbers from -1 to 1, or one `f` for `(-f, f)`.
        value_range: The smallest and the largest value of a pixel.
        data_format: Only `"channels_last"`.
        seed: The same seed draws the same; None takes the next one of the global sequence.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        (batch, height, width, 3)

    Output shape:
        The input's.

    Parameters:
        None.

    Raises:
        ArgumentError: Where `factor` is out of its range, or `value_range` is not two numbers.
        ShapeError: Where images have another number of channels.

    Example:
        >>> RandomSaturation((0.4, 0.6)).factor
        (0.4, 0.6)
    """

    bounds: ClassVar[tuple[float, float, float]] = (-1, 1, -1)

    def __init__(
        self,
        factor: Factor,
        value_range: Range = (0, 255),
        data_format: str | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            factor=factor, value_range=value_range, seed=seed, data_format=data_format, **kwargs
        )


class RandomGrayscale(Augmentation):
    """Takes the colour out of some images while training.

    With probability `factor`, `outputs = 0.2989 * red + 0.587 * green + 0.114 * blue` in all three
    channels. Images of one channel are left alone.

    Args:
        factor: The probability, from 0 to 1.
        data_format: Only `"channels_last"`.
        seed: The same seed draws the same; None takes the next one of the global sequence.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        (batch, height, width, 1 or 3)

    Output shape:
        The input's.

    Parameters:
        None.

    Raises:
        ArgumentError: Where `factor` is not from 0 to 1.
        ShapeError: Where images have another number of channels.

    Example:
        >>> RandomGrayscale(0.2).compute_output_shape((None, 32, 32, 3))
        (None, 32, 32, 3)

    References:
        Chen et al., 2020: A simple framework for contrastive learning of visual representations.
    """

    def __init__(
        self,
        factor: float = 0.5,
        data_format: str | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        self.factor = validation.number(
            type(self).__name__, "factor", factor, minimum=0, maximum=1
        )  # fmt: skip
        super().__init__(seed=seed, data_format=data_format, **kwargs)

    def output_sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """The input's: an image."""
        check_channels(self, sizes, (1, 3))
        return super().output_sizes(sizes)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {**super().get_config(), "factor": self.factor}


class RandomColorJitter(Augmentation):
    """Changes brightness, contrast, saturation and hue of each image, in this order, in training.

    Each is what `RandomBrightness`, `RandomContrast`, `RandomSaturation` and `RandomHue` do.

    Args:
        value_range: The smallest and the largest value of a pixel.
        brightness_factor: As in `RandomBrightness`; None leaves it alone.
        contrast_factor: As in `RandomContrast`; None leaves it alone.
        saturation_factor: As in `RandomSaturation`; None leaves it alone.
        hue_factor: As in `RandomHue`; None leaves it alone.
        seed: The same seed draws the same; None takes the next one of the global sequence.
        data_format: Only `"channels_last"`.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        (batch, height, width, channels)

    Output shape:
        The input's.

    Parameters:
        None.

    Raises:
        ArgumentError: Where a factor is out of its range, or `value_range` is not two numbers.
        ShapeError: Where saturation or hue is to change, and images don't have 3 channels.

    Example:
        >>> RandomColorJitter(brightness_factor=0.2, hue_factor=0.1).parts
        [<RandomBrightness 'brightness'>, <RandomHue 'hue'>]

    References:
        Krizhevsky et al., 2012: ImageNet classification with deep convolutional neural networks.
    """

    def __init__(
        self,
        value_range: Range = (0, 255),
        brightness_factor: Factor | None = None,
        contrast_factor: Factor | None = None,
        saturation_factor: Factor | None = None,
        hue_factor: Factor | None = None,
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(seed=seed, data_format=data_format, **kwargs)
        self.value_range = check_value_range(type(self).__name__, value_range)
        self.brightness_factor = plain_factor(brightness_factor)
        self.contrast_factor = plain_factor(contrast_factor)
        self.saturation_factor = plain_factor(saturation_factor)
        self.hue_factor = plain_factor(hue_factor)
        kinds: dict[str, Callable[..., ColorAugmentation]] = {
            "brightness": RandomBrightness,
            "contrast": RandomContrast,
            "saturation": RandomSaturation,
            "hue": RandomHue,
        }
        self.parts: list[ColorAugmentation] = [
            # Seeds side by side draw numbers that have nothing to do with each other.
            kinds[name](factor, self.value_range, seed=(self.seed + number) % 2**63, name=name)
            for number, (name, factor) in enumerate(self._factors().items())
            if factor is not None
        ]

    def _factors(self) -> dict[str, Any]:
        return {
            "brightness": self.brightness_factor,
            "contrast": self.contrast_factor,
            "saturation": self.saturation_factor,
            "hue": self.hue_factor,
        }

    def output_sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """The input's: an image."""
        for part in self.parts:
            check_channels(self, sizes, part.channels)
        return super().output_sizes(sizes)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {
            **super().get_config(),
            "value_range": self.value_range,
            **{f"{name}_factor": factor for name, factor in self._factors().items()},
        }
