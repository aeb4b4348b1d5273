"""A layer or model computed on arrays at once, without `predict`."""

from __future__ import annotations

from itertools import count
from typing import Any

import numpy as np

from convlet.layers import Layer
from convlet.layers.connected import fresh_inputs
from convlet.layers.graph import Graph, Wiring
from convlet.layers.structure import Structure, taken_apart
from convlet.models.model import Model
from convlet.training.inputs import as_images

_calls = count(1)  # what draws in training draws anew each time


def compute(layer: Layer, inputs: Any, training: bool | None = None) -> Any:
    """What a layer makes of arrays.

    Args:
        layer: A layer or a model; it is built for the arrays where it is not yet.
        inputs: An array with the batch axis first, or as many as the layer takes; a single image
            where it takes that.
        training: Whether it acts as in training; None where it augments images, and not else.

    Raises:
        ShapeError: It cannot take such arrays.
    """
    from convlet import engine

    if layer.takes_one_image and getattr(inputs, "ndim", None) == 3:
        return compute(layer, inputs[np.newaxis], training)[0]
    values, structure = _arrays(layer, inputs)
    arrays = [as_images(layer.label, value) for value in values]
    starts = fresh_inputs([(None, *array.shape[1:]) for array in arrays])
    outputs, output_structure = taken_apart(layer(structure.pack(starts)))
    graph = Wiring(starts, outputs, owner=layer.label).graph
    if training is None and any(part.augments for part in graph.layers):
        graph, training = _only_augmenting(graph), True
    program = engine.InferenceProgram(graph, bool(training))
    return output_structure.pack(program.run_all(arrays, step=next(_calls) if training else 0))


def _only_augmenting(graph: Graph) -> Graph:
    """The graph in which, of all that can act as in training, only what augments images does."""
    steps = [step if step.layer.augments else step._replace(training=False) for step in graph.steps]
    return Graph(graph.inputs, steps, graph.outputs, graph.shapes)


def _arrays(layer: Layer, inputs: Any) -> tuple[list[Any], Structure]:
    """The arrays that the layer is given: a list of numbers is one array, too."""
    several = layer.merges or isinstance(inputs, dict)
    if isinstance(layer, Model) and layer.built:
        several = layer.wiring.input_structure.kind != "single"
    elif layer.composed and isinstance(inputs, (list, tuple)):
        several = all(isinstance(item, np.ndarray) for item in inputs)
    return taken_apart(inputs) if several else ([inputs], Structure())
