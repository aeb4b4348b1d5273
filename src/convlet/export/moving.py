"""Layers that move values or give images another size, as nodes of ONNX."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from convlet.engine.reference.resizing import matrices, weights
from convlet.export.onnx_graph import FIRST, OnnxGraph, Tensor
from convlet.layers.resizing import Box


def flattened(graph: OnnxGraph, layer: Any, x: Tensor) -> Tensor:
    """All values of a sample in a row, channels last."""
    sizes = (math.prod(x.sizes),)
    return Tensor(sizes, graph.reshaped(graph.last(x), sizes))


def reshaped(graph: OnnxGraph, layer: Any, x: Tensor) -> Tensor:
    """The same values in another shape."""
    sizes = layer.output_sizes(x.sizes)
    return Tensor(sizes, graph.reshaped(graph.last(x), sizes))


def permuted(graph: OnnxGraph, layer: Any, x: Tensor) -> Tensor:
    """The axes in another order."""
    name = graph.add("Transpose", graph.last(x), perm=[0, *layer.dims])
    return Tensor(layer.output_sizes(x.sizes), name)


def repeated_vector(graph: OnnxGraph, layer: Any, x: Tensor) -> Tensor:
    """The features as equal steps."""
    step = graph.reshaped(graph.last(x), (1, *x.sizes))
    return Tensor((layer.n, *x.sizes), graph.add("Tile", step, np.array([1, layer.n, 1])))


def zero_padding(graph: OnnxGraph, layer: Any, x: Tensor) -> Tensor:
    """A frame of zeros."""
    amounts = np.zeros((2, x.rank), np.int64)
    for number, (before, after) in enumerate(_sides(layer.padding), start=1):
        amounts[:, x.axis(number, x.layout)] = before, after
    name = graph.add("Pad", graph.own(x), amounts.ravel(), 0.0)
    return Tensor(layer.output_sizes(x.sizes), name, x.layout)


def cropping(graph: OnnxGraph, layer: Any, x: Tensor) -> Tensor:
    """Without what lies at the borders."""
    starts = [before for before, _ in _sides(layer.cropping)]
    return _window(graph, x, starts, layer.output_sizes(x.sizes)[:-1])


def resizing(graph: OnnxGraph, layer: Any, x: Tensor) -> Tensor:
    """A window of the image, resized where it has not the output's size yet."""
    height, width, _ = x.sizes
    return _resized_window(graph, layer, x, layer.box(height, width))


def random_crop(graph: OnnxGraph, layer: Any, x: Tensor) -> Tensor:
    """What it cuts outside of training."""
    height, width, _ = x.sizes
    return _resized_window(graph, layer, x, layer.box(height, width, training=False))


def upsampling1d(graph: OnnxGraph, layer: Any, x: Tensor) -> Tensor:
    """Each step repeated."""
    return _enlarged(graph, x, (layer.size,), "nearest")


def upsampling2d(graph: OnnxGraph, layer: Any, x: Tensor) -> Tensor:
    """Each pixel repeated, or the image resized."""
    if layer.interpolation in ("nearest", "bilinear"):
        return _enlarged(graph, x, layer.size, layer.interpolation)
    rows, columns = (
        weights(size, size * times, layer.interpolation)
        for size, times in zip(x.sizes[:2], layer.size, strict=True)
    )
    return _multiplied(graph, x, rows, columns)


def _enlarged(graph: OnnxGraph, x: Tensor, times: Sequence[int], interpolation: str) -> Tensor:
    """By ONNX's Resize, which is exact where the factors are integers."""
    settings: dict[str, Any] = {"mode": "linear", "coordinate_transformation_mode": "half_pixel"}
    if interpolation == "nearest":
        settings = {
            "mode": "nearest",
            "coordinate_transformation_mode": "asymmetric",
            "nearest_mode": "floor",
        }
    scales = np.array([1, 1, *times], np.float32)
    name = graph.add("Resize", graph.first(x), "", scales, **settings)
    enlarged = (size * factor for size, factor in zip(x.sizes[:-1], times, strict=True))
    return Tensor((*enlarged, x.channels), name, FIRST)


def _resized_window(graph: OnnxGraph, layer: Any, x: Tensor, box: Box) -> Tensor:
    inside = min(box.top, box.left) >= 0
    if inside and (box.height, box.width) == (layer.height, layer.width):
        return _window(graph, x, [box.top, box.left], [box.height, box.width])
    rows, columns = matrices(layer, box, *x.sizes[:2])
    return _multiplied(graph, x, rows, columns, getattr(layer, "fill_value", 0.0))


def _multiplied(
    graph: OnnxGraph, x: Tensor, rows: Any, columns: Any, fill_value: float = 0.0
) -> Tensor:
    """`rows @ image @ columns.T` of each channel, as the engine resizes images."""
    image = graph.first(x)
    if fill_value:
        image = graph.add("Sub", image, fill_value)
    name = graph.add("MatMul", rows, graph.add("MatMul", image, columns.T))
    if fill_value:
        name = graph.add("Add", name, fill_value)
    return Tensor((len(rows), len(columns), x.channels), name, FIRST)


def _window(graph: OnnxGraph, x: Tensor, starts: Sequence[int], sizes: Sequence[int]) -> Tensor:
    """The part of images or sequences that begins at `starts` and has these sizes."""
    begins = np.array(starts)
    axes = [x.axis(number, x.layout) for number in range(1, x.rank - 1)]
    name = graph.add("Slice", graph.own(x), begins, begins + np.array(sizes), np.array(axes))
    return Tensor((*sizes, x.channels), name, x.layout)


def _sides(amounts: Any) -> Sequence[tuple[int, int]]:
    """Of each axis (before, after): a sequence's layer has them for its one axis alone."""
    return amounts if isinstance(amounts[0], tuple) else [amounts]
