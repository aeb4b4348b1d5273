"""CIFAR-10: 60,000 colour photographs of ten kinds of things, 32x32 pixels."""

from __future__ import annotations

import os

from convlet.datasets.catalogue import Layout, NamedDataset
from convlet.datasets.download import Download
from convlet.datasets.formats import (
    CIFAR_BATCHES,
    Splits,
    read_cifar_archive,
    read_cifar_batches,
    read_npz,
)

_ARCHIVE = "cifar-10-python.tar.gz"
_FOLDER = "cifar-10-batches-py"

DATASET = NamedDataset(
    title="CIFAR-10",
    image_shape=(32, 32, 3),
    label_shape=(1,),
    training_images=50_000,
    test_images=10_000,
    class_names=(
        "airplane",
        "automobile",
        "bird",
        "cat",
        "deer",
        "dog",
        "frog",
        "horse",
        "ship",
        "truck",
    ),
    layouts=(
        Layout(("cifar10.npz",), read_npz),
        # Unpacked, as Keras 3 and Keras 2 leave it in their cache.
        Layout(
            tuple(f"{_FOLDER}-target/{_FOLDER}/{batch}" for batch in CIFAR_BATCHES),
            read_cifar_batches,
        ),
        Layout(tuple(f"{_FOLDER}/{batch}" for batch in CIFAR_BATCHES), read_cifar_batches),
        # Packed, under its published name and under Keras's two.
        Layout((_ARCHIVE,), read_cifar_archive),
        Layout((f"{_FOLDER}-target_archive",), read_cifar_archive),
        Layout((f"{_FOLDER}.tar.gz",), read_cifar_archive),
    ),
    downloads=(
        Download(
            url=f"https://www.cs.toronto.edu/~kriz/{_ARCHIVE}",
            path=_ARCHIVE,
            algorithm="sha256",
            checksum="6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
        ),
    ),
)


def load_data(path: str | os.PathLike[str] | None = None) -> Splits:
    """Loads CIFAR-10: `(x_train, y_train), (x_test, y_test)`, as Keras returns it.

    It is looked for in the folder that the environment variable CONVLET_DATASETS names, in
    convlet's cache and in Keras's cache, and downloaded where it is in none of them.

    Args:
        path: A file (`cifar10.npz` or the original `cifar-10-python.tar.gz`) or a folder (of
            either, or of the unpacked batches) to read instead.

    Returns:
        Images, uint8 from 0 to 255 of shape (50000, 32, 32, 3) and (10000, 32, 32, 3), each with
        its labels, uint8 from 0 to 9 of shape (50000, 1) and (10000, 1).

    Raises:
        DatasetError: If the data set is nowhere and cannot be downloaded, or is damaged.

    References:
        A. Krizhevsky: Learning multiple layers of features from tiny images. Technical report,
        University of Toronto (2009).
    """
    return DATASET.load(path)
