"""Rows of ``networks_table``: dense layers, activations, losses, and the layers without weights."""

import numpy as np

from convlet import losses
from convlet.layers import (
    Activation,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    MaxPooling2D,
    ReLU,
    Rescaling,
    Reshape,
    Softmax,
    ZeroPadding2D,
)
from tests.engine.network import Network

LAYERS = {
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
}

LOSSES = {
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
}
