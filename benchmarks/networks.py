"""The networks that are measured, each described once, for every framework to build from.

A convolution and a hidden dense layer are followed by relu. Nothing but the standard library is
imported, since this runs in the environment of every framework.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import prod


@dataclass(frozen=True)
class Conv:
    """A convolution with bias and relu."""

    filters: int
    size: int = 3
    stride: int = 1
    padding: str = "valid"


@dataclass(frozen=True)
class Pool:
    """A max pooling whose windows lie side by side."""

    size: int = 2


@dataclass(frozen=True)
class Dense:
    """A dense layer with bias."""

    units: int
    activation: str = "relu"


@dataclass(frozen=True)
class Kernel:
    """The weights of a layer, without bias, and where an image meets them.

    Attributes:
        shape: (height, width, channels, filters) or (inputs, units).
        positions: How many times an image is multiplied with all of them.
    """

    shape: tuple[int, ...]
    positions: int

    @property
    def multiply_adds(self) -> int:
        """Of one image, forward."""
        return self.positions * prod(self.shape)


@dataclass(frozen=True)
class Network:
    """Convolutions and poolings, then dense layers on the flattened maps.

    Attributes:
        input_shape: Height, width and channels of an image.
        features: The layers before flattening.
        classifier: The layers after it; the last is "softmax", or "sigmoid" for two classes.
    """

    input_shape: tuple[int, int, int]
    features: tuple[Conv | Pool, ...]
    classifier: tuple[Dense, ...]

    @property
    def binary(self) -> bool:
        """Whether one number says which of two classes it is."""
        return self.classifier[-1].activation == "sigmoid"

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return 2 if self.binary else self.classifier[-1].units

    def kernels(self) -> Iterator[Kernel]:
        """The kernel of each layer that has one, in order."""
        height, width, channels = self.input_shape
        for layer in self.features:
            if isinstance(layer, Pool):
                height, width = height // layer.size, width // layer.size
                continue
            lost = 0 if layer.padding == "same" else layer.size - 1
            height, width = (-(-(size - lost) // layer.stride) for size in (height, width))
            yield Kernel((layer.size, layer.size, channels, layer.filters), height * width)
            channels = layer.filters
        inputs = height * width * channels
        for dense in self.classifier:
            yield Kernel((inputs, dense.units), 1)
            inputs = dense.units

    @property
    def parameters(self) -> int:
        """All weights and biases."""
        return sum(prod(kernel.shape) + kernel.shape[-1] for kernel in self.kernels())

    @property
    def training_multiply_adds(self) -> int:
        """Of one image in training: forward, and the gradients of all kernels and inputs but x."""
        forward = [kernel.multiply_adds for kernel in self.kernels()]
        return 3 * sum(forward) - forward[0]

    def widened(self, factor: int) -> Network:
        """The same with `factor` times the filters and hidden units."""
        return replace(
            self,
            features=tuple(
                replace(layer, filters=factor * layer.filters) if isinstance(layer, Conv) else layer
                for layer in self.features
            ),
            classifier=(
                *(replace(dense, units=factor * dense.units) for dense in self.classifier[:-1]),
                self.classifier[-1],
            ),
        )


_DIGITS = (Dense(64), Dense(10, "softmax"))
_CHAPTER = Network((28, 28, 1), (Conv(32), Pool(), Conv(64), Pool(), Conv(64)), _DIGITS)

NETWORKS = {
    "chapter": _CHAPTER,
    "chapter, 2 x the channels": _CHAPTER.widened(2),
    "chapter, 4 x the channels": _CHAPTER.widened(4),
    "no pooling": Network((28, 28, 1), (Conv(32), Conv(64), Conv(64)), _DIGITS),
    "strides": Network((28, 28, 1), (Conv(32, stride=2), Conv(64, stride=2), Conv(64)), _DIGITS),
    "cats and dogs": Network(
        (150, 150, 3),
        (Conv(32), Pool(), Conv(64), Pool(), Conv(128), Pool(), Conv(128), Pool()),
        (Dense(512), Dense(1, "sigmoid")),
    ),
    "six convolutions": Network(
        (32, 32, 3),
        tuple(
            layer
            for filters in (64, 128, 256)
            for layer in (Conv(filters, padding="same"), Conv(filters, padding="same"), Pool())
        ),
        (Dense(10, "softmax"),),
    ),
}
