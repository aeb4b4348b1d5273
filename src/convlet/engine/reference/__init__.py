"""Every operation in plain NumPy, forward and backward, as its formula defines it.

This is the definition of what convlet computes: the fast engine is tested against it, and it is
tested against differences of its own values. It is written to be read, not to be quick. Images
are (batch, height, width, channels) and kernels (height, width, channels, filters); any float
type will do, and the tests use float64.
"""

from convlet.engine.reference.activations import ACTIVATIONS
from convlet.engine.reference.convolution import conv2d, conv2d_backward
from convlet.engine.reference.elementwise import (
    alpha_dropout,
    alpha_dropout_backward,
    dense,
    dense_backward,
    dropout,
    gaussian_dropout,
    prelu,
    prelu_backward,
    rescaling,
    rescaling_backward,
    zero_padding2d,
    zero_padding2d_backward,
)
from convlet.engine.reference.kinks import kink_distances
from convlet.engine.reference.network import forward, forward_graph, gradients, gradients_graph
from convlet.engine.reference.optimizers import apply_gradients, new_slots
from convlet.engine.reference.pooling import (
    average_pooling2d,
    average_pooling2d_backward,
    global_average_pooling2d,
    global_average_pooling2d_backward,
    global_max_pooling2d,
    global_max_pooling2d_backward,
    max_pooling2d,
    max_pooling2d_backward,
    max_pooling2d_leads,
)

__all__ = [
    "ACTIVATIONS",
    "alpha_dropout",
    "alpha_dropout_backward",
    "apply_gradients",
    "average_pooling2d",
    "average_pooling2d_backward",
    "conv2d",
    "conv2d_backward",
    "dense",
    "dense_backward",
    "dropout",
    "forward",
    "forward_graph",
    "gaussian_dropout",
    "global_average_pooling2d",
    "global_average_pooling2d_backward",
    "global_max_pooling2d",
    "global_max_pooling2d_backward",
    "gradients",
    "gradients_graph",
    "kink_distances",
    "max_pooling2d",
    "max_pooling2d_backward",
    "max_pooling2d_leads",
    "new_slots",
    "prelu",
    "prelu_backward",
    "rescaling",
    "rescaling_backward",
    "zero_padding2d",
    "zero_padding2d_backward",
]
