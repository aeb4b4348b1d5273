"""Image files made up for tests."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

COLOURS = {"blue": (0, 0, 200), "green": (0, 180, 0), "red": (220, 0, 0)}


def gradient(height=6, width=8):
    """An image in which every pixel is another."""
    rows, columns = np.mgrid[:height, :width]
    return np.stack([20 * rows, 20 * columns, 10 * (rows + columns)], axis=-1).astype(np.uint8)


def folders(root: Path, counts: dict[str, int], size=(6, 8)) -> Path:
    """A folder for each class, with PNG files of its colour, each a little darker than the last."""
    for name, count in counts.items():
        (root / name).mkdir(parents=True)
        for number in range(count):
            pixels = np.full((*size, 3), COLOURS[name], np.uint8) - np.uint8(number) * (
                np.array(COLOURS[name]) > 0
            ).astype(np.uint8)
            Image.fromarray(pixels).save(root / name / f"{number:02}.png")
    return root
