"""Fashion-MNIST: 70,000 pictures of clothes, 28x28 pixels, in MNIST's format."""

from __future__ import annotations

import os

from convlet.datasets.catalogue import Layout, NamedDataset
from convlet.datasets.download import Download
from convlet.datasets.formats import Splits, read_idx, read_npz

# Zalando publishes these MD5 sums beside the files.
_FILES = {
    "fashion-mnist/train-images-idx3-ubyte.gz": "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
    "fashion-mnist/train-labels-idx1-ubyte.gz": "25c81989df183df01b3e8a0aad5dffbe",
    "fashion-mnist/t10k-images-idx3-ubyte.gz": "bef4ecab320f06d8554ea6380940ec79",
    "fashion-mnist/t10k-labels-idx1-ubyte.gz": "bb300cfdad3c16e7a12a480ee83cd310",
}
_ORIGIN = "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/"

DATASET = NamedDataset(
    title="Fashion-MNIST",
    image_shape=(28, 28),
    label_shape=(),
    training_images=60_000,
    test_images=10_000,
    class_names=(
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    ),
    layouts=(Layout(("fashion_mnist.npz",), read_npz), Layout(tuple(_FILES), read_idx)),
    downloads=tuple(
        Download(_ORIGIN + path.rpartition("/")[2], path, "md5", checksum)
        for path, checksum in _FILES.items()
    ),
)


def load_data(path: str | os.PathLike[str] | None = None) -> Splits:
    """Loads Fashion-MNIST: `(x_train, y_train), (x_test, y_test)`, as Keras returns it.

    It is looked for in the folder that the environment variable CONVLET_DATASETS names, in
    convlet's cache and in Keras's cache, and downloaded where it is in none of them.

    Args:
        path: A file (`fashion_mnist.npz`) or a folder (of that file, or of the four original
            `…-ubyte.gz` files) to read instead.

    Returns:
        Images, uint8 from 0 to 255 of shape (60000, 28, 28) and (10000, 28, 28), each with its
        labels, uint8 from 0 to 9 of shape (60000,) and (10000,).

    Raises:
        DatasetError: If the data set is nowhere and cannot be downloaded, or is damaged.

    References:
        H. Xiao, K. Rasul, R. Vollgraf: Fashion-MNIST: a novel image dataset for benchmarking
        machine learning algorithms. arXiv:1708.07747 (2017).
    """
    return DATASET.load(path)
