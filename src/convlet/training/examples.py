"""The checks that images, targets and weights pass once, before the loop sees them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet import validation
from convlet.errors import ArgumentError, ShapeError
from convlet.losses import Loss

# What the engine reads as it is. Everything else becomes float32, once.
_ENGINE_DTYPES = frozenset([np.dtype(np.uint8), np.dtype(np.float32), np.dtype(np.float64)])


@dataclass(frozen=True)
class Examples:
    """Images with their prepared targets, and a weight for each where there are weights."""

    x: NDArray[Any]
    y: NDArray[Any]
    sample_weight: NDArray[np.float32] | None = None

    def __len__(self) -> int:
        return len(self.x)

    def __getitem__(self, part: slice) -> Examples:
        weight = self.sample_weight
        return Examples(self.x[part], self.y[part], None if weight is None else weight[part])


def as_images(owner: str, x: ArrayLike) -> NDArray[Any]:
    """Returns `x` as an array in C order of uint8, float32 or float64.

    These are taken as they are, without a copy; bool, other integers and other floats become
    float32.

    Raises:
        ArgumentError: `x` is not made of numbers.
        ShapeError: There are no images in it.
    """
    try:
        array = np.asarray(x)
    except ValueError:
        raise ShapeError(
            f"{owner} needs images of one size. Received lists of unequal lengths. "
            "Resize the images first."
        ) from None
    if array.dtype.kind == "O":
        raise ArgumentError(
            f"{owner} needs x to be an array of numbers. Received an array of objects. "
            "If it holds images of unequal sizes, resize them and join them with np.stack."
        )
    if array.dtype.kind not in "biuf":
        raise ArgumentError(
            f"{owner} needs x to be an array of numbers. Received dtype {array.dtype}."
        )
    if array.ndim < 2 or len(array) == 0:
        raise ShapeError(
            f"{owner} needs x to hold at least one image. Received x of shape {array.shape}."
        )
    dtype = array.dtype if array.dtype in _ENGINE_DTYPES else np.dtype(np.float32)
    return np.ascontiguousarray(array, dtype)


def check_input_shape(owner: str, x: NDArray[Any], input_shape: tuple[int | None, ...]) -> None:
    """Raises unless the images have the shape that the model was built for.

    Args:
        owner: Who needs the images.
        x: The images, with the batch axis.
        input_shape: The shape of one image; None fits any size.

    Raises:
        ShapeError: With the way from the received shape to the right one where there is one.
    """
    if _fits(x.shape[1:], input_shape):
        return
    needed = f"{owner} needs x of shape {_with_batch(input_shape)}"
    sizes = tuple(size for size in input_shape if size is not None)
    fixed = len(sizes) == len(input_shape)
    if _fits((*x.shape[1:], 1), input_shape):
        received, fix = ", without a channel axis", "Add one with x[..., np.newaxis]."
    elif _fits(x.shape, input_shape):
        received, fix = ", one image without a batch axis", "Add one with x[np.newaxis]."
    elif x.ndim == 4 and _fits((*x.shape[2:], x.shape[1]), input_shape):
        received, fix = ", with the channels first", "Move them with x.transpose(0, 2, 3, 1)."
    elif fixed and math.prod(x.shape[1:]) == math.prod(sizes):
        received, fix = "", f"Reshape to {(-1, *sizes)} first."
    else:
        received, fix = "", ""
    raise ShapeError(f"{needed}. Received shape {x.shape}{received}. {fix}".rstrip())


def prepare_examples(
    owner: str,
    loss: Loss,
    x: NDArray[Any],
    y: ArrayLike | None,
    sample_weight: ArrayLike | None,
    output_shape: tuple[int, ...],
) -> Examples:
    """Checks targets and weights against images that are checked already.

    Raises:
        ArgumentError: There are no targets, or some that the loss cannot use.
        ShapeError: There are more or fewer targets or weights than images.
    """
    if y is None:
        raise ArgumentError(f"{owner} needs targets. Received y=None.")
    targets = loss.prepare(y, output_shape)
    if len(targets) != len(x):
        raise ShapeError(
            f"{owner} needs one target for each image. "
            f"Received {len(x)} images in x and {len(targets)} targets in y."
        )
    weight = None
    if sample_weight is not None:
        weight = _as_sample_weight(owner, sample_weight, len(x))
    return Examples(x, targets, weight)


def with_class_weight(
    owner: str, examples: Examples, class_weight: Mapping[int, float]
) -> Examples:
    """Weighs each example by its class; classes that are not named weigh 1.

    Raises:
        ArgumentError: The examples have weights already, or `class_weight` is not a dictionary from
            classes to numbers.
    """
    if examples.sample_weight is not None:
        raise ArgumentError(
            f"{owner} takes either class_weight or sample_weight. Received both. "
            "Multiply them into one sample_weight."
        )
    if not hasattr(class_weight, "items"):
        needed = "a dictionary from classes to weights"
        raise ArgumentError(validation.bad_argument(owner, "class_weight", needed, class_weight))
    classes = class_of(examples.y)
    weight = np.ones(len(examples), np.float32)
    for label, value in class_weight.items():
        validation.integer(owner, "each class in class_weight", label, minimum=0)
        weight[classes == label] = validation.number(
            owner, f"class_weight[{label}]", value, minimum=0
        )
    return Examples(examples.x, examples.y, weight)


def class_of(y: NDArray[Any]) -> NDArray[Any]:
    """Returns the class of each prepared target: the label, or the place of the 1."""
    if y.ndim == 1:
        return y
    if y.shape[-1] == 1:
        return np.asarray(np.rint(y[..., 0]), np.int64)
    return np.asarray(np.argmax(y, axis=-1))


def _as_sample_weight(owner: str, sample_weight: ArrayLike, count: int) -> NDArray[np.float32]:
    weight = np.asarray(sample_weight)
    if weight.dtype.kind not in "biuf":
        raise ArgumentError(
            f"{owner} needs sample_weight to be an array of numbers. Received dtype {weight.dtype}."
        )
    if weight.shape == (count, 1):
        weight = weight[:, 0]
    if weight.shape != (count,):
        raise ShapeError(
            f"{owner} needs sample_weight of shape ({count},), one for each image. "
            f"Received shape {weight.shape}."
        )
    if not np.isfinite(weight).all():
        position = int(np.argmin(np.isfinite(weight)))
        raise ArgumentError(
            f"{owner} needs finite weights. Received {weight[position]} at position {position}."
        )
    return np.ascontiguousarray(weight, np.float32)


def _fits(shape: tuple[int, ...], wanted: tuple[int | None, ...]) -> bool:
    return shape == wanted or (
        len(shape) == len(wanted)
        and all(expected in (None, size) for size, expected in zip(shape, wanted, strict=True))
    )


def _with_batch(shape: tuple[int | None, ...]) -> str:
    return f"(samples, {', '.join(map(str, shape))})"
