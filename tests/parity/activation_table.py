"""Rows about activations, by name and as layers."""

from __future__ import annotations

from functools import partial
from typing import Any

from tests.parity.comparison import Package
from tests.parity.rows import layer_row

NAMES = (
    "celu", "elu", "exponential", "gelu", "hard_shrink", "hard_sigmoid", "hard_silu", "hard_swish",
    "hard_tanh", "leaky_relu", "linear", "log_sigmoid", "log_softmax", "mish", "relu", "relu6",
    "selu", "sigmoid", "silu", "soft_shrink", "softmax", "softplus", "softsign", "sparse_plus",
    "sparse_sigmoid", "squareplus", "swish", "tanh", "tanh_shrink",
)  # fmt: skip
"""All but `sparsemax`: where several values stay, Keras 3.15's don't sum to 1."""


def threshold(k: Package) -> Any:
    """The activation with its arguments, none of which has a default."""
    return partial(k.activations.threshold, threshold=0.1, default_value=-0.2)


def approximate_gelu(k: Package) -> Any:
    """The activation as it was first computed, through a hyperbolic tangent."""
    return partial(k.activations.gelu, approximate=True)


ROWS = [
    layer_row("Activation", (5, 6), {"activation": name}) for name in NAMES
] + [
    layer_row("Dense", (9,), {"units": 17, "activation": name}) for name in NAMES
] + [
    layer_row(layer, shape, settings)
    for layer, shape, settings in [
        ("Activation", (7,), {"activation": threshold}),
        ("Dense", (7,), {"units": 5, "activation": threshold}),
        ("Dense", (7,), {"units": 5, "activation": approximate_gelu}),
        ("ReLU", (7,), {}),
        ("ReLU", (7,), {"max_value": 1.0, "negative_slope": 0.2, "threshold": 0.1}),
        ("LeakyReLU", (7,), {}),
        ("LeakyReLU", (7,), {"negative_slope": 0.05}),
        ("ELU", (7,), {}),
        ("ELU", (7,), {"alpha": 0.5}),
        ("PReLU", (3, 4, 5), {}),
        ("PReLU", (3, 4, 5), {"shared_axes": [1, 2]}),
        ("Softmax", (3, 4), {}),
        ("Softmax", (3, 4), {"axis": 1}),
    ]
]  # fmt: skip
