"""Folders of images as data sets, found and split as Keras does it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlet import rng, validation
from convlet.errors import ArgumentError
from convlet.utils.decoding import CHANNELS, decoded
from convlet.utils.folder_index import OWNER, SEEDS, Found, check_split, find, split
from convlet.utils.image_dataset import ImageDataset
from convlet.utils.resampling import INTERPOLATIONS


def image_dataset_from_directory(
    directory: str | os.PathLike[str],
    labels: Any = "inferred",
    label_mode: str | None = "int",
    class_names: Sequence[str] | None = None,
    color_mode: str = "rgb",
    batch_size: int | None = 32,
    image_size: tuple[int, int] | int = (256, 256),
    shuffle: bool = True,
    seed: int | None = None,
    validation_split: float | None = None,
    subset: str | None = None,
    interpolation: str = "bilinear",
    follow_links: bool = False,
    crop_to_aspect_ratio: bool = False,
    pad_to_aspect_ratio: bool = False,
    data_format: str | None = None,
    format: str = "tf",
    verbose: bool = True,
) -> Any:
    """Makes a data set of the image files in a folder, which `fit` takes as `x`.

    The files are found now; they are decoded once, by all cores, when the first image is needed.
    Images are bytes from 0 to 255, where Keras has float32 of the same values before rounding: put
    a `Rescaling` layer first. How each file becomes bytes is a rule of `utils.decoding`: EXIF
    orientations are turned upright, CMYK, palettes and 16 bits converted.

    Args:
        directory: The folder. With inferred labels, it has a folder for each class.
        labels: "inferred", from the folders; None for images alone; or a list of integers, one
            for each file in the order of their paths.
        label_mode: "int" for int32 labels, "categorical" for one-hot float32 targets, "binary" for
            float32 zeros and ones of shape (batch, 1), None for images alone.
        class_names: The folders to use, in the order of their labels; all, sorted, by default.
        color_mode: "grayscale", "rgb" or "rgba": 1, 3 or 4 channels.
        batch_size: How many images make a batch; None gives them one by one.
        image_size: (height, width) that all images get, or one number for both.
        shuffle: Whether the files are shuffled before they are split, and again in every epoch.
            False sorts them.
        seed: Of the shuffling; the same one gives the same parts, which are those that Keras makes.
        validation_split: The part that is for validation, between 0 and 1.
        subset: Which part: "training", "validation" or "both".
        interpolation: "bilinear", "nearest", "bicubic", "area", "lanczos3", "lanczos5", "gaussian"
            or "mitchellcubic".
        follow_links: Whether links to folders are followed.
        crop_to_aspect_ratio: Cut the largest part of the right proportions out of the middle,
            rather than stretch the image.
        pad_to_aspect_ratio: Put black edges around the image, rather than stretch it.
        data_format: Only None or "channels_last".
        format: Taken for Keras's sake, without effect: "tf" or "grain".
        verbose: Whether to print how many files were found.

    Returns:
        A data set: iterable over batches `(images, targets)`, with the attributes `class_names`
        and `file_paths`. For `subset="both"`, a list of two.

    Raises:
        DatasetError: There is no such folder, or no image in it; when images are decoded, files
            that cannot be, all of them named.
        ArgumentError: An argument is out of its range, or without shuffling a part would lack a
            class.

    Example:
        >>> import tempfile, pathlib
        >>> from convlet import utils
        >>> folder = pathlib.Path(tempfile.mkdtemp())
        >>> for name in ("cat", "dog"):
        ...     (folder / name).mkdir()
        ...     for number in range(4):
        ...         utils.save_img(folder / name / f"{number}.png", np.ones((9, 9, 3)))
        >>> data = image_dataset_from_directory(folder, image_size=(8, 8), batch_size=3)
        Found 8 files belonging to 2 classes.
        >>> data.class_names
        ['cat', 'dog']
        >>> [(images.shape, images.dtype.name, len(labels)) for images, labels in data.take(1)]
        [((3, 8, 8, 3), 'uint8', 3)]
    """
    _check_choices(label_mode, color_mode, interpolation, data_format, format)
    if crop_to_aspect_ratio and pad_to_aspect_ratio:
        raise ArgumentError(
            f"{OWNER} takes either crop_to_aspect_ratio or pad_to_aspect_ratio. Received both."
        )
    if batch_size is not None:
        batch_size = validation.integer(OWNER, "batch_size", batch_size)
    height, width = validation.integer_pair(OWNER, "image_size", image_size)
    validation.boolean(OWNER, "shuffle", shuffle)
    check_split(validation_split, subset, shuffle, seed)
    seed = rng.next_seed() % SEEDS if seed is None else seed

    found = find(directory, labels if label_mode else None, class_names, follow_links)
    classes = None if found.names is None else list(found.names.values())
    if verbose:
        of_classes = f" belonging to {len(classes)} classes" if classes is not None else ""
        print(f"Found {len(found.paths)} files{of_classes}.")
    targets = _targets(found, label_mode)
    decode = partial(
        decoded,
        color_mode=color_mode,
        size=(height, width),
        interpolation=interpolation,
        crop=crop_to_aspect_ratio,
        pad=pad_to_aspect_ratio,
    )

    def data_set(name: str, part: NDArray[np.int64], shuffled: bool) -> ImageDataset:
        if verbose and subset is not None:
            print(f"Using {len(part)} files for {name}.")
        return ImageDataset(
            [found.paths[position] for position in part],
            None if targets is None else targets[part],
            classes,
            decode,
            (height, width, CHANNELS[color_mode]),
            batch_size,
            seed if shuffled else None,
        )

    training, held_out = split(found, validation_split, shuffle, seed)
    if subset == "both":
        return [data_set("training", training, shuffle), data_set("validation", held_out, False)]
    if subset == "validation":
        return data_set("validation", held_out, shuffle)
    return data_set("training", training, shuffle)


def _check_choices(
    label_mode: str | None, color_mode: str, interpolation: str, data_format: Any, format: str
) -> None:
    if label_mode is not None:
        validation.one_of(OWNER, "label_mode", label_mode, ("int", "categorical", "binary"))
    validation.one_of(OWNER, "color_mode", color_mode, list(CHANNELS))
    validation.one_of(OWNER, "interpolation", interpolation, INTERPOLATIONS)
    validation.unsupported(
        OWNER, "data_format", data_format or "channels_last", only="channels_last"
    )
    validation.one_of(OWNER, "format", format, ("tf", "grain"))


def _targets(found: Found, label_mode: str | None) -> NDArray[Any] | None:
    if found.labels is None or found.names is None:
        return None
    if label_mode == "int":
        return found.labels
    if label_mode == "binary" and len(found.names) != 2:
        raise ArgumentError(
            f"{OWNER} needs 2 classes for label_mode='binary'. Received {len(found.names)}: "
            f"{', '.join(found.names.values())}. Use label_mode='int'."
        )
    places = np.searchsorted(list(found.names), found.labels)
    if label_mode == "binary":
        return places.astype(np.float32)[:, np.newaxis]
    return np.eye(len(found.names), dtype=np.float32)[places]
