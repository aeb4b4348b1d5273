"""What layers and models have in common: weights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet.variable import Variable, assign_all


class _Weighted(Protocol):
    """What `HasWeights` needs of the class that it is mixed into."""

    @property
    def weights(self) -> list[Variable]: ...

    @property
    def label(self) -> str: ...

    def _check_built(self, when: str) -> None: ...


class HasWeights:
    """Reading, setting and counting the weights of a layer or of all layers of a model."""

    @property
    def variables(self: _Weighted) -> list[Variable]:
        """The same as `weights`."""
        return self.weights

    @property
    def trainable_weights(self: _Weighted) -> list[Variable]:
        """The weights that training changes."""
        return [weight for weight in self.weights if weight.trainable]

    @property
    def non_trainable_weights(self: _Weighted) -> list[Variable]:
        """The weights that training leaves alone."""
        return [weight for weight in self.weights if not weight.trainable]

    @property
    def losses(self: _Weighted) -> list[float]:
        """The penalties of the weights that training changes and that have a regularizer.

        They count in the loss of `fit` and `evaluate`, as those of outputs do, which are known only
        there.
        """
        return [
            weight.regularizer(weight.value)
            for weight in self.weights
            if weight.trainable and weight.regularizer is not None
        ]

    trainable_variables = trainable_weights
    non_trainable_variables = non_trainable_weights

    def get_weights(self: _Weighted) -> list[NDArray[np.float32]]:
        """Copies of all weights, layer by layer."""
        return [weight.numpy() for weight in self.weights]

    def set_weights(self: _Weighted, weights: Sequence[ArrayLike]) -> None:
        """Copies new values into all weights.

        Args:
            weights: Arrays in the order of `get_weights()`.

        Raises:
            ShapeError: Where their number or a shape is wrong; no weight is changed then.
            NotBuiltError: Before it is built.
        """
        self._check_built("before its weights are set")
        assign_all(self.label, self.weights, weights)

    def count_params(self: _Weighted) -> int:
        """The number of values in all weights.

        Raises:
            NotBuiltError: Before it is built.
        """
        self._check_built("before its parameters can be counted")
        return sum(weight.size for weight in self.weights)
