"""Anything that gives batches: generators, data sets, loaders of other libraries."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import Any

import numpy as np

from convlet import rng
from convlet.errors import ArgumentError, ShapeError
from convlet.training.examples import Examples
from convlet.training.sources import Source, Step, permutation


def gives_batches(x: Any, y: Any = None) -> bool:
    """Whether `x` is not itself an array, nor several, but gives batches of them.

    A list counts as one of batches only where they are pairs or triples of arrays.
    """
    if isinstance(x, list):
        return y is None and bool(x) and all(_is_batch(entry) for entry in x)
    if x is None or isinstance(x, (tuple, str, bytes, Mapping)) or hasattr(x, "__array__"):
        return False
    return hasattr(x, "__iter__") or _is_sequence(x)


def _is_batch(entry: Any) -> bool:
    return isinstance(entry, tuple) and len(entry) in (2, 3) and hasattr(entry[0], "__array__")


class Batches(Source):
    """Batches, each checked when it comes.

    Args:
        data: Iterable, or a sequence with `__len__` and `__getitem__`. Its methods `on_epoch_begin`
            and `on_epoch_end` are called where it has them.
        read: Makes examples of inputs, targets and weights.
        name: What messages call the data: "x" or "validation_data".
        shuffle: Whether a sequence's batches come in another order in every epoch.
        steps: Steps in an epoch; one pass over the data by default.

    Raises:
        ArgumentError: It gives single images, not batches.
    """

    def __init__(
        self,
        data: Any,
        read: Callable[..., Examples],
        name: str = "x",
        shuffle: bool = False,
        steps: int | None = None,
    ) -> None:
        _check_not_single(data, name)
        super().__init__(_batches_in(data), steps)
        self._data = data
        self._read = read
        self._name = name
        self._seed = rng.next_seed() if shuffle else None

    def epoch(self, number: int) -> Iterator[Step]:
        """The steps of an epoch; see `Source.epoch`."""
        getattr(self._data, "on_epoch_begin", _nothing)()
        yield from super().epoch(number)
        getattr(self._data, "on_epoch_end", _nothing)()

    def _pass(self, number: int) -> Iterator[Step]:
        for position, batch in enumerate(self._batches(number)):
            examples = self._checked(position, batch)
            yield examples, np.arange(len(examples), dtype=np.int64)

    def _batches(self, epoch: int) -> Iterator[Any]:
        count = _batches_in(self._data)
        if count is None or not _is_sequence(self._data):
            return iter(self._data)
        order = list(range(count))
        if self._seed is not None:
            order = permutation(self._seed, epoch, count).tolist()
        workers = getattr(self._data, "workers", 1)
        if workers < 2:
            return map(self._data.__getitem__, order)
        ahead = max(workers, getattr(self._data, "max_queue_size", workers))
        return _fetched(self._data.__getitem__, order, workers, ahead)

    def _checked(self, position: int, batch: Any) -> Examples:
        try:
            return self._read(*_unpacked(batch))
        except (ArgumentError, ShapeError) as error:
            raise type(error)(
                f"{error} This is batch {position} of {self._name}, counted from 0."
            ) from error


def _fetched(
    fetch: Callable[[int], Any], order: list[int], workers: int, ahead: int
) -> Iterator[Any]:
    """Fetches batches with several threads, at most `ahead` early, and gives them in order."""
    positions = iter(order)
    with ThreadPoolExecutor(workers) as pool:
        coming: deque[Future[Any]] = deque(
            pool.submit(fetch, position) for position in islice(positions, ahead)
        )
        try:
            while coming:
                batch = coming.popleft().result()
                coming.extend(pool.submit(fetch, position) for position in islice(positions, 1))
                yield batch
        finally:
            for future in coming:
                future.cancel()


def _unpacked(batch: Any) -> tuple[Any, ...]:
    """Inputs, targets and weights of a batch; None for what it doesn't have."""
    if isinstance(batch, Mapping) or hasattr(batch, "__array__"):
        batch = (batch,)
    if not isinstance(batch, (tuple, list)) or not 1 <= len(batch) <= 3:
        count = f" of {len(batch)} entries" if isinstance(batch, (tuple, list)) else ""
        raise ArgumentError(
            "A batch needs to be (x, y) or (x, y, sample_weight). "
            f"Received a {type(batch).__name__}{count}."
        )
    return (*batch, *[None] * (3 - len(batch)))


def _is_sequence(data: Any) -> bool:
    return hasattr(data, "__getitem__") and (hasattr(data, "__len__") or hasattr(data, "__iter__"))


def _batches_in(data: Any) -> int | None:
    """How many batches there are in one pass, where the data say so."""
    try:
        count = data.num_batches if hasattr(type(data), "num_batches") else len(data)
    except (TypeError, NotImplementedError):  # as of a stream, whose length nobody knows
        return None
    return None if count is None else int(count)


def _check_not_single(data: Any, name: str) -> None:
    """A data set of PyTorch's gives single images, which a loader joins to batches."""
    classes = {
        cls.__name__ for cls in type(data).__mro__ if cls.__module__.startswith("torch.utils.data")
    }
    if "Dataset" in classes and "IterableDataset" not in classes:
        raise ArgumentError(
            f"fit needs {name} to give batches. Received a {type(data).__name__}, which gives "
            f"single images. Pass torch.utils.data.DataLoader({name}, batch_size=32, shuffle=True)."
        )


def _nothing() -> None:
    """Stands for a method that the data don't have."""
