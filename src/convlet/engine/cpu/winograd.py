"""Winograd's way through a 3 x 3 convolution, forward and backward.

Tiles of the image are transformed to *planes*, one for each frequency; a plane's tiles times its
weights is an ordinary product; what comes out is transformed back, with bias, activation and pool
on the way. A block of tiles goes all the way while its planes lie in the second-level cache.

Sums are in another order than the definition's, so an infinity would spread as NaN. Each kernel
says in flags of the slot which images had one: the plain way, which follows, does those again.
"""

from __future__ import annotations

from itertools import product as pairs
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import carray

from convlet.engine.cpu.jit import Kernel, share, specialised
from convlet.engine.cpu.products import MOST_PARTS, gradient_rows, tile_rows, tile_shape
from convlet.engine.cpu.simd import LANES, floats_at, int32_at, int64_at, padded
from convlet.engine.cpu.tiles import gradient_tile, product_tile
from convlet.engine.cpu.transforms import KERNEL, output_tile, transform_tile
from convlet.engine.plan import Plan, Tensor
from convlet.variable import aligned_empty

if TYPE_CHECKING:
    from convlet.engine.cpu.conv2d import Geometry

BLOCK_FLOATS = 128 * 1024
"""Floats of planes that are worked on at a time: half of a second-level cache of 1 MiB."""
APART = 16
"""Floats between planes, so that a tile's places in them don't share a set of the cache."""

WEIGHTS = np.dtype(
    [
        ("source", np.int64),  # address, packed as `products.packed` does: panels of taps of rows
        ("target", np.int64),  # address: planes of panels of rows
        ("plane", np.int64),  # floats from one plane to the next
        ("panels", np.int64),
        ("depth", np.int64),  # rows of a tap
        ("first", np.int64),  # this task's rows
        ("count", np.int64),
    ]
)


@specialised(WEIGHTS)
def transform_weights(size: int, vectors: int) -> Any:
    """U = G g G^T for some rows of packed weights."""
    lanes = LANES
    width = LANES * vectors
    side = size + KERNEL - 1

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        tap = width * op.depth
        for panel in range(op.panels):
            for row in range(op.first, op.first + op.count):
                transform_tile(
                    lanes, size, "G", False, False, False,
                    op.source + 4 * (panel * KERNEL * KERNEL * tap + row * width),
                    KERNEL * tap, tap,
                    op.target + 4 * (panel * tap + row * width), side * op.plane, op.plane,
                    width, 0,
                )  # fmt: skip

    return kernel


PLANES = np.dtype(
    [
        ("x", np.int64),  # slot offset of what is transformed: the input, or the output's gradient
        ("x_row", np.int64),
        ("x_column", np.int64),
        ("x_tiles", np.int64),  # int32 table: where each tile starts in x
        ("skips", np.int64),  # int32 table: rows * 256 + columns of outputs that others have, too
        ("tiles", np.int64),  # tiles an image has
        ("block", np.int64),  # tiles that are worked on at a time
        ("depth", np.int64),  # channels of x
        ("v", np.int64),  # scratch offset of x's planes
        ("v_plane", np.int64),  # floats from one plane to the next
        ("v_tile", np.int64),  # floats from one tile to the next
        ("v_rows", np.int64),  # int32 table: where each tile starts in a plane
        ("weights", np.int64),  # address of the transformed weights
        ("u_plane", np.int64),
        ("m", np.int64),  # scratch offset of the products' planes
        ("m_plane", np.int64),
        ("m_tile", np.int64),
        ("m_rows", np.int64),  # int32 table
        ("zeros", np.int64),  # address: a bias of zeros, which serves as a table of one zero, too
        ("bias", np.int64),  # address, padded to whole panels
        ("columns", np.int64),  # channels of y
        ("y", np.int64),  # slot offset of the output, or of the input's gradient
        ("y_row", np.int64),
        ("y_column", np.int64),
        ("y_tiles", np.int64),  # int32 table
        ("y_first", np.int64),  # where y's memory, its halo included, starts
        ("y_image", np.int64),
        ("codes", np.int64),  # slot offset of the pooling codes
        ("flag", np.int64),  # slot offset: not 0 where the plain way must do it, see `is_needed`
    ]
)


@specialised(PLANES, splits=True)
def through_planes(
    size: int, backward: bool, rows: int, vectors: int, pool: int, activation: str, codes: bool,
    ragged: bool,
) -> Any:  # fmt: skip
    """Y = pool(activation(conv(x, W) + bias)); backward, dx = the gradient of x from that of y.

    Backward, x is the output's gradient and y the input's, to which each tile's part is added.
    """
    lanes = LANES
    width = LANES * vectors
    side = size + KERNEL - 1

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        total = op.tiles * f.count
        x_tiles = carray(int32_at(op.x_tiles), total)
        y_tiles = carray(int32_at(op.y_tiles), total)
        skips = carray(int32_at(op.skips), total)
        v, m = f.scratch + 4 * op.v, f.scratch + 4 * op.m
        flags = carray(int64_at(f.slot + 4 * op.flag), (f.count, MOST_PARTS))
        flags[:, f.part] = 0
        begin, end = share(total, f.part, f.parts)
        if backward:
            whole = carray(floats_at(f.slot + 4 * op.y_first), op.y_image * f.count)
            whole[:] = np.float32(0.0)
        block = max(op.block, 1)
        for start in range(begin, end, block):
            count = min(block, end - start)
            for tile in range(count):
                x = f.slot + 4 * (op.x + x_tiles[start + tile])
                flags[(start + tile) // op.tiles, f.part] |= transform_tile(
                    lanes, size, "A" if backward else "B^T", backward, False, False,
                    x, op.x_row, op.x_column, v + 4 * tile * op.v_tile, side * op.v_plane,
                    op.v_plane, op.depth, skips[start + tile],
                )  # fmt: skip
            for plane in range(side * side):
                for column in range(0, op.columns, width):
                    weights = op.weights + 4 * (plane * op.u_plane + column * op.depth)
                    for tile in range(0, count, rows):
                        first = max(0, min(tile, count - rows))
                        product_tile(
                            lanes, rows, vectors, 0, 1, "linear", False, False,
                            v + 4 * plane * op.v_plane, op.v_rows + 4 * first,
                            op.zeros, op.zeros, 1, op.depth, weights, op.zeros,
                            m + 4 * (plane * op.m_plane + column), op.m_rows + 4 * first, width, 0,
                            count,
                        )  # fmt: skip
            for tile in range(count):
                planes = m + 4 * tile * op.m_tile
                y = f.slot + 4 * (op.y + y_tiles[start + tile])
                if backward:
                    transform_tile(
                        lanes, size, "B", False, True, ragged,
                        planes, side * op.m_plane, op.m_plane, y, op.y_row, op.y_column,
                        op.columns, 0,
                    )  # fmt: skip
                else:
                    flags[(start + tile) // op.tiles, f.part] |= output_tile(
                        lanes, size, pool, activation, codes, ragged,
                        planes, side * op.m_plane, op.m_plane, op.bias, y, op.y_row, op.y_column,
                        f.slot + 4 * (op.codes + y_tiles[start + tile]), op.columns,
                        skips[start + tile],
                    )  # fmt: skip

    return kernel


SUMS = np.dtype(
    [
        *((f"{name}{part}", np.int64) for name in ("x", "dz")
          for part in ("", "_row", "_column", "_tiles")),  # slot offsets, strides, int32 tables
        ("skips", np.int64),  # as in PLANES
        ("tiles", np.int64),
        ("block", np.int64),
        ("depth", np.int64),  # channels of x
        ("columns", np.int64),  # channels of dz
        ("v", np.int64),  # scratch offsets of the planes of x, of dz, and of their products' sums
        ("v_plane", np.int64),
        ("v_tile", np.int64),
        ("v_rows", np.int64),
        ("p", np.int64),
        ("p_plane", np.int64),
        ("p_tile", np.int64),
        ("p_rows", np.int64),
        ("s", np.int64),
        ("s_plane", np.int64),
        ("k_offsets", np.int64),  # int32 table: where row k of the sums finds its factor in a tile
        ("gradient", np.int64),  # offset in the chunk's gradients
        ("flag", np.int64),  # as in PLANES
    ]
)  # fmt: skip


@specialised(SUMS)
def weight_gradient(size: int, rows: int, vectors: int, ragged: bool) -> Any:
    """DW = G^T [ sum over tiles of (B^T x B) (A dz A^T) ] G, a matrix product for each plane."""
    lanes = LANES
    width = LANES * vectors
    side = size + KERNEL - 1

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        total = op.tiles * f.count
        x_tiles = carray(int32_at(op.x_tiles), total)
        dz_tiles = carray(int32_at(op.dz_tiles), total)
        skips = carray(int32_at(op.skips), total)
        v, p, s = f.scratch + 4 * op.v, f.scratch + 4 * op.p, f.scratch + 4 * op.s
        flags = carray(int64_at(f.slot + 4 * op.flag), (f.count, MOST_PARTS))
        flags[:, 0] = 0
        block = max(op.block, 1)
        for start in range(0, total, block):
            count = min(block, total - start)
            for tile in range(count):
                flags[0, 0] |= transform_tile(
                    lanes, size, "B^T", True, False, False,
                    f.slot + 4 * (op.x + x_tiles[start + tile]), op.x_row, op.x_column,
                    v + 4 * tile * op.v_tile, side * op.v_plane, op.v_plane, op.depth, 0,
                )  # fmt: skip
                flags[0, 0] |= transform_tile(
                    lanes, size, "A", True, False, False,
                    f.slot + 4 * (op.dz + dz_tiles[start + tile]), op.dz_row, op.dz_column,
                    p + 4 * tile * op.p_tile, side * op.p_plane, op.p_plane, op.columns,
                    skips[start + tile],
                )  # fmt: skip
            for plane in range(side * side):
                for column in range(0, op.columns, width):
                    for k in range(0, op.depth, rows):
                        gradient_tile(
                            lanes, rows, rows, vectors, 1, ragged,
                            v + 4 * plane * op.v_plane, op.v_rows, op.k_offsets + 4 * k,
                            p + 4 * (plane * op.p_plane + column), op.p_rows, 0, 0, count,
                            s + 4 * (plane * op.s_plane + k * op.columns + column), op.columns,
                            op.columns - column, start == 0,
                        )  # fmt: skip
        area = op.depth * op.columns
        for row in range(op.depth):
            transform_tile(
                lanes, size, "G^T", False, False, ragged,
                s + 4 * row * op.columns, side * op.s_plane, op.s_plane,
                f.gradients + 4 * (op.gradient + row * op.columns), KERNEL * area, area,
                op.columns, 0,
            )  # fmt: skip

    return kernel


def transformed(
    plan: Plan, packed: int, depth: int, columns: int, size: int, vectors: int
) -> tuple[int, int]:
    """The address of transformed weights, renewed each step after packing; and a plane's floats.

    Args:
        plan: Where the calls go.
        packed: The address of the weights as `products.packed` leaves them.
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
        self.before = geometry.padding.top, geometry.padding.left
        self.flag = plan.reserve(2 * MOST_PARTS * plan.chunk)
        axes = []
        for length in geometry.output:
            # The last tile reaches back where the size does not divide the length.
            wanted = range(0, length, size)
            axes.append([(min(start, length - size), start) for start in wanted])
        tiles = list(pairs(*axes))
        self.outputs = [(y, x) for (y, _), (x, _) in tiles]
        self.inputs = [(y - self.before[0], x - self.before[1]) for y, x in self.outputs]
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
        v, m = plan.temporary(*(self.side**2 * (block * tile + APART) for tile in (v_tile, m_tile)))
        weights, u_plane = transformed(plan, packed, depth, y.channels, self.size, vectors)
        plan.run(
            kernel, PLANES,
            x=x.offset, x_row=x.row_stride, x_column=depth,
            x_tiles=plan.constant(x.positions(plan.chunk, x_tiles)),
            tiles=len(self.outputs), block=block, depth=depth,
            v=v, v_plane=block * v_tile + APART, v_tile=v_tile, v_rows=self._rows(block, v_tile),
            weights=weights, u_plane=u_plane,
            m=m, m_plane=block * m_tile + APART, m_tile=m_tile, m_rows=self._rows(block, m_tile),
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
            *(self.side**2 * (block * tile + APART) for tile in (v_tile, p_tile)),
            self.side**2 * s_plane,
        )
        plan.run(
            weight_gradient(self.size, rows, vectors, columns % (vectors * LANES) != 0), SUMS,
            x=x.offset, x_row=x.row_stride, x_column=depth,
            x_tiles=plan.constant(x.positions(plan.chunk, self.inputs)),
            dz=dz.offset, dz_row=dz.row_stride, dz_column=columns,
            dz_tiles=plan.constant(dz.positions(plan.chunk, self.outputs)), skips=self._skips(),
            tiles=len(self.outputs), block=block, depth=depth, columns=columns,
            v=v, v_plane=block * v_tile + APART, v_tile=v_tile, v_rows=self._rows(block, v_tile),
            p=p, p_plane=block * p_tile + APART, p_tile=p_tile, p_rows=self._rows(block, p_tile),
            s=s, s_plane=s_plane,
            k_offsets=plan.constant(np.arange(whole, dtype=np.int32)),
            gradient=gradient, flag=self.flag,
        )  # fmt: skip

    def _block(self, floats: int) -> int:
        """Tiles whose planes fit in the cache, enough of them for a product's rows."""
        fitting = BLOCK_FLOATS // (self.side**2 * floats)
        return min(max(fitting - fitting % 8, 16), padded(len(self.outputs) * self.plan.chunk, 8))

    def _rows(self, block: int, length: int) -> int:
        return self.plan.constant(np.arange(block, dtype=np.int32) * np.int32(length))

    def _skips(self, pool: int = 1) -> int:
        skips = [row // pool * 256 + column // pool for row, column in self.shared]
        return self.plan.constant(np.tile(np.array(skips, np.int32), self.plan.chunk))
