"""The moving statistics of BatchNormalization: computed exactly, or warned of.

They follow the batches of training slowly. Where training is short, they still hold much of what
they started with; and they always lag behind the weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlet.callbacks import Callback, ExactBatchStatistics
from convlet.errors import StatisticsWarning
from convlet.layers import BatchNormalization
from convlet.layers.graph import Graph
from convlet.training.notices import warn_user

MOST_REMEMBERED = 0.1
"""The share of their start that moving statistics may hold without a warning."""


def recompute(graph: Graph, xs: Sequence[NDArray[Any]], batch_size: int) -> None:
    """Makes the moving statistics those of all samples, layer after layer.

    Each layer's are taken of what the layers before it give at inference, whose statistics are
    exact by then. So the network is walked through once for each such layer, up to it.

    Args:
        graph: Built layers, wired.
        xs: The arrays of its inputs.
        batch_size: How many samples are computed at a time; the result doesn't hang on it.
    """
    from convlet import engine

    for layer in _learning(graph):
        steps = [step for step in graph.steps if step.layer is layer]
        program = engine.InferenceProgram(_up_to(graph, [step.inputs[0] for step in steps]))
        count, mean, squares = 0, np.zeros(layer.moving_mean.shape), 0.0
        for start in range(0, len(xs[0]), batch_size):
            for values in program.run_all([x[start : start + batch_size] for x in xs]):
                rows = values.reshape(-1, values.shape[-1]).astype(np.float64)
                distance = rows.mean(axis=0) - mean
                # Two sets' moments joined by Chan's formula (Chan, Golub and LeVeque, 1983).
                squares += rows.var(axis=0) * len(rows)
                squares += distance**2 * count * len(rows) / (count + len(rows))
                count += len(rows)
                mean = mean + distance * len(rows) / count
        layer.moving_mean.assign(mean)
        layer.moving_variance.assign(squares / count)


def warn_of_memory(graph: Graph, steps: int, callbacks: Sequence[Callback]) -> None:
    """Warns where training took too few steps for the momentum of a layer.

    Args:
        graph: What was trained.
        steps: How many the optimizer has made.
        callbacks: Those of the training; `ExactBatchStatistics` among them is all that is needed.
    """
    exact = any(isinstance(callback, ExactBatchStatistics) for callback in callbacks)
    layers = _learning(graph)
    if exact or not layers:
        return
    slowest = max(layers, key=lambda layer: layer.momentum)
    remembered = slowest.momentum**steps
    if remembered > MOST_REMEMBERED:
        warn_user(
            f"{slowest.label} needs more steps for momentum={slowest.momentum:g}. "
            f"Received {steps}: its moving statistics are still {remembered:.0%} what they "
            "started with, and predictions may be far off. Lower momentum, train longer, or add "
            "convlet.callbacks.ExactBatchStatistics(x) to the callbacks of fit.",
            StatisticsWarning,
        )


def _learning(graph: Graph) -> list[BatchNormalization]:
    """The layers whose statistics training moves, in the order in which they are computed."""
    found: dict[int, BatchNormalization] = {}
    for step in graph.steps:
        layer = step.layer
        if isinstance(layer, BatchNormalization) and layer.trainable and step.training is None:
            found.setdefault(id(layer), layer)
    return list(found.values())


def _up_to(graph: Graph, numbers: list[int]) -> Graph:
    """The part of a graph that some of its tensors need."""
    needed, steps = set(numbers), []
    for step in reversed(graph.steps):
        if step.output in needed:
            needed.update(step.inputs)
            steps.append(step)
    return Graph(graph.inputs, steps[::-1], numbers, graph.shapes)
