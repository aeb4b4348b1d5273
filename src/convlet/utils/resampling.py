"""Images in other sizes, by the rules and kernels of Keras's resizing.

Along each axis a new pixel `i` of `m` lies at `c = (i + 1/2) n / m - 1/2` among `n` old ones. It is
the mean of the old pixels `j` near it with weights `kernel(j - c)`, however much smaller the image
becomes; what lies outside counts nothing. "nearest" is the old pixel that `c` lies in; "area"
weighs each old pixel with the part of it that the new one covers.

Keys, "Cubic convolution interpolation", 1981; Mitchell and Netravali, "Reconstruction filters in
computer graphics", 1988; Duchon, "Lanczos filtering in one and two dimensions", 1979.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def resampled(
    image: NDArray[np.uint8], size: tuple[int, int], interpolation: str
) -> NDArray[np.uint8]:
    """Returns an image in another size, rounded and cut off to 0 ... 255.

    Args:
        image: (height, width, channels).
        size: (height, width) to make of it.
        interpolation: One of `INTERPOLATIONS`.

    Example:
        >>> image = np.array([0, 10, 20, 30, 40, 50], np.uint8).reshape(1, 6, 1)
        >>> resampled(image, (1, 4), "area").ravel()
        array([ 3, 17, 33, 47], dtype=uint8)
    """
    if image.shape[:2] == size:
        return image
    result: Array = image
    for axis, length in enumerate(size):
        if interpolation == "nearest":
            result = result.take(_nearest(result.shape[axis], length), axis)
        elif interpolation == "area":
            result = _area_means(result, axis, length)
        else:
            result = _weighted_means(result, axis, length, *_KERNELS[interpolation])
    return np.clip(np.rint(result), 0, 255).astype(np.uint8)


def _area_means(values: Array, axis: int, length: int) -> Array:
    """The means over equal parts: differences of the running sum, read between its points."""
    count = values.shape[axis]
    sums = np.cumsum(values, axis=axis, dtype=np.float64)
    sums = np.concatenate([np.zeros_like(sums.take([0], axis)), sums], axis=axis)
    edges = np.linspace(0, count, length + 1)
    whole = np.minimum(edges.astype(np.int64), count - 1)
    part = _along(axis, edges - whole)
    running = sums.take(whole, axis) + part * values.take(whole, axis)
    return np.asarray(np.diff(running, axis=axis) * (length / count))


def _weighted_means(
    values: Array, axis: int, length: int, kernel: Callable[[Array], Array], radius: int
) -> Array:
    count = values.shape[axis]
    centres = _centres(count, length)
    near = np.floor(centres).astype(np.int64)[:, None] + np.arange(1 - radius, radius + 1)
    weights = kernel(np.abs(near - centres[:, None]))
    weights[(near < 0) | (near >= count)] = 0
    weights = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    near = np.clip(near, 0, count - 1)
    taps = range(2 * radius)
    parts = (_along(axis, weights[:, tap]) * values.take(near[:, tap], axis) for tap in taps)
    return np.asarray(sum(parts))


def _nearest(count: int, length: int) -> Array:
    return np.floor(_centres(count, length) + 0.5).astype(np.int64)


def _centres(count: int, length: int) -> Array:
    return (np.arange(length) + 0.5) * (count / length) - 0.5


def _along(axis: int, values: Array) -> Array:
    """Numbers for the positions of one of an image's three axes."""
    return values.reshape([-1 if number == axis else 1 for number in range(3)])


def _cubic(b: float, c: float) -> Callable[[Array], Array]:
    """Mitchell and Netravali's family of piecewise cubics; (0, 1/2) is Keys's."""

    def kernel(x: Array) -> Array:
        inner = (12 - 9 * b - 6 * c) * x**3 + (12 * b + 6 * c - 18) * x**2 + 6 - 2 * b
        outer = -(b + 6 * c) * x**3 + (6 * b + 30 * c) * x**2 - (12 * b + 48 * c) * x
        outer += 8 * b + 24 * c
        return np.where(x < 1, inner, np.where(x < 2, outer, 0)) / 6

    return kernel


def _lanczos(radius: int) -> Callable[[Array], Array]:
    return lambda x: np.where(x < radius, np.sinc(x) * np.sinc(x / radius), 0)


def _gaussian(x: Array) -> Array:
    return np.where(x < 1.5, np.exp(-2 * x**2), 0)


# Each kernel, a function of the distance, and how far it reaches.
_KERNELS: dict[str, tuple[Callable[[Array], Array], int]] = {
    "bilinear": (lambda x: np.maximum(1 - x, 0), 1),
    "bicubic": (_cubic(0, 0.5), 2),
    "gaussian": (_gaussian, 2),
    "lanczos3": (_lanczos(3), 3),
    "lanczos5": (_lanczos(5), 5),
    "mitchellcubic": (_cubic(1 / 3, 1 / 3), 2),
}
INTERPOLATIONS = ("nearest", "area", *_KERNELS)
