"""The checks of what a classifier is given, and how its data become what a network takes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils.validation import check_array

from convlet import layers, models, validation
from convlet.errors import ArgumentError, ShapeError

OWNER = "ConvNetClassifier"


def as_images(X: NDArray[Any], image_shape: Sequence[int] | None) -> NDArray[Any]:
    """X as a network takes it: images with a channel axis, or rows.

    Args:
        X: Images, grey images without a channel axis, or rows.
        image_shape: Height and width, and channels if there are several, of the image that each
            row is; None leaves rows what they are.

    Raises:
        ArgumentError: `image_shape` is something else.
        ShapeError: X has more axes, or does not fit `image_shape`.
    """
    if X.ndim > 4:
        raise ShapeError(
            f"{OWNER} needs X of shape (n, height, width, channels), (n, height, width) or "
            f"(n, features). Received shape {X.shape}."
        )
    found = (*X.shape[1:], 1) if X.ndim == 3 else X.shape[1:]
    shape = found if image_shape is None else _with_channels(image_shape)
    if found not in (shape, (math.prod(shape),)):
        raise ShapeError(
            f"{OWNER} with image_shape={image_shape} needs images of that shape, or rows "
            f"of {math.prod(shape)} values. Received X of shape {X.shape}."
        )
    return X.reshape(len(X), *shape)


def _with_channels(image_shape: Sequence[int]) -> tuple[int, ...]:
    sizes = validation.shape(OWNER, "image_shape", image_shape)
    if len(sizes) not in (2, 3) or None in sizes:
        needed = "(height, width) or (height, width, channels)"
        raise ArgumentError(validation.bad_argument(OWNER, "image_shape", needed, image_shape))
    return tuple(size for size in (*sizes, 1)[:3] if size is not None)


def checked_weights(sample_weight: ArrayLike, count: int) -> NDArray[np.float64]:
    """Weights as an array, none negative and one above zero.

    Raises:
        ArgumentError: They are otherwise.
        ShapeError: There are not `count` of them.
        ValueError: scikit-learn's own, where they are no finite numbers.
    """
    weights: NDArray[np.float64] = check_array(
        sample_weight, ensure_2d=False, dtype=np.float64, input_name="sample_weight"
    )
    if weights.shape != (count,):
        raise ShapeError(
            f"{OWNER} needs sample_weight of shape ({count},), one for each image. "
            f"Received shape {weights.shape}."
        )
    if weights.min() < 0 or not weights.any():
        received = "only zeros" if weights.min() == 0 else f"{weights.min():g}"
        raise ArgumentError(
            f"{OWNER} needs sample_weight of at least zero, and one above zero. "
            f"Received {received}."
        )
    return weights


def check_model(model: object, image: NDArray[Any], classes: int) -> None:
    """Refuses what a user's function returned unless it gives a probability for each class.

    Args:
        model: What it returned; built here if it is not yet.
        image: One image, batch axis first.
        classes: How many classes there are.

    Raises:
        ArgumentError: It is no model, or its outputs are no probabilities.
        ShapeError: It has more or fewer outputs, or cannot take the image.
    """
    if not isinstance(model, models.Model):
        raise ArgumentError(
            f"{OWNER} needs a network that returns a convlet model. Received {model!r}."
        )
    output = model.predict(image, verbose=0)
    if np.shape(output) != (1, classes):
        raise ShapeError(
            f"{OWNER} needs a network with an output for each of {classes} classes. "
            f"Received outputs of shape {np.shape(output)} for one image."
        )
    if not math.isclose(output.sum(), 1, abs_tol=1e-3):
        raise ArgumentError(
            f"{OWNER} needs a network whose outputs are probabilities. Received outputs that sum "
            f'to {output.sum():.3g}. End it with Dense({classes}, activation="softmax").'
        )


def adapt(normalization: layers.Normalization, images: NDArray[Any]) -> None:
    """Takes the images' means and variances; what is constant but for rounding keeps its scale."""
    normalization.adapt(images)
    mean, variance, _ = normalization.weights
    varies = variance.value > (1e-6 * mean.value) ** 2
    variance.assign(np.where(varies, variance.value, 1))
