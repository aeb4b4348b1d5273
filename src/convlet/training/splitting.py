"""Keras's way of setting validation data aside: the last part, as it stands."""

from __future__ import annotations

import math
import warnings

import numpy as np

from convlet.errors import DataWarning, ShapeError
from convlet.losses import Loss, MeanSquaredError
from convlet.training.examples import Examples, class_of


def split_off_validation(
    examples: Examples, fraction: float, loss: Loss
) -> tuple[Examples, Examples]:
    """Sets the last `fraction` of the examples aside, before any shuffling.

    Warns where the training or the validation part lacks a class that the whole has.

    Returns:
        The part for training and the part for validation.

    Raises:
        ShapeError: One of the parts would be empty.
    """
    split = math.floor(len(examples) * (1 - fraction))
    if split in (0, len(examples)):
        raise ShapeError(
            f"fit needs enough images for training and for validation. Received {len(examples)} "
            f"with validation_split={fraction}."
        )
    training, validation = examples[:split], examples[split:]
    if not isinstance(loss, MeanSquaredError):
        _warn_of_lost_classes(examples, training, validation, fraction)
    return training, validation


def _warn_of_lost_classes(
    examples: Examples, training: Examples, validation: Examples, fraction: float
) -> None:
    present = np.unique(class_of(examples.y))
    for name, part in (("training", training), ("validation", validation)):
        lost = np.setdiff1d(present, class_of(part.y))
        if len(lost):
            listed = ", ".join(str(int(label)) for label in lost)
            warnings.warn(
                f"validation_split={fraction} takes the last {len(validation)} images as they "
                f"stand, which leaves no image of class {listed} for {name}. "
                "Shuffle x and y together before fit.",
                DataWarning,
                stacklevel=4,  # the line that called fit
            )
