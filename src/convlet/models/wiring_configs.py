"""A wiring as plain values, in the form in which Keras 3 writes functional models.

Such a model lists its layers. Each says, for every place where it is used, which tensors it takes
there: by the name of the layer that makes the tensor, the number of that layer's place, and the
number of the output.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple

from convlet import validation
from convlet.errors import ArgumentError
from convlet.layers import InputLayer, Layer
from convlet.layers.graph import Wiring
from convlet.layers.structure import Structure, taken_apart
from convlet.layers.symbolic import Node, SymbolicTensor
from convlet.models.configs import deserialize, serialize

_TENSOR = "__keras_tensor__"
_Key = tuple[str, int, int]


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
            name: structure.pack([_end_config(tensor, places) for tensor in tensors])
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


def _end_config(tensor: SymbolicTensor, places: _Places) -> list[Any]:
    name, place, index = places.of(tensor)
    return [name, place + _first_place(tensor.node.layer), index]


def _first_place(layer: Layer) -> int:
    """The number of a layer's first place where a model ends.

    There, and only there, Keras counts the inside of a functional model as its place 0.
    """
    from convlet.models.functional import Functional

    return int(isinstance(layer, Functional))


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


def wiring_from_config(owner: str, config: dict[str, Any]) -> Wiring:
    """Makes the layers that a configuration describes, and wires them as it says.

    Args:
        owner: Whose wiring it is, for the messages of errors.
        config: What `wiring_config` or Keras returned.

    Raises:
        UnknownNameError: It names a class that convlet does not have.
        ArgumentError: The layers cannot be wired as it says.
    """
    made: dict[str, Layer] = {}
    waiting: list[_Call] = []
    tensors: dict[_Key, SymbolicTensor] = {}
    for description in config["layers"]:
        layer = deserialize(description)
        name = str(description.get("name") or layer.name)
        made[name] = layer
        if isinstance(layer, InputLayer):
            tensors[name, 0, 0] = layer.start()
        nodes = description.get("inbound_nodes", [])
        waiting += [_call(layer, name, number, node) for number, node in enumerate(nodes)]
    _call_in_turn(owner, waiting, tensors)
    ends = [
        _ends(owner, name, config[name], made, tensors)
        for name in ("input_layers", "output_layers")
    ]
    (inputs, input_structure), (outputs, output_structure) = ends
    return Wiring(inputs, outputs, input_structure, output_structure, owner)


class _Call(NamedTuple):
    """A layer at one of its places, with what it takes there."""

    layer: Layer
    name: str
    number: int
    sources: list[_Key]
    structure: Structure
    training: bool | None


def _call(layer: Layer, name: str, number: int, node: Any) -> _Call:
    if isinstance(node, list):  # Keras 2 wrote each tensor as its history, with the call's options
        histories = [source[:3] for source in node]
        options = node[-1][3] if len(node[-1]) > 3 else {}
        structure = Structure("list") if len(node) > 1 or layer.merges else Structure()
    else:
        arguments, options = node["args"], node.get("kwargs", {})
        if layer.merges and len(arguments) > 1:  # of x + y
            arguments = [arguments]
        if len(arguments) != 1:
            raise ArgumentError(
                f"{layer.label} needs to be called with one argument. Received {len(arguments)}."
            )
        sources, structure = _sources(arguments[0])
        histories = [source["config"]["keras_history"] for source in sources]
    for option, value in options.items():
        if option != "training":  # Keras writes others as None
            validation.unsupported(layer.label, option, value, only=None)
    return _Call(
        layer, name, number, [_key(history) for history in histories], structure,
        options.get("training"),
    )  # fmt: skip


def _sources(argument: Any) -> tuple[list[Any], Structure]:
    """The descriptions of the tensors that a layer takes; that of one is a dictionary, too."""
    if isinstance(argument, dict) and argument.get("class_name") == _TENSOR:
        return [argument], Structure()
    return taken_apart(argument)


def _call_in_turn(owner: str, waiting: list[_Call], tensors: dict[_Key, SymbolicTensor]) -> None:
    """Calls each layer at each of its places as soon as what it takes there is known."""
    while waiting:
        left = []
        for call in waiting:
            if any(key not in tensors for key in call.sources):
                left.append(call)
                continue
            given = call.structure.pack([tensors[key] for key in call.sources])
            outputs, _ = taken_apart(call.layer(given, training=call.training))
            for index, tensor in enumerate(outputs):
                tensors[call.name, call.number, index] = tensor
        if len(left) == len(waiting):
            raise ArgumentError(
                f"{owner} needs layers that can be computed one after another. "
                f"{left[0].layer.label} waits for what no other layer puts out."
            )
        waiting = left


def _key(history: Any) -> _Key:
    name, place, index = history
    return str(name), int(place), int(index)


def _ends(
    owner: str,
    argument: str,
    value: Any,
    made: Mapping[str, Layer],
    tensors: Mapping[_Key, SymbolicTensor],
) -> tuple[list[SymbolicTensor], Structure]:
    """The tensors that a list, a dictionary or a single history names."""
    single = isinstance(value, (list, tuple)) and bool(value) and isinstance(value[0], str)
    histories, structure = ([value], Structure()) if single else taken_apart(value)
    found = []
    for name, place, index in map(_key, histories):
        key = (name, place - _first_place(made[name]) if name in made else place, index)
        if key not in tensors:
            raise ArgumentError(
                f"{owner} needs {argument} to name what its layers put out. "
                f"Received {(name, place, index)}."
            )
        found.append(tensors[key])
    return found, structure
