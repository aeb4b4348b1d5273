"""Labelled image files as a data set: decoded once, by threads, into bytes."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlet.errors import DatasetError
from convlet.utils.mapped_dataset import Mappable
from convlet.utils.py_dataset import PyDataset

_LISTED = 10  # files in a message


class ImageDataset(Mappable, PyDataset):
    """The images of files, with targets; `utils.image_dataset_from_directory` makes it.

    All images are decoded when the first is needed, by as many threads as there are cores, into
    one array of bytes, which the engine reads where it lies: it takes
    `len(file_paths) * height * width * channels` bytes. A pass over the batches begins with
    `iter`; each has an order of its own, which depends on the seed and on the number of passes
    before it alone.

    Args:
        file_paths: The files.
        targets: A target for each, or None.
        class_names: What the classes are called, or None.
        decode: Makes an image of a path: bytes of shape `image_shape`.
        image_shape: Of each image.
        batch_size: How many images make a batch; None gives them one by one.
        seed: Of the orders; None leaves the files as they are.

    Attributes:
        file_paths: The files, in the order of the images in memory.
        class_names: What the classes are called, or None without labels.
        batch_size: How many images make a batch, or None.
        targets: The targets, in the order of `file_paths`; None without labels.
    """

    def __init__(
        self,
        file_paths: list[str],
        targets: NDArray[Any] | None,
        class_names: list[str] | None,
        decode: Callable[[str], NDArray[np.uint8]],
        image_shape: tuple[int, int, int],
        batch_size: int | None,
        seed: int | None,
    ) -> None:
        super().__init__()
        self.file_paths = file_paths
        self.targets = targets
        self.class_names = class_names
        self.batch_size = batch_size
        self._decode = decode
        self._shape = (len(file_paths), *image_shape)
        self._seed = seed
        self._images: NDArray[np.uint8] | None = None
        self._lock = Lock()
        self._passes = 0

    @property
    def images(self) -> NDArray[np.uint8]:
        """All images in the order of `file_paths`; decoded the first time.

        Raises:
            DatasetError: Files are no images, or damaged ones, all of which are named; or the
                memory is not enough.
        """
        with self._lock:
            if self._images is None:
                self._images = self._decoded()
            return self._images

    def arrays(self) -> tuple[NDArray[np.uint8], NDArray[Any] | None]:
        """All images and their targets."""
        return self.images, self.targets

    def order(self, epoch: int) -> NDArray[np.int64]:
        """The positions of all images in the order of an epoch."""
        count = len(self.file_paths)
        if self._seed is None:
            return np.arange(count, dtype=np.int64)
        generator = np.random.Generator(np.random.Philox([self._seed, epoch]))
        return generator.permutation(count).astype(np.int64, copy=False)

    def __len__(self) -> int:
        """How many batches there are; images where they come one by one."""
        return -(-len(self.file_paths) // (self.batch_size or 1))

    def __getitem__(self, index: int) -> Any:
        """Returns a batch, `(images, targets)` or images alone, in the order of `file_paths`."""
        if not -len(self) <= index < len(self):
            raise IndexError(f"The data set has {len(self)} batches. Received position {index}.")
        return self._batch(np.arange(len(self.file_paths)), index % len(self))

    def __iter__(self) -> Iterator[Any]:
        """Gives all batches, in a new order."""
        order = self.order(self._passes)
        self._passes += 1
        return (self._batch(order, index) for index in range(len(self)))

    def _batch(self, order: NDArray[np.int64], index: int) -> Any:
        size = self.batch_size
        part = order[index] if size is None else order[index * size : (index + 1) * size]
        images = self.images[part]
        return images if self.targets is None else (images, self.targets[part])

    def _check_memory(self) -> None:
        needed, there = math.prod(self._shape), _memory()
        if there is not None and needed > there:
            raise DatasetError(
                f"The data set needs {needed / 1e9:.1f} GB of memory, for {self._shape[0]:,} "
                f"images of shape {self._shape[1:]}. Received a machine with {there / 1e9:.1f} GB. "
                "Use a smaller image_size."
            )

    def _decoded(self) -> NDArray[np.uint8]:
        self._check_memory()
        images = np.empty(self._shape, np.uint8)
        damaged: list[str] = []

        def decode(position: int) -> None:
            path = self.file_paths[position]
            try:
                images[position] = self._decode(path)
            except Exception as error:  # of many kinds, from the readers of damaged files
                damaged.append(f"'{path}': {error}")

        with ThreadPoolExecutor(_cores()) as pool:
            list(pool.map(decode, range(len(images))))
        if damaged:
            listed = "; ".join(sorted(damaged)[:_LISTED])
            more = f"; and {len(damaged) - _LISTED} more" if len(damaged) > _LISTED else ""
            raise DatasetError(
                f"The data set needs image files that can be decoded. Received {len(damaged)} of "
                f"{len(images)} that cannot: {listed}{more}. Repair them, or take them away."
            )
        return images


def _memory() -> int | None:
    """The machine's memory in bytes, where the system tells."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return None


def _cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
