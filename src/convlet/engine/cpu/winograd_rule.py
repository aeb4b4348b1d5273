"""When Winograd's way costs less than the definition, and by which size of tile.

Costs count vector operations an image takes; they depend on shapes alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from convlet.engine.cpu.simd import LANES
from convlet.engine.cpu.transforms import KERNEL, matrices

if TYPE_CHECKING:
    from convlet.engine.cpu.conv2d import Geometry

EXACT = 2
"""The size of tile that forward passes of training have: it keeps exact zeros and the ties of equal
rows or columns exact, so that relu and a max pool let the same gradients through as by the
definition. Of elements equal along a diagonal a pool may pick another than the definition's: their
windows are the same, and so are the weights' gradients. Larger tiles keep none of this."""
LARGEST_OF_GRADIENTS = 4
LARGEST_OF_INFERENCE = 5
"""Larger tiles multiply less and round more. Beside the definition, 2 rounds half as much, 3 and 4
up to three times, 5 up to ten times: 2e-5 of the largest output with 256 channels."""


@dataclass(frozen=True)
class Way:
    """How a convolution is computed.

    Attributes:
        size: Outputs of a tile of Winograd's, along each axis; 0 for the definition.
        cost: In vector operations an image.
        definition: What the definition costs.
        fused: Whether the pool happens in registers; if not, it is an op of its own.
    """

    size: int
    cost: float
    definition: float
    fused: bool = True

    def reason(self) -> str:
        """Why it is Winograd's way, in words; nothing where it isn't."""
        if not self.size:
            return ""
        tiles = f"F({self.size}x{self.size}, {KERNEL}x{KERNEL})"
        costs = f"{self.cost:,.0f} vector operations an image; plainly {self.definition:,.0f}"
        return f"by Winograd's {tiles}: {costs}"


PLAINLY = Way(0, 0.0, 0.0)
"""By the definition, whatever it costs."""


def cost(output: tuple[int, int], depth: int, columns: int, size: int) -> float:
    """Vector operations an image takes by F(size x size, 3 x 3), or by the definition (size 0).

    A multiply-add counts 1, and so does a vector loaded, stored or added in a transform.

    Example:
        >>> cost((32, 32), 64, 64, size=2) < cost((32, 32), 64, 64, size=0) / 1.8
        True
    """
    height, width = output
    filters, channels = -(-columns // LANES), -(-depth // LANES)
    if not size:
        return float(height * width * KERNEL * KERNEL * depth * filters)
    tiles = -(-height // size) * -(-width // size)
    side = size + KERNEL - 1
    factors = sum(factor != 0 for row in matrices(size)["B^T"] for factor in row)
    transform = 2 + 2 * factors / side
    return tiles * side * side * (depth * filters + transform * (filters + channels))


def choose(geometry: Geometry, depth: int, columns: int, largest: int, pool: int = 1) -> Way:
    """The way that costs least.

    Winograd's is for undilated 3 x 3 kernels without strides, and for images of 8 outputs or more:
    the tiles of fewer don't fill a product's. A tile consists of whole pooling windows; if not,
    which only a ``largest`` above `EXACT` allows, the pool is a pass of its own.

    Args:
        geometry: Where the convolution's windows lie.
        depth: Channels that are summed over.
        columns: Channels that are computed.
        largest: The largest size allowed.
        pool: Height and width of the max pool's windows; 1 for none.
    """
    output = tuple(size // pool * pool for size in geometry.output)
    height, width = output
    definition = cost((height, width), depth, columns, 0)
    best = Way(0, definition, definition)
    plain = ((KERNEL, KERNEL), (1, 1), (1, 1))
    if (geometry.window, geometry.strides, geometry.dilation) != plain or height * width < 8:
        return best
    for size in range(EXACT, min(largest, height, width) + 1):
        fused = size % pool == 0
        if fused or largest > EXACT:
            operations = cost((height, width), depth, columns, size)
            if not fused:
                operations += 3 * height * width * -(-columns // LANES)
            best = min(best, Way(size, operations, definition, fused), key=lambda way: way.cost)
    return best


def cropped(geometry: Geometry, pool: tuple[int, int]) -> Geometry:
    """The geometry without the last rows and columns of outputs, which no pooling window has."""
    height, width = (size // p * p for size, p in zip(geometry.output, pool, strict=True))
    return replace(geometry, output=(height, width))
