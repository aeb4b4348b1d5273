"""Any data set in one form: what the command and the experiments train on."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlet import validation
from convlet.datasets import digits
from convlet.datasets.catalogue import NamedDataset
from convlet.datasets.formats import ARRAY_NAMES, DamagedFileError, Splits, read_arrays
from convlet.errors import DatasetError, UnknownNameError

NAMES = ("mnist", "fashion_mnist", "cifar10", "digits")


@dataclass(frozen=True, eq=False)
class LabelledImages:
    """Training and test images with their labels.

    Args:
        name: The data set's name, or that of its file without the suffix.
        x_train: Training images, uint8 of shape (images, height, width, channels).
        y_train: Their labels, int64 of shape (images,).
        x_test: Test images.
        y_test: Their labels.
        class_names: What the labels 0, 1, 2 … mean.
    """

    name: str
    x_train: NDArray[np.uint8]
    y_train: NDArray[np.int64]
    x_test: NDArray[np.uint8]
    y_test: NDArray[np.int64]
    class_names: tuple[str, ...]

    @property
    def image_shape(self) -> tuple[int, ...]:
        """Height, width and channels of one image."""
        return self.x_train.shape[1:]

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return len(self.class_names)


def load(data: str | os.PathLike[str]) -> LabelledImages:
    """Loads a data set by its name, or from an `.npz` file.

    Args:
        data: "mnist", "fashion_mnist", "cifar10", "digits", or the path of an `.npz` file with
            x_train and x_test (uint8 of shape (images, height, width) or (images, height, width,
            channels)), y_train and y_test (integers from 0), and perhaps class_names.

    Raises:
        UnknownNameError: If `data` is neither one of the names nor the path of a file.
        DatasetError: If the data set cannot be read or downloaded, or its arrays do not fit.

    Example:
        >>> digits = load("digits")
        >>> digits.x_train.shape, digits.class_names[:3]
        ((1437, 28, 28, 1), ('0', '1', '2'))
    """
    if data == "digits":
        return _in_one_form("digits", digits.load_data(), digits.CLASS_NAMES)
    if data in NAMES:
        dataset: NamedDataset = import_module(f"convlet.datasets.{data}").DATASET
        return _in_one_form(str(data), dataset.load(), dataset.class_names)
    path = Path(data).expanduser()
    if path.is_file():
        return _from_npz(path)
    raise UnknownNameError(unknown_data("load", str(data)))


def unknown_data(owner: str, data: str) -> str:
    """The message of `owner` about data that are neither a known name nor a file."""
    needed = f"one of {', '.join(map(repr, NAMES))}, or the path of an .npz file"
    fix = validation.did_you_mean(data, NAMES)
    if data.endswith(".npz"):
        fix = "There is no such file."
    return validation.bad_argument(owner, "data", needed, data, fix)


def _from_npz(path: Path) -> LabelledImages:
    try:
        arrays = read_arrays(path, (*ARRAY_NAMES, "class_names"))
    except DamagedFileError as error:
        raise DatasetError(
            f"A data set needs to be an undamaged .npz file. Received '{path}', which cannot be "
            f"read: {error.reason}."
        ) from error
    missing = [name for name in ARRAY_NAMES if name not in arrays]
    if missing:
        raise DatasetError(
            f"A data set needs the arrays {', '.join(ARRAY_NAMES)}. Received '{path}' without "
            f"{', '.join(missing)}. Write it with numpy.savez(path, x_train=..., y_train=..., "
            "x_test=..., y_test=...)."
        )
    for part in ("train", "test"):
        _check_images(path, arrays, f"x_{part}")
        _check_labels(path, arrays, f"y_{part}", images=len(arrays[f"x_{part}"]))
    if arrays["x_train"].shape[1:] != arrays["x_test"].shape[1:]:
        raise DatasetError(
            f"A data set needs training and test images of one shape. Received '{path}' with "
            f"x_train of shape {arrays['x_train'].shape} and x_test of shape "
            f"{arrays['x_test'].shape}."
        )
    x_train, y_train, x_test, y_test = (arrays[name] for name in ARRAY_NAMES)
    classes = int(max(y_train.max(), y_test.max())) + 1
    class_names = [str(name) for name in arrays.get("class_names", np.arange(classes))]
    if len(class_names) < classes or classes < 2:
        raise DatasetError(
            "A data set needs at least two classes, and a name for each where there are names. "
            f"Received '{path}' with labels up to {classes - 1} and {len(class_names)} class names."
        )
    return _in_one_form(path.stem, ((x_train, y_train), (x_test, y_test)), class_names)


def _check_images(path: Path, arrays: dict[str, NDArray[Any]], name: str) -> None:
    images = arrays[name]
    if images.dtype == np.uint8 and images.ndim in (3, 4) and images.size:
        return
    is_float = images.dtype.kind == "f"
    fix = " For pixels from 0 to 1, save (255 * x).round().astype('uint8')." if is_float else ""
    raise DatasetError(
        f"A data set needs {name} to be uint8 images of shape (images, height, width) or "
        f"(images, height, width, channels). Received '{path}' with {name} of {images.dtype} and "
        f"shape {images.shape}.{fix}"
    )


def _check_labels(path: Path, arrays: dict[str, NDArray[Any]], name: str, images: int) -> None:
    labels = arrays[name]
    if labels.dtype.kind not in "iu" or labels.shape not in ((images,), (images, 1)):
        received = f"{name} of {labels.dtype} and shape {labels.shape}"
    elif labels.min() < 0:
        received = f"{name} down to {labels.min()}"
    else:
        return
    raise DatasetError(
        f"A data set needs {name} to be integers from 0, one for each of the {images:,} images. "
        f"Received '{path}' with {received}."
    )


def _in_one_form(name: str, splits: Splits, class_names: Sequence[str]) -> LabelledImages:
    """Adds a channel axis where there is none, and makes the labels int64 of shape (images,)."""
    (x_train, y_train), (x_test, y_test) = splits
    return LabelledImages(
        name,
        x_train[..., np.newaxis] if x_train.ndim == 3 else x_train,
        y_train.reshape(-1).astype(np.int64),
        x_test[..., np.newaxis] if x_test.ndim == 3 else x_test,
        y_test.reshape(-1).astype(np.int64),
        tuple(class_names),
    )
