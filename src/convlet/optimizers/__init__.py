"""Optimizers: how the weights follow their gradients, and how the learning rate changes."""

from __future__ import annotations

from typing import Any

from convlet.errors import UnsupportedError
from convlet.optimizers import schedules
from convlet.optimizers.adadelta import Adadelta
from convlet.optimizers.adafactor import Adafactor
from convlet.optimizers.adagrad import Adagrad
from convlet.optimizers.adam import Adam, AdamW
from convlet.optimizers.adamax import Adamax
from convlet.optimizers.base import Optimizer
from convlet.optimizers.ftrl import Ftrl
from convlet.optimizers.lamb import Lamb
from convlet.optimizers.lion import Lion
from convlet.optimizers.nadam import Nadam
from convlet.optimizers.rmsprop import RMSprop
from convlet.optimizers.sgd import SGD
from convlet.registry import Registry

__all__ = [
    "Adadelta",
    "Adafactor",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "Ftrl",
    "Lamb",
    "Lion",
    "Nadam",
    "Optimizer",
    "RMSprop",
    "SGD",
    "deserialize",
    "get",
    "schedules",
    "serialize",
]

ABSENT = {
    "lossscaleoptimizer": "There is no float16 whose range it would save: use its inner optimizer.",
    "muon": "Use AdamW.",
    "multioptimizer": "Use one optimizer for all weights.",
    "schedulefreeadamw": "Use AdamW.",
}
"""Keras's other optimizers, and what to do instead."""

_registry = Registry[Optimizer](
    "optimizer",
    "keras.optimizers",
    Optimizer,
    {
        optimizer.__name__.lower(): optimizer
        for optimizer in (
            Adadelta,
            Adafactor,
            Adagrad,
            Adam,
            Adamax,
            AdamW,
            Ftrl,
            Lamb,
            Lion,
            Nadam,
            RMSprop,
            SGD,
        )
    },
)
serialize = _registry.serialize


def get(identifier: Any, *, owner: str | None = None) -> Optimizer:
    """Returns the optimizer that a name, a class, an object or a saved configuration means.

    Args:
        identifier: Such as "adam" or `SGD(0.1, momentum=0.9)`.
        owner: Who asks, for the message of an error.

    Raises:
        UnknownNameError: The name is not known.
        UnsupportedError: Keras has the optimizer, and convlet does not.
        ArgumentError: `identifier` is no optimizer.

    Example:
        >>> get("adam").learning_rate
        0.001
    """
    name = identifier.get("class_name") if isinstance(identifier, dict) else identifier
    _refuse_absent(owner or "optimizers.get", name)
    return _registry.get(identifier, owner=owner)


def deserialize(config: dict[str, Any]) -> Optimizer:
    """Makes the optimizer, without state, that `serialize` described.

    Args:
        config: What `serialize` returned.

    Raises:
        UnknownNameError: The class is not known.
        UnsupportedError: Keras has the optimizer, and convlet does not.
    """
    return get(config, owner="optimizers.deserialize")


def _refuse_absent(owner: str, name: Any) -> None:
    instead = ABSENT.get(name.lower()) if isinstance(name, str) else None
    if instead is not None:
        raise UnsupportedError(f"{owner} does not support the optimizer {name!r} yet. {instead}")
