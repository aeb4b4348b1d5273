"""The engine's programs of a model, kept from one call to the next."""

from __future__ import annotations

import threading
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from convlet.layers import Layer
from convlet.losses import Loss
from convlet.optimizers import Optimizer

_KEPT = 2  # batch sizes: the usual one, and the shorter last one of a hand-written loop


class TrainingProgram(Protocol):
    """One step of training: forward, backward and update."""

    def step(
        self,
        x: NDArray[Any],
        y: NDArray[Any],
        index: NDArray[np.int64],
        sample_weight: NDArray[np.float32] | None = None,
        epoch: int = 0,
    ) -> tuple[float, NDArray[np.float32]]:
        """Takes one step on `x[index]`; returns its loss and predictions."""
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
        self,
        model: Any,
        input_shape: tuple[int, ...],
        batch_size: int,
        loss: Loss,
        optimizer: Optimizer,
    ) -> TrainingProgram:
        """Returns the program that trains `model` on batches of up to `batch_size` images."""
        from convlet import engine

        self._drop_outdated(model)
        key = (input_shape, batch_size)
        if key not in self._training:
            while len(self._training) >= _KEPT:
                self._training.pop(next(iter(self._training)))
            self._training[key] = engine.TrainingProgram(
                model.layers, input_shape, batch_size, loss, optimizer
            )
        return self._training[key]

    def inference(self, model: Any, input_shape: tuple[int, ...]) -> InferenceProgram:
        """Returns the program that predicts with `model`: layers keep the weights they have."""
        kept, layers = self._inference, model.layers
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
