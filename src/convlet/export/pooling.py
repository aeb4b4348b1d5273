"""Pooling, as nodes of ONNX."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from convlet.export.kernels import pads
from convlet.export.onnx_graph import FIRST, OnnxGraph, Tensor


def pooling(operation: str) -> Callable[[OnnxGraph, Any, Tensor], Tensor]:
    """Windows that slide: "MaxPool" or "AveragePool", neither of which counts the padding."""

    def translate(graph: OnnxGraph, layer: Any, x: Tensor) -> Tensor:
        name = graph.add(
            operation,
            graph.first(x),
            kernel_shape=layer.pool_size,
            strides=layer.strides,
            pads=pads(x.sizes, layer, layer.pool_size, dilation=(1, 1)),
        )
        return Tensor(layer.output_sizes(x.sizes), name, FIRST)

    return translate


def global_pooling(operation: str) -> Callable[[OnnxGraph, Any, Tensor], Tensor]:
    """Of whole images or sequences: "GlobalMaxPool" or "GlobalAveragePool"."""

    def translate(graph: OnnxGraph, layer: Any, x: Tensor) -> Tensor:
        name = graph.add(operation, graph.first(x))
        if not layer.keepdims:
            name = graph.add("Flatten", name)
        return Tensor(layer.output_sizes(x.sizes), name, FIRST)

    return translate
