"""What a network is made of: declarations of settings, weights and output shapes."""

from __future__ import annotations

from typing import Any

from convlet.absent import refuser
from convlet.layers.absent import ABSENT
from convlet.layers.activation import ELU, Activation, LeakyReLU, ReLU, Softmax
from convlet.layers.activity_regularization import ActivityRegularization
from convlet.layers.auto_contrast import AutoContrast
from convlet.layers.base import Layer
from convlet.layers.batch_normalization import BatchNormalization
from convlet.layers.borders import Cropping1D, Cropping2D, ZeroPadding1D, ZeroPadding2D
from convlet.layers.brightness import (
    RandomBrightness,
    RandomContrast,
    RandomInvert,
    RandomPosterization,
    Solarization,
)
from convlet.layers.color import (
    RandomColorDegeneration,
    RandomColorJitter,
    RandomGrayscale,
    RandomHue,
    RandomSaturation,
)
from convlet.layers.conv import Conv2D
from convlet.layers.conv1d import Conv1D
from convlet.layers.conv_transpose import Conv2DTranspose
from convlet.layers.dense import Dense
from convlet.layers.depthwise_conv import DepthwiseConv2D
from convlet.layers.distortion import (
    RandomElasticTransform,
    RandomErasing,
    RandomGaussianBlur,
    RandomSharpness,
)
from convlet.layers.dropout import AlphaDropout, Dropout, SpatialDropout1D, SpatialDropout2D
from convlet.layers.feature_normalization import Normalization
from convlet.layers.geometric import (
    RandomFlip,
    RandomRotation,
    RandomShear,
    RandomTranslation,
    RandomZoom,
)
from convlet.layers.group_normalization import GroupNormalization
from convlet.layers.identity import Identity
from convlet.layers.input_layer import Input, InputLayer
from convlet.layers.layer_normalization import (
    LayerNormalization,
    RMSNormalization,
    UnitNormalization,
)
from convlet.layers.merging import (
    Add,
    Average,
    Concatenate,
    Maximum,
    Minimum,
    Multiply,
    Subtract,
    add,
    average,
    concatenate,
    maximum,
    minimum,
    multiply,
    subtract,
)
from convlet.layers.mixing import CutMix, MixUp
from convlet.layers.noise import GaussianDropout, GaussianNoise
from convlet.layers.pooling import (
    AveragePooling2D,
    GlobalAveragePooling2D,
    GlobalMaxPooling2D,
    MaxPooling2D,
)
from convlet.layers.pooling1d import (
    AveragePooling1D,
    GlobalAveragePooling1D,
    GlobalMaxPooling1D,
    MaxPooling1D,
)
from convlet.layers.prelu import PReLU
from convlet.layers.rescaling import Rescaling
from convlet.layers.reshaping import Flatten, Permute, RepeatVector, Reshape
from convlet.layers.resizing import CenterCrop, RandomCrop, Resizing
from convlet.layers.separable_conv import SeparableConv2D
from convlet.layers.upsampling import UpSampling1D, UpSampling2D
from convlet.registry import Registry

__all__ = [
    "Activation",
    "ActivityRegularization",
    "Add",
    "AlphaDropout",
    "AutoContrast",
    "Average",
    "AveragePooling1D",
    "AveragePooling2D",
    "AvgPool1D",
    "AvgPool2D",
    "BatchNormalization",
    "CenterCrop",
    "Concatenate",
    "Conv1D",
    "Conv2D",
    "Conv2DTranspose",
    "Convolution1D",
    "Convolution2D",
    "Convolution2DTranspose",
    "Cropping1D",
    "Cropping2D",
    "CutMix",
    "Dense",
    "DepthwiseConv2D",
    "Dropout",
    "ELU",
    "Flatten",
    "GaussianDropout",
    "GaussianNoise",
    "GlobalAveragePooling1D",
    "GlobalAveragePooling2D",
    "GlobalAvgPool1D",
    "GlobalAvgPool2D",
    "GlobalMaxPool1D",
    "GlobalMaxPool2D",
    "GlobalMaxPooling1D",
    "GlobalMaxPooling2D",
    "GroupNormalization",
    "Identity",
    "Input",
    "InputLayer",
    "Layer",
    "LayerNormalization",
    "LeakyReLU",
    "MaxPool1D",
    "MaxPool2D",
    "MaxPooling1D",
    "MaxPooling2D",
    "Maximum",
    "Minimum",
    "MixUp",
    "Multiply",
    "Normalization",
    "PReLU",
    "Permute",
    "RMSNormalization",
    "RandomBrightness",
    "RandomColorDegeneration",
    "RandomColorJitter",
    "RandomContrast",
    "RandomCrop",
    "RandomElasticTransform",
    "RandomErasing",
    "RandomFlip",
    "RandomGaussianBlur",
    "RandomGrayscale",
    "RandomHue",
    "RandomInvert",
    "RandomPosterization",
    "RandomRotation",
    "RandomSaturation",
    "RandomSharpness",
    "RandomShear",
    "RandomTranslation",
    "RandomZoom",
    "ReLU",
    "RepeatVector",
    "Rescaling",
    "Reshape",
    "Resizing",
    "SeparableConv2D",
    "SeparableConvolution2D",
    "Softmax",
    "Solarization",
    "SpatialDropout1D",
    "SpatialDropout2D",
    "Subtract",
    "UnitNormalization",
    "UpSampling1D",
    "UpSampling2D",
    "ZeroPadding1D",
    "ZeroPadding2D",
    "add",
    "average",
    "concatenate",
    "deserialize",
    "maximum",
    "minimum",
    "multiply",
    "serialize",
    "subtract",
]

# The shorter names that Keras has too.
Convolution1D = Conv1D
Convolution2D = Conv2D
Convolution2DTranspose = Conv2DTranspose
SeparableConvolution2D = SeparableConv2D
MaxPool1D = MaxPooling1D
MaxPool2D = MaxPooling2D
AvgPool1D = AveragePooling1D
AvgPool2D = AveragePooling2D
GlobalMaxPool1D = GlobalMaxPooling1D
GlobalMaxPool2D = GlobalMaxPooling2D
GlobalAvgPool1D = GlobalAveragePooling1D
GlobalAvgPool2D = GlobalAveragePooling2D

_registry = Registry[Layer](
    kind="layer",
    module="keras.layers",
    base=Layer,
    classes={
        cls.__name__: cls
        for cls in (
            Activation,
            ActivityRegularization,
            Add,
            AlphaDropout,
            AutoContrast,
            Average,
            AveragePooling1D,
            AveragePooling2D,
            BatchNormalization,
            CenterCrop,
            Concatenate,
            Conv1D,
            Conv2D,
            Conv2DTranspose,
            Cropping1D,
            Cropping2D,
            CutMix,
            Dense,
            DepthwiseConv2D,
            Dropout,
            ELU,
            Flatten,
            GaussianDropout,
            GaussianNoise,
            GlobalAveragePooling1D,
            GlobalAveragePooling2D,
            GlobalMaxPooling1D,
            GlobalMaxPooling2D,
            GroupNormalization,
            Identity,
            InputLayer,
            LayerNormalization,
            LeakyReLU,
            MaxPooling1D,
            MaxPooling2D,
            Maximum,
            Minimum,
            MixUp,
            Multiply,
            Normalization,
            PReLU,
            Permute,
            RMSNormalization,
            RandomBrightness,
            RandomColorDegeneration,
            RandomColorJitter,
            RandomContrast,
            RandomCrop,
            RandomElasticTransform,
            RandomErasing,
            RandomFlip,
            RandomGaussianBlur,
            RandomGrayscale,
            RandomHue,
            RandomInvert,
            RandomPosterization,
            RandomRotation,
            RandomSaturation,
            RandomSharpness,
            RandomShear,
            RandomTranslation,
            RandomZoom,
            ReLU,
            RepeatVector,
            Rescaling,
            Reshape,
            Resizing,
            SeparableConv2D,
            Softmax,
            Solarization,
            SpatialDropout1D,
            SpatialDropout2D,
            Subtract,
            UnitNormalization,
            UpSampling1D,
            UpSampling2D,
            ZeroPadding1D,
            ZeroPadding2D,
        )
    },
)

deserialize = _registry.deserialize
__getattr__ = refuser("layers", ABSENT)
names = _registry.names


def serialize(layer: Layer) -> dict[str, Any]:
    """Returns a dictionary of plain values from which `deserialize` makes an equal layer.

    Args:
        layer: The layer; of a built one, the shape it was built for is written too.

    Example:
        >>> serialize(Flatten(name="flatten"))["config"]
        {'name': 'flatten', 'trainable': True, 'dtype': 'float32', 'data_format': 'channels_last'}
    """
    description = _registry.serialize(layer)
    if layer.built and not isinstance(layer, InputLayer):
        description["build_config"] = {"input_shape": layer.input_shape}
    return description
