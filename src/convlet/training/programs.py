"""The engine's programs of a model, kept from one call to the next."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from convlet.errors import UnsupportedError
from convlet.layers import Layer
from convlet.training.compilation import Compilation
from convlet.training.examples import Weights

_KEPT = 2  # batch sizes: the usual one, and the shorter last one of a hand-written loop
Sizes = list[tuple[int, ...]]


class StepLosses(NamedTuple):
    """The losses of a batch before a step.

    Attributes:
        total: What the step made smaller: the weighted sum, with penalties.
        each: Of each output that has a loss.
    """

    total: float
    each: Sequence[float]


class TrainingProgram(Protocol):
    """One step of training: forward, backward and update."""

    def step(
        self,
        xs: list[NDArray[Any]],
        ys: list[Any],
        index: NDArray[np.int64],
        sample_weights: Weights | None = None,
        epoch: int = 0,
    ) -> tuple[StepLosses, list[NDArray[np.float32]]]:
        """Takes one step on the examples at `index`; returns its losses and predictions."""
        ...


class InferenceProgram(Protocol):
    """The forward pass.

    Attributes:
        layers: The layers that it was made for.
        input_shape: Of one image.
        output_shape: Of one prediction.
    """

    layers: list[Layer]
    input_shape: tuple[int, ...]
    output_shape: tuple[int, ...]

    def run(self, x: NDArray[Any], out: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
        """Returns the predictions for `x`, in `out` if that is given."""
        ...


class _OneToOne:
    """A training program of the engine for a model with one input and one output."""

    def __init__(self, program: Any) -> None:
        self.program = program

    def step(
        self,
        xs: list[NDArray[Any]],
        ys: list[Any],
        index: NDArray[np.int64],
        sample_weights: Weights | None = None,
        epoch: int = 0,
    ) -> tuple[StepLosses, list[NDArray[np.float32]]]:
        weight = None if sample_weights is None else sample_weights[0]
        loss, output = self.program.step(xs[0], ys[0], index, weight)
        return StepLosses(loss, (loss,)), [output]


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

    def training(
        self, model: Any, input_shapes: Sizes, batch_size: int, compilation: Compilation
    ) -> TrainingProgram:
        """Returns the program that trains `model` on batches of up to `batch_size` images."""
        from convlet import engine

        self._drop_outdated(model)
        key = (*input_shapes, batch_size)
        if key not in self._training:
            while len(self._training) >= _KEPT:
                self._training.pop(next(iter(self._training)))
            if len(compilation.losses) > 1 or compilation.loss_weights not in (None, [1.0]):
                raise UnsupportedError(
                    "fit does not support several outputs or loss_weights yet. "
                    "Compile the model with one loss."
                )
            self._training[key] = _OneToOne(
                engine.TrainingProgram(
                    model.layers,
                    input_shapes[0],
                    batch_size,
                    compilation.losses[0],  # type: ignore[arg-type]  # a single one is never None
                    compilation.optimizer,
                )
            )
        return self._training[key]

    def inference(self, model: Any, input_shapes: Sizes) -> InferenceProgram:
        """Returns the program that predicts with `model`: layers keep the weights they have."""
        kept, layers, input_shape = self._inference, model.layers, input_shapes[0]
        if kept is None or kept.input_shape != input_shape or kept.layers != layers:
            from convlet import engine

            kept = self._inference = engine.InferenceProgram(layers, input_shape)
        return kept

    def _drop_outdated(self, model: Any) -> None:
        """Drops the training programs if they are for other layers or trainable weights."""
        layers = list(model.layers)
        weights = list(model.weights)
        state = [*layers, *weights, *(weight.trainable for weight in weights)]
        same = len(state) == len(self._made_for) and all(
            new is old for new, old in zip(state, self._made_for, strict=True)
        )
        if not same:
            self._training.clear()
            self._made_for = state


def run_all(program: InferenceProgram, xs: list[NDArray[Any]]) -> list[NDArray[np.float32]]:
    """Returns what each output of the model makes of the inputs."""
    return [program.run(xs[0])]
