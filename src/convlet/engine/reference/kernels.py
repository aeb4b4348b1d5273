"""Layers with kernels: dense ones and convolutions of every kind, with the settings they have."""

from collections.abc import Callable
from typing import Any, TypeAlias

from convlet import layers as declarations
from convlet.engine.reference import convolution, elementwise, one_axis
from convlet.engine.reference.arrays import Floats

Pair: TypeAlias = tuple[
    Callable[[Any, Floats], Floats],
    Callable[[Any, Floats, Floats], tuple[Floats, list[Floats]]],
]
_Weights: TypeAlias = tuple[Floats, Floats | None]


def _weights_of(layer: Any, x: Floats) -> _Weights:
    """The kernel, and the bias if there is one, in the type that the network computes in."""
    bias = None if layer.bias is None else layer.bias.value.astype(x.dtype)
    return layer.kernel.value.astype(x.dtype), bias


def _windowed(forward: Callable[..., Floats], backward: Callable[..., Any], *more: str) -> Pair:
    """Of a layer that slides a kernel's windows over images.

    Args:
        forward: (x, kernel, bias, strides, padding, dilation, …) to z.
        backward: (dz, x, kernel, strides, padding, dilation, …) to dx, dkernel, dbias.
        *more: The names of further settings.
    """

    def settings(layer: Any) -> tuple[Any, ...]:
        strides, dilation = layer.strides, layer.dilation_rate
        if len(strides) == 1:
            strides, dilation = strides[0], dilation[0]
        return strides, layer.padding, dilation, *(getattr(layer, name) for name in more)

    def all_gradients(layer: Any, dz: Floats, x: Floats) -> tuple[Floats, list[Floats]]:
        kernel, bias = _weights_of(layer, x)
        dx, dkernel, dbias = backward(dz, x, kernel, *settings(layer))
        return dx, [dkernel] if bias is None else [dkernel, dbias]

    return lambda layer, x: forward(x, *_weights_of(layer, x), *settings(layer)), all_gradients


def _separated(layer: Any, x: Floats) -> tuple[Floats, _Weights]:
    """What the windows of the channels make of x, and the weights of the channels."""
    kernel, mixing, *bias = (weight.value.astype(x.dtype) for weight in layer.weights)
    settings = layer.strides, layer.padding, layer.dilation_rate
    between = convolution.depthwise_conv2d(x, kernel, None, *settings)
    return between, (mixing, bias[0] if bias else None)


def _separable(layer: Any, x: Floats) -> Floats:
    between, weights = _separated(layer, x)
    return convolution.conv2d(between, *weights)


def _separable_backward(layer: Any, dz: Floats, x: Floats) -> tuple[Floats, list[Floats]]:
    between, (mixing, bias) = _separated(layer, x)
    dbetween, dmixing, dbias = convolution.conv2d_backward(dz, between, mixing)
    kernel = layer.depthwise_kernel.value.astype(x.dtype)
    settings = layer.strides, layer.padding, layer.dilation_rate
    dx, dkernel, _ = convolution.depthwise_conv2d_backward(dbetween, x, kernel, *settings)
    return dx, [dkernel, dmixing] if bias is None else [dkernel, dmixing, dbias]


def _dense_backward(layer: Any, dz: Floats, x: Floats) -> tuple[Floats, list[Floats]]:
    kernel, bias = _weights_of(layer, x)
    dx, dkernel, dbias = elementwise.dense_backward(dz, x, kernel)
    return dx, [dkernel] if bias is None else [dkernel, dbias]


def _dense(layer: Any, x: Floats) -> Floats:
    return elementwise.dense(x, *_weights_of(layer, x))


KERNELS: dict[type, Pair] = {
    declarations.Conv1D: _windowed(one_axis.conv1d, one_axis.conv1d_backward),
    declarations.Conv2D: _windowed(convolution.conv2d, convolution.conv2d_backward),
    declarations.Conv2DTranspose: _windowed(
        convolution.conv2d_transpose, convolution.conv2d_transpose_backward, "output_padding"
    ),
    declarations.Dense: (_dense, _dense_backward),
    declarations.DepthwiseConv2D: _windowed(
        convolution.depthwise_conv2d, convolution.depthwise_conv2d_backward
    ),
    declarations.SeparableConv2D: (_separable, _separable_backward),
}
"""Of each layer by its class: (layer, x) to z; and (layer, dz, x) to dx and the gradients."""
