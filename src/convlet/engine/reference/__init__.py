"""Every operation in plain NumPy, forward and backward, as its formula defines it.

This is the definition of what convlet computes: the fast engine is tested against it, and it is
tested against differences of its own values. It is written to be read, not to be quick. Images
are (batch, height, width, channels) and kernels (height, width, channels, filters), sequences
(batch, steps, channels); any float type will do, and the tests use float64.
"""

from convlet.engine.reference.convolution import (
    conv2d,
    conv2d_backward,
    depthwise_conv2d,
    depthwise_conv2d_backward,
)
from convlet.engine.reference.elementwise import (
    ACTIVATIONS,
    dense,
    dense_backward,
    dropout,
    linear,
    linear_backward,
    relu,
    relu_backward,
    rescaling,
    rescaling_backward,
    sigmoid,
    sigmoid_backward,
    softmax,
    softmax_backward,
    tanh,
    tanh_backward,
    zero_padding2d,
    zero_padding2d_backward,
)
from convlet.engine.reference.kinks import kink_distances
from convlet.engine.reference.network import forward, gradients
from convlet.engine.reference.one_axis import (
    average_pooling1d,
    average_pooling1d_backward,
    conv1d,
    conv1d_backward,
    global_average_pooling1d,
    global_average_pooling1d_backward,
    global_max_pooling1d,
    global_max_pooling1d_backward,
    max_pooling1d,
    max_pooling1d_backward,
    max_pooling1d_leads,
)
from convlet.engine.reference.optimizers import apply_gradients, zero_slots
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
    "apply_gradients",
    "average_pooling1d",
    "average_pooling1d_backward",
    "average_pooling2d",
    "average_pooling2d_backward",
    "conv1d",
    "conv1d_backward",
    "conv2d",
    "conv2d_backward",
    "dense",
    "dense_backward",
    "depthwise_conv2d",
    "depthwise_conv2d_backward",
    "dropout",
    "forward",
    "global_average_pooling1d",
    "global_average_pooling1d_backward",
    "global_average_pooling2d",
    "global_average_pooling2d_backward",
    "global_max_pooling1d",
    "global_max_pooling1d_backward",
    "global_max_pooling2d",
    "global_max_pooling2d_backward",
    "gradients",
    "kink_distances",
    "linear",
    "linear_backward",
    "max_pooling1d",
    "max_pooling1d_backward",
    "max_pooling1d_leads",
    "max_pooling2d",
    "max_pooling2d_backward",
    "max_pooling2d_leads",
    "relu",
    "relu_backward",
    "rescaling",
    "rescaling_backward",
    "sigmoid",
    "sigmoid_backward",
    "softmax",
    "softmax_backward",
    "tanh",
    "tanh_backward",
    "zero_padding2d",
    "zero_padding2d_backward",
    "zero_slots",
]
