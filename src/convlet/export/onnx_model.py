"""From a model to what an ONNX file holds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

import convlet
from convlet.errors import UnsupportedError
from convlet.export.onnx_graph import OnnxGraph, Tensor
from convlet.export.translations import TRANSLATIONS
from convlet.layers import Layer
from convlet.layers.graph import Wiring

if TYPE_CHECKING:
    from convlet.models.exported import Exported

OPSET = 17
"""The version of ONNX's operators: LayerNormalization is in it, and ONNX Runtime 1.12 runs it."""
IR_VERSION = 8
"""The version of the file's own form that belongs to it."""
LARGEST = 2**31 - 1  # bytes that a file of protocol buffers can hold


class Description(NamedTuple):
    """What the file says of the model besides how it is computed.

    Attributes:
        dtype: Of the inputs' values.
        value_range: Between which numbers they are, or None where nobody said it.
        class_names: What the outputs mean, or None.
    """

    dtype: str
    value_range: tuple[float, float] | None
    class_names: list[str] | None


def onnx_model(model: Exported, description: Description) -> Any:
    """The model as ONNX's ModelProto.

    Raises:
        UnsupportedError: For a layer that has no translation, and for too many weights.
    """
    from onnx import helper

    graph = OnnxGraph()
    inputs = [
        _value_info(name, description.dtype, tensor.sizes)
        for name, tensor in zip(model.input_names, model.inputs, strict=True)
    ]
    outputs = [
        _value_info(name, "float32", tensor.sizes)
        for name, tensor in zip(output_names(model), model.outputs, strict=True)
    ]
    _add_layers(graph, model, description.dtype)
    made = helper.make_graph(graph.nodes, model.name, inputs, outputs, graph.initializers)
    proto = helper.make_model(
        made,
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="convlet",
        producer_version=convlet.__version__,
    )
    helper.set_model_props(proto, _properties(model, description))
    if proto.ByteSize() > LARGEST:
        raise UnsupportedError(
            f"An ONNX file needs to be smaller than 2 GiB. Received {model.label}, whose weights "
            f"take {proto.ByteSize() / 2**30:.1f} GiB."
        )
    return proto


def output_names(model: Exported) -> list[str]:
    """The names of the outputs, told apart from the inputs' and from each other with numbers."""
    taken = set(model.input_names)
    names = []
    for wanted in model.output_names:
        name, number = wanted, 0
        while name in taken:
            number += 1
            name = f"{wanted}_{number}"
        taken.add(name)
        names.append(name)
    return names


def _add_layers(graph: OnnxGraph, model: Exported, dtype: str) -> None:
    """Adds the nodes of all layers, between the names of the inputs and those of the outputs."""
    flat = model.graph
    tensors: dict[int, Tensor] = {}
    for number, name in zip(flat.inputs, model.input_names, strict=True):
        graph.scope = name
        value = name if dtype == "float32" else graph.add("Cast", name, to=_element("float32"))
        tensors[number] = Tensor(flat.shapes[number], value)
    for step in flat.steps:
        graph.scope = step.layer.name
        xs = [tensors[number] for number in step.inputs]
        tensors[step.output] = _translation(model, step.layer)(graph, step.layer, *xs)
    for number, name in zip(flat.outputs, output_names(model), strict=True):
        graph.finish(graph.last(tensors[number]), name)


def _translation(model: Exported, layer: Layer) -> Any:
    for kind in type(layer).__mro__:
        if kind in TRANSLATIONS:
            return TRANSLATIONS[kind]
    path = "/".join(_path(model.wiring, layer) or [layer.name])
    raise UnsupportedError(
        f"ONNX export needs layers that it can translate. Received {type(layer).__name__} "
        f"'{path}'. Compose it of other layers, in a call of its own."
    )


def _path(wiring: Wiring, layer: Layer) -> list[str] | None:
    """The names that lead to a layer through the models that it is in."""
    for node in wiring.nodes:
        if node.layer is layer:
            return [layer.name]
        inner = None if node.wiring is None else _path(node.wiring, layer)
        if inner is not None:
            return [node.layer.name, *inner]
    return None


def _element(dtype: str) -> int:
    """ONNX's number of a type of values."""
    from onnx import helper

    return int(helper.np_dtype_to_tensor_dtype(np.dtype(dtype)))


def _value_info(name: str, dtype: str, sizes: Sequence[int]) -> Any:
    from onnx import helper

    return helper.make_tensor_value_info(name, _element(dtype), ["batch", *sizes])


def _properties(model: Exported, description: Description) -> dict[str, str]:
    """The metadata: JSON under the names "inputs" and "class_names"."""
    layouts = {1: "NC", 2: "NWC", 3: "NHWC"}
    inputs = [
        {
            "name": name,
            "shape": [None, *tensor.sizes],
            "layout": layouts.get(len(tensor.sizes)),
            "dtype": description.dtype,
            "value_range": description.value_range,
        }
        for name, tensor in zip(model.input_names, model.inputs, strict=True)
    ]
    properties = {"inputs": json.dumps(inputs)}
    if description.class_names is not None:
        properties["class_names"] = json.dumps(description.class_names)
    return properties
