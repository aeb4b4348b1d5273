"""What nodes of ONNX compute a layer: one row for each class of layer.

A new layer is a row of `TRANSLATIONS`. What acts in training alone passes its input on.
"""

from __future__ import annotations

from collections.abc import Callable

from convlet import layers as declared
from convlet.export import kernels, merging, moving, normalization
from convlet.export.activations import activated
from convlet.export.onnx_graph import OnnxGraph, Tensor
from convlet.export.pooling import global_pooling, pooling
from convlet.layers import Layer
from convlet.layers.activation import FunctionLayer
from convlet.layers.augmentation import Augmentation


def _unchanged(graph: OnnxGraph, layer: Layer, x: Tensor) -> Tensor:
    return x


def _prelu(graph: OnnxGraph, layer: declared.PReLU, x: Tensor) -> Tensor:
    slopes = graph.spread(layer.alpha.value, x)
    return graph.each(x, lambda name: str(graph.add("PRelu", name, slopes)))


TRANSLATIONS: dict[type, Callable[..., Tensor]] = {
    Augmentation: _unchanged,
    FunctionLayer: lambda graph, layer, x: activated(graph, layer.activation, x),
    declared.ActivityRegularization: _unchanged,
    declared.Add: merging.merged("Add"),
    declared.AutoContrast: normalization.auto_contrast,
    declared.Average: merging.average,
    declared.AveragePooling1D: pooling("AveragePool"),
    declared.AveragePooling2D: pooling("AveragePool"),
    declared.BatchNormalization: normalization.batch_normalization,
    declared.CenterCrop: moving.resizing,
    declared.Concatenate: merging.concatenation,
    declared.Conv1D: kernels.convolution,
    declared.Conv2D: kernels.convolution,
    declared.Conv2DTranspose: kernels.transposed_convolution,
    declared.Cropping1D: moving.cropping,
    declared.Cropping2D: moving.cropping,
    declared.Dense: kernels.dense,
    declared.DepthwiseConv2D: kernels.depthwise_convolution,
    declared.Dropout: _unchanged,
    declared.Flatten: moving.flattened,
    declared.GaussianDropout: _unchanged,
    declared.GaussianNoise: _unchanged,
    declared.GlobalAveragePooling1D: global_pooling("GlobalAveragePool"),
    declared.GlobalAveragePooling2D: global_pooling("GlobalAveragePool"),
    declared.GlobalMaxPooling1D: global_pooling("GlobalMaxPool"),
    declared.GlobalMaxPooling2D: global_pooling("GlobalMaxPool"),
    declared.GroupNormalization: normalization.group_normalization,
    declared.Identity: _unchanged,
    declared.LayerNormalization: normalization.layer_normalization,
    declared.MaxPooling1D: pooling("MaxPool"),
    declared.MaxPooling2D: pooling("MaxPool"),
    declared.Maximum: merging.merged("Max"),
    declared.Minimum: merging.merged("Min"),
    declared.Multiply: merging.merged("Mul"),
    declared.Normalization: normalization.normalization,
    declared.PReLU: _prelu,
    declared.Permute: moving.permuted,
    declared.RMSNormalization: normalization.rms_normalization,
    declared.RandomCrop: moving.random_crop,
    declared.RepeatVector: moving.repeated_vector,
    declared.Rescaling: normalization.rescaling,
    declared.Reshape: moving.reshaped,
    declared.Resizing: moving.resizing,
    declared.SeparableConv2D: kernels.separable_convolution,
    declared.Subtract: merging.merged("Sub"),
    declared.UnitNormalization: normalization.unit_normalization,
    declared.UpSampling1D: moving.upsampling1d,
    declared.UpSampling2D: moving.upsampling2d,
    declared.ZeroPadding1D: moving.zero_padding,
    declared.ZeroPadding2D: moving.zero_padding,
}
"""(graph, layer, its inputs) to its output; a subclass is translated as the class it is made from.
"""
