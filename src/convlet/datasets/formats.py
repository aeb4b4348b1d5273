"""Reads the formats in which the data sets are published, and never runs code from a file."""

from __future__ import annotations

import gzip
import io
import math
import pickle
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Split: TypeAlias = tuple[NDArray[np.uint8], NDArray[np.uint8]]
"""Images and their labels."""

Splits: TypeAlias = tuple[Split, Split]
"""The training and the test part, nested as Keras returns them."""

Reader: TypeAlias = Callable[[Sequence[Path]], Splits]

ARRAY_NAMES = ("x_train", "y_train", "x_test", "y_test")

# What decoders raise on files that were cut short or changed: a pickle's, almost anything.
_DAMAGE = (
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    pickle.UnpicklingError,
    struct.error,
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
)


class DamagedFileError(Exception):
    """A file could not be read as the format that its name promises."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


def read_npz(paths: Sequence[Path]) -> Splits:
    """Reads one `.npz` file with the arrays x_train, y_train, x_test and y_test."""
    arrays = read_arrays(paths[0], ARRAY_NAMES)
    missing = [name for name in ARRAY_NAMES if name not in arrays]
    if missing:
        raise DamagedFileError(paths[0], f"it has no array {', '.join(missing)}")
    x_train, y_train, x_test, y_test = (arrays[name] for name in ARRAY_NAMES)
    return (x_train, y_train), (x_test, y_test)


def read_arrays(path: Path, names: Sequence[str]) -> dict[str, NDArray[Any]]:
    """Reads those of the named arrays that an `.npz` file holds; pickled objects are refused."""
    with _damage_named(path):
        if not zipfile.is_zipfile(path):
            raise ValueError("it is not an .npz file, or its end is missing")
        with np.load(path, allow_pickle=False) as archive:
            return {name: archive[name] for name in names if name in archive}


def read_idx(paths: Sequence[Path]) -> Splits:
    """Reads four gzipped idx files: training images and labels, test images and labels."""
    x_train, y_train, x_test, y_test = (_read_idx_file(path) for path in paths)
    return (x_train, y_train), (x_test, y_test)


def _read_idx_file(path: Path) -> NDArray[np.uint8]:
    """Reads one idx file: two zeros, the type, the rank, the big-endian sizes, the values."""
    unsigned_byte = 8
    with _damage_named(path):
        with gzip.open(path, "rb") as file:
            content = file.read()
        zeros, value_type, rank = struct.unpack_from(">HBB", content)
        if zeros != 0 or value_type != unsigned_byte:
            raise ValueError("it is not an idx file of bytes")
        shape = struct.unpack_from(f">{rank}I", content, offset=4)
        values = np.frombuffer(content, np.uint8, offset=4 + 4 * rank)
        if values.size != math.prod(shape):
            raise ValueError(f"it promises {math.prod(shape):,} values and holds {values.size:,}")
        return values.reshape(shape).copy()  # a copy, because frombuffer is read-only


CIFAR_BATCHES = (*(f"data_batch_{number}" for number in range(1, 6)), "test_batch")


def read_cifar_batches(paths: Sequence[Path]) -> Splits:
    """Reads CIFAR-10's five training batches and its test batch, six files in that order."""
    batches = []
    for path in paths:
        with _damage_named(path):
            batches.append(_read_cifar_batch(path.read_bytes()))
    return _join_cifar_batches(batches)


def read_cifar_archive(paths: Sequence[Path]) -> Splits:
    """Reads CIFAR-10's batches out of the published `.tar.gz`, without unpacking it to disk."""
    found: dict[str, Split] = {}
    with _damage_named(paths[0]):
        with tarfile.open(paths[0], "r:gz") as archive:
            for member in archive:  # in file order: seeking backwards would decompress again
                name = Path(member.name).name
                if name in CIFAR_BATCHES and (file := archive.extractfile(member)) is not None:
                    found[name] = _read_cifar_batch(file.read())
        missing = [name for name in CIFAR_BATCHES if name not in found]
        if missing:
            raise ValueError(f"it has no {', '.join(missing)}")
    return _join_cifar_batches([found[name] for name in CIFAR_BATCHES])


def _read_cifar_batch(content: bytes) -> Split:
    loaded = _ArrayUnpickler(io.BytesIO(content), encoding="bytes").load()
    if not isinstance(loaded, dict):
        raise ValueError("it is not a CIFAR batch")
    batch = {key.decode() if isinstance(key, bytes) else key: loaded[key] for key in loaded}
    missing = [key for key in ("data", "labels") if key not in batch]
    if missing:
        raise ValueError(f"it is not a CIFAR batch: it has no {' and no '.join(missing)}")
    planes = np.asarray(batch["data"], np.uint8).reshape(-1, 3, 32, 32)
    images = np.ascontiguousarray(planes.transpose(0, 2, 3, 1))
    return images, np.asarray(batch["labels"], np.uint8).reshape(-1, 1)


def _join_cifar_batches(batches: Sequence[Split]) -> Splits:
    images = np.concatenate([batch[0] for batch in batches[:-1]])
    labels = np.concatenate([batch[1] for batch in batches[:-1]])
    return (images, labels), batches[-1]


class _ArrayUnpickler(pickle.Unpickler):
    """Rebuilds NumPy arrays and Python's plain values, and refuses every other object.

    A pickle names the functions that rebuild its objects, so a crafted file could name any; only
    the three that NumPy arrays need are let through, and none is looked up by the file's name.
    """

    _rebuild_array = np.empty(0).__reduce__()[0]
    _allowed: dict[tuple[str, str], Any] = {  # noqa: RUF012 - never changed
        ("numpy", "ndarray"): np.ndarray,
        ("numpy", "dtype"): np.dtype,
        ("numpy.core.multiarray", "_reconstruct"): _rebuild_array,  # written by NumPy 1
        ("numpy._core.multiarray", "_reconstruct"): _rebuild_array,  # written by NumPy 2
    }

    def find_class(self, module: str, name: str) -> Any:
        """Returns one of the allowed functions."""
        if (module, name) not in self._allowed:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}, which no data set needs")
        return self._allowed[module, name]


@contextmanager
def _damage_named(path: Path) -> Iterator[None]:
    """Turns what a damaged file makes its decoder raise into one error that names the file."""
    try:
        yield
    except _DAMAGE as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise DamagedFileError(path, reason or type(error).__name__) from error
