"""Data sets of a few images, written in every format that convlet reads."""

import dataclasses
import gzip
import io
import pickle
import struct
import tarfile

import numpy as np

from convlet.datasets import cifar10, mnist
from convlet.datasets.formats import CIFAR_BATCHES

TINY_MNIST = dataclasses.replace(mnist.DATASET, training_images=6, test_images=3)
TINY_CIFAR = dataclasses.replace(cifar10.DATASET, training_images=10, test_images=2)
IDX_FILES = TINY_MNIST.layouts[1].files


def mnist_splits():
    random = np.random.default_rng(1)
    images = random.integers(0, 256, (9, 28, 28), dtype=np.uint8)
    labels = np.array([3, 1, 4, 1, 5, 9, 2, 6, 5], dtype=np.uint8)
    return (images[:6], labels[:6]), (images[6:], labels[6:])


def write_npz(path, splits):
    (x_train, y_train), (x_test, y_test) = splits
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)


def idx_bytes(array):
    header = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape)
    return gzip.compress(header + array.tobytes())


def write_idx(folder, splits):
    for name, array in zip(IDX_FILES, (*splits[0], *splits[1]), strict=True):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(idx_bytes(array))


def cifar_batches():
    """Two images in each of the six batches, as the pickles hold them: planes and a list."""
    random = np.random.default_rng(2)
    return {
        name: {
            b"data": random.integers(0, 256, (2, 3072), dtype=np.uint8),
            b"labels": [position, 9 - position],
        }
        for position, name in enumerate(CIFAR_BATCHES)
    }


def write_cifar_folder(folder, batches):
    folder.mkdir(parents=True, exist_ok=True)
    for name, batch in batches.items():
        (folder / name).write_bytes(pickle.dumps(batch, protocol=4))


def write_cifar_archive(path, batches):
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w:gz") as archive:
        for name, batch in batches.items():
            content = pickle.dumps(batch, protocol=4)
            member = tarfile.TarInfo(f"cifar-10-batches-py/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


def check_splits(actual, expected):
    for actual_part, expected_part in zip(actual, expected, strict=True):
        for actual_array, expected_array in zip(actual_part, expected_part, strict=True):
            assert actual_array.dtype == np.uint8
            np.testing.assert_array_equal(actual_array, expected_array)


def check_cifar(actual, batches):
    """The first image's red, green and blue planes lie where they belong."""
    (x_train, y_train), (x_test, y_test) = actual
    assert x_train.shape == (10, 32, 32, 3)
    assert x_test.shape == (2, 32, 32, 3)
    planes = batches["data_batch_1"][b"data"][0].reshape(3, 32, 32)
    for channel in range(3):
        np.testing.assert_array_equal(x_train[0, :, :, channel], planes[channel])
    assert y_train.tolist() == [[0], [9], [1], [8], [2], [7], [3], [6], [4], [5]]
    assert y_test.tolist() == [[5], [4]]
