"""A network and data so small that a whole training takes milliseconds."""

from __future__ import annotations

import numpy as np

from convlet import layers, models

CLASSES = 3


def images(count: int = 60, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Images of 4x4 whose brightest row is their class, and their labels, all classes in turn."""
    generator = np.random.default_rng(seed)
    y = np.arange(count) % CLASSES
    x = generator.random((count, 4, 4, 1), np.float32)
    x[np.arange(count), y] += 1
    return x, y


def network(**compiled) -> models.Sequential:
    """A dense network for `images`, compiled unless told `optimizer=None`."""
    model = models.Sequential(
        [layers.Input((4, 4, 1)), layers.Flatten(), layers.Dense(CLASSES, activation="softmax")]
    )
    settings = {"optimizer": "sgd", "loss": "sparse_categorical_crossentropy", **compiled}
    if settings["optimizer"] is not None:
        model.compile(**settings)
    return model


def fitted(**arguments) -> models.Sequential:
    """The network after `fit` on the images, silently."""
    model = network(metrics=["accuracy"])
    model.fit(*images(), **{"verbose": 0, **arguments})
    return model
