"""Rows of ``networks_table``: convolutions channel by channel."""

import numpy as np

from convlet import losses
from convlet.layers import (
    Activation,
    BatchNormalization,
    Conv2D,
    Dense,
    DepthwiseConv2D,
    Flatten,
    MaxPooling2D,
    ReLU,
    SeparableConv2D,
)
from tests.engine.network import Network

SAME = {"padding": "same"}


def depthwise(shape, window, *more, before=None, **row):
    """A depthwise convolution between two others, so that it gets and passes on a gradient."""
    *layers, settings = more if more and isinstance(more[-1], dict) else (*more, {})
    return Network(
        shape,
        lambda: [
            Conv2D(before or shape[-1], 1),
            DepthwiseConv2D(window, **settings),
            *(make() for make in layers),
            Conv2D(3, 1, activation="relu"),
            Flatten(),
            Dense(3, activation="softmax"),
        ],
        **row,
    )


DEPTHWISE = {
    "depthwise 3x3": depthwise((9, 8, 16), 3, {"activation": "relu"}),
    "depthwise 3x3 same, several tiles": depthwise((5, 19, 32), 3, SAME),
    "depthwise 3x3 same, channels that fill no vector": depthwise((6, 5, 3), 3, SAME, batch=9),
    "depthwise 3x3 same, a ragged vector": depthwise((7, 6, 37), 3, {**SAME, "activation": "relu"}),
    "depthwise 3x3 same, one channel": depthwise((8, 11, 1), 3, SAME, batch=8),
    "depthwise 3x3, stride 2 same, even": depthwise((12, 10, 20), 3, {**SAME, "strides": 2}),
    "depthwise 3x3, stride 2 same, odd": depthwise((11, 13, 16), 3, {**SAME, "strides": 2}),
    "depthwise 3x3, stride 2": depthwise((12, 9, 8), 3, {"strides": 2, "use_bias": False}),
    "depthwise 3x3, stride 3 over 2x2": depthwise((10, 11, 5), 2, {"strides": 3}),
    "depthwise (5, 2), strides (1, 2)": depthwise((9, 10, 17), (5, 2), {"strides": (1, 2)}),
    "depthwise 5x5 same": depthwise((8, 7, 18), 5, {**SAME, "activation": "relu"}),
    "depthwise 7x7 same": depthwise((9, 9, 16), 7, SAME),
    "depthwise 1x1": depthwise((5, 4, 48), 1, {"use_bias": False}),
    "depthwise 3x3, dilation 2 same": depthwise((9, 10, 16), 3, {**SAME, "dilation_rate": 2}),
    "depthwise 3x3, strides and dilation": depthwise(
        (14, 15, 6), 3, {"strides": (2, 3), "dilation_rate": (3, 2), **SAME}
    ),
    "depthwise of few pixels and many channels": depthwise((2, 2, 80), 3, SAME, batch=3),
    "depthwise, a window larger than the image": depthwise((3, 2, 4), 5, SAME),
    "depthwise, two windows a channel": depthwise(
        (7, 6, 5), 3, {**SAME, "depth_multiplier": 2, "activation": "relu"}
    ),
    "depthwise, three windows a channel, stride 2": depthwise(
        (9, 8, 16), 3, {**SAME, "depth_multiplier": 3, "strides": 2}, batch=2
    ),
    "depthwise, then relu6": depthwise((8, 8, 16), 3, lambda: ReLU(6.0), SAME),
    "depthwise, then relu and a pool": depthwise(
        (9, 9, 16), 3, lambda: Activation("relu"), lambda: MaxPooling2D(2)
    ),
    "depthwise first, on bytes": Network(
        (10, 9, 3),
        lambda: [
            DepthwiseConv2D(3, padding="same", activation="relu"),
            Conv2D(16, 1),
            ReLU(6),
            MaxPooling2D(2),
            DepthwiseConv2D(3, activation="tanh"),
            Flatten(),
            Dense(3, activation="softmax"),
        ],
        exact=False,
        images=np.uint8,
    ),
    "separable": Network(
        (9, 8, 5),
        lambda: [
            SeparableConv2D(20, 3, padding="same", activation="relu"),
            MaxPooling2D(2),
            SeparableConv2D(7, (2, 3), depth_multiplier=2, use_bias=False),
            ReLU(6.0),
            Flatten(),
            Dense(3, activation="softmax"),
        ],
    ),
    "separable, strides, and a pool in its registers": Network(
        (15, 14, 3),
        lambda: [
            SeparableConv2D(16, 3, 2, "same"),
            SeparableConv2D(16, 2, activation="relu"),
            MaxPooling2D(2),
            Flatten(),
            Dense(3, activation="softmax"),
        ],
    ),
    "depthwise, normalised, as MobileNet has it": Network(
        (10, 9, 3),
        lambda: [
            Conv2D(20, 1, use_bias=False),
            BatchNormalization(),
            ReLU(6.0),
            DepthwiseConv2D(3, 2, "same", depth_multiplier=2, use_bias=False),
            BatchNormalization(),
            ReLU(6.0),
            SeparableConv2D(7, 3, padding="same", use_bias=False),
            BatchNormalization(),
            Flatten(),
            Dense(3, activation="softmax"),
        ],
        exact=False,
    ),
    "depthwise last": Network(
        (7, 8, 6),
        lambda: [Conv2D(12, 1), DepthwiseConv2D(3, 2, "same", use_bias=False)],
        loss=losses.MeanSquaredError(),
    ),
}
