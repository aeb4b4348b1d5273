"""Images looked up at real coordinates: between their pixels, and beyond their border."""

import numpy as np
from numpy.typing import NDArray

from convlet.engine.reference.arrays import Floats


def within(index: NDArray[np.int64], size: int, fill_mode: str) -> NDArray[np.int64]:
    """Which row or column stands for one outside of the image; -1 where none does."""
    match fill_mode:
        case "constant":
            return np.where((index >= 0) & (index < size), index, -1)
        case "nearest":
            return np.clip(index, 0, size - 1)
        case "wrap":
            return index % size
        case _:  # "reflect"
            place = index % (2 * size)
            return np.minimum(place, 2 * size - 1 - place)


def pixels(
    x: Floats, v: NDArray[np.int64], u: NDArray[np.int64], fill_mode: str, fill_value: float
) -> Floats:
    """Of each image the pixels at rows ``v`` and columns ``u``, arrays (batch, height, width)."""
    batch, height, width, _ = x.shape
    rows, columns = within(v, height, fill_mode), within(u, width, fill_mode)
    found = x[np.arange(batch)[:, np.newaxis, np.newaxis], rows, columns]
    outside = ((rows < 0) | (columns < 0))[..., np.newaxis]
    return np.where(outside, np.asarray(fill_value, x.dtype), found)


def sample(
    x: Floats, v: Floats, u: Floats, interpolation: str, fill_mode: str, fill_value: float = 0.0
) -> Floats:
    """Of each image the values at real rows ``v`` and columns ``u`` (batch, height, width).

    ``"nearest"`` takes the pixel at the rounded coordinates, halves away from zero; ``"bilinear"``
    the weighted mean of the four around, of which those outside of the image are what
    ``fill_mode`` says.
    """
    if interpolation == "nearest":
        v, u = (np.copysign(np.floor(np.abs(place) + 0.5), place) for place in (v, u))
        return pixels(x, v.astype(np.int64), u.astype(np.int64), fill_mode, fill_value)
    top, left = np.floor(v).astype(np.int64), np.floor(u).astype(np.int64)
    down, right = (v - top)[..., np.newaxis], (u - left)[..., np.newaxis]
    total = np.zeros((*v.shape, x.shape[-1]))
    for rows, row_weight in ((top, 1 - down), (top + 1, down)):
        for columns, weight in ((left, 1 - right), (left + 1, right)):
            total += row_weight * weight * pixels(x, rows, columns, fill_mode, fill_value)
    return total.astype(x.dtype)


def affine_transform(
    x: Floats,
    matrices: Floats,
    interpolation: str,
    fill_mode: str,
    fill_value: float = 0.0,
) -> Floats:
    """Pixel (v, u) of the output is the input at ``u' = a u + b v + c``, ``v' = d u + e v + f``.

    Args:
        x: Images (batch, height, width, channels).
        matrices: For each image (a, b, c, d, e, f).
        interpolation: "nearest" or "bilinear".
        fill_mode: "constant", "nearest", "wrap" or "reflect".
        fill_value: What lies outside for "constant".
    """
    v, u = np.mgrid[: x.shape[1], : x.shape[2]]
    a, b, c, d, e, f = (column[:, np.newaxis, np.newaxis] for column in np.transpose(matrices))
    return sample(x, d * u + e * v + f, a * u + b * v + c, interpolation, fill_mode, fill_value)
