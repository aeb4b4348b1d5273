"""Winograd's way through a 3 x 3 convolution, forward and backward: its tiles, planes and calls.

Sums are in another order than the definition's, so an infinity would spread as NaN. Each kernel
says in flags of the slot which images had one: the plain way, which follows, does those again.
"""

from __future__ import annotations

from itertools import product as pairs
from typing import TYPE_CHECKING

import numpy as np

from convlet.engine.cpu.jit import Kernel
from convlet.engine.cpu.products import MOST_PARTS, gradient_rows, tile_rows, tile_shape
from convlet.engine.cpu.simd import LANES, padded
from convlet.engine.cpu.transforms import KERNEL
from convlet.engine.cpu.winograd_kernels import (
    PLANES,
    SUMS,
    WEIGHTS,
    through_planes,
    transform_weights,
    weight_gradient,
)
from convlet.engine.plan import Plan, Tensor
from convlet.variable import aligned_empty

if TYPE_CHECKING:
    from convlet.engine.cpu.conv2d import Geometry

BLOCK_FLOATS = 32 * 1024
"""Floats of planes that are worked on at a time: 128 KiB, beside which a second-level cache has
room for weights."""
APART = 16
"""Floats between planes, so that a tile's places in them don't share a set of the cache."""


def transformed(
    plan: Plan, packed: int, depth: int, columns: int, size: int, vectors: int
) -> tuple[int, int]:
    """The address of transformed weights, renewed each step after packing; and a plane's floats.

    Args:
        plan: Where the calls go.
        packed: The address of the weights as `packing` leaves them.
        depth: Rows of a tap of the kernel.
        columns: What is in a row.
        size: Outputs of a tile, along each axis.
        vectors: Vectors of a panel.
    """
    width = vectors * LANES
    panels = -(-columns // width)
    plane = panels * width * depth + APART
    target = aligned_empty(((size + KERNEL - 1) ** 2 * plane,))
    plan.keep(target)
    step = max(1, 2048 // (panels * width))
    for first in range(0, depth, step):
        plan.transform(
            transform_weights(size, vectors), WEIGHTS, source=packed, target=target.ctypes.data,
            plane=plane, panels=panels, depth=depth, first=first, count=min(step, depth - first),
        )  # fmt: skip
    return int(target.ctypes.data), plane


class Winograd:
    """Winograd's way through one convolution.

    Args:
        plan: Where the calls go.
        geometry: Where the convolution's windows lie.
        size: Outputs of a tile, along each axis.
    """

    def __init__(self, plan: Plan, geometry: Geometry, size: int) -> None:
        self.plan, self.size, self.side = plan, size, size + KERNEL - 1
        top, left = geometry.padding.top, geometry.padding.left
        self.flag = plan.reserve(2 * MOST_PARTS * plan.chunk)
        axes = []
        for length in geometry.output:
            # The last tile reaches back where the size does not divide the length.
            wanted = range(0, length, size)
            axes.append([(min(start, length - size), start) for start in wanted])
        tiles = list(pairs(*axes))
        self.outputs = [(y, x) for (y, _), (x, _) in tiles]
        self.inputs = [(y - top, x - left) for y, x in self.outputs]
        self.shared = [(row - y, column - x) for (y, row), (x, column) in tiles]

    def emit_forward(
        self, x: Tensor, y: Tensor, codes: Tensor, weights: int, bias: int, vectors: int,
        pool: int, activation: str,
    ) -> None:  # fmt: skip
        """Appends y = pool(activation(conv(x, W) + bias)); weights and bias are packed.

        The pool's windows have ``pool`` rows and columns; they divide a tile.
        """
        keep_codes = codes is not y
        kernel = through_planes(
            self.size, False, tile_rows(vectors), vectors, pool, activation, keep_codes,
            y.channels % LANES != 0,
        )  # fmt: skip
        places = [(row // pool, column // pool) for row, column in self.outputs]
        self._emit(
            kernel, x, self.inputs, y, places, weights, vectors, bias=bias, codes=codes.offset,
            skips=self._skips(pool),
        )  # fmt: skip

    def emit_input_gradient(self, dz: Tensor, dx: Tensor, weights: int, vectors: int) -> None:
        """Appends dx, whose halo takes what falls outside; weights are packed, channels last."""
        kernel = through_planes(
            self.size, True, tile_rows(vectors), vectors, 1, "linear", False,
            dx.channels % LANES != 0,
        )  # fmt: skip
        first = dx.offset + dx.pixel(-dx.halo.top, -dx.halo.left)
        self._emit(
            kernel, dz, self.outputs, dx, self.inputs, weights, vectors, y_first=first,
            y_image=dx.image_stride, skips=self._skips(),
        )  # fmt: skip

    def _emit(
        self, kernel: Kernel, x: Tensor, x_tiles: list[tuple[int, int]], y: Tensor,
        y_tiles: list[tuple[int, int]], packed: int, vectors: int, **fields: int,
    ) -> None:  # fmt: skip
        plan, depth, width = self.plan, x.channels, vectors * LANES
        v_tile, m_tile = padded(depth), padded(y.channels, width)
        block = self._block(v_tile + m_tile)
        v, m = plan.temporary(*(self._floats(block, tile) for tile in (v_tile, m_tile)))
        weights, u_plane = transformed(plan, packed, depth, y.channels, self.size, vectors)
        plan.run(
            kernel, PLANES,
            x=x.offset, x_row=x.row_stride, x_column=depth,
            x_tiles=plan.constant(x.positions(plan.chunk, x_tiles)),
            tiles=len(self.outputs), block=block, depth=depth,
            **self._planes("v", v, block, v_tile), weights=weights, u_plane=u_plane,
            **self._planes("m", m, block, m_tile),
            zeros=plan.constant(np.zeros(width, np.float32)),
            columns=y.channels, y=y.offset, y_row=y.row_stride, y_column=y.channels,
            y_tiles=plan.constant(y.positions(plan.chunk, y_tiles)), flag=self.flag, **fields,
        )  # fmt: skip

    def emit_weight_gradient(self, x: Tensor, dz: Tensor, gradient: int) -> None:
        """Appends dW, left at this offset in the chunk's gradients as the variable lies."""
        plan, depth, columns = self.plan, x.channels, dz.channels
        vectors = tile_shape(columns).vectors
        rows = gradient_rows(depth, vectors)
        whole = padded(depth, rows)
        v_tile, p_tile = padded(depth), padded(columns, vectors * LANES)
        block = self._block(v_tile + p_tile)
        s_plane = whole * columns + APART
        v, p, s = plan.temporary(
            *(self._floats(block, tile) for tile in (v_tile, p_tile)),
            self.side**2 * s_plane,
        )
        plan.run(
            weight_gradient(self.size, rows, vectors, columns % (vectors * LANES) != 0), SUMS,
            x=x.offset, x_row=x.row_stride, x_column=depth,
            x_tiles=plan.constant(x.positions(plan.chunk, self.inputs)),
            dz=dz.offset, dz_row=dz.row_stride, dz_column=columns,
            dz_tiles=plan.constant(dz.positions(plan.chunk, self.outputs)), skips=self._skips(),
            tiles=len(self.outputs), block=block, depth=depth, columns=columns,
            **self._planes("v", v, block, v_tile), **self._planes("p", p, block, p_tile),
            s=s, s_plane=s_plane,
            k_offsets=plan.constant(np.arange(whole, dtype=np.int32)),
            gradient=gradient, flag=self.flag,
        )  # fmt: skip

    def _block(self, floats: int) -> int:
        """Tiles whose planes fit in the cache, enough of them for a product's rows."""
        fitting = BLOCK_FLOATS // (self.side**2 * floats)
        return min(max(fitting - fitting % 8, 16), padded(len(self.outputs) * self.plan.chunk, 8))

    def _floats(self, block: int, tile: int) -> int:
        """Room for the planes of a block of tiles."""
        return self.side**2 * (block * tile + APART)

    def _planes(self, name: str, offset: int, block: int, tile: int) -> dict[str, int]:
        """The fields by which a record names the planes of a block of tiles."""
        rows = np.arange(block, dtype=np.int32) * np.int32(tile)
        return {
            name: offset, f"{name}_plane": block * tile + APART, f"{name}_tile": tile,
            f"{name}_rows": self.plan.constant(rows),
        }  # fmt: skip

    def _skips(self, pool: int = 1) -> int:
        skips = [row // pool * 256 + column // pool for row, column in self.shared]
        return self.plan.constant(np.tile(np.array(skips, np.int32), self.plan.chunk))
