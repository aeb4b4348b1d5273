"""Compiling ahead: all that networks need, before the first of them is trained or used.

A container image is warmed up when it is built: its processes then compile nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from convlet import engine, layers, losses, models, networks, optimizers
from convlet.activations.lookup import describe
from convlet.errors import ArgumentError, ShapeError

OPTIMIZERS = ("rmsprop", "adam", "sgd")
SHAPES = ((28, 28, 1), (32, 32, 3))
"""Of the images of the data sets that have names."""
CLASSES = 10
PIXELS = ("uint8", "float32")


@dataclass(frozen=True)
class Warmup:
    """What was compiled.

    Attributes:
        folder: Where the kernels are.
        kernels: How many the networks need.
        compiled: How many of them had to be compiled.
        seconds: How long it took.
    """

    folder: Path
    kernels: int
    compiled: int
    seconds: float


def named_models(names: Sequence[str]) -> list[models.Sequential]:
    """The networks of these names, for grey and colour images, many classes or two."""
    found = []
    for name in names:
        for shape in SHAPES:
            many = networks.build(name, shape, CLASSES)
            either = layers.Dense(1, activation="sigmoid")
            two = models.Sequential([layers.Input(shape), *many.layers[:-1], either])
            found += [many, two]
    return found


def warm_up(
    trained: Sequence[models.Sequential],
    progress: Callable[[int, int], None] = lambda done, count: None,
) -> Warmup:
    """Compiles all kernels that models need, in training and inference.

    Args:
        trained: Built models. A compiled one is prepared for its own loss and optimizer, too.
        progress: Called before each kernel that is compiled, with how many are done and how many
            there are.

    Returns:
        Where the kernels are, and how many.

    Raises:
        ShapeError: If a model is not built.
        ArgumentError: If the cache can't be written to.

    Example:
        >>> model = models.Sequential([layers.Input((3,)), layers.Dense(2, activation="softmax")])
        >>> warm_up([model]).kernels > 0
        True
    """
    start = time.perf_counter()
    kernels = dict.fromkeys(kernel for model in trained for kernel in kernels_of(model))
    compiled = engine.compile_ahead(kernels, progress)
    folder = engine.cache.main_folder()
    if not all(engine.cache.holds(kernel.name) for kernel in kernels):
        raise ArgumentError(
            "warm_up needs a cache that can be written to. "
            f"Received '{folder}'. Name another folder in CONVLET_CACHE."
        )
    return Warmup(folder, len(kernels), compiled, time.perf_counter() - start)


def kernels_of(model: models.Sequential) -> list[engine.Kernel]:
    """What a model needs for pixels of every type, with the usual losses and optimizers."""
    if not model.built:
        raise ShapeError(
            f"warm_up needs built models. Received {model.name!r}, whose input shape is not known. "
            "Put Input(shape) in front of its layers."
        )
    trainings = [
        (loss, optimizers.get(name)) for loss in _usual_losses(model) for name in OPTIMIZERS
    ]
    if model.compiled:
        trainings.append((losses.get(model.loss), model.optimizer))
    programs: list[Any] = [engine.InferenceProgram(model.graph)]
    # A kernel does not depend on the size of the batch.
    programs += [
        engine.TrainingProgram(model.graph, 1, [loss], optimizer) for loss, optimizer in trainings
    ]
    return [
        kernel for program in programs for pixels in PIXELS for kernel in program.kernels(pixels)
    ]


def _usual_losses(model: models.Sequential) -> list[losses.Loss]:
    """The crossentropies that fit a model's output."""
    logits = not _ends_with(model, ("softmax", "sigmoid"))
    if model.output_shape[-1] == 1 or _ends_with(model, ("sigmoid",)):
        return [losses.BinaryCrossentropy(from_logits=logits)]
    return [
        losses.CategoricalCrossentropy(from_logits=logits),
        losses.SparseCategoricalCrossentropy(from_logits=logits),
    ]


def _ends_with(model: models.Sequential, names: tuple[str, ...]) -> bool:
    """Whether the last layer has or is an activation of one of these names."""
    activation = getattr(model.layers[-1], "activation", None)
    return activation is not None and describe(activation).name in names
