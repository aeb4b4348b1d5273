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
from typing import TYPE_CHECKING, Any

from convlet.absent import each, refuser

if TYPE_CHECKING:
    from convlet import (
        activations,
        applications,
        backend,
        callbacks,
        config,
        constraints,
        datasets,
        initializers,
        layers,
        losses,
        metrics,
        models,
        networks,
        ops,
        optimizers,
        preprocessing,
        random,
        regularizers,
        saving,
        utils,
    )
    from convlet.engine import get_threads, set_threads
    from convlet.initializers import Initializer
    from convlet.layers import Input, Layer
    from convlet.layers.symbolic import KerasTensor
    from convlet.losses import Loss
    from convlet.metrics import Metric
    from convlet.models import Model, Sequential
    from convlet.optimizers import Optimizer
    from convlet.regularizers import Regularizer
    from convlet.variable import Variable

__version__ = "0.1.0"

__all__ = [
    "Initializer",
    "Input",
    "KerasTensor",
    "Layer",
    "Loss",
    "Metric",
    "Model",
    "Optimizer",
    "Regularizer",
    "Sequential",
    "Variable",
    "__version__",
    "activations",
    "applications",
    "backend",
    "callbacks",
    "config",
    "constraints",
    "datasets",
    "get_threads",
    "initializers",
    "layers",
    "losses",
    "metrics",
    "models",
    "networks",
    "ops",
    "optimizers",
    "preprocessing",
    "random",
    "regularizers",
    "saving",
    "set_threads",
    "utils",
]

# Where each name that is not a module of its own comes from.
_HOMES = {
    "Initializer": "convlet.initializers",
    "Input": "convlet.layers",
    "KerasTensor": "convlet.layers.symbolic",
    "Layer": "convlet.layers",
    "Loss": "convlet.losses",
    "Metric": "convlet.metrics",
    "Model": "convlet.models",
    "Optimizer": "convlet.optimizers",
    "Regularizer": "convlet.regularizers",
    "Sequential": "convlet.models",
    "Variable": "convlet.variable",
    "get_threads": "convlet.engine",
    "set_threads": "convlet.engine",
}

_refuse = refuser(
    "",
    {
        **each(
            "StatelessScope SymbolicScope RematScope", "It has no program to trace: leave it out."
        ),
        **each("Operation Function remat", "Compose layers, in a Layer of your own with a call."),
        **each("InputSpec", "A layer checks the shapes of its inputs itself: leave it out."),
        **each("device distribution", "It computes on this machine's CPU: leave it out."),
        **each(
            "DTypePolicy FloatDTypePolicy Quantizer dtype_policies mixed_precision quantizers",
            "Everything is float32: leave it out.",
        ),
        **each("distillation", "Train on the teacher's predictions, or on both in two outputs."),
        **each("legacy src", "It has only Keras 3's public names."),
        **each("name_scope", "Layers have an argument name."),
        **each("tree", "Use lists and dictionaries of arrays as they are."),
        **each("version", "Use convlet.__version__."),
        **each("visualization", "Use convlet.figures, or matplotlib."),
        **each("wrappers", "Use convlet.estimators.ConvNetClassifier."),
    },
)


def __getattr__(name: str) -> Any:
    if name not in __all__:
        return _refuse(name)
    if name in _HOMES:
        value = getattr(importlib.import_module(_HOMES[name]), name)
    else:
        value = importlib.import_module(f"convlet.{name}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
