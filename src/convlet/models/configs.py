"""Models as plain values, in the form in which Keras 3 writes them.

A functional model lists its layers. Each says, for every place where it is used, which tensors it
takes there: by the name of the layer that makes the tensor, the number of that layer's place, and
the number of the output.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from convlet import layers as layer_classes
from convlet import validation
from convlet.errors import ArgumentError
from convlet.layers import Layer
from convlet.layers.graph import Node, SymbolicTensor, Wiring
from convlet.layers.structure import Structure, taken_apart

_TENSOR = "__keras_tensor__"
Custom = Mapping[str, type[Layer]]
"""Classes of the user's, by the names under which a file has them."""


def serialize(layer: Layer) -> dict[str, Any]:
    """Returns a dictionary of plain values from which `deserialize` makes an equal layer or model.

    Args:
        layer: The layer or model.
    """
    from convlet.models.model import Model

    if not isinstance(layer, Model):
        return layer_classes.serialize(layer)
    description: dict[str, Any] = {
        "module": "keras",
        "class_name": type(layer).__name__,
        "config": layer.get_config(),
        "registered_name": None,
    }
    if layer.built:
        description["build_config"] = {"input_shape": layer.input_shape}
    return description


def deserialize(description: dict[str, Any], custom_objects: Custom | None = None) -> Any:
    """Makes the layer or model that `serialize` or Keras described.

    Args:
        description: What it returned.
        custom_objects: Further classes that it may name.

    Raises:
        UnknownNameError: It names a class that convlet does not have.
    """
    from convlet.models.functional import Functional
    from convlet.models.sequential import Sequential

    name = description.get("class_name")
    if name in (custom_objects or {}):
        made: Any = (custom_objects or {})[str(name)]
        return made.from_config(description.get("config", {}))
    models: dict[Any, Any] = {
        "Sequential": Sequential, "Functional": Functional, "Model": Functional
    }  # fmt: skip
    if name in models:
        return models[name].from_config(description["config"], custom_objects)
    return layer_classes.deserialize(description)


def wiring_config(wiring: Wiring) -> dict[str, Any]:
    """A wiring as plain values: its layers, how they are wired, and where it begins and ends."""
    places = _Places(wiring)
    described = []
    for layer in wiring.layers:
        description = serialize(layer)
        description["name"] = layer.name
        description["inbound_nodes"] = [
            _node_config(node, places) for node in places.nodes[id(layer)] if node.inputs
        ]
        described.append(description)
    ends = {
        "input_layers": (wiring.inputs, wiring.input_structure),
        "output_layers": (wiring.outputs, wiring.output_structure),
    }
    return {
        "layers": described,
        **{
            name: structure.pack([places.of(tensor) for tensor in tensors])
            for name, (tensors, structure) in ends.items()
        },
    }


class _Places:
    """The nodes of each layer in a wiring, numbered."""

    def __init__(self, wiring: Wiring) -> None:
        self.nodes: dict[int, list[Node]] = defaultdict(list)
        self.numbers: dict[int, int] = {}
        for node in wiring.nodes:
            self.numbers[id(node)] = len(self.nodes[id(node.layer)])
            self.nodes[id(node.layer)].append(node)

    def of(self, tensor: SymbolicTensor) -> list[Any]:
        """What Keras calls a tensor's history."""
        node = tensor.node
        return [node.layer.name, self.numbers[id(node)], tensor.index]


def _node_config(node: Node, places: _Places) -> dict[str, Any]:
    tensors = [
        {
            "class_name": _TENSOR,
            "config": {
                "shape": tensor.shape,
                "dtype": tensor.dtype,
                "keras_history": places.of(tensor),
            },
        }
        for tensor in node.inputs
    ]
    options = {} if node.training is None else {"training": node.training}
    return {"args": [node.structure.pack(tensors)], "kwargs": options}


def wiring_from_config(
    owner: str, config: dict[str, Any], custom_objects: Custom | None = None
) -> Wiring:
    """Makes the layers that a configuration describes, and wires them as it says.

    Args:
        owner: Whose wiring it is, for the messages of errors.
        config: What `wiring_config` or Keras returned.
        custom_objects: Further classes that it may name.

    Raises:
        UnknownNameError: It names a class that convlet does not have.
        ArgumentError: The layers cannot be wired as it says.
    """
    made: dict[str, Layer] = {}
    waiting: list[tuple[str, int, dict[str, Any]]] = []
    tensors: dict[tuple[str, int, int], SymbolicTensor] = {}
    for description in config["layers"]:
        layer = deserialize(description, custom_objects)
        name = str(description.get("name") or layer.name)
        made[name] = layer
        if layer.is_input:
            node = Node(layer, ())
            tensors[name, 0, 0] = SymbolicTensor(layer.output_shape, node)
            layer.remember_call([tensors[name, 0, 0]])
        nodes = description.get("inbound_nodes", [])
        waiting += [(name, number, node) for number, node in enumerate(nodes)]
    _call_in_turn(owner, made, waiting, tensors)
    ends = [_ends(owner, name, config[name], tensors) for name in ("input_layers", "output_layers")]
    (inputs, input_structure), (outputs, output_structure) = ends
    return Wiring(inputs, outputs, input_structure, output_structure, owner)


def _call_in_turn(
    owner: str,
    made: Mapping[str, Layer],
    waiting: list[tuple[str, int, dict[str, Any]]],
    tensors: dict[tuple[str, int, int], SymbolicTensor],
) -> None:
    """Calls each layer at each of its places as soon as what it takes there is known."""
    while waiting:
        left = []
        for name, number, node in waiting:
            arguments, options = node["args"], node.get("kwargs", {})
            _check_call(made[name], arguments, options)
            sources, structure = _sources(arguments[0])
            keys = [_key(source["config"]["keras_history"]) for source in sources]
            if any(key not in tensors for key in keys):
                left.append((name, number, node))
                continue
            given = structure.pack([tensors[key] for key in keys])
            outputs, _ = taken_apart(made[name](given, training=options.get("training")))
            tensors.update({(name, number, place): each for place, each in enumerate(outputs)})
        if len(left) == len(waiting):
            raise ArgumentError(
                f"{owner} needs layers that can be computed one after another. "
                f"{made[left[0][0]].label} waits for what no other layer puts out."
            )
        waiting = left


def _sources(argument: Any) -> tuple[list[Any], Structure]:
    """The descriptions of the tensors that a layer takes; that of one is a dictionary, too."""
    if isinstance(argument, dict) and argument.get("class_name") == _TENSOR:
        return [argument], Structure()
    return taken_apart(argument)


def _check_call(layer: Layer, arguments: Any, options: Mapping[str, Any]) -> None:
    """A call has one argument, and no option but `training`; Keras writes others as None."""
    if len(arguments) != 1:
        raise ArgumentError(
            f"{layer.label} needs to be called with one argument. Received {len(arguments)}."
        )
    for name, value in options.items():
        if name != "training":
            validation.unsupported(layer.label, name, value, only=None)


def _key(history: Any) -> tuple[str, int, int]:
    name, place, index = history
    return str(name), int(place), int(index)


def _ends(
    owner: str, argument: str, value: Any, tensors: Mapping[tuple[str, int, int], SymbolicTensor]
) -> tuple[list[SymbolicTensor], Structure]:
    """The tensors that a list, a dictionary or a single history names."""
    single = isinstance(value, (list, tuple)) and bool(value) and isinstance(value[0], str)
    histories, structure = ([value], Structure()) if single else taken_apart(value)
    keys = [_key(history) for history in histories]
    missing = [key for key in keys if key not in tensors]
    if missing:
        raise ArgumentError(
            f"{owner} needs {argument} to name what its layers put out. Received {missing[0]}."
        )
    return [tensors[key] for key in keys], structure
