"""Random flips, rotations, translations, zooms and shears: what is drawn, and what it does."""

from typing import Any

import numpy as np

from convlet.engine.reference.arrays import Floats
from convlet.engine.reference.draws import Draws
from convlet.engine.reference.sampling import affine_transform


def flip(layer: Any, x: Floats, draws: Draws) -> Floats:
    """Mirrored where draw 0 is at most 1/2."""
    names = {"vertical": 1, "horizontal": 2}
    axes = tuple(axis for name, axis in names.items() if name in layer.mode)
    flipped = draws.uniform(0) <= 0.5
    return np.where(flipped[:, np.newaxis, np.newaxis, np.newaxis], np.flip(x, axes), x)


def affine(layer: Any, x: Floats, draws: Draws) -> Floats:
    """Each pixel looked up where the image's matrix says."""
    matrices = MATRICES[type(layer).__name__](layer, draws, x.shape[1], x.shape[2])
    return affine_transform(x, matrices, layer.interpolation, layer.fill_mode, layer.fill_value)


def rotation(layer: Any, draws: Draws, height: int, width: int) -> Floats:
    """Around the centre, by a share of a full turn that draw 0 gives."""
    angle = 2 * np.pi * draws.between(0, *layer.vertical)
    cosine, sine = np.cos(angle), np.sin(angle)
    x, y = (width - 1) / 2, (height - 1) / 2
    return np.stack(
        [cosine, -sine, x - x * cosine + y * sine, sine, cosine, y - x * sine - y * cosine], axis=1
    )


def translation(layer: Any, draws: Draws, height: int, width: int) -> Floats:
    """Down by draw 0, to the right by draw 1: shares of the image's size."""
    down = height * draws.between(0, *layer.vertical)
    right = width * draws.between(1, *layer.horizontal)
    zero, one = np.zeros_like(down), np.ones_like(down)
    return np.stack([one, zero, -right, zero, one, -down], axis=1)


def zoom(layer: Any, draws: Draws, height: int, width: int) -> Floats:
    """Around the centre, vertically by draw 0, horizontally by the same or by draw 1."""
    vertical = horizontal = 1 + draws.between(0, *layer.vertical)
    if layer.horizontal is not None:
        horizontal = 1 + draws.between(1, *layer.horizontal)
    zero = np.zeros_like(vertical)
    x, y = (width - 1) / 2, (height - 1) / 2
    return np.stack(
        [horizontal, zero, x * (1 - horizontal), zero, vertical, y * (1 - vertical)], axis=1
    )


def shear(layer: Any, draws: Draws, height: int, width: int) -> Floats:
    """Rows by draw 1 and columns by draw 0, both negated where draw 2 is above 1/2."""
    sign = np.where(draws.uniform(2) > 0.5, -1.0, 1.0)
    down = sign * draws.between(0, *layer.vertical)
    right = sign * draws.between(1, *layer.horizontal)
    zero, one = np.zeros_like(down), np.ones_like(down)
    return np.stack([one, right, zero, down, one, zero], axis=1)


MATRICES = {
    "RandomRotation": rotation,
    "RandomShear": shear,
    "RandomTranslation": translation,
    "RandomZoom": zoom,
}
"""The matrices of a layer by its class."""
