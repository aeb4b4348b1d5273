"""Picture files as the arrays that a network takes."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError


class PictureError(Exception):
    """A picture cannot be read; the message is the reason."""


def read_picture(
    path: Path, image_shape: tuple[int, int, int], invert: bool = False
) -> NDArray[np.uint8]:
    """Reads a picture as an array of `image_shape`, its proportions kept.

    It is turned upright as its camera noted, laid on white where it is transparent, made grey or
    coloured, scaled to fit, and framed in the median colour of its own border.

    Args:
        path: The file.
        image_shape: Height, width and channels, 1 or 3, of the result.
        invert: Whether to turn black into white.

    Raises:
        PictureError: If the file is no picture that can be read.
    """
    height, width, channels = image_shape
    modes = {1: "L", 3: "RGB"}
    if channels not in modes:
        raise PictureError(f"the model takes {channels} channels; pictures have 1 or 3")
    picture = _opened(path, modes[channels])
    if invert:
        picture = ImageOps.invert(picture)
    background = _border_median(np.asarray(picture))
    fitted = ImageOps.contain(picture, (width, height), Image.Resampling.LANCZOS)
    framed = Image.new(picture.mode, (width, height), background)
    framed.paste(fitted, ((width - fitted.width) // 2, (height - fitted.height) // 2))
    return np.asarray(framed).reshape(image_shape)


def looks_dark_on_light(pixels: NDArray[np.uint8]) -> bool:
    """Whether the border, where the background is, is lighter than the middle grey."""
    return float(np.mean(_border(pixels))) > 127.5


def _opened(path: Path, mode: str) -> Image.Image:
    """The picture, upright and in the mode "L" or "RGB"."""
    if path.is_dir():
        raise PictureError("it is a folder")
    if not path.exists():
        raise PictureError("there is no such file")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path) as file:
                return _in_mode(ImageOps.exif_transpose(file), mode)
    except UnidentifiedImageError:
        raise PictureError("it is not a picture that Pillow can read") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureError("it has too many pixels") from None
    except (OSError, ValueError, SyntaxError, EOFError) as error:  # what Pillow's decoders raise
        raise PictureError(f"it is damaged: {error}") from error


def _in_mode(picture: Image.Image, mode: str) -> Image.Image:
    """Converts without losing what Pillow's own conversion would: depth and transparency."""
    if picture.mode.startswith("I"):  # up to 16 bits, which Pillow would cut off at 255
        values = np.asarray(picture).astype(np.float64)
        depth = 65535 if values.max() > 255 else 255
        picture = Image.fromarray(np.clip(values * (255 / depth), 0, 255).astype(np.uint8))
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        paper = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(paper, picture)
    return picture.convert(mode)


def _border(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The outermost pixels, of shape (pixels, channels)."""
    planes = pixels.reshape(*pixels.shape[:2], -1)
    sides = (planes[0], planes[-1], planes[:, 0], planes[:, -1])
    return np.concatenate(sides)


def _border_median(pixels: NDArray[np.uint8]) -> int | tuple[int, ...]:
    median = [int(value) for value in np.median(_border(pixels), axis=0)]
    return median[0] if len(median) == 1 else tuple(median)
