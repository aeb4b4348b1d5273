"""Images one by one: read, converted and written, with Pillow."""

from __future__ import annotations

import io
import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet import validation
from convlet.errors import DatasetError, DataWarning, ShapeError
from convlet.utils import decoding

if TYPE_CHECKING:
    from PIL.Image import Image

INTERPOLATIONS = ("nearest", "bilinear", "bicubic", "hamming", "box", "lanczos")
_FORMATS = ("channels_last", "channels_first")


def load_img(
    path: str | bytes | os.PathLike[str] | io.BytesIO,
    color_mode: str = "rgb",
    target_size: tuple[int, int] | None = None,
    interpolation: str = "nearest",
    keep_aspect_ratio: bool = False,
) -> Image:
    """Reads an image.

    Other than Keras it turns a photograph upright by its EXIF orientation, as
    `image_dataset_from_directory` does.

    Args:
        path: The file, or its contents in a `BytesIO`.
        color_mode: "grayscale", which leaves gray images of 16 or 32 bits as they are; "rgb" or
            "rgba".
        target_size: (height, width) to resize to; None leaves the size as it is.
        interpolation: "nearest", "bilinear", "bicubic", "hamming", "box" or "lanczos".
        keep_aspect_ratio: Cut the largest part of the target's proportions out of the middle first,
            so that nothing is stretched.

    Returns:
        An image of Pillow's.

    Raises:
        DatasetError: The file is not there, or no image.
        UnknownNameError: `color_mode` or `interpolation` is none of these.

    Example:
        >>> buffer = io.BytesIO()
        >>> save_img(buffer, np.zeros((4, 6, 3)), file_format="png")
        >>> load_img(buffer, target_size=(2, 3)).size
        (3, 2)
    """
    from PIL.Image import Resampling

    validation.one_of("load_img", "color_mode", color_mode, list(decoding.CHANNELS))
    validation.one_of("load_img", "interpolation", interpolation, INTERPOLATIONS)
    validation.boolean("load_img", "keep_aspect_ratio", keep_aspect_ratio)
    if target_size is not None:
        target_size = validation.integer_pair("load_img", "target_size", target_size)
    source = os.fsdecode(path) if isinstance(path, bytes) else path
    try:
        image = decoding.opened(source)
    except Exception as error:  # of many kinds, from the readers of damaged files
        raise DatasetError(f"load_img needs an image. Received {path!r}: {error}.") from error
    if color_mode != "grayscale" or image.mode not in ("L", "I;16", "I"):
        image = decoding.in_mode(image, color_mode)
    if target_size is None or image.size == target_size[::-1]:
        return image
    box = decoding.middle(image.size, target_size) if keep_aspect_ratio else None
    return image.resize(target_size[::-1], Resampling[interpolation.upper()], box)


def img_to_array(
    img: Any, data_format: str | None = None, dtype: str | None = None
) -> NDArray[Any]:
    """Turns an image of Pillow's into an array of shape (height, width, channels).

    Args:
        img: The image.
        data_format: "channels_last", the default, or "channels_first".
        dtype: Of the array; "float32" by default.

    Raises:
        ShapeError: It has neither two nor three axes.

    Example:
        >>> img_to_array(array_to_img(np.zeros((4, 6, 3)))).shape
        (4, 6, 3)
    """
    array = np.asarray(img, dtype or "float32")
    if array.ndim not in (2, 3):
        raise ShapeError(
            f"img_to_array needs an image of 2 or 3 axes. Received shape {array.shape}."
        )
    if array.ndim == 2:
        array = array[..., np.newaxis]
    return array.transpose(2, 0, 1) if _channels_first("img_to_array", data_format) else array


def array_to_img(
    x: ArrayLike, data_format: str | None = None, scale: bool = True, dtype: str | None = None
) -> Image:
    r"""Turns an array into an image of Pillow's.

    Args:
        x: (height, width, channels) with 1, 3 or 4 channels.
        data_format: "channels_last", the default, or "channels_first".
        scale: Stretch the values to 0 ... 255: `255 * (x - min(x)) / (max(x) - min(x))`. Otherwise
            they are cut off to whole numbers.
        dtype: In which this is computed; "float32" by default.

    Raises:
        ShapeError: `x` has not three axes, or another number of channels.

    Example:
        >>> array_to_img([[[0.0], [0.5], [1.0]]]).tobytes()
        b'\x00\x7f\xff'
    """
    from PIL import Image

    array = np.asarray(x, dtype or "float32")
    if array.ndim == 3 and _channels_first("array_to_img", data_format):
        array = array.transpose(1, 2, 0)
    if array.ndim != 3 or array.shape[2] not in (1, 3, 4):
        raise ShapeError(
            "array_to_img needs x to be one image with 1, 3 or 4 channels. "
            f"Received shape {np.shape(x)}."
        )
    if scale:
        array = array - array.min()
        largest = array.max()
        array = 255 * (array / largest if largest else array)
    if array.shape[2] > 1:
        return Image.fromarray(array.astype(np.uint8))
    dtype_of_gray = np.int32 if array.max() > 255 else np.uint8
    return Image.fromarray(array[..., 0].astype(dtype_of_gray))


def save_img(
    path: str | os.PathLike[str] | io.BytesIO,
    x: ArrayLike,
    data_format: str | None = None,
    file_format: str | None = None,
    scale: bool = True,
    **kwargs: Any,
) -> None:
    """Writes an array as an image file.

    Args:
        path: Where, or an open file.
        x: (height, width, channels) with 1, 3 or 4 channels. JPEG cannot keep a fourth, which is
            left out with a warning.
        data_format: "channels_last", the default, or "channels_first".
        file_format: Such as "png"; by default what the file's name ends in.
        scale: Stretch the values to 0 ... 255; see `array_to_img`.
        **kwargs: Passed on to Pillow's `Image.save`.

    Example:
        >>> buffer = io.BytesIO()
        >>> save_img(buffer, np.zeros((4, 6, 1)), file_format="png")
        >>> buffer.getvalue()[1:4]
        b'PNG'
    """
    if file_format is None and isinstance(path, (str, os.PathLike)):
        file_format = Path(path).suffix[1:].lower()
    if (file_format or "").lower() == "jpg":
        file_format = "jpeg"
    image = array_to_img(x, data_format, scale)
    if image.mode == "RGBA" and file_format == "jpeg":
        warnings.warn(
            "save_img writes a JPEG file, which keeps no transparency: the fourth channel is left "
            "out. Write a PNG file to keep it.",
            DataWarning,
            stacklevel=2,
        )
        image = image.convert("RGB")
    image.save(path, format=file_format, **kwargs)


def _channels_first(owner: str, data_format: str | None) -> bool:
    if data_format is None:
        return False
    return validation.one_of(owner, "data_format", data_format, _FORMATS) == "channels_first"
