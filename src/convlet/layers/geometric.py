"""Augmentations that move pixels: flips, rotations, translations, zooms and shears."""

from __future__ import annotations

from numbers import Real
from typing import Any, ClassVar

from convlet import validation
from convlet.errors import ArgumentError
from convlet.layers.augmentation import Augmentation, factor_range
from convlet.layers.resampled import Affine, Factor, plain_factor


class RandomFlip(Augmentation):
    """Mirrors half of the images while training.

    Each image is mirrored with probability 1/2: `outputs[y, x] = inputs[y, width - 1 - x]` for
    `"horizontal"`, `inputs[height - 1 - y, x]` for `"vertical"`; for `"horizontal_and_vertical"`
    both at once or neither, as Keras 3 does it.

    Args:
        mode: `"horizontal"`, `"vertical"` or `"horizontal_and_vertical"`.
        seed: The same seed mirrors the same images; None takes the next one of the global sequence.
        data_format: Only `"channels_last"`.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        (batch, height, width, channels)

    Output shape:
        The input's.

    Parameters:
        None.

    Raises:
        UnknownNameError: Where `mode` is none of the three.

    Example:
        >>> RandomFlip("horizontal").compute_output_shape((None, 32, 32, 3))
        (None, 32, 32, 3)

    References:
        Krizhevsky et al., 2012: ImageNet classification with deep convolutional neural networks.
    """

    MODES: ClassVar[tuple[str, ...]] = ("horizontal", "vertical", "horizontal_and_vertical")

    def __init__(
        self,
        mode: str = "horizontal_and_vertical",
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        self.mode = validation.one_of(type(self).__name__, "mode", mode, self.MODES)
        super().__init__(seed=seed, data_format=data_format, **kwargs)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {**super().get_config(), "mode": self.mode}


class RandomRotation(Affine):
    """Turns each image around its centre by an angle of its own while training.

    Pixel (y, x) of the output is the input at
    `x' = cx + cos(angle) * (x - cx) - sin(angle) * (y - cy)`,
    `y' = cy + sin(angle) * (x - cx) + cos(angle) * (y - cy)`,
    where the angle is `2 * pi * factor`, the factor drawn uniformly from its range. A positive one
    turns the picture counter-clockwise.

    Args:
        factor: A share of a full turn: two numbers from -1 to 1, or one `f` for `(-f, f)`.
        fill_mode: What lies outside of the image: `"reflect"` (d c b a | a b c d | d c b a),
            `"wrap"` (a b c d | a b c d | a b c d), `"nearest"` (a a a a | a b c d | d d d d) or
            `"constant"`, which is `fill_value`.
        interpolation: Between pixels: `"nearest"` or `"bilinear"`.
        seed: The same seed draws the same; None takes the next one of the global sequence.
        fill_value: The value outside for `fill_mode="constant"`.
        data_format: Only `"channels_last"`.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        (batch, height, width, channels)

    Output shape:
        The input's.

    Parameters:
        None.

    Raises:
        ArgumentError: Where `factor` is out of its range.
        UnknownNameError: Where `fill_mode` or `interpolation` is not one of those named.

    Example:
        >>> RandomRotation(0.1).factor
        (-0.1, 0.1)

    References:
        Simard et al., 2003: Best practices for convolutional neural networks applied to visual
        document analysis.
    """

    def __init__(
        self,
        factor: Factor,
        fill_mode: str = "reflect",
        interpolation: str = "bilinear",
        seed: int | None = None,
        fill_value: float = 0.0,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        self.factor = factor_range(type(self).__name__, "factor", factor, -1, 1, least=-1)
        self.vertical = self.factor
        super().__init__(fill_mode, interpolation, seed, fill_value, data_format, **kwargs)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {**super().get_config(), "factor": self.factor}


class RandomTranslation(Affine):
    """Shifts each image by an amount of its own while training.

    `outputs[y, x] = inputs[y - height_factor * height, x - width_factor * width]`, each factor
    drawn uniformly from its range: a positive one shifts down, or to the right.

    Args:
        height_factor: A share of the height: two numbers from -1 to 1, or one `f` for `(-f, f)`.
        width_factor: A share of the width, likewise.
        fill_mode: What lies outside of the image: `"reflect"` (d c b a | a b c d | d c b a),
            `"wrap"` (a b c d | a b c d | a b c d), `"nearest"` (a a a a | a b c d | d d d d) or
            `"constant"`, which is `fill_value`.
        interpolation: Between pixels: `"nearest"` or `"bilinear"`.
        seed: The same seed draws the same; None takes the next one of the global sequence.
        fill_value: The value outside for `fill_mode="constant"`.
        data_format: Only `"channels_last"`.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        (batch, height, width, channels)

    Output shape:
        The input's.

    Parameters:
        None.

    Raises:
        ArgumentError: Where a factor is out of its range.
        UnknownNameError: Where `fill_mode` or `interpolation` is not one of those named.

    Example:
        >>> RandomTranslation(0.1, (0, 0.2)).compute_output_shape((None, 32, 32, 3))
        (None, 32, 32, 3)

    References:
        LeCun et al., 1998: Gradient-based learning applied to document recognition.
    """

    def __init__(
        self,
        height_factor: Factor,
        width_factor: Factor,
        fill_mode: str = "reflect",
        interpolation: str = "bilinear",
        seed: int | None = None,
        fill_value: float = 0.0,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        owner = type(self).__name__
        self.vertical = factor_range(owner, "height_factor", height_factor, -1, 1, least=-1)
        self.horizontal = factor_range(owner, "width_factor", width_factor, -1, 1, least=-1)
        self.height_factor, self.width_factor = (
            plain_factor(height_factor),
            plain_factor(width_factor),
        )
        super().__init__(fill_mode, interpolation, seed, fill_value, data_format, **kwargs)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {
            **super().get_config(),
            "height_factor": self.height_factor,
            "width_factor": self.width_factor,
        }


class RandomZoom(Affine):
    """Shows each image from nearer or farther while training.

    Pixel (y, x) of the output is the input at `x' = cx + (1 + width_factor) * (x - cx)` and
    `y' = cy + (1 + height_factor) * (y - cy)`, each factor drawn uniformly from its range: a
    negative one zooms in, a positive one out.

    Args:
        height_factor: Two numbers above -1 and at most 1, or one `f` for `(-f, f)`.
        width_factor: Likewise; None for the factor of the height, which keeps proportions.
        fill_mode: What lies outside of the image: `"reflect"` (d c b a | a b c d | d c b a),
            `"wrap"` (a b c d | a b c d | a b c d), `"nearest"` (a a a a | a b c d | d d d d) or
            `"constant"`, which is `fill_value`.
        interpolation: Between pixels: `"nearest"` or `"bilinear"`.
        seed: The same seed draws the same; None takes the next one of the global sequence.
        fill_value: The value outside for `fill_mode="constant"`.
        data_format: Only `"channels_last"`.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        (batch, height, width, channels)

    Output shape:
        The input's.

    Parameters:
        None.

    Raises:
        ArgumentError: Where a factor is out of its range.
        UnknownNameError: Where `fill_mode` or `interpolation` is not one of those named.

    Example:
        >>> RandomZoom((-0.2, 0)).compute_output_shape((None, 32, 32, 3))
        (None, 32, 32, 3)

    References:
        Simard et al., 2003: Best practices for convolutional neural networks applied to visual
        document analysis.
    """

    def __init__(
        self,
        height_factor: Factor,
        width_factor: Factor | None = None,
        fill_mode: str = "reflect",
        interpolation: str = "bilinear",
        seed: int | None = None,
        fill_value: float = 0.0,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        self.vertical = self._range("height_factor", height_factor)
        if width_factor is not None:
            self.horizontal = self._range("width_factor", width_factor)
        self.height_factor, self.width_factor = (
            plain_factor(height_factor),
            plain_factor(width_factor),
        )
        super().__init__(fill_mode, interpolation, seed, fill_value, data_format, **kwargs)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {
            **super().get_config(),
            "height_factor": self.height_factor,
            "width_factor": self.width_factor,
        }

    def _range(self, argument: str, value: Factor) -> tuple[float, float]:
        owner = type(self).__name__
        lower, upper = factor_range(owner, argument, value, -1, 1, least=-1)
        if value == -1 or (isinstance(value, (tuple, list)) and lower == -1):
            fix = "At -1 the whole image would be one point of the input."
            raise ArgumentError(validation.bad_argument(owner, argument, "above -1", value, fix))
        return lower, upper


class RandomShear(Affine):
    """Slants each image by an amount of its own while training.

    Pixel (y, x) of the output is the input at `x' = x + x_factor * y` and `y' = y + y_factor * x`,
    each factor drawn uniformly from its range, then both negated with probability 1/2.

    Args:
        x_factor: Two numbers from 0 to 1, or one `f` for `(-f, f)`.
        y_factor: Likewise.
        interpolation: Between pixels: `"nearest"` or `"bilinear"`.
        fill_mode: What lies outside of the image: `"reflect"` (d c b a | a b c d | d c b a),
            `"wrap"` (a b c d | a b c d | a b c d), `"nearest"` (a a a a | a b c d | d d d d) or
            `"constant"`, which is `fill_value`.
        fill_value: The value outside for `fill_mode="constant"`.
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
        ArgumentError: Where a factor is out of its range.
        UnknownNameError: Where `fill_mode` or `interpolation` is not one of those named.

    Example:
        >>> RandomShear(0.2).x_factor
        (-0.2, 0.2)

    References:
        Simard et al., 2003: Best practices for convolutional neural networks applied to visual
        document analysis.
    """

    def __init__(
        self,
        x_factor: Factor = 0.0,
        y_factor: Factor = 0.0,
        interpolation: str = "bilinear",
        fill_mode: str = "reflect",
        fill_value: float = 0.0,
        data_format: str | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        self.x_factor = self.horizontal = self._range("x_factor", x_factor)
        self.y_factor = self.vertical = self._range("y_factor", y_factor)
        super().__init__(fill_mode, interpolation, seed, fill_value, data_format, **kwargs)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        # A number is written as a number: Keras does not read the range that it writes itself.
        x_factor, y_factor = (
            factor[1] if factor[0] == -factor[1] else factor
            for factor in (self.x_factor, self.y_factor)
        )
        return {**super().get_config(), "x_factor": x_factor, "y_factor": y_factor}

    def _range(self, argument: str, value: Factor) -> tuple[float, float]:
        # The range of one number is what Keras writes into its files.
        if isinstance(value, (tuple, list)) and len(value) == 2 and _opposite(*value):
            value = abs(value[1])
        return factor_range(type(self).__name__, argument, value, 0, 1, least=-1)


def _opposite(low: object, high: object) -> bool:
    """Whether two things are numbers, one minus the other."""
    return isinstance(low, Real) and isinstance(high, Real) and low == -high
