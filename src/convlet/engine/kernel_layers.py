"""The ops of layers with kernels: convolutions of every kind, and dense layers."""

from __future__ import annotations

from typing import Any

from convlet import layers as declared
from convlet.engine.cpu.conv2d import Convolution, Geometry
from convlet.engine.cpu.conv2d_transpose import TransposedConvolution
from convlet.engine.cpu.dense import Dense
from convlet.engine.cpu.depthwise import DepthwiseConvolution
from convlet.engine.cpu.repeating import RepeatedChannels
from convlet.engine.ops import Op
from convlet.engine.plan import NO_HALO, Halo
from convlet.engine.translations import as_declared, image_size, pads, sizes
from convlet.layers.windows import dilated_size, over_image, transposed_start
from convlet.variable import Variable


def product_ops(layer: Any, activation: str, pool: tuple[int, int] | None) -> list[Any]:
    """The op that takes in what is behind the layer, last, and those in front of it."""
    trainable = bool(layer.trainable_weights)
    if isinstance(layer, declared.Dense):
        return [Dense(layer.kernel, layer.bias, activation, trainable)]
    if isinstance(layer, declared.Conv2DTranspose):
        size = image_size(layer)
        backwards = _transposed_geometry(layer)
        return [
            TransposedConvolution(layer.kernel, layer.bias, backwards, size, activation, trainable)
        ]
    geometry = _geometry(layer)
    if isinstance(layer, declared.DepthwiseConv2D):
        return _depthwise(layer, layer.kernel, layer.bias, geometry, activation)
    if isinstance(layer, declared.SeparableConv2D):
        one = Geometry((1, 1), (1, 1), (1, 1), NO_HALO, geometry.output)
        return [
            *_depthwise(layer, layer.depthwise_kernel, None, geometry, "linear"),
            Convolution(layer.pointwise_kernel, layer.bias, one, activation, pool, trainable),
        ]
    return [Convolution(layer.kernel, layer.bias, geometry, activation, pool, trainable)]


def _depthwise(
    layer: Any, kernel: Variable, bias: Variable | None, geometry: Geometry, activation: str
) -> list[Op]:
    """The ops of a kernel with a window, or several, for each channel."""
    times = layer.depth_multiplier
    trainable = bool(layer.trainable_weights)
    op = DepthwiseConvolution(kernel, bias, geometry, activation, trainable)
    return [RepeatedChannels(times), op] if times > 1 else [op]


def _geometry(layer: Any) -> Geometry:
    return Geometry(
        over_image(layer.kernel_size), over_image(layer.strides), over_image(layer.dilation_rate),
        pads(layer), image_size(layer),
    )  # fmt: skip


def _transposed_geometry(layer: Any) -> Geometry:
    """How the windows of the convolution from a transposed one's output to its input lie."""
    inputs, outputs = sizes(layer.input_shape)[:2], image_size(layer)
    sides = []
    for size, length, settings in zip(inputs, outputs, layer.settings_of_axes(), strict=True):
        window, stride, _, dilation, _ = settings
        before = transposed_start(*settings)
        reach = (size - 1) * stride + dilated_size(window, dilation)
        sides += [before, max(0, reach - before - length)]
    return Geometry(
        layer.kernel_size, layer.strides, layer.dilation_rate, Halo(*sides), (inputs[0], inputs[1])
    )


def shaped(op: Op, layer: Any, last: Any) -> Op:
    """The op for the layers' shapes: all but dense layers compute on images."""
    return op if isinstance(layer, declared.Dense) else as_declared(op, layer, last)
