"""Activation functions in plain NumPy.

A layer's `activation` is one of these functions; the engine has a kernel for each.
"""

from __future__ import annotations

from convlet.activations.lookup import deserialize, get, serialize
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

__all__ = [
    "celu",
    "deserialize",
    "elu",
    "exponential",
    "gelu",
    "get",
    "glu",
    "hard_shrink",
    "hard_sigmoid",
    "hard_silu",
    "hard_swish",
    "hard_tanh",
    "leaky_relu",
    "linear",
    "log_sigmoid",
    "log_softmax",
    "mish",
    "relu",
    "relu6",
    "selu",
    "serialize",
    "sigmoid",
    "silu",
    "soft_shrink",
    "softmax",
    "softplus",
    "softsign",
    "sparse_plus",
    "sparse_sigmoid",
    "sparsemax",
    "squareplus",
    "swish",
    "tanh",
    "tanh_shrink",
    "threshold",
]

# The other names that Keras has too.
hard_swish = hard_silu
swish = silu
