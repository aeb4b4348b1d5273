"""Rows of ``networks_table``: penalties of weights and of outputs."""

from convlet import losses, regularizers
from convlet.layers import (
    Activation,
    ActivityRegularization,
    BatchNormalization,
    Conv2D,
    Dense,
    Flatten,
    MaxPooling2D,
    Rescaling,
)
from tests.engine.network import Network

PENALTIES = {
    "penalties of weights": Network(
        (8, 7, 3),
        lambda: [
            Conv2D(
                10,
                3,
                activation="relu",
                kernel_regularizer=regularizers.L2(0.25),
                bias_regularizer="l1",
            ),
            MaxPooling2D(2),
            BatchNormalization(gamma_regularizer="l2", beta_regularizer="l1"),
            Flatten(),
            Dense(130, kernel_regularizer=regularizers.L1L2(0.125, 0.5), activation="relu"),
            Dense(
                3,
                kernel_regularizer=regularizers.OrthogonalRegularizer(0.5, "columns"),
                activation="softmax",
            ),
        ],
        batch=9,
        exact=False,
        weighted=True,
    ),
    "penalties of outputs": Network(
        (8, 7, 3),
        lambda: [
            Rescaling(0.5, activity_regularizer=regularizers.L1(0.125)),
            Conv2D(10, 3, activity_regularizer=regularizers.L1L2(0.25, 0.125)),
            Activation("relu", activity_regularizer=regularizers.L1(0.5)),
            MaxPooling2D(2),
            ActivityRegularization(0.125, 0.25),
            Flatten(),
            Dense(3, activity_regularizer=regularizers.L2(0.25)),
        ],
        loss=losses.MeanSquaredError(),
        batch=9,
        weighted=True,
    ),
    "penalties of probabilities": Network(
        (9,), lambda: [Dense(4, activation="softmax", activity_regularizer="l2")], exact=False
    ),
}
