"""Every published format is read back exactly, and a damaged or crafted file is named."""

import gzip
import pickle
import re
import warnings

import numpy as np
import pytest

from convlet.datasets import formats
from convlet.datasets.formats import CIFAR_BATCHES, DamagedFileError
from tests.datasets import tiny


def test_npz(tmp_path):
    tiny.write_npz(tmp_path / "mnist.npz", tiny.mnist_splits())
    tiny.check_splits(formats.read_npz([tmp_path / "mnist.npz"]), tiny.mnist_splits())


def test_idx(tmp_path):
    tiny.write_idx(tmp_path, tiny.mnist_splits())
    splits = formats.read_idx([tmp_path / name for name in tiny.IDX_FILES])
    tiny.check_splits(splits, tiny.mnist_splits())
    assert splits[0][0].flags.writeable


def test_cifar_folder(tmp_path):
    batches = tiny.cifar_batches()
    tiny.write_cifar_folder(tmp_path, batches)
    tiny.check_cifar(formats.read_cifar_batches([tmp_path / n for n in CIFAR_BATCHES]), batches)


def test_cifar_archive(tmp_path):
    batches = tiny.cifar_batches()
    tiny.write_cifar_archive(tmp_path / "cifar.tar.gz", batches)
    tiny.check_cifar(formats.read_cifar_archive([tmp_path / "cifar.tar.gz"]), batches)


def test_a_batch_that_python_2_and_numpy_1_wrote():
    content = pickle.dumps(tiny.cifar_batches()["test_batch"], protocol=4)
    old, new = b"numpy.core.multiarray", b"numpy._core.multiarray"
    assert new in content
    content = content.replace(b"\x8c" + bytes([len(new)]) + new, b"\x8c" + bytes([len(old)]) + old)
    content = content[:2] + content[11:]  # drop the frame, whose length has changed
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        images, labels = formats._read_cifar_batch(content)
    assert images.shape == (2, 32, 32, 3)
    assert labels.tolist() == [[5], [4]]


class Marker:
    """What a crafted pickle would run: a function call that leaves a trace."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (open, (str(self.path), "w"))


@pytest.mark.parametrize("place", ["alone", "in data", "in an object array"])
def test_a_crafted_pickle_runs_nothing(tmp_path, place):
    trace = tmp_path / "trace"
    crafted = {
        "alone": Marker(trace),
        "in data": {b"data": Marker(trace), b"labels": []},
        "in an object array": {b"data": np.array([Marker(trace)], dtype=object), b"labels": [0]},
    }[place]
    batch = tmp_path / "data_batch_1"
    batch.write_bytes(pickle.dumps(crafted, protocol=4))
    with pytest.raises(DamagedFileError, match=r"it asks for .*io\.open, which no data set needs"):
        formats.read_cifar_batches([batch])
    assert not trace.exists()


def test_an_npz_with_pickled_objects_is_refused(tmp_path):
    trace = tmp_path / "trace"
    path = tmp_path / "crafted.npz"
    np.savez(path, x_train=np.array([Marker(trace)], dtype=object))
    with pytest.raises(DamagedFileError, match="Object arrays cannot be loaded"):
        formats.read_npz([path])
    assert not trace.exists()


@pytest.mark.parametrize("kept", [0, 1, 100, 0.5, 0.99])
def test_an_npz_cut_short_is_named(tmp_path, kept):
    path = tmp_path / "mnist.npz"
    tiny.write_npz(path, tiny.mnist_splits())
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept) if isinstance(kept, float) else kept])
    message = f"{path}: it is not an .npz file, or its end is missing"
    with pytest.raises(DamagedFileError, match=re.escape(message)):
        formats.read_npz([path])


@pytest.mark.parametrize("kept", [0, 1, 12, 0.5, 0.99])
@pytest.mark.parametrize("kind", ["idx", "archive", "batches"])
def test_other_files_cut_short_are_named(tmp_path, kind, kept):
    if kind == "idx":
        tiny.write_idx(tmp_path, tiny.mnist_splits())
        paths, read = [tmp_path / name for name in tiny.IDX_FILES], formats.read_idx
    elif kind == "archive":
        tiny.write_cifar_archive(tmp_path / "cifar.tar.gz", tiny.cifar_batches())
        paths, read = [tmp_path / "cifar.tar.gz"], formats.read_cifar_archive
    else:
        tiny.write_cifar_folder(tmp_path, tiny.cifar_batches())
        paths, read = [tmp_path / name for name in CIFAR_BATCHES], formats.read_cifar_batches
    content = paths[0].read_bytes()
    paths[0].write_bytes(content[: int(len(content) * kept) if isinstance(kept, float) else kept])
    with pytest.raises(DamagedFileError, match=re.escape(f"{paths[0]}: ")) as caught:
        read(paths)
    assert caught.value.reason


def test_a_changed_byte_is_noticed(tmp_path):
    path = tmp_path / "mnist.npz"
    tiny.write_npz(path, tiny.mnist_splits())
    content = bytearray(path.read_bytes())
    content[1000] ^= 1
    path.write_bytes(content)
    with pytest.raises(DamagedFileError, match=r"Bad CRC-32 for file 'x_train\.npy'"):
        formats.read_npz([path])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\x00\x00\x08\x01\x00\x00\x00\x05abc", "it promises 5 values and holds 3"),
        (b"\x00\x00\x0d\x01\x00\x00\x00\x01abcd", "it is not an idx file of bytes"),
        (b"plain text", "it is not an idx file of bytes"),
    ],
)
def test_an_idx_file_that_is_none(tmp_path, content, reason):
    path = tmp_path / "labels.gz"
    path.write_bytes(gzip.compress(content))
    with pytest.raises(DamagedFileError, match=re.escape(f"{path}: {reason}")):
        formats.read_idx([path])


def test_an_npz_without_its_arrays(tmp_path):
    path = tmp_path / "some.npz"
    np.savez(path, x_train=np.zeros(3), y_test=np.zeros(3))
    with pytest.raises(DamagedFileError, match=r"it has no array y_train, x_test$"):
        formats.read_npz([path])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ([1, 2], "it is not a CIFAR batch"),
        ({b"data": []}, "it is not a CIFAR batch: it has no labels"),
        ({}, "it is not a CIFAR batch: it has no data and no labels"),
    ],
)
def test_a_pickle_that_is_no_batch(tmp_path, content, reason):
    path = tmp_path / "data_batch_1"
    path.write_bytes(pickle.dumps(content))
    with pytest.raises(DamagedFileError, match=f"{re.escape(reason)}$"):
        formats.read_cifar_batches([path])


def test_an_archive_without_all_batches(tmp_path):
    batches = tiny.cifar_batches()
    del batches["data_batch_4"], batches["test_batch"]
    tiny.write_cifar_archive(tmp_path / "cifar.tar.gz", batches)
    with pytest.raises(DamagedFileError, match=r"it has no data_batch_4, test_batch$"):
        formats.read_cifar_archive([tmp_path / "cifar.tar.gz"])
