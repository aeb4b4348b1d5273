"""Optimizers: how the weights follow their gradients, and how the learning rate changes."""

from __future__ import annotations

from convlet.optimizers import schedules
from convlet.optimizers.adam import Adam, AdamW
from convlet.optimizers.base import Optimizer
from convlet.optimizers.rmsprop import RMSprop
from convlet.optimizers.sgd import SGD
from convlet.registry import Registry

__all__ = [
    "Adam",
    "AdamW",
    "Optimizer",
    "RMSprop",
    "SGD",
    "deserialize",
    "get",
    "schedules",
    "serialize",
]

_registry = Registry[Optimizer](
    "optimizer",
    "keras.optimizers",
    Optimizer,
    {"adam": Adam, "adamw": AdamW, "rmsprop": RMSprop, "sgd": SGD},
)
get = _registry.get
serialize = _registry.serialize
deserialize = _registry.deserialize
