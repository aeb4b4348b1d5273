"""Weights, images and targets for the rows of ``networks_table``."""

from typing import NamedTuple

import numpy as np

from convlet import losses
from convlet.engine import reference
from convlet.layers import Activation, Dense, GlobalMaxPooling2D, MaxPooling2D, ReLU, windows

EXTRA_IMAGES = 3
"""A batch is drawn from a few more images than it holds, in no order."""


class Case(NamedTuple):
    """A network with weights and a batch to train it on."""

    layers: list
    loss: losses.Loss
    x: np.ndarray
    y: np.ndarray
    index: np.ndarray
    sample_weight: np.ndarray | None

    @property
    def batch(self):
        """The images, targets and weights that the index picks."""
        weights = None if self.sample_weight is None else self.sample_weight[self.index]
        return self.x[self.index], self.y[self.index], weights


def make_case(network, seed=0):
    """The row's network and data; a row that is not exact is kept away from its kinks."""
    case = _draw(network, seed)
    while not network.exact and kink_distance(case.layers, case.x) < 1e-5:
        seed += 1
        case = _draw(network, seed)
    return case


def built(network):
    """The row's layers with weights."""
    layers = list(network.make_layers())
    shape = (None, *network.input_shape)
    for layer in layers:
        layer.build(shape)
        shape = layer.output_shape
    return layers


def _draw(network, seed):
    generator = np.random.default_rng(seed)
    layers = built(network)
    for layer in layers:
        set_weights(generator, layer, network.exact)
    count = network.batch + EXTRA_IMAGES
    return Case(
        layers,
        network.loss,
        images(generator, network, count),
        targets(generator, network.loss, layers[-1].output_shape[1:], count),
        generator.permutation(count)[: network.batch].astype(np.int64),
        generator.uniform(0.25, 2.0, count).astype(np.float32) if network.weighted else None,
    )


def set_weights(generator, layer, exact):
    """Weights that keep values near 1: multiples of a power of two, or normally distributed."""
    if not layer.weights:
        return
    kernel, *bias = layer.weights
    inputs = np.prod(kernel.shape[:-1])
    if exact:
        step = 2.0 ** -np.round(np.log2(np.sqrt(inputs * 2 / 3)))
        kernel.assign(generator.integers(-1, 2, kernel.shape) * step)
    else:
        kernel.assign(generator.standard_normal(kernel.shape) / np.sqrt(inputs))
    for variable in bias:
        variable.assign(generator.integers(-2, 3, variable.shape) / 4)


def images(generator, network, count):
    """Multiples of 1/2, small integers as bytes, or normally distributed values."""
    shape = (count, *network.input_shape)
    if network.images is np.uint8:
        # Mostly background, as drawings are: flat regions are full of ties.
        return (generator.integers(0, 8, shape) * generator.integers(0, 2, shape)).astype(np.uint8)
    values = (
        generator.integers(-3, 4, shape) / 2 if network.exact else generator.standard_normal(shape)
    )
    return values.astype(network.images)


def targets(generator, loss, output_shape, count):
    """Random targets as the loss wants them, after its ``prepare``."""
    *positions, classes = output_shape
    labels = generator.integers(0, classes, (count, *positions))
    match loss:
        case losses.SparseCategoricalCrossentropy():
            y = labels
        case losses.CategoricalCrossentropy():
            y = np.eye(classes)[labels]
        case losses.BinaryCrossentropy():
            y = generator.integers(0, 2, (count, *output_shape))
        case _:
            y = generator.standard_normal((count, *output_shape))
    return loss.prepare(y, output_shape)


def has_kinks(layer):
    """Whether the layer takes a maximum, of a window or of 0 and a value."""
    activation = getattr(layer, "activation", None)
    return isinstance(layer, ReLU | MaxPooling2D | GlobalMaxPooling2D) or (
        activation is not None and activation.__name__ == "relu"
    )


def kink_distance(layers, x):
    """How near the values come to where a relu or a maximum changes its mind, relatively.

    Rounding must not carry a value across: on the other side the gradient is another one.
    """
    nearest = np.inf
    for count, layer in enumerate(layers):
        values = reference.forward(layers[:count], x)
        if not has_kinks(layer):
            continue
        match layer:
            case ReLU():
                corners = [layer.threshold, *([layer.max_value] if layer.max_value else [])]
                gaps = np.stack([values - corner for corner in corners])
            case MaxPooling2D():
                gaps = _lead_of_the_maximum(layer.pool_size, layer.strides, layer.padding, values)
            case GlobalMaxPooling2D():
                size = values.shape[1:3]
                gaps = _lead_of_the_maximum(size, size, "valid", values)
            case _:
                gaps = _before_activation(layer, values)
        gaps = np.abs(gaps[gaps != 0])
        nearest = min(nearest, gaps.min(initial=np.inf) / np.abs(values).max())
    return nearest


def _before_activation(layer, x):
    if isinstance(layer, Activation):
        return x
    bias = 0 if layer.bias is None else layer.bias.value.astype(x.dtype)
    kernel = layer.kernel.value.astype(x.dtype)
    if isinstance(layer, Dense):
        return x @ kernel + bias
    return reference.conv2d(x, kernel, bias, layer.strides, layer.padding, layer.dilation_rate)


def _lead_of_the_maximum(pool_size, strides, padding, x):
    """By how much each window's maximum exceeds the largest value below it."""
    margins = [
        windows.pad_amounts(size, window, stride, padding)
        for size, window, stride in zip(x.shape[1:3], pool_size, strides, strict=True)
    ]
    padded = np.pad(x, ((0, 0), *margins, (0, 0)), constant_values=-np.inf)
    seen = np.lib.stride_tricks.sliding_window_view(padded, pool_size, (1, 2))
    seen = seen[:, :: strides[0], :: strides[1]]
    largest = seen.max(axis=(-2, -1), keepdims=True)
    runner_up = np.where(seen < largest, seen, -np.inf).max(axis=(-2, -1))
    lead = largest[..., 0, 0] - runner_up
    return lead[np.isfinite(lead)]
