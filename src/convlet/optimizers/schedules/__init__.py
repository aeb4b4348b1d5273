"""Learning rates that change with the step: pass one as an optimizer's `learning_rate`."""

from __future__ import annotations

from convlet.optimizers.schedules.base import FunctionSchedule as _FunctionSchedule
from convlet.optimizers.schedules.base import LearningRateSchedule
from convlet.optimizers.schedules.cosine import CosineDecay, CosineDecayRestarts
from convlet.optimizers.schedules.decay import ExponentialDecay, InverseTimeDecay, PolynomialDecay
from convlet.optimizers.schedules.piecewise import PiecewiseConstantDecay
from convlet.registry import Registry

__all__ = [
    "CosineDecay",
    "CosineDecayRestarts",
    "ExponentialDecay",
    "InverseTimeDecay",
    "LearningRateSchedule",
    "PiecewiseConstantDecay",
    "PolynomialDecay",
    "deserialize",
    "get",
    "serialize",
]

_registry = Registry[LearningRateSchedule](
    "learning-rate schedule",
    "keras.optimizers.schedules",
    LearningRateSchedule,
    {
        schedule.__name__: schedule
        for schedule in (
            CosineDecay,
            CosineDecayRestarts,
            ExponentialDecay,
            InverseTimeDecay,
            PiecewiseConstantDecay,
            PolynomialDecay,
        )
    },
    from_function=_FunctionSchedule,
)
get = _registry.get
serialize = _registry.serialize
deserialize = _registry.deserialize
