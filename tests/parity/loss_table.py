"""Rows about losses: each behind outputs in the range that it is made for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.parity.comparison import Package, Row
from tests.parity.rows import described

CLASSES = 4
SAMPLES = 6


def one_hot(draw: np.random.Generator, outputs: list[Any]) -> list[Any]:
    """A class for each sample, as a row of zeros and a one."""
    return [np.eye(CLASSES, dtype=np.float32)[draw.integers(0, CLASSES, SAMPLES)]]


def labels(draw: np.random.Generator, outputs: list[Any]) -> list[Any]:
    """A class for each sample, as a number."""
    return [draw.integers(0, CLASSES, SAMPLES)]


def yes_or_no(draw: np.random.Generator, outputs: list[Any]) -> list[Any]:
    """A zero or a one for each output."""
    return [draw.integers(0, 2, (SAMPLES, CLASSES)).astype(np.float32)]


def signs(draw: np.random.Generator, outputs: list[Any]) -> list[Any]:
    """-1 or 1 for each output."""
    return [2 * target - 1 for target in yes_or_no(draw, outputs)]


def positive(draw: np.random.Generator, outputs: list[Any]) -> list[Any]:
    """Numbers well above 0."""
    return [draw.uniform(0.5, 3, (SAMPLES, CLASSES)).astype(np.float32)]


def distributions(draw: np.random.Generator, outputs: list[Any]) -> list[Any]:
    """Probabilities of the classes, which sum to 1."""
    return [draw.dirichlet(np.ones(CLASSES), SAMPLES).astype(np.float32)]


def loss(
    name: str,
    settings: dict[str, Any],
    activation: str | None,
    targets: Callable[[np.random.Generator, list[Any]], list[Any]],
    *,
    weighted: bool = False,
    learning_rate: float = 0.05,
) -> Row:
    """A row about a loss behind outputs with an activation."""

    def build(k: Package) -> Any:
        return k.models.Sequential(
            [
                k.Input((6,)),
                k.layers.Dense(8, activation="tanh"),
                k.layers.Dense(CLASSES, activation=activation),
            ]
        )

    def compile(k: Package) -> dict[str, Any]:
        optimizer = k.optimizers.SGD(learning_rate, momentum=0.9)
        return {"optimizer": optimizer, "loss": getattr(k.losses, name)(**settings)}

    weights = " with weights" if weighted else ""
    title = f"{name}({described(settings)}) of {activation} and {targets.__name__}{weights}"
    return Row(title, build, ((6,),), compile, targets, weighted=weighted, batch=SAMPLES)


ROWS = [
    loss(*arguments)
    for arguments in [
        ("BinaryCrossentropy", {}, "sigmoid", yes_or_no),
        ("BinaryCrossentropy", {"from_logits": True}, None, yes_or_no),
        ("BinaryCrossentropy", {"label_smoothing": 0.1}, "sigmoid", yes_or_no),
        ("BinaryCrossentropy", {"from_logits": True, "label_smoothing": 0.1}, None, yes_or_no),
        ("BinaryCrossentropy", {"reduction": "sum"}, "sigmoid", yes_or_no),
        ("BinaryFocalCrossentropy", {}, "sigmoid", yes_or_no),
        ("BinaryFocalCrossentropy", {"apply_class_balancing": True}, "sigmoid", yes_or_no),
        ("BinaryFocalCrossentropy", {"gamma": 1.5, "from_logits": True}, None, yes_or_no),
        ("CategoricalCrossentropy", {}, "softmax", one_hot),
        ("CategoricalCrossentropy", {}, "softmax", distributions),
        ("CategoricalCrossentropy", {"from_logits": True}, None, one_hot),
        ("CategoricalCrossentropy", {"label_smoothing": 0.1}, "softmax", one_hot),
        ("CategoricalCrossentropy", {"from_logits": True, "label_smoothing": 0.2}, None, one_hot),
        ("CategoricalCrossentropy", {}, "sigmoid", one_hot),
        ("CategoricalFocalCrossentropy", {}, "softmax", one_hot),
        ("CategoricalFocalCrossentropy", {"alpha": 0.5, "gamma": 1.0}, "softmax", one_hot),
        ("CategoricalFocalCrossentropy", {"from_logits": True}, None, one_hot),
        ("CategoricalGeneralizedCrossEntropy", {}, "softmax", labels),
        ("CategoricalGeneralizedCrossEntropy", {"q": 0.8}, "softmax", labels),
        ("CategoricalHinge", {}, None, one_hot),
        ("CosineSimilarity", {}, None, distributions),
        ("Dice", {}, "sigmoid", yes_or_no),
        ("Dice", {"axis": -1}, "sigmoid", yes_or_no),
        ("Hinge", {}, None, signs),
        ("Huber", {}, None, positive),
        ("Huber", {"delta": 0.3}, None, positive),
        ("KLDivergence", {}, "softmax", distributions),
        ("LogCosh", {}, None, positive),
        ("MeanAbsoluteError", {}, None, positive),
        ("MeanAbsolutePercentageError", {}, None, positive),
        ("MeanSquaredError", {}, None, positive),
        ("MeanSquaredError", {"reduction": "sum"}, None, positive),
        ("MeanSquaredError", {"reduction": "mean_with_sample_weight"}, None, positive),
        ("MeanSquaredLogarithmicError", {}, "softplus", positive),
        ("Poisson", {}, "softplus", positive),
        ("SparseCategoricalCrossentropy", {}, "softmax", labels),
        ("SparseCategoricalCrossentropy", {"from_logits": True}, None, labels),
        ("SparseCategoricalCrossentropy", {"ignore_class": 2}, "softmax", labels),
        ("SquaredHinge", {}, None, signs),
        ("Tversky", {}, "sigmoid", yes_or_no),
        ("Tversky", {"alpha": 0.3, "beta": 0.7}, "sigmoid", yes_or_no),
        ("Circle", {"gamma": 2.0}, "tanh", labels),
    ]
] + [
    loss(name, settings, activation, targets, weighted=True)
    for name, settings, activation, targets in [
        ("BinaryCrossentropy", {}, "sigmoid", yes_or_no),
        ("CategoricalCrossentropy", {}, "softmax", one_hot),
        ("SparseCategoricalCrossentropy", {"from_logits": True}, None, labels),
        ("MeanSquaredError", {}, None, positive),
        ("MeanSquaredError", {"reduction": "sum"}, None, positive),
        ("MeanSquaredError", {"reduction": "mean_with_sample_weight"}, None, positive),
        ("MeanAbsoluteError", {}, None, positive),
        ("Huber", {}, None, positive),
        ("KLDivergence", {}, "softmax", distributions),
    ]
]  # fmt: skip
