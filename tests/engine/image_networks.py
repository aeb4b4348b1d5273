"""Rows of ``networks_table``: layers that prepare or augment images."""

import numpy as np

from convlet.layers import (
    Conv2D,
    Dense,
    Flatten,
    RandomFlip,
    RandomRotation,
    RandomShear,
    RandomTranslation,
    RandomZoom,
    Rescaling,
)
from tests.engine.network import Network

IMAGES = {
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
