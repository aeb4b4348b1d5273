"""Layers that put several tensors together, as nodes of ONNX."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

from convlet.export.onnx_graph import FIRST, LAST, OnnxGraph, Tensor


def merged(operation: str) -> Callable[..., Tensor]:
    """One after another by an operation of two inputs."""

    def translate(graph: OnnxGraph, layer: Any, *xs: Tensor) -> Tensor:
        names, layout = _fitting(graph, xs)
        name = reduce(lambda a, b: str(graph.add(operation, a, b)), names)
        return Tensor(layer.output_sizes([x.sizes for x in xs]), name, layout)

    return translate


def average(graph: OnnxGraph, layer: Any, *xs: Tensor) -> Tensor:
    """Their sum, divided by their number."""
    total = merged("Add")(graph, layer, *xs)
    return graph.each(total, lambda name: graph.add("Mul", name, 1.0 / len(xs)))


def concatenation(graph: OnnxGraph, layer: Any, *xs: Tensor) -> Tensor:
    """One behind the other along an axis."""
    names, layout = _fitting(graph, xs)
    axis = 1 + layer.sample_axis(xs[0].rank - 1)
    name = graph.add("Concat", *names, axis=xs[0].axis(axis, layout))
    return Tensor(layer.output_sizes([x.sizes for x in xs]), name, layout)


def _fitting(graph: OnnxGraph, xs: tuple[Tensor, ...]) -> tuple[list[str], str]:
    """Names of all in one layout, and that: channels first where one has them so.

    One with fewer axes, whose new axes stand behind the batch's, is taken with channels last.
    """
    rank = max(x.rank for x in xs)
    alike = all(x.rank == rank for x in xs)
    if alike and any(x.layout == FIRST for x in xs):
        return [graph.first(x) for x in xs], FIRST
    return [
        graph.last(x)
        if x.rank == rank
        else graph.reshaped(graph.last(x), (*[1] * (rank - x.rank), *x.sizes))
        for x in xs
    ], LAST
