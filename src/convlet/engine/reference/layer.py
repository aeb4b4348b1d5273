"""One layer as the network walks through it: forward, and back.

A layer is taken as two steps: its weighted sum, pooling or rearrangement, which gives ``z``, and
then its activation (linear where it has none). So a softmax or sigmoid that ends the network can
be joined with the cross-entropy after it.
"""

from typing import TypeAlias

from convlet import layers as declarations
from convlet.engine.reference import convolution, elementwise, pooling
from convlet.engine.reference.arrays import Floats

_Weights: TypeAlias = tuple[Floats, Floats | None]


def sums(layer: declarations.Layer, x: Floats, mask: Floats | None) -> Floats:
    """The layer's first step: from its input to ``z``."""
    match layer:
        case declarations.Conv2D():
            return convolution.conv2d(
                x, *_weights(layer, x), layer.strides, layer.padding, layer.dilation_rate
            )
        case declarations.Dense():
            return elementwise.dense(x, *_weights(layer, x))
        case declarations.MaxPooling2D():
            return pooling.max_pooling2d(x, layer.pool_size, layer.strides, layer.padding)
        case declarations.AveragePooling2D():
            return pooling.average_pooling2d(x, layer.pool_size, layer.strides, layer.padding)
        case declarations.GlobalMaxPooling2D():
            return pooling.global_max_pooling2d(x, layer.keepdims)
        case declarations.GlobalAveragePooling2D():
            return pooling.global_average_pooling2d(x, layer.keepdims)
        case declarations.Flatten():
            return x.reshape(len(x), -1)
        case declarations.Reshape():
            return x.reshape(len(x), *layer.target_shape)
        case declarations.ZeroPadding2D():
            return elementwise.zero_padding2d(x, layer.padding)
        case declarations.Rescaling():
            return elementwise.rescaling(x, layer.scale, layer.offset)
        case declarations.ReLU():
            return elementwise.relu(x, layer.max_value, layer.negative_slope, layer.threshold)
        case declarations.Dropout():
            return x if mask is None else elementwise.dropout(x, layer.rate, mask)
        case declarations.Activation() | declarations.Softmax() | declarations.InputLayer():
            return x
        case _:
            raise TypeError(f"The reference does not know the layer {layer!r}.")


def sums_backward(
    layer: declarations.Layer, dz: Floats, x: Floats, mask: Floats | None
) -> tuple[Floats, list[Floats]]:
    """The gradients with respect to the layer's input and to each of its weights."""
    match layer:
        case declarations.Conv2D():
            kernel, bias = _weights(layer, x)
            dx, dkernel, dbias = convolution.conv2d_backward(
                dz, x, kernel, layer.strides, layer.padding, layer.dilation_rate
            )
            return dx, [dkernel] if bias is None else [dkernel, dbias]
        case declarations.Dense():
            kernel, bias = _weights(layer, x)
            dx, dkernel, dbias = elementwise.dense_backward(dz, x, kernel)
            return dx, [dkernel] if bias is None else [dkernel, dbias]
        case _:
            return _weightless_backward(layer, dz, x, mask), []


def _weightless_backward(
    layer: declarations.Layer, dz: Floats, x: Floats, mask: Floats | None
) -> Floats:
    match layer:
        case declarations.MaxPooling2D():
            return pooling.max_pooling2d_backward(
                dz, x, layer.pool_size, layer.strides, layer.padding
            )
        case declarations.AveragePooling2D():
            return pooling.average_pooling2d_backward(
                dz, x, layer.pool_size, layer.strides, layer.padding
            )
        case declarations.GlobalMaxPooling2D():
            return pooling.global_max_pooling2d_backward(dz, x)
        case declarations.GlobalAveragePooling2D():
            return pooling.global_average_pooling2d_backward(dz, x)
        case declarations.Flatten() | declarations.Reshape():
            return dz.reshape(x.shape)
        case declarations.ZeroPadding2D():
            return elementwise.zero_padding2d_backward(dz, layer.padding)
        case declarations.Rescaling():
            return elementwise.rescaling_backward(dz, layer.scale)
        case declarations.ReLU():
            return elementwise.relu_backward(
                dz, x, layer.max_value, layer.negative_slope, layer.threshold
            )
        case declarations.Dropout():
            return dz if mask is None else elementwise.dropout(dz, layer.rate, mask)
        case _:
            return dz


def activate(layer: declarations.Layer, z: Floats) -> Floats:
    """The layer's second step: from ``z`` to its output."""
    return elementwise.ACTIVATIONS[activation_name(layer)][0](z)


def activate_backward(layer: declarations.Layer, dy: Floats, z: Floats) -> Floats:
    """The gradient with respect to ``z``."""
    return elementwise.ACTIVATIONS[activation_name(layer)][1](dy, z)


def activation_name(layer: declarations.Layer) -> str:
    """The name of the activation that the layer ends with."""
    match layer:
        case declarations.Conv2D() | declarations.Dense() | declarations.Activation():
            return str(layer.activation.__name__)
        case declarations.Softmax():
            return "softmax"
        case _:
            return "linear"


def _weights(layer: declarations.Conv2D | declarations.Dense, x: Floats) -> _Weights:
    """The kernel, and the bias if there is one, in the type that the network computes in."""
    bias = None if layer.bias is None else layer.bias.value.astype(x.dtype)
    return layer.kernel.value.astype(x.dtype), bias
