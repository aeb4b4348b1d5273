"""Layers and models as plain values, in the form in which Keras 3 writes them.

Nothing that is read can run: classes are looked up in a list, and beside it only among those that
the caller gives by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from convlet import layers as layer_classes
from convlet import validation
from convlet.errors import ArgumentError, ConvletError, UnknownNameError
from convlet.layers import Layer
from convlet.registry import custom_object

Custom = Mapping[str, Any]
"""Classes and functions of the user's, by the names under which a file has them."""

_OPERATIONS = "keras.src.ops.numpy"
_MERGES = ("Add", "Subtract", "Multiply", "Maximum", "Minimum")
"""What Keras writes for `x + y` and so on, where convlet has layers of the same names."""

_PLACE: ContextVar[tuple[str, ...]] = ContextVar("place", default=())


def serialize(layer: Layer) -> dict[str, Any]:
    """Returns a dictionary of plain values from which `deserialize` makes an equal layer or model.

    Args:
        layer: The layer or model.
    """
    from convlet.models.functional import Functional
    from convlet.models.sequential import Sequential

    # Keras has no public name for its Functional, and finds it where it is defined.
    homes = {Functional: ("keras.src.models.functional", "Functional"), Sequential: ("keras", None)}
    if type(layer) not in homes:
        return layer_classes.serialize(layer)
    module, registered_name = homes[type(layer)]
    description = {
        "module": module,
        "class_name": type(layer).__name__,
        "config": layer.get_config(),
        "registered_name": registered_name,
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
    from convlet.registry import custom_object_scope

    if not isinstance(description, dict) or not isinstance(description.get("config"), dict):
        raise ArgumentError(
            f"A saved layer needs a dictionary with class_name and config. Received {description!r}"
            "."
        )
    models: dict[Any, Any] = {
        "Sequential": Sequential, "Functional": Functional, "Model": Functional
    }  # fmt: skip
    name = description.get("class_name")
    with custom_object_scope(custom_objects), _inside(description["config"].get("name") or name):
        config = _settings(description)
        registered_name = description.get("registered_name")
        own = custom_object(registered_name, name)
        if own is not None:
            return own.from_config(config)
        if name in models:
            return models[name].from_config(config)
        is_merge = name in _MERGES and description.get("module") == _OPERATIONS
        if not is_merge and (registered_name is not None or name not in layer_classes.names()):
            raise UnknownNameError(_unknown(name))
        return layer_classes.deserialize({**description, "config": config})


def _settings(description: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a layer: without what only Keras has, and as Keras 2 wrote them, too."""
    name, config = description.get("class_name"), dict(description["config"])
    for only_in_keras in ("quantization_config",):
        value = config.pop(only_in_keras, None)
        validation.unsupported(str(name), only_in_keras, value, only=None)
    if "batch_input_shape" in config:
        shape = config.pop("batch_input_shape")
        if name == "InputLayer":
            return {**config, "batch_shape": shape}
        return {**config, "input_shape": shape[1:]}
    return config


@contextmanager
def _inside(name: Any) -> Iterator[None]:
    """Lets errors know in which layer of which model they came up."""
    token = _PLACE.set((*_PLACE.get(), str(name)))
    try:
        yield
    except ConvletError as error:
        error.place = error.place or _PLACE.get()
        raise
    finally:
        _PLACE.reset(token)


def _unknown(name: Any) -> str:
    place = " > ".join(_PLACE.get())
    if name == "Lambda":
        return (
            f"{place} is a Lambda, and code in a file is never run. Build the model with layers "
            "in its place, and read the weights alone with load_weights."
        )
    return (
        f"convlet has no layer {name}, which {place} is. "
        f"If it is a class of your own, pass custom_objects={{{str(name)!r}: {name}}}."
    )
