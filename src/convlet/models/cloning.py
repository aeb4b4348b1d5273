"""Models like others, with layers and weights of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from convlet import validation
from convlet.errors import ArgumentError
from convlet.layers import InputLayer, Layer
from convlet.layers.graph import key_of
from convlet.layers.structure import taken_apart
from convlet.layers.symbolic import SymbolicTensor
from convlet.models.archives import parse_json
from convlet.models.configs import Custom, deserialize
from convlet.models.functional import Functional
from convlet.models.model import Model
from convlet.models.sequential import Sequential
from convlet.registry import custom_object_scope


def clone_model(
    model: Model,
    input_tensors: None = None,
    clone_function: Callable[[Layer], Layer] | None = None,
    call_function: Callable[..., Any] | None = None,
    recursive: bool = False,
) -> Any:
    """Makes a model of the same layers, with weights of its own that are initialized anew.

    Args:
        model: A `Sequential` or a `Functional`.
        input_tensors: Only None: the clone has inputs of its own.
        clone_function: Makes a layer of a layer; None makes it of its `get_config`. It may return
            the layer itself, which is then shared, or another kind of layer.
        call_function: Calls a layer, as `call_function(layer, inputs, training=...)`; None calls
            it. Only for a `Functional`.
        recursive: Clone models inside the model with `clone_function` layer by layer, too.

    Raises:
        ArgumentError: The model is neither, or a Sequential is to have a `call_function`.

    Example:
        >>> from convlet import layers, models
        >>> model = models.Sequential([layers.Input((4,)), layers.Dense(2)])
        >>> clone = models.clone_model(model)
        >>> clone.layers[0].name == model.layers[0].name, clone.layers[0] is model.layers[0]
        (True, False)
    """
    validation.unsupported("clone_model", "input_tensors", input_tensors, only=None)
    copy = clone_function or (lambda layer: type(layer).from_config(layer.get_config()))

    def clone(layer: Layer) -> Layer:
        if recursive and isinstance(layer, (Functional, Sequential)):
            calls = call_function if isinstance(layer, Functional) else None
            inner: Layer = clone_model(layer, None, clone_function, calls, recursive)
            return inner
        return copy(layer)

    if isinstance(model, Functional):
        return _functional_clone(model, clone, call_function or Layer.__call__)
    if not isinstance(model, Sequential):
        needed = "a Sequential or a Functional"
        raise ArgumentError(validation.bad_argument("clone_model", "model", needed, model))
    validation.unsupported("clone_model of a Sequential", "call_function", call_function, only=None)
    starts = [_input_like(tensor) for tensor in model.inputs] if model.built else []
    return Sequential([*starts, *map(clone, model.layers)], model.trainable, model.name)


def _functional_clone(
    model: Functional, clone: Callable[[Layer], Layer], call: Callable[..., Any]
) -> Functional:
    wiring = model.wiring
    tensors = {key_of(tensor): _input_like(tensor) for tensor in wiring.inputs}
    inputs = list(tensors.values())
    starts = {id(tensor.node) for tensor in wiring.inputs}
    made: dict[int, Layer] = {}
    for node in wiring.nodes:
        if id(node) in starts:
            continue
        if id(node.layer) not in made:
            made[id(node.layer)] = clone(node.layer)
        layer = made[id(node.layer)]
        given = node.structure.pack([tensors[key_of(tensor)] for tensor in node.inputs])
        called = call(layer, given, training=node.training)
        for index, tensor in enumerate(taken_apart(called)[0]):
            tensors[id(node), index] = tensor
    outputs = [tensors[key_of(tensor)] for tensor in wiring.outputs]
    return Functional(
        wiring.input_structure.pack(inputs),
        wiring.output_structure.pack(outputs),
        model.trainable,
        model.name,
    )


def _input_like(tensor: SymbolicTensor) -> SymbolicTensor:
    return InputLayer(batch_shape=tensor.shape, name=tensor.name).start()


def model_from_json(json_string: str, custom_objects: Custom | None = None) -> Any:
    """Makes a model, untrained, of what its `to_json` or Keras's returned.

    Args:
        json_string: What it returned.
        custom_objects: Classes and functions of your own, by the names under which it has them.

    Raises:
        UnknownNameError: It names a class that convlet does not have.
        ModelFileError: It is no description of a model.

    Example:
        >>> from convlet import layers, models
        >>> model = models.Sequential([layers.Input((4,)), layers.Dense(2)])
        >>> models.model_from_json(model.to_json()).output_shape
        (None, 2)
    """
    description = parse_json("model_from_json needs JSON. Its json_string", json_string)
    with custom_object_scope(custom_objects):
        model = deserialize(description)
        if compile_config := description.get("compile_config"):
            model.compile_from_config(compile_config)
    return model
