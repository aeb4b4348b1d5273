"""What regularizers add to the loss where a model is evaluated."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from numpy.typing import NDArray

from convlet.layers.graph import Graph


class Penalties:
    """The penalties of a model's weights and of its layers' outputs.

    Args:
        model: Its layers and weights are asked for their regularizers once it is built.
    """

    def __init__(self, model: Any) -> None:
        self._model = model

    @cached_property
    def _of_outputs(self) -> tuple[list[Any], Any]:
        """The regularizers of outputs, and a program that computes these outputs."""
        graph: Graph = self._model.graph
        steps = [step for step in graph.steps if step.layer.activity_regularizer is not None]
        if not steps:
            return [], None
        from convlet import engine

        outputs = [step.output for step in steps]
        program = engine.InferenceProgram(Graph(graph.inputs, graph.steps, outputs, graph.shapes))
        return [step.layer.activity_regularizer for step in steps], program

    def of_weights(self) -> float:
        """The penalties of the weights that training changes, as they are now."""
        return float(sum(self._model.losses))

    def of_outputs(self, xs: Sequence[NDArray[Any]]) -> float:
        """The penalties of a batch's outputs, divided by the number of images.

        Args:
            xs: The images of the batch, an array for each input.
        """
        regularizers, program = self._of_outputs
        if not regularizers:
            return 0.0
        penalties = (
            regularizer(output)
            for regularizer, output in zip(regularizers, program.run_all(xs), strict=True)
        )
        return float(sum(penalties)) / len(xs[0])
