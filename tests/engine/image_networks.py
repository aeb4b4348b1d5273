"""Rows of ``networks_table``: layers that prepare or augment images."""

import numpy as np

from convlet.layers import (
    CenterCrop,
    Conv2D,
    Dense,
    Flatten,
    RandomCrop,
    RandomFlip,
    RandomRotation,
    RandomShear,
    RandomTranslation,
    RandomZoom,
    Rescaling,
    Resizing,
)
from tests.engine.network import Network

IMAGES = {
    "images of other sizes, behind weights too": Network(
        (9, 8, 2),
        lambda: [
            Resizing(7, 11, "bicubic", pad_to_aspect_ratio=True, fill_value=0.5),
            RandomCrop(6, 7, seed=1),
            Conv2D(4, 3, padding="same"),
            Resizing(5, 9),
            Conv2D(3, 2),
            CenterCrop(3, 5),
            Flatten(),
            Dense(3, activation="softmax"),
        ],
        exact=False,
    ),
    "augmentation of bytes": Network(
        (7, 6, 3),
        lambda: [
            Rescaling(1 / 8),
            RandomFlip(seed=1),
            RandomRotation(0.2, "wrap", seed=2),
            RandomShear(0.3, fill_mode="nearest", seed=3),
            RandomTranslation(0.2, 0.4, "constant", "nearest", seed=4),
            RandomZoom(0.5, seed=5),
            Conv2D(5, 3, padding="same"),
            Flatten(),
            Dense(3, activation="softmax"),
        ],
        images=np.uint8,
        exact=False,
    ),
}
