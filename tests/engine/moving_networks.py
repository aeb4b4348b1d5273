"""Rows of ``networks_table``: layers that move values, between layers that compute with them."""

from convlet import losses
from convlet.layers import (
    Conv1D,
    Conv2D,
    Cropping1D,
    Cropping2D,
    Dense,
    Flatten,
    GlobalAveragePooling1D,
    Identity,
    MaxPooling1D,
    MaxPooling2D,
    Permute,
    RepeatVector,
    UpSampling1D,
    UpSampling2D,
    ZeroPadding1D,
)
from tests.engine.network import Network

MOVING = {
    "cropping": Network(
        (9, 8, 2),
        lambda: [
            Cropping2D(((1, 0), (0, 2))),
            Conv2D(8, 3, padding="same", activation="relu"),
            Cropping2D(1),
            Conv2D(5, 2, padding="same"),
            Cropping2D((0, 1)),
            MaxPooling2D(2),
            Flatten(),
            Dense(3, activation="softmax"),
        ],
    ),
    "borders of sequences": Network(
        (12, 3),
        lambda: [
            Cropping1D((2, 1)),
            Conv1D(8, 3, padding="same", activation="relu"),
            ZeroPadding1D(2),
            Conv1D(5, 2, padding="causal"),
            Cropping1D(1),
            MaxPooling1D(2),
            ZeroPadding1D((0, 3)),
            Flatten(),
            Dense(3, activation="softmax"),
        ],
    ),
    "enlarging by repetition": Network(
        (3, 4, 2),
        lambda: [
            UpSampling2D(2),
            Conv2D(17, 3, padding="same", activation="relu"),
            MaxPooling2D(2),
            UpSampling2D((1, 3)),
            Conv2D(4, 3, activation="relu"),
            Flatten(),
            Dense(3, activation="softmax"),
        ],
    ),
    "enlarging by curves": Network(
        (4, 3, 3),
        lambda: [
            UpSampling2D((2, 3), interpolation="bilinear"),
            Conv2D(6, 3, padding="same", activation="relu"),
            UpSampling2D(2, interpolation="bicubic"),
            Conv2D(2, 2),
        ],
        loss=losses.MeanSquaredError(),
        exact=False,
    ),
    "repetition": Network(
        (10,),
        lambda: [
            Dense(6, activation="relu"),
            RepeatVector(4),
            Conv1D(8, 2, padding="same", activation="relu"),
            UpSampling1D(3),
            Identity(),
            Conv1D(3, 3, padding="same"),
            GlobalAveragePooling1D(),
        ],
        loss=losses.MeanSquaredError(),
    ),
    "other orders of axes": Network(
        (5, 18, 3),
        lambda: [
            Permute((2, 1, 3)),
            Conv2D(17, 3, padding="same", activation="relu"),
            Permute((3, 1, 2)),
            Conv2D(6, 2, padding="same"),
            Permute((1, 3, 2)),
            Permute((2, 3, 1)),
            Flatten(),
            Dense(3, activation="softmax"),
        ],
    ),
    "other orders of two axes": Network(
        (33, 20),
        lambda: [
            Permute((2, 1)),
            Conv1D(19, 3, padding="same", activation="relu"),
            Permute((2, 1)),
            Permute((1, 2)),
            Conv1D(4, 2, padding="same"),
            Flatten(),
            Permute((1,)),
            Dense(3, activation="softmax"),
        ],
    ),
}
