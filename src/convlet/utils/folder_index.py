"""The image files in a folder, their labels, and their split for validation."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlet import validation
from convlet.errors import ArgumentError, DatasetError, DataWarning

OWNER = "image_dataset_from_directory"
"""Who needs the files, in messages."""
SUFFIXES = (".bmp", ".gif", ".jpeg", ".jpg", ".png")
"""What the names of image files end in."""
SEEDS = 1 << 32
"""How many seeds the generator of the split takes."""


@dataclass(frozen=True)
class Found:
    """Image files.

    Attributes:
        paths: The files.
        labels: A label for each, or None.
        names: What each label means, in the order of the labels; None without them.
    """

    paths: list[str]
    labels: NDArray[np.int32] | None = None
    names: dict[int, str] | None = None


def find(
    directory: str | os.PathLike[str],
    labels: Any,
    class_names: Sequence[str] | None,
    follow_links: bool,
) -> Found:
    """Returns the image files in a folder, sorted folder by folder.

    Args:
        directory: The folder.
        labels: "inferred" from its folders, None for none, or a list of integers.
        class_names: The folders that labels are inferred from, in their order.
        follow_links: Whether links to folders are followed.

    Raises:
        DatasetError: There is no such folder, or no image in it.
        ArgumentError: The labels are not integers, or not one for each file.
        UnknownNameError: There is no folder of the name of a class.
    """
    folder = os.fspath(directory)
    if not os.path.isdir(folder):
        raise DatasetError(f"{OWNER} needs a folder of images. Received '{folder}'.")
    inferred = isinstance(labels, str) and labels == "inferred"
    if class_names is not None and not inferred:
        raise ArgumentError(
            f"{OWNER} takes class_names with labels='inferred'. Received labels={labels!r}."
        )
    classes = _class_folders(folder, class_names) if inferred else [""]
    files = [list(_image_files(os.path.join(folder, name), follow_links)) for name in classes]
    paths = [path for of_class in files for path in of_class]
    if not paths:
        within = " in a folder for each class" if inferred else ""
        raise DatasetError(
            f"{OWNER} needs image files, {', '.join(SUFFIXES)}. "
            f"Received '{folder}' without any{within}."
        )
    if inferred:
        numbers = np.repeat(np.arange(len(classes), dtype=np.int32), list(map(len, files)))
        return Found(paths, numbers, dict(enumerate(classes)))
    if labels is None:
        return Found(paths)
    given = _given_labels(labels, len(paths))
    return Found(paths, given, {int(label): str(label) for label in np.unique(given)})


def _class_folders(folder: str, class_names: Sequence[str] | None) -> list[str]:
    found = sorted(
        entry.name for entry in os.scandir(folder) if entry.is_dir() and entry.name[0] != "."
    )
    for name in class_names or ():
        validation.one_of(OWNER, "each of class_names", name, found)
    return found if class_names is None else list(class_names)


def _image_files(folder: str, follow_links: bool) -> Iterator[str]:
    for root, _, names in sorted(os.walk(folder, followlinks=follow_links)):
        for name in sorted(names):
            if name.lower().endswith(SUFFIXES):
                yield os.path.join(root, name)


def _given_labels(labels: Any, count: int) -> NDArray[np.int32]:
    given = np.asarray(labels)
    if given.dtype.kind in "iu" and given.shape == (count,):
        return given.astype(np.int32)
    received = f"labels={labels!r}" if given.ndim != 1 else f"{len(given)} of type {given.dtype}"
    raise ArgumentError(
        f"{OWNER} needs labels to be 'inferred', None or a list of {count} integers, one for each "
        f"file. Received {received}."
    )


def check_split(
    validation_split: float | None, subset: str | None, shuffle: bool, seed: int | None
) -> None:
    """Checks the arguments that say how to split.

    Raises:
        ArgumentError: One of them is out of its range, or lacks another.
    """
    if seed is not None and validation.integer(OWNER, "seed", seed, minimum=0) >= SEEDS:
        raise ArgumentError(validation.bad_argument(OWNER, "seed", "below 2**32", seed))
    if subset is not None:
        validation.one_of(OWNER, "subset", subset, ("training", "validation", "both"))
    if validation_split is not None:
        validation.number(OWNER, "validation_split", validation_split, above=0, below=1)
    if (validation_split is None) != (subset is None):
        raise ArgumentError(
            f"{OWNER} needs both validation_split and subset, or neither. Received "
            f"validation_split={validation_split!r} and subset={subset!r}."
        )
    if validation_split is not None and shuffle and seed is None:
        raise ArgumentError(
            f"{OWNER} needs a seed to split shuffled files, so that the parts of two calls have "
            "no image in common. Received seed=None. Pass seed=0, to both calls."
        )


def split(
    found: Found, fraction: float | None, shuffle: bool, seed: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Returns the positions of the files for training and of those for validation.

    The files are shuffled before the last part is cut off, in Keras's order for the seed.

    Args:
        found: The files.
        fraction: The part for validation; None for none.
        shuffle: Whether to shuffle.
        seed: Of the shuffling.

    Raises:
        DatasetError: One of the parts would be empty.
        ArgumentError: Files are not shuffled, and one of the parts would lack a class.
    """
    count = len(found.paths)
    order = np.arange(count, dtype=np.int64)
    if shuffle:
        np.random.RandomState(seed).shuffle(order)  # Keras's generator
    if fraction is None:
        return order, order[:0]
    size = int(fraction * count)
    if size == 0:
        raise DatasetError(
            f"{OWNER} needs enough images for training and for validation. Received {count} with "
            f"validation_split={fraction}."
        )
    training, held_out = order[:-size], order[-size:]
    if found.labels is not None and found.names is not None:
        for name, part in (("training", training), ("validation", held_out)):
            lost = np.setdiff1d(found.labels, found.labels[part])
            if len(lost):
                lack = ", ".join(found.names[int(label)] for label in lost)
                _tell_of_lost(name, lack, fraction, shuffle)
    return training, held_out


def _tell_of_lost(part: str, lost: str, fraction: float, shuffle: bool) -> None:
    lack = f"validation_split={fraction} leaves no image of {lost} for {part}"
    if not shuffle:
        raise ArgumentError(
            f"{OWNER} needs images of every class in both parts. Received shuffle=False, for "
            f"which {lack}. Pass shuffle=True and a seed."
        )
    warnings.warn(
        f"{lack}. Add images of this class, or try another seed.", DataWarning, stacklevel=4
    )
