"""Data sets that make their batches when they are asked for them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

from convlet import validation


class PyDataset:
    """The base of data sets whose batches are made by Python code.

    Subclass it and define `__getitem__(index)`, which returns one batch, `(x, y)` or
    `(x, y, sample_weight)`, and `__len__()`, the number of batches. `fit` takes the batches in
    another order in every epoch, unless `shuffle=False`. A data set without end defines the
    property `num_batches` as None.

    Args:
        workers: How many threads make batches ahead; up to 1 none does. They help where the work
            releases Python's lock: reading and decoding files, NumPy.
        use_multiprocessing: Taken for Keras's sake, without effect: there are threads.
        max_queue_size: How many batches the threads may be ahead.

    Raises:
        ArgumentError: `workers` or `max_queue_size` is no such number.

    Example:
        >>> import numpy as np
        >>> class Squares(PyDataset):
        ...     def __len__(self):
        ...         return 3
        ...
        ...     def __getitem__(self, index):
        ...         x = np.arange(4.0) + 4 * index
        ...         return x[:, np.newaxis], x**2
        >>> [x.shape for x, y in Squares()]
        [(4, 1), (4, 1), (4, 1)]
    """

    def __init__(
        self, workers: int = 1, use_multiprocessing: bool = False, max_queue_size: int = 10
    ) -> None:
        owner = type(self).__name__
        self.workers = validation.integer(owner, "workers", workers, minimum=0)
        self.use_multiprocessing = use_multiprocessing
        self.max_queue_size = validation.integer(owner, "max_queue_size", max_queue_size)

    def __getitem__(self, index: int) -> Any:
        """Returns the batch at a position from 0."""
        raise NotImplementedError(f"{type(self).__name__} needs to define __getitem__(index).")

    def __iter__(self) -> Iterator[Any]:
        """Gives all batches in order."""
        batches = self.num_batches
        for index in count() if batches is None else range(batches):
            yield self[index]

    @property
    def num_batches(self) -> int | None:
        """How many batches there are; None for a data set without end."""
        if hasattr(self, "__len__"):
            return len(self)
        raise NotImplementedError(
            f"{type(self).__name__} needs to define __len__(), or the property num_batches."
        )

    def on_epoch_begin(self) -> None:
        """Called before each epoch."""

    def on_epoch_end(self) -> None:
        """Called after each epoch."""


Sequence = PyDataset
"""The name that `PyDataset` had in Keras 2."""
