"""Networks of blocks with batch normalisation, each described once, for every framework.

Nothing but the standard library is imported, since this runs in the environment of every framework.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Residual:
    """Two 3x3 convolutions, each normalised, added to what came in, then relu (He et al. 2016).

    What came in goes through a normalised 1x1 convolution where its shape is another.
    """

    filters: int
    stride: int = 1


@dataclass(frozen=True)
class Inverted:
    """Widened by a 1x1, a depthwise 3x3, narrowed by a 1x1 convolution (Sandler et al. 2018).

    Each is normalised; relu6 follows the first two. What came in is added where its shape is the
    same.
    """

    filters: int
    stride: int = 1
    expansion: int = 6


@dataclass(frozen=True)
class BlockNetwork:
    """A normalised 3x3 convolution with relu, blocks, a global average, and a dense layer.

    Attributes:
        input_shape: Height, width and channels of an image.
        stem: Filters of the first convolution.
        blocks: What follows.
        head: Filters of a normalised 1x1 convolution with relu6 before the average; 0 for none.
        classes: How many there are.
    """

    input_shape: tuple[int, int, int]
    stem: int
    blocks: tuple[Residual | Inverted, ...]
    head: int = 0
    classes: int = 10
    binary: bool = False


_RESIDUAL = tuple(
    Residual(filters, 2 if first and filters > 16 else 1)
    for filters in (16, 32, 64)
    for first in (True, False)
)
_DEPTHWISE = (
    Inverted(16, expansion=1),
    *(Inverted(filters, 2 if first else 1) for filters in (24, 32, 64) for first in (True, False)),
    Inverted(96),
)

BLOCK_NETWORKS = {
    name: network
    for size in (32, 96)
    for name, network in {
        f"residual, {size}x{size}": BlockNetwork((size, size, 3), 16, _RESIDUAL),
        f"depthwise, {size}x{size}": BlockNetwork((size, size, 3), 32, _DEPTHWISE, 256),
    }.items()
}
