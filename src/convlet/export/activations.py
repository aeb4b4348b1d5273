"""Activations, as nodes of ONNX: a row for each function of `convlet.activations`."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from convlet.activations.lookup import describe
from convlet.export.onnx_graph import OnnxGraph, Operand, Tensor


def activated(graph: OnnxGraph, activation: Any, x: Tensor) -> Tensor:
    """What an activation makes of a tensor."""
    name, settings = describe(activation)
    if name in ROWS:
        made = ROWS[name](graph, graph.last(x), settings["axis"] % x.rank, x)
        return Tensor(x.sizes, made)
    return graph.each(x, lambda value: ACTIVATIONS[name](graph, value, **settings))


def _one(operation: str, **attributes: Any) -> Callable[[OnnxGraph, str], str]:
    """A function that ONNX has."""
    return lambda graph, x: str(graph.add(operation, x, **attributes))


def _gate(gate: Callable[[OnnxGraph, str], str]) -> Callable[[OnnxGraph, str], str]:
    """`x` times a function of it."""
    return lambda graph, x: str(graph.add("Mul", x, gate(graph, x)))


def _clipped(graph: OnnxGraph, x: str, low: float, high: float) -> str:
    return str(graph.add("Clip", x, low, high))


def _chosen(graph: OnnxGraph, left: str, comparison: str, right: Operand, *values: Operand) -> str:
    """The first of two values where the comparison holds, else the second."""
    return str(graph.add("Where", graph.add(comparison, left, right), *values))


def _relu(
    graph: OnnxGraph, x: str, negative_slope: float, max_value: float | None, threshold: float
) -> str:
    if threshold:
        below = graph.add("Mul", graph.add("Sub", x, threshold), negative_slope)
        x = _chosen(graph, x, "Less", threshold, below, x)
    elif negative_slope:
        x = graph.add("LeakyRelu", x, alpha=float(negative_slope))
    elif max_value is not None:
        return _clipped(graph, x, 0.0, max_value)
    else:
        x = graph.add("Relu", x)
    return x if max_value is None else str(graph.add("Min", x, max_value))


def _gelu(graph: OnnxGraph, x: str, approximate: bool) -> str:
    if approximate:
        cube = graph.add("Mul", graph.add("Mul", x, graph.add("Mul", x, x)), 0.044715)
        inner = graph.add("Mul", graph.add("Add", x, cube), 2 * math.sqrt(2 / math.pi))
        return str(graph.add("Mul", x, graph.add("Sigmoid", inner)))
    erf = graph.add("Erf", graph.add("Div", x, math.sqrt(2)))
    return str(graph.add("Mul", graph.add("Mul", x, graph.add("Add", erf, 1.0)), 0.5))


def _log_sigmoid(graph: OnnxGraph, x: str) -> str:
    return str(graph.add("Neg", graph.add("Softplus", graph.add("Neg", x))))


def _mish(graph: OnnxGraph, x: str) -> str:
    return str(graph.add("Mul", x, graph.add("Tanh", graph.add("Softplus", x))))


def _sparse_plus(graph: OnnxGraph, x: str) -> str:
    rectified = graph.add("Relu", graph.add("Add", x, 1.0))
    parabola = graph.add("Mul", graph.add("Mul", rectified, rectified), 0.25)
    return _chosen(graph, x, "Less", 1.0, parabola, x)


def _squareplus(graph: OnnxGraph, x: str, b: float) -> str:
    root = graph.add("Sqrt", graph.add("Add", graph.add("Mul", x, x), b))
    return str(graph.add("Mul", graph.add("Add", x, root), 0.5))


def _threshold(graph: OnnxGraph, x: str, threshold: float, default_value: float) -> str:
    return _chosen(graph, x, "LessOrEqual", threshold, default_value, x)


def _hard_shrink(graph: OnnxGraph, x: str, threshold: float) -> str:
    size = graph.add("Abs", x)
    return _chosen(graph, size, "LessOrEqual", threshold, 0.0, x)


def _soft_shrink(graph: OnnxGraph, x: str, threshold: float) -> str:
    return str(graph.add("Sub", x, _clipped(graph, x, -threshold, threshold)))


ACTIVATIONS: dict[str, Callable[..., str]] = {
    "celu": lambda graph, x, alpha: graph.add("Celu", x, alpha=float(alpha)),
    "elu": lambda graph, x, alpha: graph.add("Elu", x, alpha=float(alpha)),
    "exponential": _one("Exp"),
    "gelu": _gelu,
    "hard_shrink": _hard_shrink,
    "hard_sigmoid": _one("HardSigmoid", alpha=1 / 6, beta=0.5),
    "hard_silu": _gate(_one("HardSigmoid", alpha=1 / 6, beta=0.5)),
    "hard_tanh": lambda graph, x: _clipped(graph, x, -1.0, 1.0),
    "leaky_relu": lambda graph, x, negative_slope: graph.add(
        "LeakyRelu", x, alpha=float(negative_slope)
    ),
    "linear": lambda graph, x: x,
    "log_sigmoid": _log_sigmoid,
    "mish": _mish,
    "relu": _relu,
    "relu6": lambda graph, x: _clipped(graph, x, 0.0, 6.0),
    "selu": _one("Selu"),
    "sigmoid": _one("Sigmoid"),
    "silu": _gate(_one("Sigmoid")),
    "soft_shrink": _soft_shrink,
    "softplus": _one("Softplus"),
    "softsign": _one("Softsign"),
    "sparse_plus": _sparse_plus,
    "sparse_sigmoid": _one("HardSigmoid", alpha=0.5, beta=0.5),
    "squareplus": _squareplus,
    "tanh": _one("Tanh"),
    "tanh_shrink": lambda graph, x: graph.add("Sub", x, graph.add("Tanh", x)),
    "threshold": _threshold,
}
"""(graph, name of x, settings by name) to the name of the result; of functions of one value."""


def _sparsemax(graph: OnnxGraph, x: str, axis: int, tensor: Tensor) -> str:
    """With the k largest values kept, t is (their sum - 1) / k; the largest such t is right."""
    size = tensor.sizes[axis - 1]
    counts = np.arange(1, size + 1).reshape(-1, *[1] * (tensor.rank - 1 - axis))
    descending, _ = graph.add("TopK", x, np.array([size]), outputs=2, axis=axis)
    sums = graph.add("CumSum", descending, np.array(axis))
    bounds = graph.add("Div", graph.add("Sub", sums, 1.0), counts.astype(np.float32))
    bound = graph.add("ReduceMax", bounds, axes=[axis])
    return str(graph.add("Relu", graph.add("Sub", x, bound)))


ROWS: dict[str, Callable[[OnnxGraph, str, int, Tensor], str]] = {
    "log_softmax": lambda graph, x, axis, tensor: graph.add("LogSoftmax", x, axis=axis),
    "softmax": lambda graph, x, axis, tensor: graph.add("Softmax", x, axis=axis),
    "sparsemax": _sparsemax,
}
"""(graph, name of x, axis, x) to the name of the result; of functions of all values of an axis."""
