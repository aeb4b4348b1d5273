"""Weights, images and targets for the rows of ``networks_table``."""

from typing import NamedTuple

import numpy as np

from convlet import losses
from convlet.activations.lookup import describe
from convlet.engine import reference
from convlet.layers import (
    GlobalMaxPooling1D,
    GlobalMaxPooling2D,
    MaxPooling1D,
    MaxPooling2D,
)

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
    while not network.exact and _kink_distance(case) < 1e-5:
        seed += 1
        case = _draw(network, seed)
    return case


def _kink_distance(case):
    """How near values come to a kink, in a prediction of all images or in training the batch."""
    predicted = reference.kink_distances(case.layers, case.x)
    trained = reference.kink_distances(case.layers, case.x[case.index], training=True)
    return min(predicted.min(), trained.min())


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
    for position, variable in enumerate(layer.weights):
        if position > 0 and len(variable.shape) == 1:
            variable.assign(generator.integers(-2, 3, variable.shape) / 4)
            if variable.name == "moving_variance":
                variable.assign(np.abs(variable.value) + 0.5)
            continue
        inputs = np.prod(variable.shape[:-1])
        if exact:
            step = 2.0 ** -np.round(np.log2(np.sqrt(inputs * 2 / 3)))
            variable.assign(generator.integers(-1, 2, variable.shape) * step)
        else:
            variable.assign(generator.standard_normal(variable.shape) / np.sqrt(inputs))


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
    maxima = MaxPooling1D | MaxPooling2D | GlobalMaxPooling1D | GlobalMaxPooling2D
    return isinstance(layer, maxima) or (
        activation is not None and describe(activation).name == "relu"
    )
