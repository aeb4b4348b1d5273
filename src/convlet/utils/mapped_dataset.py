"""Batches that go through a function on their way: what programs for `tf.data` call."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, Self


class Mappable(ABC):
    """A data set of batches, with the methods of `tf.data.Dataset` that most programs call."""

    @abstractmethod
    def __iter__(self) -> Iterator[Any]:
        """Gives all batches."""

    @abstractmethod
    def __len__(self) -> int:
        """How many batches there are."""

    def map(
        self,
        map_func: Callable[..., Any],
        num_parallel_calls: int | None = None,
        deterministic: bool | None = None,
    ) -> MappedDataset:
        """The data set in which each batch has gone through a function.

        It is called anew whenever a batch is taken. Layers that augment are faster as the first
        layers of the model: there, the engine's threads run them on the bytes.

        Args:
            map_func: Takes what a batch consists of, images and targets or images alone, and
                returns what it becomes.
            num_parallel_calls: Taken for TensorFlow's sake, without effect: calls follow each
                other, and the layers that they call use all threads.
            deterministic: The same: the order never changes.

        Example:
            >>> from convlet.utils.image_dataset import ImageDataset
            >>> images = ImageDataset(["a", "b"], None, None, lambda path: 255, (1, 1, 1), 2, None)
            >>> [x.ravel().tolist() for x in images.map(lambda x: x / 255)]
            [[1.0, 1.0]]
        """
        return MappedDataset(self, map_func)

    def take(self, count: int) -> Iterator[Any]:
        """Gives the first batches of a new pass."""
        return islice(iter(self), count)

    def prefetch(self, buffer_size: int | None = None) -> Self:
        """Returns the data set itself: its images are in memory once they have been used."""
        return self

    def cache(self, filename: str = "") -> Self:
        """Returns the data set itself: its images are in memory once they have been used."""
        return self


class MappedDataset(Mappable):
    """The batches of a data set, each of which goes through a function; `map` makes it.

    Args:
        batches: The data set.
        map_func: Takes what a batch consists of, and returns what it becomes.
    """

    def __init__(self, batches: Mappable, map_func: Callable[..., Any]) -> None:
        self._batches = batches
        self._map_func = map_func

    def __len__(self) -> int:
        """How many batches there are."""
        return len(self._batches)

    def __iter__(self) -> Iterator[Any]:
        """Gives all batches, in the order in which the data set gives them."""
        for batch in self._batches:
            yield self._map_func(*batch) if isinstance(batch, tuple) else self._map_func(batch)
