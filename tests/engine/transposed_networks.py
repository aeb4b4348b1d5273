"""Rows of ``networks_table``: transposed convolutions."""

from convlet import losses
from convlet.layers import Conv2D, Conv2DTranspose, Dense, Flatten, ReLU
from tests.engine.network import Network

SAME = {"padding": "same"}


def transposed(shape, filters, window, settings=None, **row):
    """A transposed convolution between two others, so that it gets and passes on a gradient."""
    return Network(
        shape,
        lambda: [
            Conv2D(shape[-1], 1),
            Conv2DTranspose(filters, window, **(settings or {})),
            Conv2D(3, 2, activation="relu"),
            Flatten(),
            Dense(3, activation="softmax"),
        ],
        **row,
    )


TRANSPOSED = {
    "transposed 3x3": transposed((5, 6, 4), 8, 3, {"activation": "relu"}),
    "transposed 3x3 same": transposed((5, 6, 3), 17, 3, SAME),
    "transposed 3x3, stride 2": transposed((4, 5, 5), 6, 3, {"strides": 2}),
    "transposed 3x3, stride 2 same": transposed((4, 5, 16), 33, 3, {"strides": 2, **SAME}),
    "transposed 4x4, stride 2 same": transposed(
        (5, 4, 3), 16, 4, {"strides": 2, **SAME, "use_bias": False}
    ),
    "transposed 2x2, stride 3": transposed((3, 4, 2), 5, 2, {"strides": 3, "activation": "relu"}),
    "transposed 2x2, stride 3 same": transposed((3, 4, 2), 5, 2, {"strides": 3, **SAME}),
    "transposed (5, 2), strides (1, 2), padded": transposed(
        (4, 5, 3), 4, (5, 2), {"strides": (1, 2), "output_padding": (0, 1)}
    ),
    "transposed 5x5, stride 3 same, padded": transposed(
        (3, 4, 3), 4, 5, {"strides": 3, "output_padding": 2, **SAME}
    ),
    "transposed 3x3, dilation 2 same": transposed((5, 6, 3), 4, 3, {"dilation_rate": 2, **SAME}),
    "transposed 1x1": transposed((4, 5, 3), 48, 1),
    "transposed from the first layer to the last": Network(
        (4, 3, 2),
        lambda: [
            Conv2DTranspose(20, 3, 2, "same", use_bias=False),
            ReLU(6.0),
            Conv2DTranspose(2, 3, 2, "same"),
        ],
        loss=losses.MeanSquaredError(),
        batch=9,
    ),
}
