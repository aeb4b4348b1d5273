"""Rows of ``networks_table``: layers over one axis, which are those over images of one row."""

import numpy as np

from convlet import losses
from convlet.layers import (
    AveragePooling1D,
    BatchNormalization,
    Conv1D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePooling1D,
    GlobalMaxPooling1D,
    MaxPooling1D,
    ReLU,
    Rescaling,
    Reshape,
)
from tests.engine.network import Network

SEQUENCES = {
    "sequences, pooled": Network(
        (21, 3),
        lambda: [
            Conv1D(16, 3, activation="relu"),
            MaxPooling1D(2),
            Conv1D(33, 2, activation="relu"),
            MaxPooling1D(3),
            Flatten(),
            Dense(4, activation="softmax"),
        ],
        batch=9,
    ),
    "sequences, same": Network(
        (17, 2),
        lambda: [
            Conv1D(8, 3, padding="same", activation="relu"),
            Conv1D(5, 4, 2, "same"),
            MaxPooling1D(3, 2, "same"),
            Conv1D(4, 2, padding="same", activation="relu"),
            GlobalMaxPooling1D(),
            Dense(3, activation="softmax"),
        ],
    ),
    "sequences, causal": Network(
        (16, 1),
        lambda: [
            Rescaling(0.5),
            Conv1D(8, 2, padding="causal", activation="relu"),
            Conv1D(8, 2, padding="causal", dilation_rate=2, activation="relu"),
            Conv1D(17, 3, padding="causal", dilation_rate=4, use_bias=False),
            ReLU(),
            Conv1D(4, 3, 2, "causal"),
            GlobalAveragePooling1D(),
            Dense(3, activation="softmax"),
        ],
        images=np.uint8,
    ),
    "sequences, a class for each step": Network(
        (9, 4),
        lambda: [
            Conv1D(6, 3, activation="tanh"),
            Dropout(0),
            Dense(5, activation="relu"),
            Conv1D(3, 1, padding="same", activation="softmax"),
        ],
        loss=losses.SparseCategoricalCrossentropy(),
        exact=False,
        weighted=True,
    ),
    "sequences, average pooling": Network(
        (14, 3),
        lambda: [
            AveragePooling1D(2),
            Conv1D(8, 2, activation="relu"),
            AveragePooling1D(3, 2, "same"),
            Conv1D(4, 2, padding="same"),
            GlobalAveragePooling1D(keepdims=True),
            Conv1D(6, 3, padding="same"),
            Flatten(),
            Dense(3, activation="softmax"),
        ],
        exact=False,
    ),
    "sequences, last": Network(
        (12, 3),
        lambda: [Conv1D(7, 3, padding="same"), GlobalMaxPooling1D(keepdims=True)],
        loss=losses.MeanSquaredError(),
    ),
    "sequences, normalized": Network(
        (15, 3),
        lambda: [
            Conv1D(8, 3, padding="causal", use_bias=False),
            BatchNormalization(),
            ReLU(),
            Conv1D(5, 2, padding="same", activation="relu"),
            BatchNormalization(),
            GlobalAveragePooling1D(),
            Dense(3, activation="softmax"),
        ],
        exact=False,
    ),
    "sequences of images, and back": Network(
        (4, 6, 2),
        lambda: [
            Reshape((24, 2)),
            Conv1D(8, 5, padding="same", activation="relu"),
            MaxPooling1D(2, 1),
            Conv1D(3, 1),
            Flatten(),
            Dense(3, activation="softmax"),
        ],
    ),
}
