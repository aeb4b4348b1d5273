"""Rows of ``networks_table``: convolutions, and pooling in all its forms."""

import numpy as np

from convlet import losses
from convlet.layers import (
    Activation,
    AveragePooling2D,
    Conv2D,
    Dense,
    Flatten,
    GlobalAveragePooling2D,
    GlobalMaxPooling2D,
    MaxPooling2D,
    ReLU,
)
from tests.engine.network import Network

SAME = {"padding": "same"}


def pooled(shape, filters, window, pool, conv=None, pooling=None, **row):
    """A relu convolution, a max pooling, a classifier: what the engine computes as one."""
    conv, pooling = conv or {}, pooling or {}
    return Network(
        shape,
        lambda: [
            Conv2D(filters, window, activation="relu", **conv),
            MaxPooling2D(pool, **pooling),
            Flatten(),
            Dense(3, activation="softmax"),
        ],
        **row,
    )


POOLED = {
    "pool 1": pooled((6, 6, 2), 3, 3, 1),
    "pool 2": pooled((8, 8, 1), 32, 3, 2),
    "pool 2 to 1x1, fewer windows than a tile has": pooled((4, 4, 2), 32, 3, 2, batch=3),
    "pool 2, odd rows left over": pooled((9, 9, 32), 64, 3, 2),
    "pool 2, one odd axis": pooled((8, 7, 3), 16, 3, 2),
    "pool 2, conv and pool same, odd": pooled((7, 9, 16), 17, 3, 2, SAME, SAME),
    "pool 2, 5x5": pooled((10, 10, 3), 33, 5, 2),
    "pool 2, 1x1": pooled((8, 8, 8), 16, 1, 2),
    "pool 2, 2x2": pooled((9, 9, 3), 48, 2, 2),
    "pool 2, 7x7 same": pooled((11, 9, 1), 5, 7, 2, SAME),
    "pool (2, 1), 3x1": pooled((9, 7, 2), 3, (3, 1), (2, 1)),
    "pool 2, stride 2": pooled((12, 12, 3), 16, 3, 2, {"strides": 2}),
    "pool 2, stride (2, 1) same": pooled((12, 13, 3), 8, 3, 2, {"strides": (2, 1), **SAME}),
    "pool 2, stride 3": pooled((13, 13, 1), 32, 3, 2, {"strides": 3}),
    "pool 2, stride 3 over 2x2": pooled((13, 14, 2), 16, 2, 2, {"strides": 3}),
    "pool 2, dilation 2": pooled((12, 12, 2), 16, 3, 2, {"dilation_rate": 2}),
    "pool 2, dilation 2 same": pooled((9, 9, 2), 16, 3, 2, {"dilation_rate": 2, **SAME}),
    "pool 3": pooled((11, 11, 3), 32, 3, 3),
    "pool 3, stride 2": pooled((10, 11, 2), 8, 3, 3, pooling={"strides": 2}),
    "pool 3, stride 2, conv and pool same": pooled(
        (10, 10, 5), 10, 3, 3, SAME, {"strides": 2, **SAME}
    ),
    "pool 2, stride 1": pooled((7, 8, 17), 33, 3, 2, pooling={"strides": 1}),
    "pool 2, stride 3 of the pool": pooled((11, 11, 3), 16, 3, 2, pooling={"strides": 3}),
    "pool the whole image": pooled((6, 6, 4), 16, 3, 4),
    "pool 2, 1 filter": pooled((8, 8, 3), 1, 3, 2),
    "pool 2, 130 filters": pooled((8, 8, 3), 130, 3, 2),
    "pool 2, 130 channels": pooled((6, 6, 130), 16, 3, 2),
    "pool 2, 80 filters": pooled((8, 8, 10), 80, 3, 2),
    "pool 2, no bias": pooled((8, 8, 2), 16, 3, 2, {"use_bias": False}),
    "pool 2, batch of 1": pooled((8, 8, 2), 16, 3, 2, batch=1),
    "pool 2, batch of 37": pooled((8, 8, 2), 32, 3, 2, batch=37),
    "pool 2, batch of 70, weighted": pooled((6, 6, 1), 16, 3, 2, batch=70, weighted=True),
    "bytes as they are": pooled((8, 8, 1), 16, 3, 2, images=np.uint8),
    "doubles": pooled((8, 8, 1), 16, 3, 2, images=np.float64),
}

CONVOLUTIONS = {
    "two pooled convolutions": Network(
        (18, 18, 1),
        lambda: [
            Conv2D(32, 3, activation="relu"),
            MaxPooling2D(2),
            Conv2D(64, 3, activation="relu"),
            MaxPooling2D(2),
            Flatten(),
            Dense(10, activation="softmax"),
        ],
        batch=9,
    ),
    "pooling without relu": Network(
        (8, 8, 3),
        lambda: [Conv2D(16, 3), MaxPooling2D(2), Flatten(), Dense(3)],
        loss=losses.CategoricalCrossentropy(from_logits=True),
    ),
    "pooling after tanh": Network(
        (8, 8, 3),
        lambda: [Conv2D(16, 3, activation="tanh"), MaxPooling2D(2), Flatten(), Dense(3)],
        loss=losses.MeanSquaredError(),
        exact=False,
    ),
    "relu as a layer before and after pooling": Network(
        (9, 9, 2),
        lambda: [
            Conv2D(8, 3),
            ReLU(),
            MaxPooling2D(2),
            Conv2D(5, 2),
            MaxPooling2D(2),
            Activation("relu"),
            Flatten(),
            Dense(3, activation="softmax"),
        ],
    ),
    "pooling first": Network(
        (9, 8, 3),
        lambda: [MaxPooling2D(3, 2), Conv2D(8, 2), Flatten(), Dense(3)],
        loss=losses.MeanSquaredError(),
    ),
    "pool after pool": Network(
        (13, 13, 2),
        lambda: [
            Conv2D(8, 2, activation="relu"),
            MaxPooling2D(2),
            MaxPooling2D(2, padding="same"),
            Flatten(),
            Dense(3, activation="softmax"),
        ],
    ),
    "convolutions without pooling": Network(
        (9, 10, 1),
        lambda: [
            Conv2D(16, 3, activation="relu"),
            Conv2D(33, 3, activation="relu"),
            Conv2D(8, 3, padding="same", activation="relu"),
            Flatten(),
            Dense(10, activation="softmax"),
        ],
    ),
    "strided convolutions": Network(
        (15, 15, 3),
        lambda: [
            Conv2D(16, 3, 2, activation="relu"),
            Conv2D(10, 3, 2, "same", activation="relu"),
            Flatten(),
            Dense(4, activation="softmax"),
        ],
    ),
    "uneven windows and dilation": Network(
        (12, 11, 2),
        lambda: [
            Conv2D(5, (3, 1), activation="relu"),
            Conv2D(8, (1, 4), (2, 1), "same"),
            Conv2D(3, 2, dilation_rate=2, activation="relu"),
            Flatten(),
            Dense(4, activation="softmax"),
        ],
    ),
    "a convolution last": Network(
        (6, 7, 3),
        lambda: [Conv2D(10, 3, activation="relu"), Conv2D(2, 3, padding="same")],
        loss=losses.MeanSquaredError(),
    ),
    "a relu convolution last": Network(
        (6, 7, 3), lambda: [Conv2D(10, 3, activation="relu")], loss=losses.MeanSquaredError()
    ),
    "a class for each pixel": Network(
        (6, 5, 3),
        lambda: [Conv2D(8, 3, activation="relu"), Conv2D(4, 1, activation="softmax")],
        loss=losses.SparseCategoricalCrossentropy(),
        weighted=True,
    ),
    "average pooling 2": Network(
        (10, 10, 1),
        lambda: [
            Conv2D(32, 3, activation="relu"),
            AveragePooling2D(2),
            Conv2D(16, 3, activation="relu"),
            Flatten(),
            Dense(10, activation="softmax"),
        ],
    ),
    "average pooling 3, stride 2, same": Network(
        (9, 10, 3),
        lambda: [
            Conv2D(8, 3, activation="relu"),
            AveragePooling2D(3, 2, "same"),
            Flatten(),
            Dense(3, activation="softmax"),
        ],
    ),
    "average pooling (1, 3), same, then relu": Network(
        (6, 7, 3),
        lambda: [
            AveragePooling2D((1, 3), 1, "same"),
            Conv2D(17, 3, activation="relu"),
            AveragePooling2D(2, 3),
            Flatten(),
            Dense(3, activation="softmax"),
        ],
        exact=False,
    ),
    "global average pooling": Network(
        (8, 8, 3),
        lambda: [
            Conv2D(48, 3, activation="relu"),
            GlobalAveragePooling2D(),
            Dense(10, activation="softmax"),
        ],
    ),
    "global average pooling, axes kept": Network(
        (7, 8, 3),
        lambda: [Conv2D(4, 3), GlobalAveragePooling2D(keepdims=True), Flatten(), Dense(3)],
        loss=losses.MeanSquaredError(),
    ),
    "global max pooling": Network(
        (8, 8, 3),
        lambda: [
            Conv2D(20, 3, activation="relu"),
            GlobalMaxPooling2D(),
            Dense(3, activation="softmax"),
        ],
    ),
    "global max pooling, axes kept, last": Network(
        (6, 5, 2),
        lambda: [Conv2D(3, 2), GlobalMaxPooling2D(keepdims=True)],
        loss=losses.MeanSquaredError(),
    ),
}
