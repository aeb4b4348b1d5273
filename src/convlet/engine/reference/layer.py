"""One layer as the network walks through it: forward, and back.

A layer is taken as two steps: its weighted sum, pooling or rearrangement, which gives ``z``, and
then its activation (linear where it has none). So a softmax or sigmoid that ends the network can
be joined with the cross-entropy after it.

A new layer is a row of `DEFINITIONS`.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from convlet import layers as declarations
from convlet.activations import linear
from convlet.activations.lookup import Described, describe
from convlet.engine.reference import (
    activations,
    elementwise,
    images,
    kernels,
    merging,
    moving,
    normalizing,
    one_axis,
    pooling,
)
from convlet.engine.reference.arrays import Floats
from convlet.layers.activation import FunctionLayer


class Mode(NamedTuple):
    """How a layer is used.

    Attributes:
        training: Whether in training.
        mask: What a layer that draws drew, for this layer; None where it draws nothing.
        epoch: Which pass over the data it is: augmentation draws by it.
        images: The images' positions in the data set; None for 0, 1, 2 ….
    """

    training: bool = False
    mask: Floats | None = None
    epoch: int = 0
    images: Sequence[int] | None = None


class Definition(NamedTuple):
    """A layer's first step, to ``z``, and its way back.

    Attributes:
        forward: (layer, x, mode) to z; ``x`` is a list where the layer takes several.
        backward: (layer, dz, x, mode) to dx and the gradients of the layer's weights, in their
            order; ``dx`` is a list where ``x`` is.
    """

    forward: Callable[[Any, Any, Mode], Floats]
    backward: Callable[[Any, Floats, Any, Mode], tuple[Any, list[Floats]]]


def sums(layer: declarations.Layer, x: Any, mode: Mode) -> Floats:
    """The layer's first step: from its input to ``z``."""
    return _definition(layer).forward(layer, x, mode)


def sums_backward(
    layer: declarations.Layer, dz: Floats, x: Any, mode: Mode
) -> tuple[Any, list[Floats]]:
    """The gradients with respect to the layer's input and to each of its weights."""
    return _definition(layer).backward(layer, dz, x, mode)


def _definition(layer: declarations.Layer) -> Definition:
    for kind in type(layer).__mro__:
        if kind in DEFINITIONS:
            return DEFINITIONS[kind]
    raise TypeError(f"The reference does not know the layer {layer!r}.")


def activate(layer: declarations.Layer, z: Floats) -> Floats:
    """The layer's second step: from ``z`` to its output."""
    name, settings = activation_of(layer)
    return activations.forward(name, z, **settings)


def activate_backward(layer: declarations.Layer, dy: Floats, z: Floats) -> Floats:
    """The gradient with respect to ``z``."""
    name, settings = activation_of(layer)
    return activations.backward(name, dy, z, **settings)


def activation_of(layer: declarations.Layer) -> Described:
    """The activation that the layer ends with."""
    return describe(getattr(layer, "activation", linear))


def always(
    forward: Callable[[Any, Floats], Floats],
    backward: Callable[[Any, Floats, Floats], tuple[Floats, list[Floats]]],
) -> Definition:
    """Of a layer that does the same in training as at any other time.

    Args:
        forward: (layer, x) to z.
        backward: (layer, dz, x) to dx and the gradients of the weights.
    """
    return Definition(
        lambda layer, x, mode: forward(layer, x),
        lambda layer, dz, x, mode: backward(layer, dz, x),
    )


def weightless(
    forward: Callable[[Any, Any], Floats], backward: Callable[[Any, Floats, Any], Any]
) -> Definition:
    """Of a layer without weights that does the same in training as at any other time.

    Args:
        forward: (layer, x) to z.
        backward: (layer, dz, x) to dx.
    """
    return always(forward, lambda layer, dz, x: (backward(layer, dz, x), []))


def _drop(layer: Any, x: Floats, mode: Mode) -> Floats:
    return x if mode.mask is None else elementwise.dropout(x, layer.rate, mode.mask)


def _drop_alpha(layer: Any, x: Floats, mode: Mode) -> Floats:
    return x if mode.mask is None else elementwise.alpha_dropout(x, layer.affine, mode.mask)


def _drop_alpha_backward(
    layer: Any, dz: Floats, x: Floats, mode: Mode
) -> tuple[Floats, list[Floats]]:
    if mode.mask is None:
        return dz, []
    return elementwise.alpha_dropout_backward(dz, layer.affine, mode.mask), []


def _add_noise(layer: Any, x: Floats, mode: Mode) -> Floats:
    return x if mode.mask is None else x + layer.stddev * mode.mask


def _multiply_noise(layer: Any, x: Floats, mode: Mode) -> Floats:
    return x if mode.mask is None else elementwise.gaussian_dropout(x, layer.stddev, mode.mask)


def _alpha(layer: Any, x: Floats) -> Floats:
    return np.asarray(layer.alpha.value, x.dtype)


def _prelu_backward(layer: Any, dz: Floats, x: Floats, mode: Mode) -> tuple[Floats, list[Floats]]:
    dx, dalpha = elementwise.prelu_backward(dz, x, _alpha(layer, x))
    return dx, [dalpha]


def _no_gradient(layer: Any, dz: Floats, x: Floats, mode: Mode) -> tuple[Floats, list[Floats]]:
    """Of a layer that stands before all weights: nobody looks at what this returns."""
    return np.zeros_like(x), []


def _weighted_sum(weights: Callable[[int], list[float]]) -> Definition:
    """Of a layer that adds up what it is given.

    Args:
        weights: What each of so many inputs is multiplied with.
    """
    return weightless(
        lambda layer, xs: merging.weighted_sum(xs, weights(len(xs))),
        lambda layer, dz, xs: merging.weighted_sum_backward(dz, xs, weights(len(xs))),
    )


def _extremum(largest: bool) -> Definition:
    return weightless(
        lambda layer, xs: merging.extremum(xs, largest),
        lambda layer, dz, xs: merging.extremum_backward(dz, xs, largest),
    )


_UNCHANGED = weightless(lambda layer, x: x, lambda layer, dz, x: dz)

DEFINITIONS: dict[type, Definition] = {
    declarations.ActivityRegularization: _UNCHANGED,
    declarations.Add: _weighted_sum(lambda count: [1.0] * count),
    declarations.AlphaDropout: Definition(_drop_alpha, _drop_alpha_backward),
    declarations.Average: _weighted_sum(lambda count: [1.0 / count] * count),
    declarations.AveragePooling1D: weightless(
        lambda layer, x: one_axis.average_pooling1d(
            x, layer.pool_size[0], layer.strides[0], layer.padding
        ),
        lambda layer, dz, x: one_axis.average_pooling1d_backward(
            dz, x, layer.pool_size[0], layer.strides[0], layer.padding
        ),
    ),
    declarations.AveragePooling2D: weightless(
        lambda layer, x: pooling.average_pooling2d(
            x, layer.pool_size, layer.strides, layer.padding
        ),
        lambda layer, dz, x: pooling.average_pooling2d_backward(
            dz, x, layer.pool_size, layer.strides, layer.padding
        ),
    ),
    declarations.BatchNormalization: Definition(
        lambda layer, x, mode: normalizing.batch_normalization(layer, x, mode.training),
        lambda layer, dz, x, mode: normalizing.batch_normalization_backward(
            layer, dz, x, mode.training
        ),
    ),
    declarations.Concatenate: weightless(
        lambda layer, xs: merging.concatenate(xs, layer.axis),
        lambda layer, dz, xs: merging.concatenate_backward(dz, xs, layer.axis),
    ),
    declarations.Cropping1D: weightless(
        lambda layer, x: moving.cropping1d(x, layer.cropping),
        lambda layer, dz, x: moving.cropping1d_backward(dz, layer.cropping),
    ),
    declarations.Cropping2D: weightless(
        lambda layer, x: moving.cropping2d(x, layer.cropping),
        lambda layer, dz, x: moving.cropping2d_backward(dz, layer.cropping),
    ),
    declarations.Dropout: Definition(
        _drop, lambda layer, dz, x, mode: (_drop(layer, dz, mode), [])
    ),
    declarations.Flatten: weightless(
        lambda layer, x: x.reshape(len(x), -1), lambda layer, dz, x: dz.reshape(x.shape)
    ),
    declarations.GlobalAveragePooling1D: weightless(
        lambda layer, x: one_axis.global_average_pooling1d(x, layer.keepdims),
        lambda layer, dz, x: one_axis.global_average_pooling1d_backward(dz, x),
    ),
    FunctionLayer: _UNCHANGED,
    declarations.GaussianDropout: Definition(
        _multiply_noise, lambda layer, dz, x, mode: (_multiply_noise(layer, dz, mode), [])
    ),
    declarations.GaussianNoise: Definition(_add_noise, lambda layer, dz, x, mode: (dz, [])),
    declarations.GlobalAveragePooling2D: weightless(
        lambda layer, x: pooling.global_average_pooling2d(x, layer.keepdims),
        lambda layer, dz, x: pooling.global_average_pooling2d_backward(dz, x),
    ),
    declarations.GlobalMaxPooling1D: weightless(
        lambda layer, x: one_axis.global_max_pooling1d(x, layer.keepdims),
        lambda layer, dz, x: one_axis.global_max_pooling1d_backward(dz, x),
    ),
    declarations.GlobalMaxPooling2D: weightless(
        lambda layer, x: pooling.global_max_pooling2d(x, layer.keepdims),
        lambda layer, dz, x: pooling.global_max_pooling2d_backward(dz, x),
    ),
    declarations.Identity: _UNCHANGED,
    declarations.InputLayer: _UNCHANGED,
    declarations.MaxPooling1D: weightless(
        lambda layer, x: one_axis.max_pooling1d(
            x, layer.pool_size[0], layer.strides[0], layer.padding
        ),
        lambda layer, dz, x: one_axis.max_pooling1d_backward(
            dz, x, layer.pool_size[0], layer.strides[0], layer.padding
        ),
    ),
    declarations.GroupNormalization: always(
        normalizing.group_normalization, normalizing.group_normalization_backward
    ),
    declarations.LayerNormalization: always(
        normalizing.layer_normalization, normalizing.layer_normalization_backward
    ),
    declarations.MaxPooling2D: weightless(
        lambda layer, x: pooling.max_pooling2d(x, layer.pool_size, layer.strides, layer.padding),
        lambda layer, dz, x: pooling.max_pooling2d_backward(
            dz, x, layer.pool_size, layer.strides, layer.padding
        ),
    ),
    declarations.Maximum: _extremum(largest=True),
    declarations.Minimum: _extremum(largest=False),
    declarations.Multiply: weightless(
        lambda layer, xs: merging.product(xs),
        lambda layer, dz, xs: merging.product_backward(dz, xs),
    ),
    declarations.Permute: weightless(
        lambda layer, x: moving.permute(x, layer.dims),
        lambda layer, dz, x: moving.permute_backward(dz, layer.dims),
    ),
    declarations.PReLU: Definition(
        lambda layer, x, mode: elementwise.prelu(x, _alpha(layer, x)), _prelu_backward
    ),
    declarations.RMSNormalization: always(
        normalizing.rms_normalization, normalizing.rms_normalization_backward
    ),
    declarations.Normalization: Definition(
        lambda layer, x, mode: images.normalization(layer, x),
        lambda layer, dz, x, mode: images.normalization_backward(layer, dz, x),
    ),
    declarations.RepeatVector: weightless(
        lambda layer, x: moving.repeat_vector(x, layer.n),
        lambda layer, dz, x: moving.repeat_vector_backward(dz),
    ),
    declarations.Rescaling: weightless(
        lambda layer, x: elementwise.rescaling(x, layer.scale, layer.offset),
        lambda layer, dz, x: elementwise.rescaling_backward(dz, layer.scale),
    ),
    declarations.Reshape: weightless(
        lambda layer, x: x.reshape(len(x), *layer.target_shape),
        lambda layer, dz, x: dz.reshape(x.shape),
    ),
    declarations.Subtract: _weighted_sum(lambda count: [1.0, -1.0]),
    declarations.UpSampling1D: weightless(
        lambda layer, x: moving.upsampling1d(x, layer.size),
        lambda layer, dz, x: moving.upsampling1d_backward(dz, x, layer.size),
    ),
    declarations.UpSampling2D: weightless(
        lambda layer, x: moving.upsampling2d(x, layer.size, layer.interpolation),
        lambda layer, dz, x: moving.upsampling2d_backward(dz, x, layer.size, layer.interpolation),
    ),
    declarations.ZeroPadding1D: weightless(
        lambda layer, x: moving.zero_padding1d(x, layer.padding),
        lambda layer, dz, x: moving.zero_padding1d_backward(dz, layer.padding),
    ),
    declarations.UnitNormalization: weightless(
        normalizing.unit_normalization, normalizing.unit_normalization_backward
    ),
    declarations.ZeroPadding2D: weightless(
        lambda layer, x: moving.zero_padding2d(x, layer.padding),
        lambda layer, dz, x: moving.zero_padding2d_backward(dz, layer.padding),
    ),
    **{kind: always(*pair) for kind, pair in kernels.KERNELS.items()},
    **{kind: weightless(*pair) for kind, pair in images.PREPARATIONS.items()},
    **{kind: Definition(forward, _no_gradient) for kind, forward in images.AUGMENTATIONS.items()},
}
"""Of each layer by its class; a subclass is computed as the class it is made from."""
