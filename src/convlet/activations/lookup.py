"""From names, functions and configurations to activations, and back."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

from numpy.typing import NDArray

from convlet import validation
from convlet.activations.rectifiers import (
    celu,
    elu,
    hard_shrink,
    leaky_relu,
    linear,
    relu,
    relu6,
    selu,
    soft_shrink,
    softplus,
    sparse_plus,
    squareplus,
    threshold,
)
from convlet.activations.rows import log_softmax, softmax, sparsemax
from convlet.activations.sigmoids import (
    exponential,
    gelu,
    glu,
    hard_sigmoid,
    hard_silu,
    hard_tanh,
    log_sigmoid,
    mish,
    sigmoid,
    silu,
    softsign,
    sparse_sigmoid,
    tanh,
    tanh_shrink,
)
from convlet.errors import ArgumentError, UnsupportedError

ActivationFunction = Callable[..., NDArray[Any]]

FUNCTIONS: dict[str, ActivationFunction] = {
    function.__name__: function
    for function in (
        celu, elu, exponential, gelu, glu, hard_shrink, hard_sigmoid, hard_silu, hard_tanh,
        leaky_relu, linear, log_sigmoid, log_softmax, mish, relu, relu6, selu, sigmoid, silu,
        soft_shrink, softmax, softplus, softsign, sparse_plus, sparse_sigmoid, sparsemax,
        squareplus, tanh, tanh_shrink, threshold,
    )
}  # fmt: skip
"""By the name that `serialize` gives them."""
_LAYERS = {"ELU": elu, "LeakyReLU": leaky_relu, "ReLU": relu, "Softmax": softmax}
"""Layers that do nothing but compute a function: so Keras writes one with arguments."""
_ALIASES = {"hard_swish": hard_silu, "swish": silu}
_MISSING = inspect.Parameter.empty
_PARTIAL = "partial"  # the class_name of a function with settings in a configuration


class Described(NamedTuple):
    """An activation taken apart.

    Attributes:
        name: The function's name.
        settings: All its arguments but `x`, defaults included, in their order.
    """

    name: str
    settings: dict[str, Any]


def describe(activation: ActivationFunction) -> Described:
    """Takes what `get` returned apart.

    Example:
        >>> describe(partial(elu, alpha=0.5))
        Described(name='elu', settings={'alpha': 0.5})
    """
    function, given = _split(activation)
    return Described(function.__name__, {**_defaults(function), **given})


def is_named(activation: ActivationFunction, name: str) -> bool:
    """Whether it is the function of that name with all its arguments left as they are.

    Example:
        >>> is_named(relu, "relu"), is_named(partial(relu, max_value=6), "relu")
        (True, False)
    """
    return describe(activation) == describe(FUNCTIONS[name])


def get(
    identifier: str | ActivationFunction | Mapping[str, Any] | None,
    owner: str = "activations.get",
) -> Any:
    """Looks an activation function up.

    Args:
        identifier: A name; a function of this module; one with arguments, as
            `functools.partial(leaky_relu, negative_slope=0.1)` or the layer `LeakyReLU(0.1)`; what
            `serialize` returned; or None for `linear`.
        owner: Who needs it, for the error messages.

    Raises:
        UnknownNameError: For a name that is not known.
        UnsupportedError: For `glu`, and for any other function: the engine has no kernel for it.
        ArgumentError: For anything else, and where a function lacks arguments.

    Example:
        >>> get("swish").__name__
        'silu'
    """
    if identifier is None:
        return linear
    if isinstance(identifier, Mapping):
        return deserialize(identifier, owner)
    if isinstance(identifier, str):
        known = {**FUNCTIONS, **_ALIASES}
        name = validation.one_of(owner, "activation", identifier, sorted(known))
        return _checked(owner, known[name])
    if type(identifier).__name__ in _LAYERS:
        identifier = identifier.activation  # type: ignore[attr-defined]
    function, _ = _split(identifier)
    if any(function is known for known in FUNCTIONS.values()):
        return _checked(owner, identifier)
    names = ", ".join(repr(name) for name in sorted(FUNCTIONS))
    if callable(identifier):
        given = getattr(identifier, "__name__", type(identifier).__name__)
        raise UnsupportedError(
            f"{owner} does not support an activation function of one's own. Received {given}. "
            f"Choose one of {names}."
        )
    raise ArgumentError(
        validation.bad_argument(owner, "activation", f"one of {names} or None", identifier)
    )


def serialize(activation: ActivationFunction) -> str | dict[str, Any]:
    """The name of an activation function; with its arguments where it was given any.

    Where Keras has a layer for the function, it is described as that layer, which Keras reads.

    Args:
        activation: What `get` takes.

    Example:
        >>> serialize(relu)
        'relu'
        >>> serialize(partial(celu, alpha=0.5))["config"]
        {'function': 'celu', 'arguments': {'alpha': 0.5}}
    """
    found = get(activation, "activations.serialize")
    function, arguments = _split(found)
    if not arguments:
        return str(function.__name__)
    for layer, computed in _LAYERS.items():
        if computed is function:
            return {
                "module": "keras.layers",
                "class_name": layer,
                "config": describe(found).settings,
                "registered_name": None,
            }
    config = {"function": function.__name__, "arguments": arguments}
    return {"class_name": _PARTIAL, "config": config}


def deserialize(config: str | Mapping[str, Any], owner: str = "activations.deserialize") -> Any:
    """The activation function that `serialize` described.

    Args:
        config: A name; or a dictionary that holds one, as Keras writes it too, or the
            configuration of a layer that does nothing but compute a function.
        owner: Who needs it, for the error messages.

    Raises:
        UnknownNameError: For a name that is not known.
        ArgumentError: For a dictionary of anything else.

    Example:
        >>> deserialize("relu").__name__
        'relu'
    """
    if isinstance(config, str):
        return get(config, owner)
    inner = config.get("config")
    if config.get("class_name") == "function" and isinstance(inner, str):
        return get(inner, owner)
    if config.get("class_name") == _PARTIAL and isinstance(inner, Mapping):
        return get(partial(get(inner.get("function"), owner), **inner.get("arguments", {})), owner)
    if config.get("class_name") in _LAYERS and isinstance(inner, Mapping):
        function = _LAYERS[config["class_name"]]
        given = {name: inner[name] for name in _defaults(function) if name in inner}
        return get(partial(function, **given), owner)
    needed = "a name or the configuration of an activation function"
    raise ArgumentError(validation.bad_argument(owner, "activation", needed, dict(config)))


def _split(activation: Any) -> tuple[Any, dict[str, Any]]:
    """The function, and the arguments that it was given by name."""
    if isinstance(activation, partial) and not activation.args:
        return activation.func, activation.keywords
    return activation, {}


def _defaults(function: ActivationFunction) -> dict[str, Any]:
    """All arguments but `x`; those without a default have `_MISSING`."""
    _, *arguments = inspect.signature(function).parameters.values()
    return {argument.name: argument.default for argument in arguments}


def _checked(owner: str, activation: Any) -> Any:
    """The activation, if a layer can use it as it is."""
    function, given = _split(activation)
    name, expected = function.__name__, _defaults(function)
    if function is glu:
        raise UnsupportedError(
            f"{owner} does not support the activation 'glu', whose output is half as long as its "
            "input. Call activations.glu on arrays."
        )
    for argument, value in given.items():
        if argument not in expected:
            fix = validation.did_you_mean(argument, expected)
            raise ArgumentError(f"activations.{name} has no argument {argument!r}. {fix}".rstrip())
        _check_setting(name, argument, value, expected[argument])
    missing = [a for a, default in expected.items() if default is _MISSING and a not in given]
    if missing:
        arguments = ", ".join(f"{argument}=..." for argument in expected)
        raise ArgumentError(
            f"{owner} needs all arguments of the activation {name!r}. "
            f"Received none for {' and '.join(missing)}. "
            f"Use functools.partial(activations.{name}, {arguments})."
        )
    return activation


def _check_setting(name: str, argument: str, value: Any, default: Any) -> None:
    owner = f"activations.{name}"
    if isinstance(default, bool):
        validation.boolean(owner, argument, value)
    elif argument == "axis":
        validation.integer(owner, argument, value, minimum=None)
    elif value is not None or default is not None:
        validation.number(owner, argument, value)
