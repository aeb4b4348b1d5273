"""The random numbers of augmentation: draw ``n`` of an image in an epoch, as integers define it.

``key = mix(mix(mix(seed + g) + g * (epoch + 1)) + g * (image + 1))`` and
``draw = mix(key + g * (n + 1)) // 2**11 / 2**53``, where ``g`` is 2**64 over the golden ratio, sums
and products are taken modulo 2**64, and ``mix`` is the finaliser of SplitMix64.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

GOLDEN = 0x9E3779B97F4A7C15
_MODULUS = 1 << 64


def mix(value: int) -> int:
    """SplitMix64's finaliser (Steele et al. 2014)."""
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9 % _MODULUS
    value = (value ^ value >> 27) * 0x94D049BB133111EB % _MODULUS
    return value ^ value >> 31


class Draws:
    """The draws of one layer for some images in an epoch.

    Args:
        seed: The layer's.
        epoch: Which pass over the data.
        images: The images' positions in the data set.
    """

    def __init__(self, seed: int, epoch: int, images: ArrayLike) -> None:
        key = mix((seed + GOLDEN) % _MODULUS)
        key = mix((key + GOLDEN * (epoch + 1)) % _MODULUS)
        self.keys = [
            mix((key + GOLDEN * (int(image) + 1)) % _MODULUS) for image in np.asarray(images)
        ]

    def uniform(self, number: int) -> NDArray[np.float64]:
        """Draw ``number`` of each image: from 0 to below 1."""
        hashes = [mix((key + GOLDEN * (number + 1)) % _MODULUS) for key in self.keys]
        return np.array([value >> 11 for value in hashes], np.float64) * 2.0**-53

    def between(self, number: int, lower: float, upper: float) -> NDArray[np.float64]:
        """Draw ``number``, scaled to a range."""
        return lower + (upper - lower) * self.uniform(number)

    def normal(self, number: int) -> NDArray[np.float64]:
        """Standard normal numbers from draws ``2 * number`` and ``2 * number + 1``."""
        radius = np.sqrt(-2.0 * np.log(1.0 - self.uniform(2 * number)))
        return np.asarray(radius * np.cos(2.0 * np.pi * self.uniform(2 * number + 1)))
