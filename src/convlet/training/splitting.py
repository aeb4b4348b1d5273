"""Keras's way of setting validation data aside: the last part, as it stands."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlet.errors import ShapeError
from convlet.losses import (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    Loss,
    SparseCategoricalCrossentropy,
)
from convlet.training.examples import Examples, class_of
from convlet.training.notices import warn_of_data

_OF_CLASSES = (BinaryCrossentropy, CategoricalCrossentropy, SparseCategoricalCrossentropy)


def split_off_validation(
    examples: Examples, fraction: float, losses: Sequence[Loss | None]
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
    for number, loss in enumerate(losses):
        whole = examples.ys[number]
        if isinstance(loss, _OF_CLASSES) and whole is not None:
            _warn_of_lost_classes(whole, split, fraction)
    return training, validation


def _warn_of_lost_classes(y: NDArray[Any], split: int, fraction: float) -> None:
    present = np.unique(class_of(y))
    for name, part in (("training", y[:split]), ("validation", y[split:])):
        lost = np.setdiff1d(present, class_of(part))
        if len(lost):
            listed = ", ".join(str(int(label)) for label in lost)
            warn_of_data(
                f"validation_split={fraction} takes the last {len(y) - split} images as they "
                f"stand, which leaves no image of class {listed} for {name}. "
                "Shuffle x and y together before fit."
            )
