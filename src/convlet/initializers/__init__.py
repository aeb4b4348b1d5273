"""What weights hold before training."""

from __future__ import annotations

from typing import Any

import numpy as np

from convlet.errors import UnsupportedError
from convlet.initializers.base import FunctionInitializer as _FunctionInitializer
from convlet.initializers.base import Initializer
from convlet.initializers.base import of_array as _of_array
from convlet.initializers.constant import Constant, Identity, Ones, Zeros
from convlet.initializers.random import (
    Orthogonal,
    RandomInitializer,
    RandomNormal,
    RandomUniform,
    TruncatedNormal,
)
from convlet.initializers.scaling import (
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    HeUniform,
    LecunNormal,
    LecunUniform,
    VarianceScaling,
)
from convlet.registry import Registry

__all__ = [
    "Constant",
    "GlorotNormal",
    "GlorotUniform",
    "HeNormal",
    "HeUniform",
    "Identity",
    "IdentityInitializer",
    "Initializer",
    "LecunNormal",
    "LecunUniform",
    "Ones",
    "Orthogonal",
    "OrthogonalInitializer",
    "RandomInitializer",
    "RandomNormal",
    "RandomUniform",
    "TruncatedNormal",
    "VarianceScaling",
    "Zeros",
    "constant",
    "deserialize",
    "get",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "identity",
    "lecun_normal",
    "lecun_uniform",
    "ones",
    "orthogonal",
    "random_normal",
    "random_uniform",
    "serialize",
    "truncated_normal",
    "variance_scaling",
    "zeros",
]

# The other names that Keras has, too.
IdentityInitializer = Identity
OrthogonalInitializer = Orthogonal
constant = Constant
glorot_normal = GlorotNormal
glorot_uniform = GlorotUniform
he_normal = HeNormal
he_uniform = HeUniform
identity = Identity
lecun_normal = LecunNormal
lecun_uniform = LecunUniform
ones = Ones
orthogonal = Orthogonal
random_normal = RandomNormal
random_uniform = RandomUniform
truncated_normal = TruncatedNormal
variance_scaling = VarianceScaling
zeros = Zeros


class _STFT(Initializer):
    """What convlet has no layer for."""

    def __init__(self, **unknown: Any) -> None:
        raise UnsupportedError(
            "initializers.STFT is not supported: convlet has no layers for spectrograms. "
            "Received the name. Compute the values in NumPy, and pass the array."
        )


_registry = Registry[Initializer](
    kind="initializer",
    module="keras.initializers",
    base=Initializer,
    classes={
        "constant": Constant,
        "glorot_normal": GlorotNormal,
        "glorot_uniform": GlorotUniform,
        "he_normal": HeNormal,
        "he_uniform": HeUniform,
        "identity": Identity,
        "lecun_normal": LecunNormal,
        "lecun_uniform": LecunUniform,
        "ones": Ones,
        "orthogonal": Orthogonal,
        "random_normal": RandomNormal,
        "random_uniform": RandomUniform,
        "truncated_normal": TruncatedNormal,
        "variance_scaling": VarianceScaling,
        "zeros": Zeros,
    },
    aliases={
        "IdentityInitializer": "identity",
        "OrthogonalInitializer": "orthogonal",
        "normal": "random_normal",
        "one": "ones",
        "uniform": "random_uniform",
        "zero": "zeros",
    },
    refused={"STFT": _STFT, "STFTInitializer": _STFT, "stft": _STFT},
    from_function=_FunctionInitializer,
)
serialize = _registry.serialize
deserialize = _registry.deserialize


def get(identifier: Any, *, owner: str | None = None, argument: str | None = None) -> Initializer:
    """Returns the initializer that is meant.

    Args:
        identifier: A name such as `"he_normal"`, an initializer or its class, what `serialize`
            returned, a function `f(shape, dtype=None)`, or an array of the weight's shape.
        owner: Who asks, for the message of an error.
        argument: Which of the owner's arguments it is.

    Raises:
        UnknownNameError: The name is not known.
        ArgumentError: `identifier` is none of these.

    Example:
        >>> get("zeros")((2,)).tolist()
        [0.0, 0.0]
    """
    if isinstance(identifier, np.ndarray):
        return _of_array(identifier)
    return _registry.get(identifier, owner=owner, argument=argument)
