"""Where gradients jump: how near a network's values come to a relu's corner or to a pool's tie."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike

from convlet import layers as declarations
from convlet.engine.reference import one_axis, pooling
from convlet.engine.reference.activations import ACTIVATIONS
from convlet.engine.reference.arrays import Floats
from convlet.engine.reference.layer import Mode, activate, activation_of, sums
from convlet.layers.windows import over_image


def kink_distances(
    layers: Sequence[declarations.Layer], x: ArrayLike, training: bool = False
) -> Floats:
    """How near each image comes to where a relu or a maximum changes its mind.

    The gradient jumps there: if rounding carries a value across, two correct computations differ
    by all that the value's gradient weighs. Exact zeros and ties don't count, as they are no
    accident of rounding. Of a relu before a max pooling only the pooled values count: no gradient
    reaches the others.

    Args:
        layers: Built layers, in their order.
        x: Images (batch, …).
        training: Whether the batch's statistics count where a layer takes them in training.

    Returns:
        The smallest distance of each image, relative to its largest value in that layer.

    Example:
        >>> from convlet.layers import ReLU
        >>> kink_distances([ReLU()], [[3.0, -4.0], [0.5, 8.0]])
        array([0.75  , 0.0625])
    """
    values: Floats = np.asarray(x, np.float64)
    nearest: Floats = np.full(len(values), np.inf)
    for layer, following in zip(layers, [*layers[1:], None], strict=True):
        z = sums(layer, values, Mode(training))
        for gaps, decided in _gaps(layer, following, values, z):
            distances, sizes = (np.abs(a).reshape(len(values), -1) for a in (gaps, decided))
            smallest = np.where(distances == 0, np.inf, distances).min(axis=1, initial=np.inf)
            nearest = np.minimum(nearest, smallest / sizes.max(axis=1))
        values = activate(layer, z)
    return nearest


def _gaps(
    layer: declarations.Layer, following: declarations.Layer | None, x: Floats, z: Floats
) -> Iterator[tuple[Floats, Floats]]:
    """The distances from a layer's kinks, and the values that they are distances of."""
    match layer:
        case declarations.MaxPooling2D():
            window, strides = over_image(layer.pool_size), over_image(layer.strides)
            yield pooling.max_pooling2d_leads(x, window, strides, layer.padding), x
        case declarations.MaxPooling1D():
            size, stride = layer.pool_size[0], layer.strides[0]
            yield one_axis.max_pooling1d_leads(x, size, stride, layer.padding), x
        case declarations.GlobalMaxPooling2D():
            window = (x.shape[1], x.shape[2])
            yield pooling.max_pooling2d_leads(x, window, window), x
        case declarations.GlobalMaxPooling1D():
            yield one_axis.max_pooling1d_leads(x, x.shape[1], x.shape[1]), x
        case declarations.PReLU():
            yield x, x
        case _:
            yield from _activation_gaps(layer, following, z)


def _activation_gaps(
    layer: declarations.Layer, following: declarations.Layer | None, z: Floats
) -> Iterator[tuple[Floats, Floats]]:
    name, settings = activation_of(layer)
    pools = declarations.MaxPooling1D | declarations.MaxPooling2D
    if name == "relu" and isinstance(following, pools):
        z = sums(following, z, Mode())
    for kink in ACTIVATIONS[name].kinks(**settings):
        yield z - kink, z
