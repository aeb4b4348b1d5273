"""Convolutional networks on the CPU you have: Keras 3's names on an engine of its own.

Everything is reached from here and imported when it is first used, so that `import convlet` stays
quick:

>>> from convlet import layers, models
>>> model = models.Sequential([layers.Input((28, 28, 1)), layers.Conv2D(32, 3, activation="relu")])
>>> model.output_shape
(None, 26, 26, 32)
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from convlet import (
        activations,
        callbacks,
        constraints,
        datasets,
        initializers,
        layers,
        losses,
        metrics,
        models,
        networks,
        optimizers,
        regularizers,
        utils,
    )
    from convlet.engine import get_threads, set_threads
    from convlet.layers import Input
    from convlet.models import Model, Sequential

__version__ = "0.1.0"

__all__ = [
    "Input",
    "Model",
    "Sequential",
    "__version__",
    "activations",
    "callbacks",
    "constraints",
    "datasets",
    "get_threads",
    "initializers",
    "layers",
    "losses",
    "metrics",
    "models",
    "networks",
    "optimizers",
    "regularizers",
    "set_threads",
    "utils",
]

# Where each name that is not a module of its own comes from.
_HOMES = {
    "Input": "convlet.layers",
    "Model": "convlet.models",
    "Sequential": "convlet.models",
    "get_threads": "convlet.engine",
    "set_threads": "convlet.engine",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        # With name and obj, Python itself adds the attribute that was probably meant.
        raise AttributeError(
            f"module 'convlet' has no attribute {name!r}", name=name, obj=sys.modules[__name__]
        )
    if name in _HOMES:
        value = getattr(importlib.import_module(_HOMES[name]), name)
    else:
        value = importlib.import_module(f"convlet.{name}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
