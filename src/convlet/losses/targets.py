"""Checks of targets against the model's output, with messages that name the right loss."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet.errors import ArgumentError, ShapeError


def as_numbers(owner: str, y: ArrayLike) -> NDArray[Any]:
    """Returns targets as an array of numbers, with a batch axis.

    Raises:
        ArgumentError: They are strings, objects or of unequal lengths.
        ShapeError: There is only one number.
    """
    try:
        array = np.asarray(y)
    except ValueError:
        raise ArgumentError(
            f"{owner} needs targets that form an array. Received lists of unequal lengths."
        ) from None
    if array.dtype.kind in "US":
        raise ArgumentError(
            f"{owner} needs targets that are numbers. Received strings such as "
            f"{str(array.flat[0])!r}. Number them with np.unique(y, return_inverse=True)[1]."
        )
    if array.dtype.kind not in "biuf":
        raise ArgumentError(
            f"{owner} needs targets that are numbers. Received an array of dtype {array.dtype}."
        )
    if array.ndim == 0:
        raise ShapeError(f"{owner} needs one target for each sample. Received a single number.")
    return array


def integer_labels(
    owner: str, y: ArrayLike, output_shape: tuple[int, ...], ignore_class: int | None = None
) -> NDArray[np.int32]:
    """Returns labels 0 ... classes - 1 as int32, in the shape of the output without its last axis.

    Args:
        owner: Who needs them.
        y: The targets of all samples.
        output_shape: The shape of one prediction.
        ignore_class: A further label that is allowed.

    Raises:
        ArgumentError: A label is not an integer or not one of the output's classes.
        ShapeError: The labels are one-hot, or of a shape that fits nothing.
    """
    labels = as_numbers(owner, y)
    *positions, classes = output_shape
    _check_classes(owner, classes)
    if labels.shape[1:] == output_shape:
        raise ShapeError(
            f"{owner} needs integer labels of shape {_batch(*positions)}. Received one-hot targets "
            f"of shape {labels.shape}. Use loss='categorical_crossentropy', or pass "
            "y.argmax(axis=-1)."
        )
    if labels.shape[1:] == (*positions, 1):
        labels = labels[..., 0]
    if labels.shape[1:] != tuple(positions):
        raise ShapeError(
            f"{owner} needs integer labels of shape {_batch(*positions)}. "
            f"Received shape {labels.shape}."
        )
    _check_integers(owner, labels)
    wrong = (labels < 0) | (labels >= classes)
    if ignore_class is not None:
        wrong &= labels != ignore_class
    needed = f"labels 0..{classes - 1}, one for each of the model's {classes} outputs"
    _refuse(owner, labels, wrong, needed)
    return np.ascontiguousarray(labels, np.int32)


def one_label_each(owner: str, y: ArrayLike) -> NDArray[np.int32]:
    """Returns labels, any integers, as int32 of shape (samples,).

    Raises:
        ArgumentError: A label is not an integer.
        ShapeError: There is not one label for each sample.
    """
    labels = as_numbers(owner, y)
    if labels.shape[1:] == (1,):
        labels = labels[:, 0]
    if labels.ndim != 1:
        raise ShapeError(
            f"{owner} needs integer labels of shape {_batch()}. Received shape {labels.shape}."
        )
    _check_integers(owner, labels)
    return np.ascontiguousarray(labels, np.int32)


def class_probabilities(
    owner: str, y: ArrayLike, output_shape: tuple[int, ...]
) -> NDArray[np.float32]:
    """Returns one-hot targets, or probabilities of classes, as float32.

    Raises:
        ArgumentError: A target is NaN or not between 0 and 1.
        ShapeError: The targets are integer labels, or of another shape than the output.
    """
    target = as_numbers(owner, y)
    *positions, classes = output_shape
    _check_classes(owner, classes)
    if target.shape[1:] in (tuple(positions), (*positions, 1)):
        raise ShapeError(
            f"{owner} needs one-hot targets of shape {_batch(*output_shape)}. Received integer "
            f"labels of shape {target.shape}. Use loss='sparse_categorical_crossentropy', or pass "
            f"utils.to_categorical(y, {classes})."
        )
    return probabilities(owner, target, output_shape)


def probabilities(owner: str, y: ArrayLike, output_shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Returns targets from 0 to 1 as float32, in the shape of the output.

    Raises:
        ArgumentError: A target is NaN or not between 0 and 1.
        ShapeError: The targets have another shape than the output.
    """
    target = like_output(owner, y, output_shape)
    _refuse(owner, target, (target < 0) | (target > 1), "targets from 0 to 1")
    return target


def like_output(owner: str, y: ArrayLike, output_shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Returns targets as float32 in the shape of the output; a last axis of length 1 may lack.

    Raises:
        ArgumentError: A target is NaN or infinite.
        ShapeError: The targets have another shape than the output.
    """
    target = _with_last_axis(as_numbers(owner, y), output_shape)
    if target.shape[1:] != output_shape:
        raise ShapeError(
            f"{owner} needs targets of shape {_batch(*output_shape)}, like the model's output. "
            f"Received shape {target.shape}."
        )
    _check_finite(owner, target)
    return np.ascontiguousarray(target, np.float32)


def finite_numbers(owner: str, y: ArrayLike, output_shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Returns targets of any shape as float32; a last axis of length 1 may lack.

    Raises:
        ArgumentError: A target is NaN or infinite.
    """
    target = _with_last_axis(as_numbers(owner, y), output_shape)
    _check_finite(owner, target)
    return np.ascontiguousarray(target, np.float32)


def _with_last_axis(target: NDArray[Any], output_shape: tuple[int, ...]) -> NDArray[Any]:
    """The targets with a last axis of length 1, where that is all that the output's shape has."""
    return target[..., np.newaxis] if (*target.shape[1:], 1) == output_shape else target


def _check_integers(owner: str, labels: NDArray[Any]) -> None:
    if labels.dtype.kind == "f":
        _check_finite(owner, labels)
        _refuse(owner, labels, labels != np.floor(labels), "integer labels")


def _check_classes(owner: str, classes: int) -> None:
    if classes < 2:
        raise ShapeError(
            f"{owner} needs a model with at least 2 outputs, one for each class. Received 1. "
            "Use loss='binary_crossentropy' with a sigmoid, or a last layer of 2 units."
        )


def _check_finite(owner: str, target: NDArray[Any]) -> None:
    if target.dtype.kind == "f":
        _refuse(owner, target, ~np.isfinite(target), "finite targets")


def _refuse(owner: str, target: NDArray[Any], wrong: NDArray[np.bool_], needed: str) -> None:
    """Raises if any target is wrong, naming the first one and its position."""
    if not wrong.any():
        return
    position = tuple(int(axis[0]) for axis in np.nonzero(wrong))
    value = target[position].item()
    received = "NaN" if value != value else f"{value:g}"
    where = position[0] if len(position) == 1 else position
    raise ArgumentError(f"{owner} needs {needed}. Received {received} at position {where}.")


def _batch(*sizes: int) -> str:
    """A shape with the batch axis in words: `(samples, 10)`."""
    return f"(samples, {', '.join(map(str, sizes))})" if sizes else "(samples,)"
