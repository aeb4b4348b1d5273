"""Products of tensors with weights: the op behind dense layers, convolutions and their gradients.

Both kernels here are loops over tiles; what the rows and columns mean is in the tables they get.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import carray
from numpy.typing import NDArray

from convlet.engine.cpu.jit import helper, share, specialised
from convlet.engine.cpu.simd import (
    ACCUMULATORS,
    LANES,
    REGISTERS,
    int64_at,
    padded,
)
from convlet.engine.cpu.tiles import gradient_tile, product_tile
from convlet.engine.plan import Plan, Tensor
from convlet.variable import Variable

PRODUCT = np.dtype(
    [
        ("x", np.int64),  # slot offset of the input
        ("x_rows", np.int64),  # int32 table: where each row of the product starts in x
        ("rows", np.int64),  # rows an image has
        ("segments", np.int64),  # int32 table: where each segment starts in a row
        ("weight_rows", np.int64),  # int32 table: the row of weights that each starts with
        ("segment_count", np.int64),
        ("depth", np.int64),  # floats in a segment
        ("weights", np.int64),  # address, packed in panels
        ("panel_rows", np.int64),  # rows of weights in a panel
        ("bias", np.int64),  # address, padded to whole panels
        ("columns", np.int64),  # columns of the result
        ("y", np.int64),  # slot offset of the output
        ("y_rows", np.int64),  # int32 table: where each row of the result starts in y
        ("codes", np.int64),  # slot offset of the pooling codes
        ("flag", np.int64),  # slot offset: MOST_PARTS int64 an image, see `is_needed`; or ALWAYS
    ]
)

ALWAYS = -1
MOST_PARTS = 32
"""Flags an image has: one for each thread that shares the work on it."""


@helper
def is_needed(op: Any, f: Any, image: Any) -> Any:
    """Whether a kernel must treat an image: another one, faster but not for all numbers, may have.

    Its flags are not 0 where that one met an infinity or a NaN.
    """
    if op.flag == ALWAYS:
        return True
    flags = carray(int64_at(f.slot + 4 * op.flag + 8 * MOST_PARTS * image), MOST_PARTS)
    found = False
    for part in range(f.parts):
        found = found or flags[part] != 0
    return found


@specialised(PRODUCT, splits=True)
def product(
    rows: int, vectors: int, depth: int, window: int, activation: str, codes: bool, ragged: bool
) -> Any:
    """Computes y = pool(activation(x W + bias)), tile by tile; see ``tiles.product_tile``."""
    lanes = LANES
    width = LANES * vectors

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        panels = (op.columns + width - 1) // width
        # All images together, unless only some are needed.
        groups = 1 if op.flag == ALWAYS else f.count
        each = op.rows * f.count // groups
        tiles = (each + rows - 1) // rows
        begin, end = share(panels * tiles, f.part, f.parts)
        for group in range(groups):
            if not is_needed(op, f, group):
                continue
            for number in range(begin, end):
                panel, tile = number // tiles, number % tiles
                column = panel * width
                # The last tile overlaps the one before it: no kernel for leftover rows is needed.
                first = group * each + max(0, min(tile * rows, each - rows))
                product_tile(
                    lanes, rows, vectors, depth, window, activation, codes, ragged,
                    f.slot + 4 * op.x, op.x_rows + 4 * first,
                    op.segments, op.weight_rows, op.segment_count, op.depth,
                    op.weights + 4 * panel * width * op.panel_rows, op.bias + 4 * column,
                    f.slot + 4 * (op.y + column), op.y_rows + 4 * (first // window),
                    op.columns - column, f.slot + 4 * (op.codes + column), each,
                )  # fmt: skip

    return kernel


GRADIENT = np.dtype(
    [
        ("x", np.int64),  # slot offset of the input
        ("x_rows", np.int64),  # int32 table: where each row starts in x
        ("k_offsets", np.int64),  # int32 table: where weight row k finds its factor in a row of x
        ("k_count", np.int64),
        ("dz", np.int64),  # slot offset of the output's gradient, pooled if there is a window
        ("dz_rows", np.int64),  # int32 table
        ("codes", np.int64),  # slot offset of the pooling codes
        ("code_rows", np.int64),  # int32 table
        ("rows", np.int64),  # rows an image has
        ("columns", np.int64),
        ("gradient", np.int64),  # offset in the chunk's gradients
        ("flag", np.int64),  # as in PRODUCT
    ]
)

ROW_BLOCK = 64
"""Rows of x and dz that are worked on while they lie in the first-level cache."""


@specialised(GRADIENT)
def weight_gradient(rows: int, run: int, vectors: int, window: int, ragged: bool) -> Any:
    """dW[k, c] = sum over the chunk's rows r of x[r, k] dz[r, c]; see ``tiles.gradient_tile``."""
    lanes = LANES
    width = LANES * vectors
    block = ROW_BLOCK

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        needed = False
        for image in range(f.count):
            needed = needed or is_needed(op, f, image)
        if not needed:
            return
        total = op.rows * f.count
        gradient = f.gradients + 4 * op.gradient
        for start in range(0, total, block):
            for column in range(0, op.columns, width):
                for k in range(0, op.k_count, rows):
                    gradient_tile(
                        lanes, rows, run, vectors, window, ragged,
                        f.slot + 4 * op.x, op.x_rows + 4 * start * window, op.k_offsets + 4 * k,
                        f.slot + 4 * (op.dz + column), op.dz_rows + 4 * start,
                        f.slot + 4 * (op.codes + column), op.code_rows + 4 * start,
                        min(block, total - start),
                        gradient + 4 * (k * op.columns + column), op.columns,
                        op.columns - column, start == 0,
                    )  # fmt: skip

    return kernel


@dataclass(frozen=True)
class TileShape:
    """Rows and vectors of a register tile, and the columns it covers."""

    rows: int
    vectors: int

    @property
    def width(self) -> int:
        """Columns of one tile, and of a panel of packed weights."""
        return self.vectors * LANES


def tile_shape(columns: int, window: int = 1) -> TileShape:
    """The register tile for so many columns, its rows a multiple of the pooling window.

    A tile wants 8 or more results in registers, so that additions overlap, and with the operands
    must fit the register file; between these, more rows reuse each weight more often.
    """
    most = 4 if REGISTERS >= 32 else 2
    needed = -(-columns // LANES)
    vectors = -(-needed // -(-needed // most))
    if window > 1:
        vectors = max(1, min(vectors, ACCUMULATORS // window))
        vectors = -(-needed // -(-needed // vectors))
    return TileShape(max(1, tile_rows(vectors) // window) * window, vectors)


def tile_rows(vectors: int) -> int:
    """Rows of a product's tile that has so many vectors."""
    return min(8 if vectors < 4 else 4, ACCUMULATORS // vectors)


def gradient_rows(depth: int, vectors: int) -> int:
    """Rows of a weight gradient's tile: about equally many in each, of ``depth`` in all."""
    most = min(tile_rows(vectors) + 2, ACCUMULATORS // vectors)
    return -(-depth // -(-depth // most))


def window_fits(window: int) -> bool:
    """Whether a pooling window of so many pixels can be pooled in registers."""
    return window <= (9 if REGISTERS >= 32 else 6)


def _run_length(offsets: NDArray[np.int32], rows: int) -> int:
    """The longest divisor of ``rows`` into stretches of which the offsets are consecutive."""
    return max(
        run
        for run in range(1, rows + 1)
        if rows % run == 0 and bool((np.diff(offsets.reshape(-1, run)) == 1).all())
    )


def gradient_room(plan: Plan, variable: Variable, depth: int) -> int:
    """Room for a gradient in the variable's own layout, whole tiles of its ``depth`` rows."""
    columns = int(variable.shape[-1])
    rows = gradient_rows(depth, tile_shape(columns).vectors)
    return plan.gradient(variable, size=padded(depth, rows) * columns)


def emit_weight_gradient(
    plan: Plan, gradient: int, x: Tensor, x_rows: NDArray[np.int32],
    k_offsets: NDArray[np.int32], dz: Tensor, dz_rows: NDArray[np.int32],
    codes: Tensor | None = None, code_rows: NDArray[np.int32] | None = None, flag: int = ALWAYS,
) -> None:  # fmt: skip
    """Appends the call that computes a weight gradient, left at ``gradient``: see `gradient_room`.

    With codes, dz is the gradient of pooled values, and x has as many rows for each of dz's as a
    pooling window has pixels. With a flag, the call does its work only where that is set.
    """
    columns = dz.channels
    shape = tile_shape(columns)
    rows = gradient_rows(len(k_offsets), shape.vectors)
    # Rows of the last tile beyond the end read on, and nobody reads what comes of them.
    beyond = np.arange(1, 1 + -len(k_offsets) % rows, dtype=np.int32) + k_offsets[-1]
    k_table = np.concatenate([k_offsets, beyond])
    plan.run(
        weight_gradient(
            rows, _run_length(k_table, rows), shape.vectors, len(x_rows) // len(dz_rows),
            columns % shape.width != 0,
        ),
        GRADIENT,
        x=x.offset, x_rows=plan.constant(x_rows), k_count=len(k_offsets),
        k_offsets=plan.constant(k_table),
        dz=dz.offset, dz_rows=plan.constant(dz_rows), rows=len(dz_rows) // plan.chunk,
        codes=0 if codes is None else codes.offset,
        code_rows=0 if code_rows is None else plan.constant(code_rows),
        columns=columns, gradient=gradient, flag=flag,
    )  # fmt: skip
