"""A saved model as a classifier of images whose pixels go from 0 to 255."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from convlet import layers, models
from convlet.errors import ModelFileError


@dataclass(frozen=True, eq=False)
class Classifier:
    """A model, what it takes and what its answers mean.

    Args:
        model: The model.
        image_shape: Height, width and channels of the images that it takes.
        class_names: What its outputs mean.
        scales_pixels: Whether it takes pixels from 0 to 255. A model without a Rescaling layer is
            taken to want them from 0 to 1.
    """

    model: models.Sequential
    image_shape: tuple[int, int, int]
    class_names: tuple[str, ...]
    scales_pixels: bool

    def probabilities(self, images: NDArray[np.uint8]) -> NDArray[np.float64]:
        """The probability of each class for each image."""
        pixels = images if self.scales_pixels else images.astype(np.float32) / 255
        outputs = np.asarray(self.model.predict(pixels, verbose=0), np.float64)
        if outputs.shape[1] == 1:  # a sigmoid: the probability of class 1
            return np.concatenate([1 - outputs, outputs], axis=1)
        if np.allclose(outputs.sum(axis=1), 1, atol=1e-3) and (outputs >= 0).all():
            return outputs
        exponentials = np.exp(outputs - outputs.max(axis=1, keepdims=True))  # logits: softmax
        return np.asarray(exponentials / exponentials.sum(axis=1, keepdims=True))


def load_model(path: Path) -> models.Sequential:
    """Reads a model that convlet saved."""
    model = models.load_model(path)
    if not isinstance(model, models.Sequential):
        raise ModelFileError(f"convlet needs a Sequential model. Received '{path}' with another.")
    return model


def load_classifier(path: Path) -> Classifier:
    """Reads a model that takes images and answers with classes.

    Raises:
        ModelFileError: If the file holds no such model.
    """
    model = load_model(path)
    shape, outputs = model.input_shape[1:], model.output_shape[1:]
    if len(shape) != 3 or len(outputs) != 1 or None in (*shape, *outputs):
        raise ModelFileError(
            "convlet needs a model that takes images (height, width, channels) and answers with "
            f"classes. Received '{path}', which takes {shape} and answers with {outputs}."
        )
    height, width, channels, classes = (size for size in (*shape, *outputs) if size is not None)
    names = model.class_names or [str(number) for number in range(max(classes, 2))]
    return Classifier(
        model,
        (height, width, channels),
        tuple(names),
        any(isinstance(layer, layers.Rescaling) for layer in model.layers),
    )
