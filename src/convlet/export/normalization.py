"""Layers that normalise, scale and shift, as nodes of ONNX."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlet.export.onnx_graph import FIRST, OnnxGraph, Tensor
from convlet.layers.shapes import last_axes

SHORTEST = 1e-12  # UnitNormalization divides by no smaller length
LEAST_DEVIATION = 1e-7  # nor Normalization by a smaller deviation


def batch_normalization(graph: OnnxGraph, layer: Any, x: Tensor) -> Tensor:
    """With the moving statistics."""
    name = graph.add(
        "BatchNormalization",
        graph.first(x),
        graph.constant(_values(layer.gamma, np.ones(x.channels)), "gamma"),
        graph.constant(_values(layer.beta, np.zeros(x.channels)), "beta"),
        graph.constant(layer.moving_mean.value, "moving_mean"),
        graph.constant(layer.moving_variance.value, "moving_variance"),
        epsilon=float(layer.epsilon),
    )
    return Tensor(x.sizes, name, FIRST)


def layer_normalization(graph: OnnxGraph, layer: Any, x: Tensor) -> Tensor:
    """Along the last axes."""
    shape = last_axes(layer.label, layer.axis, x.sizes)
    name = graph.add(
        "LayerNormalization",
        graph.last(x),
        graph.constant(_values(layer.gamma, np.ones(shape)), "gamma"),
        graph.constant(_values(layer.beta, np.zeros(shape)), "beta"),
        axis=-len(shape),
        epsilon=float(layer.epsilon),
    )
    return Tensor(x.sizes, name)


def rms_normalization(graph: OnnxGraph, layer: Any, x: Tensor) -> Tensor:
    """Along the last axes."""
    axes = _last(layer, x)
    value = graph.last(x)
    square = graph.add("ReduceMean", graph.add("Mul", value, value), axes=axes)
    root = graph.add("Sqrt", graph.add("Add", square, layer.epsilon))
    scale = graph.constant(layer.scale.value, "scale")
    return Tensor(x.sizes, graph.add("Mul", graph.add("Div", value, root), scale))


def unit_normalization(graph: OnnxGraph, layer: Any, x: Tensor) -> Tensor:
    """Along the last axes."""
    value = graph.last(x)
    length = graph.add("ReduceL2", value, axes=_last(layer, x))
    return Tensor(x.sizes, graph.add("Div", value, graph.add("Max", length, SHORTEST)))


def group_normalization(graph: OnnxGraph, layer: Any, x: Tensor) -> Tensor:
    """Each group as a channel of one axis, which InstanceNormalization normalises."""
    groups = x.channels if layer.groups == -1 else layer.groups
    grouped = graph.reshaped(graph.first(x), (groups, -1))
    normalised = graph.add(
        "InstanceNormalization",
        grouped,
        np.ones(groups),
        np.zeros(groups),
        epsilon=float(layer.epsilon),
    )
    name = graph.reshaped(normalised, (x.channels, *x.sizes[:-1]))
    y = Tensor(x.sizes, name, FIRST)
    if layer.gamma is not None:
        name = graph.add("Mul", name, graph.spread(layer.gamma.value, y))
    if layer.beta is not None:
        name = graph.add("Add", name, graph.spread(layer.beta.value, y))
    return Tensor(x.sizes, name, FIRST)


def rescaling(graph: OnnxGraph, layer: Any, x: Tensor) -> Tensor:
    """A factor and a shift, or some for each channel."""
    scale, offset = (graph.spread(value, x) for value in (layer.scale, layer.offset))
    return graph.each(x, lambda value: graph.add("Add", graph.add("Mul", value, scale), offset))


def normalization(graph: OnnxGraph, layer: Any, x: Tensor) -> Tensor:
    """With the statistics of the data, or the way back."""
    mean, variance = (value.astype(np.float32) for value in layer.statistics())
    center = graph.spread(layer.spread(mean, x.sizes), x)
    deviation = np.maximum(np.sqrt(variance), np.float32(LEAST_DEVIATION))
    scale = graph.spread(layer.spread(deviation, x.sizes), x)
    if layer.invert:
        return graph.each(x, lambda name: graph.add("Add", graph.add("Mul", name, scale), center))
    return graph.each(x, lambda name: graph.add("Div", graph.add("Sub", name, center), scale))


def auto_contrast(graph: OnnxGraph, layer: Any, x: Tensor) -> Tensor:
    """Each channel from its smallest and largest value to the layer's range."""
    low, high = layer.value_range
    image = graph.last(x)
    least = graph.add("ReduceMin", image, axes=[1, 2])
    span = graph.add("Sub", graph.add("ReduceMax", image, axes=[1, 2]), least)
    differs = graph.add("Greater", span, 0.0)
    divisor = graph.add("Where", differs, span, 1.0)
    share = graph.add("Div", graph.add("Sub", image, least), divisor)
    stretched = graph.add("Add", graph.add("Mul", share, high - low), low)
    return Tensor(x.sizes, graph.add("Where", differs, stretched, image))


def _values(weight: Any, default: NDArray[Any]) -> NDArray[Any]:
    """A weight's values, or what stands for it where the layer has none."""
    return default if weight is None else weight.value


def _last(layer: Any, x: Tensor) -> list[int]:
    """The axes along which a layer works, which are the last ones."""
    count = len(last_axes(layer.label, layer.axis, x.sizes))
    return list(range(x.rank - count, x.rank))
