"""What becomes of an image file: upright, of the wanted channels, of the wanted size, in bytes.

The rules, in their order:

- Of a file with several frames, the first.
- A photograph is turned upright by its EXIF orientation.
- Samples of 16 bits keep their upper 8.
- A palette is looked up; CMYK and all other ways to keep colours become red, green and blue.
- Transparency is left out for three channels and for one: what counts are the colours beneath it.
- Gray is `0.299 red + 0.587 green + 0.114 blue`.
"""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from convlet.utils.resampling import resampled

if TYPE_CHECKING:
    from PIL.Image import Image

CHANNELS = {"grayscale": 1, "rgb": 3, "rgba": 4}
"""How many channels there are in each colour mode."""
_MODES = {"grayscale": "L", "rgb": "RGB", "rgba": "RGBA"}


def opened(source: str | os.PathLike[str] | io.BytesIO) -> Image:
    """Decodes the first frame of a file and turns it upright."""
    from PIL import Image, ImageOps

    with Image.open(source) as image:
        image.load()
        return ImageOps.exif_transpose(image)


def in_mode(image: Image, color_mode: str) -> Image:
    """Returns the image with the channels of a colour mode, 8 bits each."""
    from PIL import Image

    if image.mode.startswith("I"):  # I;16 and its kin, and I, into which 16 bits are read too
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if image.mode == "P":  # a transparent palette may hold bytes that only RGBA understands
        image = image.convert("RGBA")
    mode = _MODES[color_mode]
    return image if image.mode == mode else image.convert(mode)


def decoded(
    path: str,
    color_mode: str,
    size: tuple[int, int],
    interpolation: str,
    crop: bool,
    pad: bool,
) -> NDArray[np.uint8]:
    """Returns the image of a file as bytes of shape (height, width, channels).

    Args:
        path: The file.
        color_mode: "grayscale", "rgb" or "rgba".
        size: (height, width).
        interpolation: One of `resampling.INTERPOLATIONS`.
        crop: Cut the largest part of the target's proportions out of the middle first.
        pad: Scale the whole image into the middle of a black one.
    """
    image = in_mode(opened(path), color_mode)
    if pad:
        return _padded(image, size, interpolation)
    part = image.crop(middle(image.size, size)) if crop else image
    return resampled(_as_bytes(part), size, interpolation)


def middle(image_size: tuple[int, int], size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The largest box of the target's proportions in the middle of an image.

    Args:
        image_size: (width, height).
        size: (height, width) of the target.

    Example:
        >>> middle((340, 500), (200, 200))
        (0, 80, 340, 420)
    """
    width, height = image_size
    cut_height = max(1, min(height, width * size[0] // size[1]))
    cut_width = max(1, min(width, height * size[1] // size[0]))
    left, top = (width - cut_width) // 2, (height - cut_height) // 2
    return left, top, left + cut_width, top + cut_height


def _padded(image: Image, size: tuple[int, int], interpolation: str) -> NDArray[np.uint8]:
    scale = max(image.width / size[1], image.height / size[0])
    exact = np.array([image.height, image.width]) / scale
    height, width = np.maximum(exact.astype(int), 1).tolist()
    top, left = ((size - exact) / 2).astype(int).tolist()
    inner = resampled(_as_bytes(image), (height, width), interpolation)
    result = np.zeros((*size, inner.shape[2]), np.uint8)
    result[top : top + height, left : left + width] = inner
    return result


def _as_bytes(image: Image) -> NDArray[np.uint8]:
    array = np.asarray(image)
    return array if array.ndim == 3 else array[..., np.newaxis]
