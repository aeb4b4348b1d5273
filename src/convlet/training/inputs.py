"""What a user calls the inputs, turned into arrays that the engine reads: checked once."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet import validation
from convlet.errors import ArgumentError, ShapeError

# What the engine reads as it is. Everything else becomes float32, once.
_ENGINE_DTYPES = frozenset([np.dtype(np.uint8), np.dtype(np.float32), np.dtype(np.float64)])


def one_for_each(
    owner: str,
    argument: str,
    given: Any,
    names: Sequence[str],
    is_one: Callable[[Any], bool],
) -> list[Any]:
    """Returns what is given for each of the model's inputs or outputs, in the model's order.

    Args:
        owner: Who needs it.
        argument: What it is called: "x", "y" or "sample_weight".
        given: A dictionary by name; a list or tuple with an entry for each; where there is only one
            name, also the entry itself.
        names: Of the model's inputs or outputs.
        is_one: Whether the entry of a list with a single entry is what the only name needs, rather
            than the list itself.

    Raises:
        UnknownNameError: The dictionary has a name that the model hasn't.
        ArgumentError: An entry lacks, or there are too many.
    """
    if isinstance(given, Mapping):
        for name in given:
            validation.one_of(owner, f"each name in {argument}", name, names)
        for name in names:
            if name not in given:
                raise ArgumentError(
                    f"{owner} needs {argument} to have an entry for each of {listed(names)}. "
                    f"Received none for {name!r}."
                )
        return [given[name] for name in names]
    several = isinstance(given, (list, tuple))
    if len(names) == 1:
        return [given[0] if several and len(given) == 1 and is_one(given[0]) else given]
    if not several or len(given) != len(names):
        received = f"{len(given)} entries" if several else f"one {type(given).__name__}"
        raise ArgumentError(
            f"{owner} needs {argument} to be a list of {len(names)} arrays, for {listed(names)}, "
            f"or a dictionary by these names. Received {received}."
        )
    return list(given)


def is_array(value: object, ndim: int | None = None) -> bool:
    """Whether `value` is an array, a tensor or a column of a table, of a number of axes."""
    shape: Any = getattr(value, "shape", None)
    return hasattr(shape, "__len__") and (ndim is None or len(shape) == ndim)


def as_array(value: Any) -> Any:
    """Returns tensors of other libraries and columns of tables as NumPy arrays, without a copy.

    Anything else is returned as it is.
    """
    if hasattr(value, "detach"):  # PyTorch's, which may have a gradient or be on a GPU
        value = value.detach().cpu()
    if not isinstance(value, np.ndarray) and hasattr(value, "__array__"):
        value = np.asarray(value)
    if isinstance(value, np.ndarray) and value.dtype.kind == "O" and value.ndim == 1:
        return _of_one_kind(value)  # pandas keeps texts and numbers that may lack as objects
    return value


def _of_one_kind(column: NDArray[Any]) -> NDArray[Any]:
    if all(isinstance(value, str) for value in column):
        return column.astype(str)
    if all(isinstance(value, (int, float, np.number)) for value in column):
        return column.astype(np.float64)
    return column


def as_images(owner: str, x: ArrayLike, argument: str = "x") -> NDArray[Any]:
    """Returns `x` as an array in C order of uint8, float32 or float64.

    These are taken as they are, without a copy; bool, other integers and other floats become
    float32.

    Raises:
        ArgumentError: `x` is not made of numbers.
        ShapeError: There are no images in it.
    """
    try:
        array = np.asarray(as_array(x))
    except ValueError:
        raise ShapeError(
            f"{owner} needs images of one size. Received lists of unequal lengths. "
            "Resize the images first."
        ) from None
    if array.dtype.kind == "O":
        raise ArgumentError(
            f"{owner} needs {argument} to be an array of numbers. Received an array of objects. "
            "If it holds images of unequal sizes, resize them and join them with np.stack."
        )
    if array.dtype.kind not in "biuf":
        raise ArgumentError(
            f"{owner} needs {argument} to be an array of numbers. Received dtype {array.dtype}."
        )
    if array.ndim < 2 or len(array) == 0:
        raise ShapeError(
            f"{owner} needs {argument} to hold at least one image. "
            f"Received {argument} of shape {array.shape}."
        )
    dtype = array.dtype if array.dtype in _ENGINE_DTYPES else np.dtype(np.float32)
    return np.ascontiguousarray(array, dtype)


def check_input_shape(
    owner: str,
    x: NDArray[Any],
    input_shape: tuple[int | None, ...],
    argument: str = "x",
    move: str = "transpose",
) -> None:
    """Raises unless the images have the shape that the model was built for.

    Args:
        owner: Who needs the images.
        x: The images, with the batch axis.
        input_shape: The shape of one image; None fits any size.
        argument: What `x` is called.
        move: What moves the axes of what `x` was made from.

    Raises:
        ShapeError: With the way from the received shape to the right one where there is one.
    """
    if _fits(x.shape[1:], input_shape):
        return
    needed = f"{owner} needs {argument} of shape {_with_batch(input_shape)}"
    sizes = tuple(size for size in input_shape if size is not None)
    fixed = len(sizes) == len(input_shape)
    if _fits((*x.shape[1:], 1), input_shape):
        received, fix = ", without a channel axis", f"Add one with {argument}[..., np.newaxis]."
    elif _fits(x.shape, input_shape):
        received = ", one image without a batch axis"
        fix = f"Add one with {argument}[np.newaxis]."
    elif x.ndim == 4 and _fits((*x.shape[2:], x.shape[1]), input_shape):
        received = ", with the channels first"
        fix = f"Move them with {argument}.{move}(0, 2, 3, 1)."
    elif fixed and math.prod(x.shape[1:]) == math.prod(sizes):
        received, fix = "", f"Reshape to {(-1, *sizes)} first."
    else:
        received, fix = "", ""
    raise ShapeError(f"{needed}. Received shape {x.shape}{received}. {fix}".rstrip())


def check_channels_last(owner: str, x: NDArray[Any]) -> None:
    """Raises where PyTorch's images, whose channels come first, would be taken for others.

    A model that is built for its first images would otherwise be built for wrong ones.

    Raises:
        ShapeError: The first of three axes is as short as channels are, and the last is not.
    """
    colours = (1, 3, 4)
    if x.ndim == 4 and x.shape[1] in colours and x.shape[3] not in colours:
        raise ShapeError(
            f"{owner} needs x of shape (samples, height, width, channels). "
            f"Received shape {x.shape}, with the channels first. "
            "Move them with x.permute(0, 2, 3, 1)."
        )


def listed(names: Sequence[str]) -> str:
    """The names as messages list them: 'left', 'right'."""
    return ", ".join(map(repr, names))


def _fits(shape: tuple[int, ...], wanted: tuple[int | None, ...]) -> bool:
    return shape == wanted or (
        len(shape) == len(wanted)
        and all(expected in (None, size) for size, expected in zip(shape, wanted, strict=True))
    )


def _with_batch(shape: tuple[int | None, ...]) -> str:
    return f"(samples, {', '.join(map(str, shape))})"
