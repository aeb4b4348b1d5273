"""Rows of ``networks_table``: activations, between two dense layers or behind a convolution."""

from functools import partial

from convlet import activations, losses
from convlet.activations.lookup import FUNCTIONS
from convlet.layers import ELU, Activation, Conv2D, Dense, Flatten, LeakyReLU, PReLU, Softmax
from tests.engine.network import Network


def between_dense_layers(activation):
    """What is behind it needs its values, what is before it its slopes."""
    return Network(
        (7,),
        lambda: [Dense(37), Activation(activation), Dense(3)],
        loss=losses.MeanSquaredError(),
        exact=False,
    )


NAMES = sorted(FUNCTIONS.keys() - {"glu", "linear", "relu", "softmax", "threshold"})

ACTIVATIONS = {
    **{name: between_dense_layers(name) for name in NAMES},
    "gelu, approximate": between_dense_layers(partial(activations.gelu, approximate=True)),
    "threshold": between_dense_layers(
        partial(activations.threshold, threshold=0.25, default_value=-0.5)
    ),
    "activations with arguments": Network(
        (6, 6, 2),
        lambda: [
            Conv2D(5, 2, activation=partial(activations.celu, alpha=0.5)),
            Conv2D(8, 2, activation=partial(activations.squareplus, b=1.5)),
            Flatten(),
            Dense(19, activation=partial(activations.soft_shrink, threshold=0.125)),
            Dense(11, activation=LeakyReLU(0.125)),
            Dense(7, activation=partial(activations.hard_shrink, threshold=0.25)),
            Dense(3, activation="softmax"),
        ],
        exact=False,
    ),
    "layers of activations, padded for the next": Network(
        (5, 6, 2),
        lambda: [
            Conv2D(5, 2),
            LeakyReLU(0.25),
            Conv2D(8, 3, padding="same"),
            ELU(0.5),
            Conv2D(3, 3, padding="same", activation="swish"),
            Flatten(),
            Dense(3, activation="softmax"),
        ],
        exact=False,
    ),
    "along other axes": Network(
        (5, 6, 4),
        lambda: [
            Conv2D(5, 2, use_bias=False),  # adding to all that compete would change nothing
            Softmax(axis=1),
            Conv2D(3, 2, use_bias=False),
            Activation(partial(activations.log_softmax, axis=-2)),
            Conv2D(3, 2, use_bias=False),
            Activation(partial(activations.sparsemax, axis=2)),
            Flatten(),
            Dense(3, activation="softmax"),
        ],
        exact=False,
    ),
    "a softmax along another axis last": Network(
        (3, 4), lambda: [Dense(5, use_bias=False), Softmax(axis=1)]
    ),
    "learned slopes, one a channel": Network(
        (6, 5, 2),
        lambda: [
            Conv2D(9, 2),
            PReLU(shared_axes=[1, 2]),
            Conv2D(4, 3, padding="same"),
            PReLU(shared_axes=(1, -2)),
            Flatten(),
            Dense(3, activation="softmax"),
        ],
        exact=False,
    ),
    "learned slopes, of all kinds": Network(
        (5, 6, 2),
        lambda: [
            Conv2D(3, 2),
            PReLU(),
            Conv2D(4, 2),
            PReLU(shared_axes=[2]),
            PReLU(shared_axes=[1, 2, 3]),
            PReLU(shared_axes=3),
            Flatten(),
            Dense(17),
            PReLU(),
            Dense(5),
            PReLU(shared_axes=[1]),
            Dense(3, activation="softmax"),
        ],
        exact=False,
    ),
}
