"""One network trained from a recipe on one data set, and tested."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from convlet import models, networks, optimizers
from convlet.callbacks import Callback
from convlet.datasets import LabelledImages
from convlet.rng import set_random_seed

if TYPE_CHECKING:
    from convlet.models import Sequential


LOSS = "sparse_categorical_crossentropy"
"""What training makes small."""


@dataclass(frozen=True)
class Recipe:
    """How a network is trained; the defaults are the chapter's.

    Args:
        network: Its name in `convlet.networks`.
        epochs: How often every training image is shown.
        batch_size: Images per step of the optimizer.
        optimizer: Its name in `convlet.optimizers`.
        learning_rate: None takes the optimizer's own default.
        seed: Fixes the initial weights and the order of the images; None leaves them to chance.
    """

    network: str = "convnet"
    epochs: int = 5
    batch_size: int = 64
    optimizer: str = "rmsprop"
    learning_rate: float | None = None
    seed: int | None = None

    def compiled_model(self, data: LabelledImages) -> Sequential:
        """The network for the images of `data`, ready to be trained.

        It takes pixels from 0 to 255: scaling them is its first layer.
        """
        if self.seed is not None:
            set_random_seed(self.seed)
        model = networks.build(self.network, data.image_shape, data.classes, rescaling=True)
        model.class_names = list(data.class_names)
        optimizer = optimizers.get(self.optimizer)
        if self.learning_rate is not None:
            optimizer.learning_rate = self.learning_rate
        model.compile(optimizer, loss=LOSS, metrics=["accuracy"])
        return model


def fit(
    model: models.Sequential,
    data: LabelledImages,
    recipe: Recipe,
    callbacks: Sequence[Callback] = (),
) -> float:
    """Trains a compiled model on the training images and returns the seconds it took."""
    start = time.perf_counter()
    model.fit(
        data.x_train,
        data.y_train,
        batch_size=recipe.batch_size,
        epochs=recipe.epochs,
        verbose=0,
        callbacks=list(callbacks),
    )
    return time.perf_counter() - start


def count_correct(model: models.Sequential, x: NDArray[np.uint8], y: NDArray[np.int64]) -> int:
    """How many images the model puts into their class."""
    predictions = np.asarray(model.predict(x, verbose=0))
    return int(np.count_nonzero(predictions.argmax(axis=-1) == y))
