"""Small networks that between them use everything the engine can do: its tests run over them all.

A row is exact where nothing is rounded that a relu or a maximum decides about: no mean of nine, no
exponential before it. Its weights and images are small multiples of powers of two, so float32 and
float64 agree on every tie in a pool and every zero of a relu, however their sums are ordered.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from convlet import layers, losses
from convlet.layers import (
    Activation,
    AveragePooling2D,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePooling2D,
    GlobalMaxPooling2D,
    MaxPooling2D,
    ReLU,
    Rescaling,
    Reshape,
    Softmax,
    ZeroPadding2D,
)


class Network(NamedTuple):
    """A row: how to make the layers, what to feed them, and with how many images."""

    input_shape: tuple[int, ...]
    make_layers: Callable[[], Sequence[layers.Layer]]
    loss: losses.Loss = losses.CategoricalCrossentropy()
    batch: int = 5
    exact: bool = True
    weighted: bool = False
    images: type = np.float32


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


def chapter(name):
    """One of the networks of ``convlet.networks`` for MNIST's images."""

    def make_layers():
        from convlet import networks

        return networks.build(name, (28, 28, 1), 10).layers

    return Network((28, 28, 1), make_layers, batch=3, images=np.uint8)


SAME = {"padding": "same"}

POOLED = {
    "pool 2": pooled((8, 8, 1), 32, 3, 2),
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
}

OTHERS = {
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
    "dense": Network(
        (28, 4, 1),
        lambda: [Flatten(), Dense(130, activation="relu"), Dense(10, activation="softmax")],
        batch=33,
    ),
    "dense on vectors": Network(
        (7,), lambda: [Dense(17, activation="relu"), Dense(3, activation="softmax")], batch=13
    ),
    "dense on images": Network(
        (4, 3, 5),
        lambda: [Dense(8, activation="relu"), Dense(6), Flatten(), Dense(3, activation="softmax")],
    ),
    "dense without bias": Network(
        (9,),
        lambda: [Dense(12, activation="relu", use_bias=False), Dense(2, use_bias=False)],
        loss=losses.MeanSquaredError(),
    ),
    "smooth activations": Network(
        (7, 7, 2),
        lambda: [
            Conv2D(8, 3, activation="tanh"),
            Conv2D(5, 2, activation="sigmoid"),
            Flatten(),
            Dense(9, activation="tanh"),
            Dense(3, activation="softmax"),
        ],
        exact=False,
    ),
    "softmax inside": Network(
        (5, 5, 3),
        lambda: [
            Conv2D(6, 2, activation="softmax"),
            Softmax(),
            Softmax(),
            Flatten(),
            Dense(4, activation="softmax"),
            Dense(3),
        ],
        loss=losses.MeanSquaredError(),
        exact=False,
    ),
    "softmax as a layer": Network((6,), lambda: [Dense(5), Softmax()], weighted=True),
    "softmax as an activation layer": Network((6,), lambda: [Dense(5), Activation("softmax")]),
    "relu with a ceiling, a slope and a threshold": Network(
        (8, 8, 2),
        lambda: [
            Conv2D(8, 3),
            ReLU(1.5, 0.25, 0.5),
            Conv2D(8, 2),
            ReLU(negative_slope=0.5),
            MaxPooling2D(2),
            ReLU(6),
            Flatten(),
            Dense(3, activation="softmax"),
        ],
        exact=False,
    ),
    "sigmoid and binary": Network(
        (6, 6, 1),
        lambda: [
            Conv2D(8, 3, activation="relu"),
            MaxPooling2D(2),
            Flatten(),
            Dense(1, activation="sigmoid"),
        ],
        loss=losses.BinaryCrossentropy(),
        weighted=True,
    ),
    "many sigmoids, smoothed": Network(
        (9,),
        lambda: [Dense(7, activation="sigmoid")],
        loss=losses.BinaryCrossentropy(label_smoothing=0.1),
    ),
    "binary from logits": Network(
        (9,),
        lambda: [Dense(3)],
        loss=losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.2),
        weighted=True,
    ),
    "binary from probabilities of a softmax": Network(
        (9,), lambda: [Dense(4, activation="softmax")], loss=losses.BinaryCrossentropy()
    ),
    "categorical, smoothed": Network(
        (9,),
        lambda: [Dense(4, activation="softmax")],
        loss=losses.CategoricalCrossentropy(label_smoothing=0.3),
    ),
    "categorical from logits, smoothed, weighted": Network(
        (9,),
        lambda: [Dense(4)],
        weighted=True,
        loss=losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.3),
    ),
    "categorical from sigmoids": Network((9,), lambda: [Dense(4, activation="sigmoid")]),
    "sparse": Network(
        (9,),
        lambda: [Dense(4, activation="softmax")],
        weighted=True,
        loss=losses.SparseCategoricalCrossentropy(),
    ),
    "sparse from logits": Network(
        (9,), lambda: [Dense(4)], loss=losses.SparseCategoricalCrossentropy(from_logits=True)
    ),
    "sparse from sigmoids": Network(
        (9,), lambda: [Dense(4, activation="sigmoid")], loss=losses.SparseCategoricalCrossentropy()
    ),
    "squared error, weighted": Network(
        (5, 4, 2), lambda: [Flatten(), Dense(3)], loss=losses.MeanSquaredError(), weighted=True
    ),
    "dropout of nothing": Network(
        (6, 6, 3),
        lambda: [
            Conv2D(8, 3, activation="relu"),
            Dropout(0),
            MaxPooling2D(2),
            Flatten(),
            Dropout(0.0),
            Dense(3, activation="softmax"),
        ],
    ),
    "reshapes": Network(
        (24,),
        lambda: [
            Reshape((4, 6, 1)),
            Conv2D(8, 3, activation="relu"),
            Reshape((-1, 4)),
            Dense(5),
            Flatten(),
            Reshape((2, 2, 20)),
            Conv2D(3, 2),
            Flatten(),
            Dense(2, activation="softmax"),
        ],
    ),
    "zero padding": Network(
        (5, 6, 2),
        lambda: [
            ZeroPadding2D(((1, 0), (2, 3))),
            Conv2D(8, 3, activation="relu"),
            ZeroPadding2D(1),
            MaxPooling2D(2),
            ZeroPadding2D((0, 1)),
            Conv2D(4, 2, padding="same"),
            Flatten(),
            Dense(3, activation="softmax"),
        ],
    ),
    "rescaling of bytes": Network(
        (8, 8, 3),
        lambda: [
            Rescaling(1 / 4, -1.0),
            Conv2D(16, 3, activation="relu"),
            MaxPooling2D(2),
            Flatten(),
            Dense(3, activation="softmax"),
        ],
        images=np.uint8,
    ),
    "rescaling of doubles, and inside": Network(
        (6, 6, 1),
        lambda: [
            Rescaling(2.0),
            Conv2D(8, 3),
            Rescaling(0.5, 0.25),
            ReLU(),
            Flatten(),
            Dense(3, activation="softmax"),
        ],
        images=np.float64,
    ),
    "bytes as they are": pooled((8, 8, 1), 16, 3, 2, images=np.uint8),
    "doubles": pooled((8, 8, 1), 16, 3, 2, images=np.float64),
}

CHAPTER = {
    name: chapter(name) for name in ("convnet", "dense", "no_pooling", "strided", "average_pooling")
}

NETWORKS = {**POOLED, **OTHERS, **{f"chapter: {name}": row for name, row in CHAPTER.items()}}

AT_EVERY_VECTOR_WIDTH = (
    "pool 2, odd rows left over",
    "pool 2, conv and pool same, odd",
    "pool 3, stride 2, conv and pool same",
    "two pooled convolutions",
    "convolutions without pooling",
    "average pooling 3, stride 2, same",
    "dense",
    "smooth activations",
)
"""Rows that together call every kernel, for the tests that start a process for each width."""
