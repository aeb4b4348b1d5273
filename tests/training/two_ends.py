"""A model of two inputs and two outputs, and its data."""

from __future__ import annotations

import numpy as np

from convlet import Model, layers

SPARSE = "sparse_categorical_crossentropy"


def data(count: int = 40):
    """Two lists: images of both inputs, and labels and numbers."""
    generator = np.random.default_rng(1)
    xs = [
        generator.random((count, 6, 6, 1), np.float32),
        generator.random((count, 6, 6, 2), np.float32),
    ]
    return xs, [np.arange(count) % 3, generator.random((count, 1), np.float32)]


def network(by_name: bool = False, **compiled) -> Model:
    """The model, with weights that are always the same; compiled unless told `loss=None`."""
    left, right = layers.Input((6, 6, 1), name="left"), layers.Input((6, 6, 2), name="right")
    features = layers.Flatten()(layers.Concatenate()([left, right]))
    kind = layers.Dense(3, activation="softmax", name="kind")(features)
    size = layers.Dense(1, name="size")(features)
    model = Model([left, right], {"kind": kind, "size": size} if by_name else [kind, size])
    generator = np.random.default_rng(2)
    model.set_weights([generator.normal(0, 0.3, w.shape) for w in model.get_weights()])
    settings = {"optimizer": "sgd", "loss": [SPARSE, "mse"], **compiled}
    if settings["loss"] is not None:
        model.compile(**settings)
    return model
