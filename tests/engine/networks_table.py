"""Small networks that between them use everything the engine can do: its tests run over them all.

A row is exact where nothing is rounded that a relu or a maximum decides about: no mean of nine, no
exponential before it. Its weights and images are small multiples of powers of two, so float32 and
float64 agree on every tie in a pool and every zero of a relu, however their sums are ordered.
"""

import numpy as np

from tests.engine.activation_networks import ACTIVATIONS
from tests.engine.convolution_networks import CONVOLUTIONS, POOLED
from tests.engine.depthwise_networks import DEPTHWISE
from tests.engine.image_networks import IMAGES
from tests.engine.layer_networks import LAYERS, LOSSES
from tests.engine.moving_networks import MOVING
from tests.engine.network import Network
from tests.engine.normalization_networks import NORMALIZATION
from tests.engine.penalty_networks import PENALTIES
from tests.engine.sequence_networks import SEQUENCES
from tests.engine.transposed_networks import TRANSPOSED
from tests.engine.winograd_networks import WINOGRAD


def chapter(name):
    """One of the networks of ``convlet.networks`` for MNIST's images."""

    def make_layers():
        from convlet import networks

        return networks.build(name, (28, 28, 1), 10).layers

    return Network((28, 28, 1), make_layers, batch=3, images=np.uint8)


SMALL = {
    **POOLED,
    **CONVOLUTIONS,
    **DEPTHWISE,
    **WINOGRAD,
    **LAYERS,
    **NORMALIZATION,
    **ACTIVATIONS,
    **LOSSES,
    **SEQUENCES,
    **MOVING,
    **TRANSPOSED,
    **IMAGES,
    **PENALTIES,
}
CHAPTER = {
    f"chapter: {name}": chapter(name)
    for name in ("convnet", "dense", "no_pooling", "strided", "average_pooling")
}
NETWORKS = {**SMALL, **CHAPTER}

AT_EVERY_VECTOR_WIDTH = (
    "pool 2, odd rows left over",
    "pool 2, conv and pool same, odd",
    "pool 3, stride 2, conv and pool same",
    "two pooled convolutions",
    "convolutions without pooling",
    "average pooling 3, stride 2, same",
    "planes, tiles of 4",
    "planes, tiles that reach back",
    "planes, pooled twice",
    "depthwise 3x3 same, several tiles",
    "depthwise 3x3 same, channels that fill no vector",
    "depthwise 3x3 same, a ragged vector",
    "depthwise 3x3, stride 2 same, even",
    "depthwise 5x5 same",
    "depthwise of few pixels and many channels",
    "depthwise, two windows a channel",
    "transposed 3x3, stride 2 same",
    "dense",
    "smooth activations",
    "augmentation of bytes",
    "images of other sizes, behind weights too",
    "activations with arguments",
    "along other axes",
    "learned slopes, of all kinds",
    "sequences, causal",
    "enlarging by curves",
    "other orders of axes",
    "batch normalization between convolutions",
    "penalties of weights",
    "penalties of outputs",
)
"""Convolutions, pools, dense layers, exponentials, statistics, penalties.

What a process for each width checks.
"""
