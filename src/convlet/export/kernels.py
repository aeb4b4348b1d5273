"""Dense layers and convolutions of every kind, as nodes of ONNX.

Kernels are put once into ONNX's order: (filters, channels of a group, height, width).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlet.export.activations import activated
from convlet.export.onnx_graph import FIRST, OnnxGraph, Tensor
from convlet.layers.windows import dilated_size, pad_amounts, transposed_size, transposed_start


def dense(graph: OnnxGraph, layer: Any, x: Tensor) -> Tensor:
    """A product over the last axis."""
    kernel = graph.constant(layer.kernel.value, "kernel")
    bias = [] if layer.bias is None else [graph.constant(layer.bias.value, "bias")]
    if x.rank == 2 and bias:
        name = graph.add("Gemm", graph.last(x), kernel, *bias)
    else:
        name = graph.add("MatMul", graph.last(x), kernel)
        name = graph.add("Add", name, *bias) if bias else name
    return activated(graph, layer.activation, Tensor((*x.sizes[:-1], layer.units), name))


def convolution(graph: OnnxGraph, layer: Any, x: Tensor) -> Tensor:
    """Conv1D and Conv2D, in groups or not."""
    kernel = np.moveaxis(layer.kernel.value, (-1, -2), (0, 1))
    return _biased_windows(graph, layer, x, kernel, groups=x.channels // layer.kernel.shape[-2])


def depthwise_convolution(graph: OnnxGraph, layer: Any, x: Tensor) -> Tensor:
    """A group for each channel."""
    kernel = _of_each_channel(layer.kernel.value)
    return _biased_windows(graph, layer, x, kernel, groups=x.channels)


def separable_convolution(graph: OnnxGraph, layer: Any, x: Tensor) -> Tensor:
    """A depthwise convolution, and one of 1x1 windows."""
    depthwise, pointwise, *bias = (weight.value for weight in layer.weights)
    inner = graph.add(
        "Conv",
        graph.first(x),
        graph.constant(_of_each_channel(depthwise), "depthwise_kernel"),
        group=x.channels,
        **_windows(layer, x),
    )
    mixing = graph.constant(pointwise.transpose(3, 2, 0, 1), "pointwise_kernel")
    name = graph.add("Conv", inner, mixing, *(graph.constant(each, "bias") for each in bias))
    sizes = layer.output_sizes(x.sizes)
    return activated(graph, layer.activation, Tensor(sizes, name, FIRST))


def transposed_convolution(graph: OnnxGraph, layer: Any, x: Tensor) -> Tensor:
    """What a convolution's gradient does, cut to the layer's size."""
    begins, ends, added = [], [], []
    for size, settings in zip(x.sizes[:-1], layer.settings_of_axes(), strict=True):
        window, stride, _, dilation, _ = settings
        begin = transposed_start(*settings)
        whole = (size - 1) * stride + dilated_size(window, dilation)
        end = whole - begin - transposed_size(size, *settings)
        begins.append(begin)
        ends.append(max(end, 0))
        added.append(max(-end, 0))
    name = graph.add(
        "ConvTranspose",
        graph.first(x),
        graph.constant(layer.kernel.value.transpose(3, 2, 0, 1), "kernel"),
        *_bias(graph, layer),
        strides=layer.strides,
        dilations=layer.dilation_rate,
        pads=begins + ends,
        output_padding=added,
    )
    sizes = layer.output_sizes(x.sizes)
    return activated(graph, layer.activation, Tensor(sizes, name, FIRST))


def pads(sizes: tuple[int, ...], layer: Any, window: Any, dilation: Any) -> list[int]:
    """The padding of a layer's windows: in front of each axis, then behind each."""
    pairs = [
        pad_amounts(size, window[axis], layer.strides[axis], layer.padding, dilation[axis])
        for axis, size in enumerate(sizes[:-1])
    ]
    return [before for before, _ in pairs] + [after for _, after in pairs]


def _biased_windows(
    graph: OnnxGraph, layer: Any, x: Tensor, kernel: NDArray[Any], groups: int
) -> Tensor:
    name = graph.add(
        "Conv",
        graph.first(x),
        graph.constant(kernel, "kernel"),
        *_bias(graph, layer),
        group=groups,
        **_windows(layer, x),
    )
    sizes = layer.output_sizes(x.sizes)
    return activated(graph, layer.activation, Tensor(sizes, name, FIRST))


def _bias(graph: OnnxGraph, layer: Any) -> list[str]:
    return [] if layer.bias is None else [graph.constant(layer.bias.value, "bias")]


def _windows(layer: Any, x: Tensor) -> dict[str, Any]:
    return {
        "kernel_shape": layer.kernel_size,
        "strides": layer.strides,
        "dilations": layer.dilation_rate,
        "pads": pads(x.sizes, layer, layer.kernel_size, layer.dilation_rate),
    }


def _of_each_channel(kernel: NDArray[Any]) -> NDArray[Any]:
    """(height, width, channels, multiplier) as (channels * multiplier, 1, height, width)."""
    height, width, channels, multiplier = kernel.shape
    return kernel.transpose(2, 3, 0, 1).reshape(channels * multiplier, 1, height, width)
