"""What regularizers add to the loss where a model is evaluated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray

from convlet.layers.graph import Graph


class Penalties:
    """The penalties of a model's weights and of its layers' outputs.

    Args:
        model: Its layers and weights are asked for their regularizers.
    """

    def __init__(self, model: Any) -> None:
        self._model = model
        graph: Graph = model.graph
        steps = [step for step in graph.steps if step.layer.activity_regularizer is not None]
        self._regularizers = [step.layer.activity_regularizer for step in steps]
        if steps:
            from convlet import engine

            outputs = [step.output for step in steps]
            self._program = engine.InferenceProgram(
                Graph(graph.inputs, graph.steps, outputs, graph.shapes)
            )

    def of_weights(self) -> float:
        """The penalties of the weights that training changes, as they are now."""
        return float(sum(self._model.losses))

    def of_outputs(self, xs: Sequence[NDArray[Any]]) -> float:
        """The penalties of a batch's outputs, divided by the number of images.

        Args:
            xs: The images of the batch, an array for each input.
        """
        if not self._regularizers:
            return 0.0
        outputs = self._program.run_all(xs)
        penalties = (
            regularizer(output)
            for regularizer, output in zip(self._regularizers, outputs, strict=True)
            if regularizer is not None
        )
        return float(sum(penalties)) / len(xs[0])
