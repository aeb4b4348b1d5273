"""Whether convlet and Keras compute the same: a model is built, used and trained in both."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import convlet

TOLERANCE = 1e-4  # of the largest element of an array
FLOAT32 = float(np.finfo(np.float32).eps)
FURTHER_STEPS = 3

Package = Any  # `keras` or `convlet`: a program differs in this one word
Shape = tuple[int, ...]


def squares(k: Package) -> dict[str, Any]:
    """The arguments of `compile` where a row is about something else."""
    return {"optimizer": k.optimizers.SGD(0.05, momentum=0.9), "loss": "mean_squared_error"}


def any_targets(draw: np.random.Generator, outputs: list[Any]) -> list[Any]:
    """Targets that are as good as any."""
    return [draw.normal(size=output.shape).astype(np.float32) for output in outputs]


@dataclass(frozen=True)
class Row:
    """A model that a program with either package builds, and how it is compared.

    Attributes:
        name: What the test is called.
        build: Makes the model of `keras` or of `convlet`.
        inputs: The shapes of its inputs, without the batch axis.
        compile: Gives the arguments of `compile`.
        targets: Draws the targets of each output, given the outputs.
        weighted: Whether each sample has a weight.
        dtype: What the inputs consist of.
        trained: Whether it is trained; not where training draws random numbers.
        tolerance: How much may differ, as a part of the largest element.
    """

    name: str
    build: Callable[[Package], Any]
    inputs: tuple[Shape, ...]
    compile: Callable[[Package], dict[str, Any]] = squares
    targets: Callable[[np.random.Generator, list[Any]], list[Any]] = any_targets
    weighted: bool = False
    dtype: str = "float32"
    trained: bool = True
    tolerance: float = TOLERANCE
    batch: int = 4

    def __str__(self) -> str:
        return self.name


def compare(row: Row, keras: Package) -> None:
    """Checks that outputs, gradients, and three further steps are those of Keras."""
    model, judge = row.build(convlet), row.build(keras)
    draw = np.random.default_rng(zlib.crc32(row.name.encode()))
    shapes = [(weight.name, tuple(weight.shape)) for weight in judge.weights]
    assert [(weight.name, weight.shape) for weight in model.weights] == shapes
    weights = [value + 0.1 * draw.normal(size=value.shape) for value in judge.get_weights()]
    model.set_weights(weights)
    judge.set_weights(weights)
    xs = [images(draw, (row.batch, *shape), row.dtype) for shape in row.inputs]
    x = xs[0] if len(xs) == 1 else xs

    outputs = compare_outputs(model, judge, x, row.tolerance)
    if not row.trained:
        return
    targets = row.targets(draw, outputs)
    y = targets[0] if len(targets) == 1 else targets
    sample_weight = draw.uniform(0.5, 2, row.batch).astype(np.float32) if row.weighted else None
    model.compile(**row.compile(convlet))
    judge.compile(**row.compile(keras))
    for step in range(1 + FURTHER_STEPS):
        before = judge.get_weights()
        by_name = step == 0  # the others as a list, whose order counts
        figures = model.train_on_batch(x, y, sample_weight, return_dict=by_name)
        expected = judge.train_on_batch(x, y, sample_weight, return_dict=by_name)
        compare_figures(figures, expected, row.tolerance)
        if step == 0:
            compare_changes(model, judge, before, row.tolerance)
    compare_arrays(named_weights(model), named_weights(judge), row.tolerance)
    compare_outputs(model, judge, x, row.tolerance)


def images(draw: np.random.Generator, shape: Shape, dtype: str) -> Any:
    """Inputs of a model: bytes, or numbers around 0."""
    if dtype == "uint8":
        return draw.integers(0, 256, shape).astype(np.uint8)
    return draw.normal(size=shape).astype(dtype)


def compare_outputs(model: Any, judge: Any, x: Any, tolerance: float) -> list[Any]:
    """Compares predictions; returns Keras's, one array for each output."""
    ours, theirs = model.predict_on_batch(x), judge.predict_on_batch(x)
    if isinstance(theirs, dict):
        assert list(ours) == list(theirs)
        ours, theirs = list(ours.values()), list(theirs.values())
    elif not isinstance(theirs, (list, tuple)):
        ours, theirs = [ours], [theirs]
    compare_arrays(
        {f"output {number}": value for number, value in enumerate(ours)},
        {f"output {number}": value for number, value in enumerate(theirs)},
        tolerance,
    )
    return theirs


def compare_changes(model: Any, judge: Any, before: list[Any], tolerance: float) -> None:
    """Compares by how much the first step changed each weight: its gradient, times a rate.

    A change is known only as exactly as float32 holds the weight that it was added to.
    """
    ours, theirs = named_weights(model), named_weights(judge)
    for name, was in zip(theirs, before, strict=True):
        largest = float(np.abs(was).max(initial=0))
        compare_array(
            f"the change of {name}", ours[name] - was, theirs[name] - was, tolerance,
            rounding=2 * FLOAT32 * largest,
        )  # fmt: skip


def compare_figures(ours: Any, theirs: Any, tolerance: float) -> None:
    """Compares the loss and the metrics of a step: one, a list, or a dictionary."""
    if isinstance(theirs, dict):
        assert sorted(ours) == sorted(theirs)
    elif isinstance(theirs, list):
        ours, theirs = dict(enumerate(ours)), dict(enumerate(theirs))
    else:
        ours, theirs = {"loss": ours}, {"loss": theirs}
    for name, value in theirs.items():
        compare_array(f"figure {name}", np.asarray(ours[name]), value, tolerance)


def named_weights(model: Any) -> dict[str, Any]:
    """The values of all weights by their place and name."""
    values = model.get_weights()
    named = zip(model.weights, values, strict=True)
    return {f"weight {number} ({w.name})": value for number, (w, value) in enumerate(named)}


def compare_arrays(ours: dict[str, Any], theirs: dict[str, Any], tolerance: float) -> None:
    """Compares arrays, all of which must be there."""
    assert list(ours) == list(theirs)
    for name, value in theirs.items():
        compare_array(name, ours[name], value, tolerance)


def compare_array(
    name: str, ours: Any, theirs: Any, tolerance: float = TOLERANCE, rounding: float = 0.0
) -> None:
    """Compares two arrays element by element, within a part of the largest."""
    theirs = np.asarray(theirs)
    assert ours.shape == theirs.shape, name
    assert np.isfinite(theirs).all(), f"{name} is not finite in Keras: the row shows nothing"
    largest = float(np.abs(theirs).max(initial=0))
    allowed = tolerance * largest + rounding
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=allowed, err_msg=name)
