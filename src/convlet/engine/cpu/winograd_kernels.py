"""The kernels of Winograd's way: loops over blocks of tiles, through planes and back.

Planes are one for each frequency; a plane's tiles times its weights is an ordinary product, and
what comes out is transformed back, with bias, activation and pool on the way. A block of tiles goes
all the way while its planes lie in the second-level cache.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import carray

from convlet.engine.cpu.jit import share, specialised
from convlet.engine.cpu.products import MOST_PARTS
from convlet.engine.cpu.simd import LANES, floats_at, int32_at, int64_at
from convlet.engine.cpu.tiles import gradient_tile, product_tile
from convlet.engine.cpu.transforms import KERNEL, output_tile, transform_tile

WEIGHTS = np.dtype(
    [
        ("source", np.int64),  # address, packed as `packing` does: panels of taps of rows
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
    """Computes U = G g G^T for some rows of packed weights."""
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
    """Computes y = pool(activation(conv(x, W) + bias)), or dx = the gradient of x from that of y.

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
    """Computes dW = G^T [ sum over tiles of (B^T x B) (A dz A^T) ] G, a product for each plane."""
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
