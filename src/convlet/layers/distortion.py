"""Augmentations that look at a neighbourhood: erasing, elastic distortion, blur and sharpness."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from convlet import validation
from convlet.errors import ArgumentError, ShapeError
from convlet.layers.augmentation import Augmentation, Range, check_value_range, factor_range
from convlet.layers.color_augmentation import ColorAugmentation
from convlet.layers.resampled import Factor, check_resampling
from convlet.layers.rescaling import numbers


class RandomErasing(ColorAugmentation):
    """Covers a rectangle of some images while training.

    With a probability that is drawn uniformly from the range of `factor`, a window at a random
    place is filled, whose height is `sqrt(s)` of the image's and whose width is `sqrt(t)` of it,
    `s` and `t` drawn uniformly from the range of `scale`.

    Args:
        factor: A probability: two numbers from 0 to 1, or one `f` for `(0, f)`.
        scale: Two numbers from 0 to 1, or one `s` for `(0, s)`.
        fill_value: What the window is filled with: a number, three of them, or None for normally
            distributed noise times the largest value; clipped to `value_range`.
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
        ArgumentError: Where a factor is out of its range, or `fill_value` or `value_range` is not
            what it may be.
        ShapeError: Where there are three fill values, but not three channels.

    Example:
        >>> RandomErasing(0.5).scale
        (0.02, 0.33)

    References:
        Zhong et al., 2020: Random erasing data augmentation.
    """

    bounds: ClassVar[tuple[float, float, float]] = (0, 1, 0)

    def __init__(
        self,
        factor: Factor = 1.0,
        scale: Factor = (0.02, 0.33),
        fill_value: float | tuple[float, float, float] | None = None,
        value_range: Range = (0, 255),
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        owner = type(self).__name__
        self.scale = factor_range(owner, "scale", scale, 0, 1, least=0)
        filling = 0.0 if fill_value is None else numbers(owner, "fill_value", fill_value)
        if np.shape(filling) not in ((), (3,)):
            needed = "a number, three numbers or None"
            raise ArgumentError(
                validation.bad_argument(owner, "fill_value", needed, fill_value)
            )  # fmt: skip
        self.fill_value = None if fill_value is None else filling
        super().__init__(factor, value_range, seed=seed, data_format=data_format, **kwargs)

    def output_sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """The input's: an image."""
        if isinstance(self.fill_value, list) and len(sizes) == 3 and sizes[2] != 3:
            raise ShapeError(
                f"{self.label} needs images of 3 channels for three fill values. "
                f"Received shape {(None, *sizes)}."
            )
        return super().output_sizes(sizes)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {**super().get_config(), "scale": self.scale, "fill_value": self.fill_value}


class RandomElasticTransform(ColorAugmentation):
    """Distorts some images as if they were printed on rubber, while training.

    With a probability that is drawn uniformly from the range of `factor`, pixel (y, x) of the
    output is the input at `(y + alpha * dy[y, x], x + alpha * dx[y, x])`, where `dx` and `dy` are
    fields of normally distributed numbers of deviation `sigma`, blurred by a Gaussian of `sigma`
    pixels. `alpha = 0.1 * s * max(height, width)` and `sigma = 0.05 * s * min(height, width)`, `s`
    drawn uniformly from the range of `scale`. Values are clipped to `value_range`.

    Args:
        factor: A probability: two numbers from 0 to 1, or one `f` for `(0, f)`.
        scale: Two numbers from 0 to 1, or one `s` for `(0, s)`.
        interpolation: Between pixels: `"nearest"` or `"bilinear"`.
        fill_mode: What lies outside of the image: `"reflect"`, `"wrap"`, `"nearest"` or
            `"constant"`, which is `fill_value`.
        fill_value: The value outside for `fill_mode="constant"`.
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
        ArgumentError: Where a factor is out of its range, or `value_range` is not two numbers.
        UnknownNameError: Where `fill_mode` or `interpolation` is not one of those named.

    Example:
        >>> RandomElasticTransform(0.5, scale=(0.5, 1)).scale
        (0.5, 1.0)

    References:
        Simard et al., 2003: Best practices for convolutional neural networks applied to visual
        document analysis.
    """

    bounds: ClassVar[tuple[float, float, float]] = (0, 1, 0)

    def __init__(
        self,
        factor: Factor = 1.0,
        scale: Factor = 1.0,
        interpolation: str = "bilinear",
        fill_mode: str = "reflect",
        fill_value: float = 0.0,
        value_range: Range = (0, 255),
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        owner = type(self).__name__
        self.scale = factor_range(owner, "scale", scale, 0, 1, least=0)
        self.fill_mode, self.interpolation, self.fill_value = check_resampling(
            owner, fill_mode, interpolation, fill_value
        )
        super().__init__(factor, value_range, seed=seed, data_format=data_format, **kwargs)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {
            **super().get_config(),
            "scale": self.scale,
            "interpolation": self.interpolation,
            "fill_mode": self.fill_mode,
            "fill_value": self.fill_value,
        }


class RandomGaussianBlur(Augmentation):
    """Blurs some images while training.

    With a probability that is drawn uniformly from the range of `factor`, each pixel becomes the
    mean of its neighbours, weighted by `exp(-(distance / sigma)**2 / 2)` along each axis, `sigma`
    of each drawn uniformly from its range; outside of the image there are zeros. Values are clipped
    to `value_range`.

    Args:
        factor: A probability: two numbers from 0 to 1, or one `f` for `(0, f)`.
        kernel_size: How many neighbours count, along the width and along the height as in Keras
            3.15: one or two odd integers.
        sigma: In pixels: two numbers from 0 to 1, or one `s` for `(0, s)`.
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
        ArgumentError: Where an argument is out of its range.

    Example:
        >>> RandomGaussianBlur(kernel_size=5).kernel_size
        (5, 5)

    References:
        Chen et al., 2020: A simple framework for contrastive learning of visual representations.
    """

    def __init__(
        self,
        factor: Factor = 1.0,
        kernel_size: int | tuple[int, int] = 3,
        sigma: Factor = 1.0,
        value_range: Range = (0, 255),
        data_format: str | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        owner = type(self).__name__
        self.factor = factor_range(owner, "factor", factor, 0, 1, least=0)
        self.kernel_size = validation.integer_pair(owner, "kernel_size", kernel_size)
        if not all(size % 2 for size in self.kernel_size):
            raise ArgumentError(
                validation.bad_argument(owner, "kernel_size", "odd", kernel_size)
            )  # fmt: skip
        self.sigma = factor_range(owner, "sigma", sigma, 0, 1, least=0)
        self.value_range = check_value_range(owner, value_range)
        super().__init__(seed=seed, data_format=data_format, **kwargs)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {
            **super().get_config(),
            "factor": self.factor,
            "kernel_size": self.kernel_size,
            "sigma": self.sigma,
            "value_range": self.value_range,
        }


class RandomSharpness(ColorAugmentation):
    """Makes each image smoother or sharper while training.

    `outputs = clip(inputs + (1 - 2 * factor) * (smooth - inputs), low, high)` for
    `value_range = (low, high)`, where `smooth` is the mean of the 3 x 3 pixels around, the middle
    counted five times and zeros outside, and the factor is drawn uniformly from its range: 0 is
    smooth, 0.5 changes nothing.

    Args:
        factor: Two numbers from 0 to 1, or one `f` for `(0, f)`.
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
        >>> RandomSharpness((0.2, 0.8)).factor
        (0.2, 0.8)

    References:
        Cubuk et al., 2019: AutoAugment: learning augmentation strategies from data.
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
        super().__init__(factor, value_range, seed=seed, data_format=data_format, **kwargs)
