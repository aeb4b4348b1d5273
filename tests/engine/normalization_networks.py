"""Rows of ``networks_table``: normalising layers."""

from convlet.layers import (
    Activation,
    BatchNormalization,
    Conv2D,
    Dense,
    Flatten,
    GlobalAveragePooling2D,
    MaxPooling2D,
    ReLU,
    Reshape,
)
from tests.engine.network import Network

NORMALIZATION = {
    "batch normalization between convolutions": Network(
        (9, 8, 3),
        lambda: [
            Conv2D(16, 3, use_bias=False, padding="same"),
            BatchNormalization(),
            ReLU(),
            Conv2D(19, 3, use_bias=False, padding="same"),
            BatchNormalization(),
            Activation("relu"),
            MaxPooling2D(2),
            Conv2D(5, 3, use_bias=False),
            BatchNormalization(epsilon=0.5, center=False),
            ReLU(6),
            Flatten(),
            Dense(3, activation="softmax"),
        ],
        batch=11,
        exact=False,
    ),
    "batch normalization of images": Network(
        (6, 5, 3),
        lambda: [
            BatchNormalization(scale=False),
            Conv2D(8, 3, activation="relu"),
            BatchNormalization(momentum=0.5),
            GlobalAveragePooling2D(),
            Dense(3, activation="softmax"),
        ],
        exact=False,
        weighted=True,
    ),
    "batch normalization of vectors and of rows of them": Network(
        (30,),
        lambda: [
            BatchNormalization(center=False, scale=False),
            Reshape((5, 6)),
            Dense(7, use_bias=False),
            BatchNormalization(),
            Activation("tanh"),
            Flatten(),
            Dense(600, use_bias=False),
            BatchNormalization(axis=1),
            ReLU(negative_slope=0.25),
            Dense(3, activation="softmax"),
        ],
        batch=33,
        exact=False,
    ),
    "batch normalization last": Network(
        (7,),
        lambda: [Dense(5, use_bias=False), BatchNormalization(), Activation("softmax")],
        batch=13,
        exact=False,
    ),
}
