"""MNIST: 70,000 handwritten digits, 28x28 pixels, white on black."""

from __future__ import annotations

import os

from convlet.datasets.catalogue import Layout, NamedDataset
from convlet.datasets.download import Download
from convlet.datasets.formats import Splits, read_idx, read_npz

_FILE = "mnist.npz"

DATASET = NamedDataset(
    title="MNIST",
    image_shape=(28, 28),
    label_shape=(),
    training_images=60_000,
    test_images=10_000,
    class_names=tuple("0123456789"),
    layouts=(
        Layout((_FILE,), read_npz),
        Layout(
            (
                "mnist/train-images-idx3-ubyte.gz",
                "mnist/train-labels-idx1-ubyte.gz",
                "mnist/t10k-images-idx3-ubyte.gz",
                "mnist/t10k-labels-idx1-ubyte.gz",
            ),
            read_idx,
        ),
    ),
    downloads=(
        Download(
            url=f"https://storage.googleapis.com/tensorflow/tf-keras-datasets/{_FILE}",
            path=_FILE,
            algorithm="sha256",
            checksum="731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
        ),
    ),
)


def load_data(path: str | os.PathLike[str] = _FILE) -> Splits:
    """Loads MNIST: `(x_train, y_train), (x_test, y_test)`, as Keras returns it.

    It is looked for in the folder that the environment variable CONVLET_DATASETS names, in
    convlet's cache and in Keras's cache, and downloaded where it is in none of them.

    Args:
        path: A file (`mnist.npz`) or a folder (of that file, or of the four original
            `…-ubyte.gz` files) to read instead. The default, Keras's, stands for the search.

    Returns:
        Images, uint8 from 0 to 255 of shape (60000, 28, 28) and (10000, 28, 28), each with its
        labels, uint8 from 0 to 9 of shape (60000,) and (10000,).

    Raises:
        DatasetError: If the data set is nowhere and cannot be downloaded, or is damaged.

    References:
        Y. LeCun, L. Bottou, Y. Bengio, P. Haffner: Gradient-based learning applied to document
        recognition. Proceedings of the IEEE 86 (1998).
    """
    return DATASET.load(None if path == _FILE else path)
