"""Augmentations that change an image's brightness and contrast."""

from __future__ import annotations

from typing import Any, ClassVar

from convlet.layers.augmentation import Augmentation, Range, check_value_range, factor_range
from convlet.layers.color_augmentation import ColorAugmentation
from convlet.layers.resampled import Factor


class RandomBrightness(ColorAugmentation):
    """Makes each image brighter or darker while training.

    `outputs = clip(inputs + factor * (high - low), low, high)` for `value_range = (low, high)`, the
    factor drawn uniformly from its range.

    Args:
        factor: Two numbers from -1 to 1, or one `f` for `(-f, f)`.
        value_range: The smallest and the largest value of a pixel.
        seed: The same seed draws the same; None takes the next one of the global sequence.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        (batch, height, width, channels)

    Output shape:
        The input's.

    Parameters:
        None.

    Raises:
        ArgumentError: Where `factor` is out of its range, or `value_range` is not two numbers.

    Example:
        >>> RandomBrightness(0.2).factor
        (-0.2, 0.2)
    """

    bounds: ClassVar[tuple[float, float, float]] = (-1, 1, -1)

    def __init__(
        self,
        factor: Factor,
        value_range: Range = (0, 255),
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(factor=factor, value_range=value_range, seed=seed, **kwargs)


class RandomContrast(ColorAugmentation):
    """Makes the differences within each image larger or smaller while training.

    `outputs = clip((inputs - mean) * c + mean, low, high)` for `value_range = (low, high)`, where
    `mean` is that of the image's channel, and `c` is drawn uniformly from `1 - factor[0]` to
    `1 + factor[1]`. As in Keras 3.15, one number `f` stands for `(0, f)`: contrast only grows.

    Args:
        factor: Two numbers from 0 to 1, or one `f` for `(0, f)`.
        value_range: The smallest and the largest value of a pixel.
        seed: The same seed draws the same; None takes the next one of the global sequence.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        (batch, height, width, channels)

    Output shape:
        The input's.

    Parameters:
        None.

    Raises:
        ArgumentError: Where `factor` is out of its range, or `value_range` is not two numbers.

    Example:
        >>> RandomContrast((0.3, 0.2)).factor
        (0.2, 0.3)
    """

    bounds: ClassVar[tuple[float, float, float]] = (0, 1, 0)

    def __init__(
        self,
        factor: Factor,
        value_range: Range = (0, 255),
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(factor=factor, value_range=value_range, seed=seed, **kwargs)


class RandomInvert(ColorAugmentation):
    """Turns some images into their negatives while training.

    With a probability that is drawn uniformly from the range of `factor` for each image,
    `outputs = high - inputs` for `value_range = (low, high)`; else they are left alone.

    Args:
        factor: A probability: two numbers from 0 to 1, or one `f` for `(0, f)`.
        value_range: The smallest and the largest value of a pixel.
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
        ArgumentError: Where `factor` is out of its range, or `value_range` is not two numbers.

    Example:
        >>> RandomInvert((0.5, 0.5)).factor
        (0.5, 0.5)
    """

    bounds: ClassVar[tuple[float, float, float]] = (0, 1, 0)

    def __init__(
        self,
        factor: Factor = 1.0,
        value_range: Range = (0, 255),
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            factor=factor, value_range=value_range, seed=seed, data_format=data_format, **kwargs
        )


class RandomPosterization(ColorAugmentation):
    """Leaves fewer levels of brightness in each image while training.

    Of values from 0 to 255 only the first `bits` bits are kept:
    `outputs = floor(inputs / 2**(8 - bits)) * 2**(8 - bits)`; other ranges are scaled to that one
    and back. `bits` is an integer from `factor[0]` to below `factor[1]`, or both where they are
    equal.

    Args:
        factor: Two numbers from 1 to 8, or one `f` for `(1, f)`.
        value_range: The smallest and the largest value of a pixel.
        data_format: Only `"channels_last"`.
        seed: The same seed draws the same; None takes the next one of the global sequence.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        (batch, height, width, channels)

    Output shape:
        The input's.

    Parameters:
        None.

    Raises:
        ArgumentError: Where `factor` is out of its range, or `value_range` is not two numbers.

    Example:
        >>> RandomPosterization((3, 5)).factor
        (3.0, 5.0)

    References:
        Cubuk et al., 2019: AutoAugment: learning augmentation strategies from data.
    """

    bounds: ClassVar[tuple[float, float, float]] = (1, 8, 1)

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


class Solarization(Augmentation):
    """Turns the bright parts of each image into their negatives while training.

    For values from 0 to 255, `v = clip(inputs + addition, 0, 255)`, and `outputs = v` where it is
    below the threshold, else `255 - v`; other ranges are scaled to that one and back. For each
    image both are drawn uniformly, from `factor[0]` to `255 * factor[1]` as in Keras 3.15.

    Args:
        addition_factor: Two numbers from 0 to 1, or one `f` for `(0, f)`.
        threshold_factor: Two numbers from 0 to 1, or one `f` for `(0, f)`.
        value_range: The smallest and the largest value of a pixel.
        seed: The same seed draws the same; None takes the next one of the global sequence.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        (batch, height, width, channels)

    Output shape:
        The input's.

    Parameters:
        None.

    Raises:
        ArgumentError: Where a factor is out of its range, or `value_range` is not two numbers.

    Example:
        >>> Solarization(0.1, (0.4, 0.6)).threshold_factor
        (0.4, 0.6)

    References:
        Cubuk et al., 2019: AutoAugment: learning augmentation strategies from data.
    """

    def __init__(
        self,
        addition_factor: Factor = 0.0,
        threshold_factor: Factor = 0.0,
        value_range: Range = (0, 255),
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        owner = type(self).__name__
        self.addition_factor = factor_range(owner, "addition_factor", addition_factor, 0, 1, 0)
        self.threshold_factor = factor_range(owner, "threshold_factor", threshold_factor, 0, 1, 0)
        self.value_range = check_value_range(owner, value_range)
        super().__init__(seed=seed, **kwargs)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {
            **super().get_config(),
            "addition_factor": self.addition_factor,
            "threshold_factor": self.threshold_factor,
            "value_range": self.value_range,
        }
