"""The engine's programs of a model, kept from one call to the next."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from convlet.layers.graph import Graph
from convlet.training.compilation import Compilation

_KEPT = 2  # batch sizes: the usual one, and the shorter last one of a hand-written loop


class StepLosses(Protocol):
    """The losses of a batch before a step.

    Attributes:
        total: What the step made smaller: their weighted sum, with penalties.
        each: Of each output; 0 where it has no loss.
    """

    @property
    def total(self) -> float: ...  # noqa: D102  # an attribute, documented above

    @property
    def each(self) -> Sequence[float]: ...  # noqa: D102


class TrainingProgram(Protocol):
    """One step of training: forward, backward and update.

    Attributes:
        graph: The layers that it was made for.
    """

    graph: Graph

    def step(
        self,
        xs: Sequence[NDArray[Any]],
        ys: Sequence[NDArray[Any] | None],
        index: NDArray[np.int64],
        sample_weights: Sequence[NDArray[np.float32] | None] | None = None,
        epoch: int = 0,
    ) -> tuple[StepLosses, list[NDArray[np.float32]]]:
        """Takes one step on the images at some positions; returns losses and predictions."""
        ...


class InferenceProgram(Protocol):
    """The forward pass.

    Attributes:
        graph: The layers that it was made for.
        output_shapes: Of one prediction of each output.
    """

    graph: Graph
    output_shapes: list[tuple[int, ...]]

    def run(self, x: NDArray[Any], out: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
        """Returns the predictions for `x`, in `out` if that is given."""
        ...

    def run_all(self, xs: Sequence[NDArray[Any]]) -> list[NDArray[np.float32]]:
        """Returns what each output makes of the inputs."""
        ...


class ProgramCache:
    """The programs made for a model; they are made anew when its layers are others.

    A training program is also made anew when the trainable weights are others.

    Attributes:
        lock: Held by a caller who builds the model for its first images.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self._made_for: list[Any] = []
        self._training: dict[Any, TrainingProgram] = {}
        self._inference: InferenceProgram | None = None

    def __reduce__(self) -> tuple[type[ProgramCache], tuple[()]]:
        return (
            ProgramCache,
            (),
        )  # programs hold addresses: a copied or unpickled model makes its own

    def clear(self) -> None:
        """Drops all programs."""
        self._training.clear()
        self._inference = None

    def training(self, model: Any, batch_size: int, compilation: Compilation) -> TrainingProgram:
        """Returns the program that trains `model` on batches of up to `batch_size` images."""
        from convlet import engine

        self._drop_outdated(model)
        if batch_size not in self._training:
            while len(self._training) >= _KEPT:
                self._training.pop(next(iter(self._training)))
            self._training[batch_size] = engine.TrainingProgram(
                model.graph,
                batch_size,
                compilation.losses,
                compilation.optimizer,
                compilation.loss_weights,
            )
        return self._training[batch_size]

    def inference(self, model: Any) -> InferenceProgram:
        """Returns the program that predicts with `model`: layers keep the weights they have."""
        kept, graph = self._inference, model.graph
        if kept is None or kept.graph is not graph:
            from convlet import engine

            kept = self._inference = engine.InferenceProgram(graph)
        return kept

    def _drop_outdated(self, model: Any) -> None:
        """Drops the training programs if they are for other layers or trainable weights."""
        weights = list(model.weights)
        frozen = [layer.trainable for layer in model.graph.layers]
        state = [model.graph, *weights, *(weight.trainable for weight in weights), *frozen]
        same = len(state) == len(self._made_for) and all(
            new is old for new, old in zip(state, self._made_for, strict=True)
        )
        if not same:
            self._training.clear()
            self._made_for = state
