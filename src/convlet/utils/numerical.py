"""One-hot labels and unit vectors."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet import validation
from convlet.errors import ArgumentError


def to_categorical(x: ArrayLike, num_classes: int | None = None) -> NDArray[np.float64]:
    """Turns class numbers into one-hot rows: `result[..., c] = 1 where x == c, else 0`.

    Args:
        x: Class numbers, integers from 0. A last axis of length 1 is dropped.
        num_classes: How many classes there are; None takes `max(x) + 1`.

    Returns:
        Zeros and ones in float64, of the shape of `x` with an axis of `num_classes` added.

    Raises:
        ArgumentError: If `x` holds anything but integers from 0 to `num_classes` - 1.

    Example:
        >>> to_categorical([0, 2, 1])
        array([[1., 0., 0.],
               [0., 0., 1.],
               [0., 1., 0.]])
    """
    labels = _class_numbers(x)
    if labels.ndim > 1 and labels.shape[-1] == 1:
        labels = labels[..., 0]
    if num_classes is None:
        if labels.size == 0:
            raise ArgumentError(
                "to_categorical needs num_classes where x is empty. Received x of shape "
                f"{labels.shape}."
            )
        num_classes = int(labels.max()) + 1
    num_classes = validation.integer("to_categorical", "num_classes", num_classes)
    if labels.size and (labels.min() < 0 or labels.max() >= num_classes):
        raise ArgumentError(
            f"to_categorical needs x to hold classes from 0 to {num_classes - 1}. Received classes "
            f"from {labels.min()} to {labels.max()}."
        )
    result = np.zeros((labels.size, num_classes))
    result[np.arange(labels.size), labels.reshape(-1)] = 1
    return result.reshape(*labels.shape, num_classes)


def _class_numbers(x: ArrayLike) -> NDArray[np.int64]:
    """`x` as integers, where that changes no value."""
    given = np.asarray(x)
    if given.dtype.kind in "biuf":
        with np.errstate(invalid="ignore"):  # NaN has no integer, which the comparison finds
            numbers = given.astype(np.int64)
        if np.array_equal(numbers, given):
            return numbers
    raise ArgumentError(
        "to_categorical needs x to hold whole numbers. Received x of "
        f"{_described(given)}. Number the classes first: "
        "names, labels = numpy.unique(x, return_inverse=True)."
    )


def _described(given: NDArray[Any]) -> str:
    example = f", such as {given.reshape(-1)[0].item()!r}" if given.size else ""
    return f"{given.dtype}{example}"


def normalize(x: ArrayLike, axis: int = -1, order: int | float = 2) -> NDArray[Any]:
    """Scales vectors to length one: `x / norm(x, order)` along `axis`; zeros stay zeros.

    Args:
        x: The array whose vectors are scaled.
        axis: The axis along which the vectors lie.
        order: Which norm: 1, 2, `numpy.inf` or any other that `numpy.linalg.norm` takes.

    Returns:
        A new array of the shape of `x`.

    Raises:
        ArgumentError: If `x` has no such axis.

    Example:
        >>> normalize([[3.0, 4.0], [0.0, 0.0]])
        array([[0.6, 0.8],
               [0. , 0. ]])
    """
    vectors = np.asarray(x)
    axis = validation.integer("normalize", "axis", axis, minimum=None)
    if not -vectors.ndim <= axis < vectors.ndim:
        needed = f"an axis of x, which has {vectors.ndim}"
        raise ArgumentError(validation.bad_argument("normalize", "axis", needed, axis))
    lengths = np.linalg.norm(vectors, order, axis, keepdims=True)
    return np.asarray(vectors / np.where(lengths == 0, 1, lengths))
