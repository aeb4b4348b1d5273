"""Which source of steps the data are that `fit`, `evaluate` and `predict` are given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from convlet import validation
from convlet.errors import ArgumentError
from convlet.training.batches import Batches, gives_batches
from convlet.training.examples import Examples, with_class_weight
from convlet.training.sources import Arrays, Source, shuffled
from convlet.utils.image_dataset import ImageDataset

DEFAULT_BATCH_SIZE = 32
Read = Callable[..., Examples]


def source_of(
    owner: str,
    read: Read,
    data: tuple[Any, Any, Any],
    batch_size: int | None,
    steps: int | None,
    shuffle: bool = False,
    name: str = "x",
) -> Source:
    """Returns the source of what is given.

    Args:
        owner: Who is given it.
        read: Makes examples of inputs, targets and weights.
        data: Inputs, targets and weights; or what gives batches, and None twice.
        batch_size: Of arrays.
        steps: In an epoch; one pass over the data by default.
        shuffle: Whether every epoch has an order of its own.
        name: What messages call what gives batches.

    Raises:
        ArgumentError: There are targets or weights beside batches.
    """
    x, y, sample_weight = data
    if isinstance(x, ImageDataset):
        _refuse_beside_batches(owner, y=y, sample_weight=sample_weight)
        size = batch_size_of(owner, x.batch_size or batch_size)
        return Arrays(read(*x.arrays()), size, x.order if shuffle else None, steps)
    if gives_batches(x, y):
        _refuse_beside_batches(owner, y=y, sample_weight=sample_weight)
        return Batches(x, read, name, shuffle, steps)
    return arrays(owner, read(x, y, sample_weight), batch_size, steps, shuffle)


def arrays(
    owner: str, examples: Examples, batch_size: int | None, steps: int | None, shuffle: bool = False
) -> Arrays:
    """Returns the source of examples in memory.

    Where only the number of steps is given, they are as large as one pass over the data needs.
    """
    if batch_size is None and steps is not None:
        batch_size = -(-len(examples) // steps)
    order = shuffled(len(examples)) if shuffle else None
    return Arrays(examples, batch_size_of(owner, batch_size), order, steps)


def validation_source(
    read: Read, data: Any, batch_size: int | None, steps: int | None, rounds: int
) -> Source:
    """Returns the source of `validation_data`.

    Args:
        read: Makes examples of inputs, targets and weights.
        data: `(x, y)`, `(x, y, sample_weight)` or what gives batches.
        batch_size: Of arrays.
        steps: How many batches are evaluated; all by default.
        rounds: How often the model is evaluated.

    Raises:
        ArgumentError: The data are none of these, or end before the last round.
    """
    if isinstance(data, ImageDataset) or gives_batches(data):
        given = (data, None, None)
        if hasattr(data, "__next__") and steps is None and rounds > 1:
            raise ArgumentError(
                f"fit needs validation_data that can be gone through {rounds} times. Received a "
                f"{type(data).__name__}, which ends after the first. Pass a list of its batches, "
                "an object with __iter__, or validation_steps for one without end."
            )
    else:
        given = _unpacked(data)
    return source_of("fit", read, given, batch_size, steps, name="validation_data")


def refuse_split(x: Any, y: Any) -> None:
    """Raises where data that give batches would have to be split."""
    if isinstance(x, ImageDataset) or gives_batches(x, y):
        raise ArgumentError(
            f"fit needs arrays for validation_split. Received x of type {type(x).__name__}, "
            "which gives batches. Pass validation_data."
        )


def weighted(owner: str, examples: Examples, class_weight: Mapping[int, float] | None) -> Examples:
    """The examples, each weighed by its class where there are weights of classes."""
    if class_weight is None:
        return examples
    return with_class_weight(owner, examples, class_weight)


def batch_size_of(owner: str, value: int | None) -> int:
    """Returns the batch size, 32 where none is given."""
    return DEFAULT_BATCH_SIZE if value is None else validation.integer(owner, "batch_size", value)


def _unpacked(validation_data: Any) -> tuple[Any, Any, Any]:
    if not isinstance(validation_data, (tuple, list)) or len(validation_data) not in (2, 3):
        count = f"{len(validation_data)} items" if hasattr(validation_data, "__len__") else "it"
        raise ArgumentError(
            "fit needs validation_data to be (x, y) or (x, y, sample_weight). "
            f"Received a {type(validation_data).__name__} of {count}."
        )
    x, y, *weight = validation_data
    return x, y, weight[0] if weight else None


def _refuse_beside_batches(owner: str, **given: Any) -> None:
    for argument, value in given.items():
        if value is not None:
            raise ArgumentError(
                f"{owner} needs {argument}=None where x gives batches, which hold it themselves. "
                f"Received {argument} of type {type(value).__name__}."
            )
