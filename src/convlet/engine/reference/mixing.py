"""Images mixed with others of the data set: what is drawn, and what becomes of images and targets.

The network's definition is given images and targets that are mixed already.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from convlet import layers as declarations
from convlet.engine.reference.arrays import Floats
from convlet.engine.reference.color import of_images
from convlet.engine.reference.distortion import windows
from convlet.engine.reference.draws import Draws

GAMMA = (8, 1 << 20)


class Mixture(NamedTuple):
    """What is drawn for some images.

    Attributes:
        partners: The positions of the other images in the data set.
        shares: How much of the first ones' targets remains.
        masks: How much of each pixel does: (batch, height, width, 1).
    """

    partners: NDArray[np.int64]
    shares: Floats
    masks: Floats

    def images(self, x: Floats, others: Floats) -> Floats:
        """Images mixed with others."""
        return np.asarray(self.masks * x + (1 - self.masks) * others)

    def targets(self, y: Floats, others: Floats) -> Floats:
        """Targets, of whatever shape, mixed with others."""
        shares = self.shares.reshape(-1, *[1] * (y.ndim - 1))
        return np.asarray(shares * y + (1 - shares) * others)


def log_gamma(draws: Draws, first: int, alpha: float) -> float:
    """The logarithm of a number of the distribution Gamma(alpha), for the first image.

    Marsaglia & Tsang, 2000: A simple method for generating gamma variables.
    """
    d = (alpha if alpha >= 1 else alpha + 1) - 1 / 3
    number = first
    while True:
        x = draws.normal(number)[0]
        v = (1 + x / math.sqrt(9 * d)) ** 3
        u = 1 - draws.uniform(2 * (number + 1))[0]
        if v > 0 and math.log(u) < x * x / 2 + d - d * v + d * math.log(v):
            break
        number += 2
    extra = 0.0 if alpha >= 1 else math.log(1 - draws.uniform(2 * first - 1)[0]) / alpha
    return math.log(d) + math.log(v) + extra


def beta(draws: Draws, alpha: float) -> float:
    """A number of the distribution Beta(alpha, alpha), for the first image."""
    difference = log_gamma(draws, GAMMA[1], alpha) - log_gamma(draws, GAMMA[0], alpha)
    return 1 / (1 + math.exp(difference)) if difference < 700 else 0.0


def mixture(layer: Any, epoch: int, images: Any, samples: int, size: tuple[int, int]) -> Mixture:
    """What a MixUp or CutMix draws.

    Args:
        layer: The layer.
        epoch: Which pass over the data it is.
        images: The images' positions in the data set.
        samples: How many images the data set has.
        size: Height and width of an image.
    """
    draws = Draws(layer.seed, epoch, images)
    partners = np.floor(draws.uniform(0) * samples).astype(np.int64)
    blends = isinstance(layer, declarations.MixUp)
    low, high = (layer.alpha, layer.alpha) if blends else (f + 1e-6 for f in layer.factor)
    alphas = draws.between(1, low, high)
    shares = np.array(
        [
            beta(Draws(layer.seed, epoch, [image]), alpha)
            for image, alpha in zip(images, alphas, strict=True)
        ]
    )
    if blends:
        return Mixture(partners, shares, of_images(shares))
    ratio = np.sqrt(1 - shares)
    window = windows(*size, ratio, ratio, draws.uniform(3), draws.uniform(2))
    return Mixture(partners, shares, 1.0 - window[..., np.newaxis])
