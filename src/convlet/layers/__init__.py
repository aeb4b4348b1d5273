"""What a network is made of: declarations of settings, weights and output shapes."""

from __future__ import annotations

from typing import Any

from convlet.layers.activation import ELU, Activation, LeakyReLU, ReLU, Softmax
from convlet.layers.activity_regularization import ActivityRegularization
from convlet.layers.auto_contrast import AutoContrast
from convlet.layers.base import Layer
from convlet.layers.batch_normalization import BatchNormalization
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
from convlet.layers.dense import Dense
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
from convlet.layers.input_layer import Input, InputLayer
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
from convlet.layers.prelu import PReLU
from convlet.layers.rescaling import Rescaling
from convlet.layers.reshaping import Flatten, Reshape, ZeroPadding2D
from convlet.layers.resizing import CenterCrop, RandomCrop, Resizing
from convlet.registry import Registry

__all__ = [
    "Activation",
    "ActivityRegularization",
    "Add",
    "AlphaDropout",
    "AutoContrast",
    "Average",
    "AveragePooling2D",
    "AvgPool2D",
    "BatchNormalization",
    "CenterCrop",
    "Concatenate",
    "Conv2D",
    "Convolution2D",
    "CutMix",
    "Dense",
    "Dropout",
    "ELU",
    "Flatten",
    "GaussianDropout",
    "GaussianNoise",
    "GlobalAveragePooling2D",
    "GlobalAvgPool2D",
    "GlobalMaxPool2D",
    "GlobalMaxPooling2D",
    "Input",
    "InputLayer",
    "Layer",
    "LeakyReLU",
    "MaxPool2D",
    "MaxPooling2D",
    "Maximum",
    "Minimum",
    "MixUp",
    "Multiply",
    "Normalization",
    "PReLU",
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
    "Rescaling",
    "Reshape",
    "Resizing",
    "Softmax",
    "Solarization",
    "SpatialDropout1D",
    "SpatialDropout2D",
    "Subtract",
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
Convolution2D = Conv2D
MaxPool2D = MaxPooling2D
AvgPool2D = AveragePooling2D
GlobalMaxPool2D = GlobalMaxPooling2D
GlobalAvgPool2D = GlobalAveragePooling2D

_registry = Registry[Layer](
    kind="layer",
    module="keras.layers",
    base=Layer,
    classes={
        cls.__name__: cls
        for cls in (
            AutoContrast,
            Activation,
            ActivityRegularization,
            Add,
            AlphaDropout,
            Average,
            AveragePooling2D,
            BatchNormalization,
            CenterCrop,
            Concatenate,
            Conv2D,
            CutMix,
            Dense,
            Dropout,
            ELU,
            Flatten,
            GaussianDropout,
            GaussianNoise,
            GlobalAveragePooling2D,
            GlobalMaxPooling2D,
            InputLayer,
            LeakyReLU,
            MaxPooling2D,
            Maximum,
            Minimum,
            MixUp,
            Multiply,
            Normalization,
            PReLU,
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
            Rescaling,
            Reshape,
            Resizing,
            Softmax,
            Solarization,
            SpatialDropout1D,
            SpatialDropout2D,
            Subtract,
            ZeroPadding2D,
        )
    },
)

deserialize = _registry.deserialize


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
