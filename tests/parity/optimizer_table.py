"""Rows about optimizers, schedules of the learning rate, regularizers and constraints."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.parity.comparison import Package, Row
from tests.parity.rows import described

Maker = Callable[[Package], Any]


def network(k: Package, **settings: Any) -> Any:
    """A small network in which every weight has a gradient."""
    return k.models.Sequential(
        [
            k.Input((6,)),
            k.layers.Dense(5, activation="tanh", **settings),
            k.layers.Dense(3),
        ]
    )


def trained_with(name: str, make: Maker) -> Row:
    """A row about an optimizer."""

    def compile(k: Package) -> dict[str, Any]:
        return {"optimizer": make(k), "loss": "mean_squared_error"}

    return Row(name, network, ((6,),), compile)


def optimizer(name: str, settings: dict[str, Any]) -> Row:
    """A row about an optimizer of a name, with settings."""
    settings = {"learning_rate": 0.05, **settings}
    make = lambda k: getattr(k.optimizers, name)(**settings)  # noqa: E731
    return trained_with(f"{name}({described(settings)})", make)


def schedule(name: str, settings: dict[str, Any]) -> Row:
    """A row about a schedule, which changes within the four steps."""

    def make(k: Package) -> Any:
        return k.optimizers.SGD(getattr(k.optimizers.schedules, name)(**settings), momentum=0.5)

    return trained_with(f"{name}({described(settings)})", make)


OPTIMIZERS = [
    optimizer(name, settings)
    for name, settings in [
        ("SGD", {}),
        ("SGD", {"momentum": 0.9}),
        ("SGD", {"momentum": 0.9, "nesterov": True}),
        ("SGD", {"weight_decay": 0.1}),
        ("SGD", {"clipnorm": 0.1}),
        ("SGD", {"clipvalue": 0.02}),
        ("SGD", {"global_clipnorm": 0.1}),
        ("SGD", {"use_ema": True, "ema_momentum": 0.5, "ema_overwrite_frequency": 2}),
        ("SGD", {"gradient_accumulation_steps": 2}),
        ("RMSprop", {}),
        ("RMSprop", {"rho": 0.5, "momentum": 0.5}),
        ("RMSprop", {"centered": True}),
        ("RMSprop", {"centered": True, "momentum": 0.3, "epsilon": 0.01}),
        ("Adam", {}),
        ("Adam", {"amsgrad": True}),
        ("Adam", {"beta_1": 0.5, "beta_2": 0.7, "epsilon": 0.01}),
        ("Adam", {"weight_decay": 0.1}),
        ("Adam", {"clipnorm": 0.1}),
        ("Adam", {"gradient_accumulation_steps": 2}),
        ("AdamW", {}),
        ("AdamW", {"weight_decay": 0.1, "amsgrad": True}),
        ("Adadelta", {}),
        ("Adadelta", {"rho": 0.5, "epsilon": 0.01}),
        ("Adagrad", {}),
        ("Adagrad", {"initial_accumulator_value": 0.01, "epsilon": 0.01}),
        ("Adamax", {}),
        ("Adamax", {"beta_1": 0.5, "beta_2": 0.7}),
        ("Nadam", {}),
        ("Nadam", {"beta_1": 0.5, "beta_2": 0.7, "epsilon": 0.01}),
        ("Ftrl", {}),
        ("Ftrl", {"learning_rate_power": -0.7, "beta": 0.1}),
        ("Ftrl", {"l1_regularization_strength": 0.01, "l2_regularization_strength": 0.1}),
        ("Ftrl", {"l2_shrinkage_regularization_strength": 0.1}),
        ("Lion", {}),
        ("Lion", {"beta_1": 0.5, "beta_2": 0.7, "weight_decay": 0.1}),
        ("Lamb", {}),
        ("Lamb", {"beta_1": 0.5, "beta_2": 0.7, "weight_decay": 0.1}),
        ("Adafactor", {}),
        ("Adafactor", {"relative_step": False, "clip_threshold": 0.5}),
    ]
]

SCHEDULES = [
    schedule(name, settings)
    for name, settings in [
        ("CosineDecay", {"initial_learning_rate": 0.1, "decay_steps": 3}),
        (
            "CosineDecay",
            {
                "initial_learning_rate": 0.01,
                "decay_steps": 3,
                "alpha": 0.1,
                "warmup_target": 0.1,
                "warmup_steps": 2,
            },
        ),
        (
            "CosineDecayRestarts",
            {"initial_learning_rate": 0.1, "first_decay_steps": 2, "m_mul": 0.5},
        ),
        ("ExponentialDecay", {"initial_learning_rate": 0.1, "decay_steps": 2, "decay_rate": 0.5}),
        (
            "ExponentialDecay",
            {
                "initial_learning_rate": 0.1,
                "decay_steps": 2,
                "decay_rate": 0.5,
                "staircase": True,
            },
        ),
        ("InverseTimeDecay", {"initial_learning_rate": 0.1, "decay_steps": 2, "decay_rate": 0.5}),
        (
            "InverseTimeDecay",
            {
                "initial_learning_rate": 0.1,
                "decay_steps": 2,
                "decay_rate": 0.5,
                "staircase": True,
            },
        ),
        ("PiecewiseConstantDecay", {"boundaries": [1, 3], "values": [0.1, 0.05, 0.01]}),
        ("PolynomialDecay", {"initial_learning_rate": 0.1, "decay_steps": 3, "power": 2.0}),
        ("PolynomialDecay", {"initial_learning_rate": 0.1, "decay_steps": 2, "cycle": True}),
    ]
]


def with_part(argument: str, module: str, name: str, settings: dict[str, Any]) -> Row:
    """A row about a regularizer or a constraint, as an argument of a layer."""

    def build(k: Package) -> Any:
        return network(k, **{argument: getattr(getattr(k, module), name)(**settings)})

    return Row(f"{argument}={name}({described(settings)})", build, ((6,),))


REGULARIZERS = [
    with_part(argument, "regularizers", name, settings)
    for argument, name, settings in [
        ("kernel_regularizer", "L1", {"l1": 0.1}),
        ("kernel_regularizer", "L2", {"l2": 0.1}),
        ("kernel_regularizer", "L1L2", {"l1": 0.03, "l2": 0.05}),
        ("kernel_regularizer", "OrthogonalRegularizer", {"factor": 0.1}),
        ("kernel_regularizer", "OrthogonalRegularizer", {"factor": 0.1, "mode": "columns"}),
        ("bias_regularizer", "L2", {}),
        ("bias_regularizer", "L1", {"l1": 0.1}),
        ("activity_regularizer", "L1", {"l1": 0.1}),
        ("activity_regularizer", "L2", {"l2": 0.1}),
        ("activity_regularizer", "L1L2", {"l1": 0.03, "l2": 0.05}),
    ]
]

CONSTRAINTS = [
    with_part(argument, "constraints", name, settings)
    for argument, name, settings in [
        ("kernel_constraint", "MaxNorm", {"max_value": 0.5}),
        ("kernel_constraint", "MaxNorm", {"max_value": 0.5, "axis": 1}),
        ("kernel_constraint", "MinMaxNorm", {"min_value": 0.6, "max_value": 0.8, "rate": 0.5}),
        ("kernel_constraint", "NonNeg", {}),
        ("kernel_constraint", "UnitNorm", {}),
        ("kernel_constraint", "UnitNorm", {"axis": [0, 1]}),
        ("bias_constraint", "NonNeg", {}),
        ("bias_constraint", "MaxNorm", {"max_value": 0.05}),
    ]
]

ROWS = [*OPTIMIZERS, *SCHEDULES, *REGULARIZERS, *CONSTRAINTS]
