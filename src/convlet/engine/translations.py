"""What op computes a layer: one row for each class of layer that is not fused with others.

A new layer is a row of `TRANSLATIONS`. Conv2D, Dense and BatchNormalization, which take others in,
are in `lowering`.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Any

from convlet import layers as declared
from convlet.activations.lookup import describe
from convlet.engine.cpu.batch_normalization import BatchNormalization
from convlet.engine.cpu.elementwise import Elementwise
from convlet.engine.cpu.group_normalization import GroupNormalization
from convlet.engine.cpu.layer_normalization import LayerNormalization
from convlet.engine.cpu.merging import Combined, Concatenated
from convlet.engine.cpu.noise import Dropout, GaussianNoise
from convlet.engine.cpu.permutation import Permutation
from convlet.engine.cpu.pooling import Pooling
from convlet.engine.cpu.prelu import PReLU
from convlet.engine.cpu.repetition import Repetition
from convlet.engine.cpu.reshaping import Cropping, OverImage, Reshaped, ZeroPadding
from convlet.engine.cpu.resizing import Resize
from convlet.engine.cpu.rows import ROW_FORMULAS, Rowwise
from convlet.engine.image_translations import IMAGE_TRANSLATIONS
from convlet.engine.ops import Op
from convlet.engine.plan import Halo
from convlet.engine.reference.resizing import weights
from convlet.layers import Layer
from convlet.layers.activation import FunctionLayer
from convlet.layers.shapes import Shape, last_axes, sample_axis
from convlet.layers.windows import over_image, pad_amounts


def sizes(shape: Shape) -> tuple[int, ...]:
    """The shape of one sample: all axes but the batch's, which built layers know."""
    return tuple(size for size in shape[1:] if size is not None)


def pads(layer: Any) -> Halo:
    """The padding of a layer with windows over images or sequences."""
    window = over_image(getattr(layer, "kernel_size", None) or layer.pool_size)
    dilation = over_image(getattr(layer, "dilation_rate", (1, 1)))
    strides = over_image(layer.strides)
    vertical, horizontal = (
        pad_amounts(size, window[axis], strides[axis], layer.padding, dilation[axis])
        for axis, size in enumerate(over_image(sizes(layer.input_shape)[:-1]))
    )
    return Halo(*vertical, *horizontal)


def image_size(layer: Any) -> tuple[int, int]:
    """Height and width of a layer's output: a sequence is an image of one row."""
    return over_image(sizes(layer.output_shape)[:-1])


def as_declared(op: Op, first: Any, last: Any) -> Op:
    """The op over images of these layers, for their shapes if those aren't images'.

    Args:
        op: What computes the layers.
        first: The layer that says the shape of its input.
        last: The layer that says the shape of its output.
    """
    shape = sizes(last.output_shape)
    both_images = len(first.input_shape) == 4 and len(shape) == 3
    return op if both_images else OverImage(op, shape)


def activation(layer: Layer, function: Any) -> list[Op]:
    """The op of a layer's activation."""
    name, settings = describe(function)
    if name == "linear":
        return []
    if name in ROW_FORMULAS:
        shape = sizes(layer.output_shape)
        return [Rowwise(name, sample_axis(layer.label, settings["axis"], shape) - len(shape))]
    if settings.get("approximate"):
        name = f"approximate_{name}"
    return [Elementwise(name, *(inf if value is None else value for value in settings.values()))]


def _over_images(layer: Any, op: Op) -> list[Op]:
    return [as_declared(op, layer, layer)]


def _pooling(layer: Any) -> list[Op]:
    padding = pads(layer)
    average = isinstance(layer, declared.AveragePooling1D | declared.AveragePooling2D)
    corner = (padding.top, padding.left)
    window, strides = over_image(layer.pool_size), over_image(layer.strides)
    return _over_images(layer, Pooling(average, window, strides, corner, image_size(layer)))


def _global_pooling(layer: Any) -> list[Op]:
    average = isinstance(layer, declared.GlobalAveragePooling1D | declared.GlobalAveragePooling2D)
    size = over_image(sizes(layer.input_shape)[:-1])
    return _over_images(layer, Pooling(average, size, size, (0, 0), (1, 1)))


def batch_normalization(layer: Any, activation: str = "linear") -> BatchNormalization:
    """The op of a BatchNormalization, with the activation that is computed with it."""
    return BatchNormalization(
        layer.gamma, layer.beta, layer.moving_mean, layer.moving_variance, layer.momentum,
        layer.epsilon, activation, layer.trainable,
    )  # fmt: skip


def _group_normalization(layer: Any) -> list[Op]:
    groups = sizes(layer.input_shape)[-1] if layer.groups == -1 else layer.groups
    has_weights = bool(layer.trainable_weights)
    return [GroupNormalization(groups, layer.gamma, layer.beta, layer.epsilon, has_weights)]


def _layer_normalization(layer: Any) -> list[Op]:
    shape = last_axes(layer.label, layer.axis, sizes(layer.input_shape))
    has_weights = bool(layer.trainable_weights)
    if isinstance(layer, declared.UnitNormalization):
        return [LayerNormalization("unit", shape, None, None, 0.0, has_weights)]
    if isinstance(layer, declared.RMSNormalization):
        return [LayerNormalization("rms", shape, layer.scale, None, layer.epsilon, has_weights)]
    return [LayerNormalization("layer", shape, layer.gamma, layer.beta, layer.epsilon, has_weights)]


def _reshaped(layer: Any) -> list[Op]:
    return [Reshaped(sizes(layer.output_shape))]


def _dropout(layer: Any) -> list[Op]:
    affine = layer.affine if isinstance(layer, declared.AlphaDropout) else None
    drawn = layer.noise_sizes(sizes(layer.input_shape))
    op = Dropout(layer.rate, affine, layer.seed, drawn, layer.one_for_all)
    return [op] if layer.draws else []


def _gaussian(layer: Any) -> list[Op]:
    multiplies = isinstance(layer, declared.GaussianDropout)
    op = GaussianNoise(layer.stddev, multiplies, layer.seed, sizes(layer.input_shape))
    return [op] if layer.draws else []


def _border(sides: Any) -> Halo:
    """Of an image from ((top, bottom), (left, right)), of a sequence from (left, right)."""
    vertical, horizontal = sides if isinstance(sides[0], tuple) else ((0, 0), sides)
    return Halo(*vertical, *horizontal)


def _chained(count: int, first: Op, others: Callable[[int], Op]) -> list[Op]:
    """Ops of two inputs each that put several together, one after another."""
    return [first, *(others(number) for number in range(2, count))]


def _merged(kind: str) -> Callable[[Any], list[Op]]:
    def translate(layer: Any) -> list[Op]:
        count = len(layer.input_shape)
        return _chained(count, Combined(kind), lambda number: Combined(kind))

    return translate


def _average(layer: Any) -> list[Op]:
    share = 1.0 / len(layer.input_shape)
    first = Combined("linear", share, share)
    return _chained(len(layer.input_shape), first, lambda number: Combined("linear", 1.0, share))


def _concatenated(layer: Any) -> list[Op]:
    return [Concatenated(layer.sample_axis(len(sizes(layer.output_shape))))]


def _zero_padding(layer: Any) -> list[Op]:
    return _over_images(layer, ZeroPadding(_border(layer.padding)))


def _cropping(layer: Any) -> list[Op]:
    return _over_images(layer, Cropping(_border(layer.cropping)))


def _upsampling(layer: Any) -> list[Op]:
    if layer.interpolation == "nearest":
        return [Repetition(layer.size)]
    rows, columns = (
        weights(size, size * times, layer.interpolation)
        for size, times in zip(sizes(layer.input_shape)[:2], layer.size, strict=True)
    )
    return [Resize(rows, columns)]


def _repeated(layer: Any, times: int) -> list[Op]:
    """Steps, or features that become steps, are pixels of a row."""
    return _over_images(layer, Repetition((1, times)))


TRANSLATIONS: dict[type, Callable[[Any], list[Op]]] = {
    declared.ActivityRegularization: lambda layer: [],
    declared.Add: _merged("linear"),
    declared.Average: _average,
    declared.AveragePooling1D: _pooling,
    declared.AveragePooling2D: _pooling,
    declared.Concatenate: _concatenated,
    declared.Cropping1D: _cropping,
    declared.Cropping2D: _cropping,
    declared.Dropout: _dropout,
    declared.Flatten: _reshaped,
    FunctionLayer: lambda layer: activation(layer, layer.activation),
    declared.GaussianDropout: _gaussian,
    declared.GaussianNoise: _gaussian,
    declared.GlobalAveragePooling1D: _global_pooling,
    declared.GlobalAveragePooling2D: _global_pooling,
    declared.GlobalMaxPooling1D: _global_pooling,
    declared.GlobalMaxPooling2D: _global_pooling,
    declared.Identity: lambda layer: [],
    declared.MaxPooling1D: _pooling,
    declared.GroupNormalization: _group_normalization,
    declared.LayerNormalization: _layer_normalization,
    declared.MaxPooling2D: _pooling,
    declared.Maximum: _merged("maximum"),
    declared.Minimum: _merged("minimum"),
    declared.Multiply: _merged("multiply"),
    declared.Permute: lambda layer: [Permutation(tuple(axis - 1 for axis in layer.dims))],
    declared.PReLU: lambda layer: [PReLU(layer.alpha, bool(layer.trainable_weights))],
    declared.RepeatVector: lambda layer: _repeated(layer, layer.n),
    declared.Reshape: _reshaped,
    declared.Subtract: lambda layer: [Combined("linear", 1.0, -1.0)],
    declared.UpSampling1D: lambda layer: _repeated(layer, layer.size),
    declared.UpSampling2D: _upsampling,
    declared.RMSNormalization: _layer_normalization,
    declared.UnitNormalization: _layer_normalization,
    declared.ZeroPadding1D: _zero_padding,
    declared.ZeroPadding2D: _zero_padding,
    **IMAGE_TRANSLATIONS,
}
"""The ops of a layer by its class; a subclass is computed as the class it is made from."""
