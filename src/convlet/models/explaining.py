"""`explain` and `profile`: programs of their own, which leave the model as it is."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import cycle
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet import losses, rng, validation
from convlet.models.model import Model
from convlet.training.examples import Examples

if TYPE_CHECKING:
    from convlet.engine import Explanation, InferenceProgram, TrainingProgram

DTYPES = ("uint8", "float32", "float64")
DEFAULT_BATCH_SIZE = 64
_WARM_UP = range(3, 100)  # steps that are not measured: memory is new, and threads are tried out


def explain(model: Model, training: bool | None, batch_size: int | None, dtype: str) -> Explanation:
    """The explanation of the program of a built model; the arguments are `Model.explain`'s."""
    from convlet import engine

    dtype = validation.one_of("explain", "dtype", dtype, DTYPES)
    images = _batch_size("explain", batch_size)
    return engine.explain(_program(model, "explain", training, images), images, dtype)


def profile(
    model: Model,
    x: ArrayLike | None,
    y: ArrayLike | None,
    training: bool | None,
    batch_size: int | None,
    steps: int,
) -> Explanation:
    """The explanation with times; the arguments are `Model.profile`'s."""
    from convlet import engine

    steps = validation.integer("profile", "steps", steps)
    batch_size = _batch_size("profile", batch_size)
    training = _trains(model, "profile", training)
    examples = _examples(model, x, y, training, batch_size)
    images = min(batch_size, len(examples))
    program = _program(model, "profile", training, images)
    step = _step(program, examples, images)
    weights = model.get_weights()
    try:
        for done in range(_WARM_UP.stop):
            if done in _WARM_UP and not program.tries_threads(images):
                break
            step()
        with program.timed() as stopwatch:
            seconds = [_timed(step) for _ in range(steps)]
    finally:
        model.set_weights(weights)
    milliseconds = 1e3 * float(np.median(seconds))
    return engine.explain(program, images, examples.xs[0].dtype.name, stopwatch, milliseconds)


def _timed(step: Callable[[], None]) -> float:
    began = time.perf_counter()
    step()
    return time.perf_counter() - began


def _batch_size(owner: str, value: int | None) -> int:
    return DEFAULT_BATCH_SIZE if value is None else validation.integer(owner, "batch_size", value)


def _trains(model: Model, owner: str, training: bool | None) -> bool:
    return model.compiled if training is None else validation.boolean(owner, "training", training)


def _program(
    model: Model, owner: str, training: bool | None, images: int
) -> TrainingProgram | InferenceProgram:
    """A new program, whose optimizer is not the model's: that one keeps its running averages."""
    from convlet import engine

    if not _trains(model, owner, training):
        return engine.InferenceProgram(model.graph)
    compilation = model._need_compilation(owner)
    return engine.TrainingProgram(
        model.graph,
        images,
        compilation.losses,
        compilation.optimizer.unbuilt(),
        compilation.loss_weights,
    )


def _examples(model: Model, x: Any, y: Any, training: bool, batch_size: int) -> Examples:
    """The given data, or one random batch."""
    if x is None and y is None:
        generator = rng.generator(seed=0)
        x = [
            generator.random((batch_size, *sizes), dtype=np.float32)
            for sizes in model.graph.input_shapes
        ]
        if training:
            given = zip(
                model._need_compilation("profile").losses, model.graph.output_shapes, strict=True
            )
            y = [_random_targets(loss, (batch_size, *sizes), generator) for loss, sizes in given]
    if training:
        return model._examples("profile", x, y)
    return Examples(model._inputs("profile", x))


def _random_targets(
    loss: losses.Loss | None, shape: tuple[int, ...], generator: np.random.Generator
) -> NDArray[Any]:
    labels = generator.integers(0, shape[-1], shape[:-1])
    match loss:
        case losses.SparseCategoricalCrossentropy():
            return labels
        case losses.CategoricalCrossentropy():
            return np.eye(shape[-1], dtype=np.float32)[labels]
    return generator.integers(0, 2, shape).astype(np.float32)


def _step(
    program: TrainingProgram | InferenceProgram, examples: Examples, images: int
) -> Callable[[], None]:
    """A function that takes the next step: over whole batches of the data, again and again."""
    from convlet import engine

    starts = cycle(range(0, len(examples) - images + 1, images))

    def step() -> None:
        start = next(starts)
        if isinstance(program, engine.InferenceProgram):
            program.run_all([x[start : start + images] for x in examples.xs])
        else:
            program.step(examples.xs, examples.ys, np.arange(start, start + images))
            program.optimizer.iterations += 1

    return step
