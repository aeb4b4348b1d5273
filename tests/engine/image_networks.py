"""Rows of ``networks_table``: layers that prepare or augment images."""

import numpy as np

from convlet.layers import (
    AutoContrast,
    CenterCrop,
    Conv2D,
    Dense,
    Flatten,
    Normalization,
    RandomContrast,
    RandomCrop,
    RandomElasticTransform,
    RandomErasing,
    RandomFlip,
    RandomGaussianBlur,
    RandomHue,
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
    "numbers for each channel and place, behind weights too": Network(
        (6, 5, 3),
        lambda: [
            Rescaling([0.5, 0.25, 1.0], -1.0),
            Conv2D(4, 3, padding="same"),
            Normalization((1, 3), mean=np.arange(24).reshape(6, 4) / 8, variance=np.ones((6, 4))),
            Conv2D(2, 2),
            Rescaling(2.0, np.arange(20).reshape(5, 4, 1) / 8),
            Normalization(mean=[0.5, 0.25], variance=[0.25, 4.0], invert=True),
            Flatten(),
            Dense(3, activation="softmax"),
        ],
        images=np.uint8,
    ),
    "augmentation of bytes": Network(
        (7, 6, 3),
        lambda: [
            Rescaling(1 / 8),
            RandomFlip(seed=1),
            RandomRotation(0.2, "wrap", seed=2),
            RandomContrast(0.5, (0, 1), seed=6),
            RandomHue(0.5, (0, 1), seed=7),
            AutoContrast((0, 1)),
            RandomErasing((0.5, 1), value_range=(0, 1), seed=8),
            RandomElasticTransform((0.5, 1), value_range=(0, 1), seed=9),
            RandomGaussianBlur(1.0, (3, 5), value_range=(0, 1), seed=10),
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
