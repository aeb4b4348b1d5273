"""Layers that give images another size: Resizing, CenterCrop and RandomCrop."""

from __future__ import annotations

from typing import Any, NamedTuple

from convlet import validation
from convlet.errors import ArgumentError
from convlet.layers.augmentation import Augmentation
from convlet.layers.base import Layer
from convlet.layers.spatial import check_data_format

INTERPOLATIONS = ("bilinear", "nearest", "bicubic", "lanczos3", "lanczos5")


class Box(NamedTuple):
    """A window of an image; it may reach beyond the image on all sides."""

    top: int
    left: int
    height: int
    width: int


def largest_box(height: int, width: int, target_height: int, target_width: int) -> Box:
    """The largest window in the middle of an image that has the proportions of another.

    Example:
        >>> largest_box(30, 40, 10, 10)
        Box(top=0, left=5, height=30, width=30)
    """
    box_height = max(min(height, int(width * target_height / target_width)), 1)
    box_width = max(min(width, int(height * target_width / target_height)), 1)
    return Box(
        int((height - box_height) / 2), int((width - box_width) / 2), box_height, box_width
    )  # fmt: skip


def smallest_frame(height: int, width: int, target_height: int, target_width: int) -> Box:
    """The smallest window around an image that has the proportions of another, as Keras cuts it.

    Example:
        >>> smallest_frame(30, 40, 10, 10)
        Box(top=-5, left=0, height=40, width=40)
    """
    top = int((max(height, int(width * target_height / target_width)) - height) / 2)
    left = int((max(width, int(height * target_width / target_height)) - width) / 2)
    return Box(-top, -left, height + 2 * top, width + 2 * left)


class Resizing(Layer):
    """Gives images another size, in training and at any other time.

    Each axis by itself, `outputs[i] = sum over j of weights[i, j] * inputs[j]` with
    `weights[i, j] = kernel((i + 0.5) * size / new_size - 0.5 - j)`, divided by their sum. With
    `antialias`, an axis that shrinks has its kernel stretched by `size / new_size`.

    Args:
        height: The new height in pixels.
        width: The new width.
        interpolation: The kernel: `"bilinear"`, `"nearest"`, `"bicubic"` (Keys's with a = -0.5),
            `"lanczos3"` or `"lanczos5"`.
        crop_to_aspect_ratio: Cut the largest middle window of the new proportions out first.
        pad_to_aspect_ratio: Put the image into the smallest frame of the new proportions first.
        fill_mode: Only `"constant"`: what that frame is filled with.
        fill_value: The value of the frame's pixels.
        antialias: Average over all pixels that become one, where an axis shrinks.
        data_format: Only `"channels_last"`.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        (batch, old_height, old_width, channels)

    Output shape:
        (batch, height, width, channels)

    Parameters:
        None.

    Raises:
        ArgumentError: Where a size is not an integer of at least 1, or both of
            `crop_to_aspect_ratio` and `pad_to_aspect_ratio` are set.
        UnknownNameError: Where `interpolation` is not one of those named.

    Example:
        >>> Resizing(24, 24).compute_output_shape((None, 28, 28, 1))
        (None, 24, 24, 1)

    References:
        Keys, 1981: Cubic convolution interpolation for digital image processing.
    """

    takes_one_image = True

    def __init__(
        self,
        height: int,
        width: int,
        interpolation: str = "bilinear",
        crop_to_aspect_ratio: bool = False,
        pad_to_aspect_ratio: bool = False,
        fill_mode: str = "constant",
        fill_value: float = 0.0,
        antialias: bool = False,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        owner = type(self).__name__
        self.height = validation.integer(owner, "height", height)
        self.width = validation.integer(owner, "width", width)
        self.interpolation = validation.one_of(
            owner, "interpolation", interpolation, INTERPOLATIONS
        )
        self.crop_to_aspect_ratio = validation.boolean(
            owner, "crop_to_aspect_ratio", crop_to_aspect_ratio
        )
        self.pad_to_aspect_ratio = validation.boolean(
            owner, "pad_to_aspect_ratio", pad_to_aspect_ratio
        )
        if crop_to_aspect_ratio and pad_to_aspect_ratio:
            raise ArgumentError(
                f"{owner} needs crop_to_aspect_ratio or pad_to_aspect_ratio to be False. "
                "Received True for both. Choose one."
            )
        self.fill_mode = validation.one_of(owner, "fill_mode", fill_mode, ["constant"])
        self.fill_value = validation.number(owner, "fill_value", fill_value)
        self.antialias = validation.boolean(owner, "antialias", antialias)
        self.data_format = check_data_format(owner, data_format)
        super().__init__(**kwargs)

    def box(self, height: int, width: int) -> Box:
        """The window of an image that becomes the output."""
        if self.crop_to_aspect_ratio:
            return largest_box(height, width, self.height, self.width)
        if self.pad_to_aspect_ratio:
            return smallest_frame(height, width, self.height, self.width)
        return Box(0, 0, height, width)

    def output_sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """(height, width, channels)."""
        self._check_image(sizes)
        return self.height, self.width, sizes[2]

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {
            **super().get_config(),
            "height": self.height,
            "width": self.width,
            "interpolation": self.interpolation,
            "crop_to_aspect_ratio": self.crop_to_aspect_ratio,
            "pad_to_aspect_ratio": self.pad_to_aspect_ratio,
            "fill_mode": self.fill_mode,
            "fill_value": self.fill_value,
            "antialias": self.antialias,
            "data_format": self.data_format,
        }


class CenterCrop(Layer):
    """Cuts the middle out of images, in training and at any other time.

    Images that are smaller along an axis are resized bilinearly instead: the largest middle window
    with the proportions of the output.

    Args:
        height: The height of the output in pixels.
        width: Its width.
        data_format: Only `"channels_last"`.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        (batch, old_height, old_width, channels)

    Output shape:
        (batch, height, width, channels)

    Parameters:
        None.

    Raises:
        ArgumentError: Where a size is not an integer of at least 1.

    Example:
        >>> CenterCrop(24, 24).compute_output_shape((None, 28, 28, 1))
        (None, 24, 24, 1)
    """

    takes_one_image = True

    def __init__(
        self, height: int, width: int, data_format: str | None = None, **kwargs: Any
    ) -> None:
        owner = type(self).__name__
        self.height = validation.integer(owner, "height", height)
        self.width = validation.integer(owner, "width", width)
        self.data_format = check_data_format(owner, data_format)
        super().__init__(**kwargs)

    def box(self, height: int, width: int) -> Box:
        """The window of an image that becomes the output."""
        down, right = height - self.height, width - self.width
        if down >= 0 and right >= 0:
            return Box(down // 2, right // 2, self.height, self.width)
        return largest_box(height, width, self.height, self.width)

    def output_sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """(height, width, channels)."""
        self._check_image(sizes)
        return self.height, self.width, sizes[2]

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {
            **super().get_config(),
            "height": self.height,
            "width": self.width,
            "data_format": self.data_format,
        }


class RandomCrop(Augmentation):
    """Cuts a window out of each image at a place of its own while training.

    Each place is as likely as any other. Outside of training, the largest middle window with the
    proportions of the output is resized bilinearly: what Keras documents, though its version 3.15
    hands images on uncut. An image that is not larger along both axes is cut in its middle in
    training too, as Keras does it, and resized where it is too small.

    Args:
        height: The height of the output in pixels.
        width: Its width.
        seed: The same seed cuts at the same places; None takes the next one of the global sequence.
        data_format: Only `"channels_last"`.
        name: The layer's name.
        **kwargs: Every layer's `trainable`, `dtype`, `input_shape`.

    Input shape:
        (batch, old_height, old_width, channels)

    Output shape:
        (batch, height, width, channels)

    Parameters:
        None.

    Raises:
        ArgumentError: Where a size is not an integer of at least 1.

    Example:
        >>> RandomCrop(24, 24).compute_output_shape((None, 28, 28, 1))
        (None, 24, 24, 1)

    References:
        Krizhevsky et al., 2012: ImageNet classification with deep convolutional neural networks.
    """

    def __init__(
        self,
        height: int,
        width: int,
        seed: int | None = None,
        data_format: str | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        owner = type(self).__name__
        self.height = validation.integer(owner, "height", height)
        self.width = validation.integer(owner, "width", width)
        super().__init__(seed=seed, data_format=data_format, name=name, **kwargs)

    def draws_places(self, height: int, width: int) -> bool:
        """Whether images of such a size are cut at random places."""
        return height > self.height and width > self.width

    def box(self, height: int, width: int, training: bool) -> Box:
        """The window that becomes the output where no place is drawn."""
        box = largest_box(height, width, self.height, self.width)
        if not training:
            return box
        return Box(
            box.top, box.left, min(self.height, height - box.top), min(self.width, width - box.left)
        )

    def output_sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """(height, width, channels)."""
        self._check_image(sizes)
        return self.height, self.width, sizes[2]

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {**super().get_config(), "height": self.height, "width": self.width}
