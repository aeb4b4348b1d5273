"""Where the steps of an epoch come from; here: arrays in memory."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from convlet import rng
from convlet.training.examples import Examples
from convlet.training.notices import warn_of_lack

Step = tuple[Examples, NDArray[np.int64]]
"""Examples, and the positions of those that a step is made with."""
Order = Callable[[int], NDArray[np.int64]]
"""Gives all positions in the order of an epoch, counted from 0."""

IMAGES_AT_A_TIME = 512
"""Images in a block for inference: enough for all cores to be busy."""


class Source(ABC):
    """The data of one `fit`, `evaluate` or `predict`, epoch by epoch.

    Args:
        batches: How many there are in one pass over the data; None where that is not known.
        fixed: How many steps an epoch has; None makes it one pass over the data.

    Attributes:
        steps: In an epoch; None where that is not known before the first has ended.
        batch_size: How many examples of a block are a batch; None for all of them.
    """

    batch_size: int | None = None

    def __init__(self, batches: int | None, fixed: int | None) -> None:
        self.steps = batches if fixed is None else fixed
        self._fixed = fixed
        self._rest: Iterator[Step] = iter(())  # of a pass that goes on in the next epoch

    def epoch(self, number: int) -> Iterator[Step]:
        """The steps of an epoch.

        Where the number of steps is fixed, an epoch goes on with the data that the one before left
        over. Data that end before the epoch does end it too, with a warning.
        """
        if self._fixed is None:
            steps = 0
            for step in self._pass(number):
                steps += 1
                yield step
            self.steps = steps
            return
        for done in range(self._fixed):
            coming = next(self._rest, None)
            if coming is None and done == 0:
                self._rest = self._pass(number)
                coming = next(self._rest, None)
            if coming is None:
                if done:
                    warn_of_lack(f"after {done} of {self._fixed} steps.")
                return
            yield coming

    def blocks(self) -> Iterator[Examples]:
        """One epoch from the beginning, for inference; a block may be several batches."""
        self._rest = iter(())
        return (examples for examples, _ in self.epoch(0))

    @abstractmethod
    def _pass(self, number: int) -> Iterator[Step]:
        """One pass over the data, which begins in epoch `number`."""


class Arrays(Source):
    """Examples in memory, which the engine reads where they lie.

    Args:
        examples: All of them.
        batch_size: How many make a step, but for the last.
        order: Their order in each epoch; as they stand by default.
        steps: Steps in an epoch; one pass over the data by default.
    """

    def __init__(
        self,
        examples: Examples,
        batch_size: int,
        order: Order | None = None,
        steps: int | None = None,
    ) -> None:
        self._batches = -(-len(examples) // batch_size)
        super().__init__(self._batches, steps)
        self.examples = examples
        self.batch_size = self._step = batch_size
        self._order = order or as_they_stand(len(examples))

    def _pass(self, number: int) -> Iterator[Step]:
        index = self._order(number)
        for start in range(0, len(index), self._step):
            yield self.examples, index[start : start + self._step]

    def blocks(self) -> Iterator[Examples]:
        """The examples as they stand, several batches at a time."""
        count = len(self.examples)
        if self._fixed is not None:
            if self._fixed > self._batches:
                warn_of_lack(f"after {self._batches} of {self._fixed} steps.")
            count = min(count, self._fixed * self._step)
        block = self._step * max(1, IMAGES_AT_A_TIME // self._step)
        for first in range(0, count, block):
            yield self.examples[first : min(first + block, count)]


def as_they_stand(count: int) -> Order:
    """The order 0 ... count - 1 in every epoch."""
    return lambda epoch: np.arange(count, dtype=np.int64)


def shuffled(count: int) -> Order:
    """An order of its own in every epoch, the same wherever training begins."""
    seed = rng.next_seed()
    return lambda epoch: permutation(seed, epoch, count)


def permutation(seed: int, epoch: int, count: int) -> NDArray[np.int64]:
    """The positions 0 ... count - 1 in an order that depends on seed and epoch alone."""
    generator = np.random.Generator(np.random.Philox([seed, epoch]))
    return generator.permutation(count).astype(np.int64, copy=False)
