"""The three micro-kernels: every multiplication of a network happens in one of them.

``product_tile``     C[r, :]  = sum_k A[r, k] B[k, :]      forward passes and input gradients
``gradient_tile``    C[k, :] += sum_r A[r, k] B[r, :]      weight gradients
``sparse_tile``      C[s, :] += sum_i v[i] B[o[i] + s, :]  both gradients behind a max pool

Each keeps its results in vector registers from start to end. Rows are found through tables of
offsets, so that a row can be a pixel, an image or a pooling window's pixel: nothing is copied into
a matrix first (no im2col). Compile-time values come first, addresses and sizes follow.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from convlet.engine.cpu.simd import ACCUMULATORS, INT32, INT64, Vectors, literal, tuple_of_int64

Tile = list[list[ir.Value]]
"""Stack places of a tile's accumulators, [row][vector]; LLVM keeps them in registers."""


def _accumulators(builder: ir.IRBuilder, v: Vectors, rows: int, vectors: int) -> Tile:
    return [
        [cgutils.alloca_once(builder, v.type, name=f"c{r}_{j}") for j in range(vectors)]
        for r in range(rows)
    ]


def _multiply_add(
    builder: ir.IRBuilder, v: Vectors, tile: Tile, left: list[ir.Value], right: list[ir.Value]
) -> None:
    """tile[r][j] += left[r] * right[j], ``left`` scalars and ``right`` vectors."""
    for row, scalar in zip(tile, left, strict=True):
        factor = v.spread(scalar)
        for place, vector in zip(row, right, strict=True):
            builder.store(v.fma(factor, vector, builder.load(place)), place)


@intrinsic(prefer_literal=True)
def product_tile(
    typing: Any, lanes: Any, rows: Any, vectors: Any, depth: Any, window: Any, activation: Any,
    codes: Any, ragged: Any, *runtime: Any,
) -> Any:  # fmt: skip
    """C[r, :] = activation(bias + sum over segments s and k of A[r, s, k] B[s, k, :]).

    A[r, s, k] is the float at ``a + a_rows[r] + segments[s] + k``; B[s, k] is the vector row of
    ``lanes * vectors`` floats number ``weight_rows[s] + k``. With ``window`` > 1 each run of
    ``window`` rows is max-pooled into one row of C; the first maximum wins, NaN wins over all.

    Compile-time args:
        lanes, rows, vectors: The tile: ``rows`` times ``vectors`` registers.
        depth: How many k a segment holds where that is fixed and small ("segments" times "depth"
            is then unrolled), as segments * 1000 + depth; 0 where it comes at run time.
        window: Rows that are pooled into one; 1 for no pooling.
        activation: "linear", "relu" or "relu6".
        codes: Whether to store, next to each pooled value, which row of its window it came from
            (int32, -1 where the activation has a slope of 0).
        ragged: Whether C has fewer columns than the tile; the others are left as they are.

    Run-time args (all int64): a, a_rows, segments, weight_rows, segment count, depth, b, bias, c,
        c_rows, columns, codes, and how many rows there are. Fewer than the tile's are computed one
        window at a time. Offsets are int32 tables and count floats.
    """
    values = literal(lanes, rows, vectors, depth, window, activation, codes, ragged)
    signature = types.void(
        lanes, rows, vectors, depth, window, activation, codes, ragged, tuple_of_int64(13)
    )

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        _whole_tile_or_windows(builder, values, cgutils.unpack_tuple(builder, arguments[-1]))
        return context.get_dummy_value()

    return signature, generate


def _whole_tile_or_windows(
    builder: ir.IRBuilder, values: list[Any], arguments: list[ir.Value]
) -> None:
    lanes, rows, vectors, depth, window, *rest = values
    *arguments, count = arguments
    if rows == window:
        _product(builder, values, arguments)
        return
    with builder.if_else(builder.icmp_signed(">=", count, INT64(rows))) as (whole, few):
        with whole:
            _product(builder, values, arguments)
        with few, cgutils.for_range(builder, builder.udiv(count, INT64(window))) as loop:
            there = list(arguments)
            a_rows, c_rows = 1, 9  # in which tables of int32 the window is further on
            for place, elements in ((a_rows, window), (c_rows, 1)):
                step = builder.mul(loop.index, INT64(4 * elements))
                there[place] = builder.add(there[place], step)
            _product(builder, [lanes, window, vectors, depth, window, *rest], there)


def _product(builder: ir.IRBuilder, values: list[Any], arguments: list[ir.Value]) -> None:
    lanes, rows, vectors, depth, window, activation, codes, ragged = values
    a, a_rows, segments, weight_rows, segment_count, run_depth = arguments[:6]
    b, bias, c, c_rows, columns, code = arguments[6:]
    v = Vectors(builder, lanes)
    a, b, bias, c, code = (v.pointer(address) for address in (a, b, bias, c, code))
    a_rows, segments, weight_rows, c_rows = (
        v.pointer(address, INT32) for address in (a_rows, segments, weight_rows, c_rows)
    )

    starts = [v.at(a, v.offset(a_rows, r)) for r in range(rows)]
    tile = _accumulators(builder, v, rows, vectors)
    for j in range(vectors):
        start = v.load(v.at(bias, j * lanes))
        for row in tile:
            builder.store(start, row[j])

    def accumulate(pixels: list[ir.Value], k: ir.Value | int, weights: ir.Value) -> None:
        right = [v.load(v.at(weights, j * lanes)) for j in range(vectors)]
        left = [v.scalar(v.at(pixel, k)) for pixel in pixels]
        _multiply_add(builder, v, tile, left, right)

    def segment(s: ir.Value | int) -> tuple[list[ir.Value], ir.Value]:
        offset = v.offset(segments, s)
        row = builder.mul(v.offset(weight_rows, s), INT64(width))
        return [v.at(start, offset) for start in starts], v.at(b, row)

    width = lanes * vectors
    if depth:
        count, deep = divmod(depth, 1000)
        for s in range(count):
            pixels, weights = segment(s)
            for k in range(deep):
                accumulate(pixels, k, v.at(weights, k * width))
    else:
        with cgutils.for_range(builder, segment_count) as outer:
            pixels, weights = segment(outer.index)
            with cgutils.for_range(builder, run_depth) as inner:
                accumulate(
                    pixels, inner.index, v.at(weights, builder.mul(inner.index, INT64(width)))
                )

    masks = [v.first_lanes(columns, j * lanes) if ragged else None for j in range(vectors)]
    for first in range(0, rows, window):
        target = v.offset(c_rows, first // window)
        for j in range(vectors):
            place = builder.add(target, INT64(j * lanes))
            results = [builder.load(tile[first + r][j]) for r in range(window)]
            value, origin = pooled(v, results, activation)
            v.store(value, v.at(c, place), masks[j])
            if codes:
                v.store(origin, v.at(code, place), masks[j])


def pooled(v: Vectors, results: list[ir.Value], activation: str) -> tuple[ir.Value, ir.Value]:
    """The activated maximum of some rows, and which it was (-1: it has a slope of 0 there)."""
    best, origin = results[0], v.integers(0)
    for number, value in enumerate(results[1:], start=1):
        larger = v.later_is_larger(value, best)
        best = v.builder.select(larger, value, best)
        origin = v.builder.select(larger, v.integers(number), origin)
    if activation != "linear":
        origin = v.builder.select(v.lets_through(best, activation), origin, v.integers(-1))
    return v.activated(best, activation), origin


@intrinsic(prefer_literal=True)
def gradient_tile(
    typing: Any, lanes: Any, rows: Any, run: Any, vectors: Any, window: Any, ragged: Any,
    *runtime: Any,
) -> Any:  # fmt: skip
    """C[k, :] = start + sum over rows r of A[r, k] B[r, :], for ``rows`` values of k.

    A[r, k] is the float at ``a + a_rows[r] + k_offsets[k]``, B[r] the vectors at ``b + b_rows[r]``,
    C[k] the vectors at ``c + k * c_stride``; start is what C holds, or 0 if ``fresh``. Of each
    ``run`` values of k, which divides ``rows``, the floats in A follow each other.

    With ``window`` > 1 each row of B is the gradient of a pooled value, and belongs to that one of
    ``window`` rows of A which its code (int32, at ``codes + code_rows[r]``) names.

    Run-time args (all int64): a, a_rows, k_offsets, b, b_rows, codes, code_rows, row count, c,
        c_stride, columns, fresh.
    """
    values = literal(lanes, rows, run, vectors, window, ragged)
    signature = types.void(lanes, rows, run, vectors, window, ragged, tuple_of_int64(12))

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        _gradient(builder, values, cgutils.unpack_tuple(builder, arguments[-1]))
        return context.get_dummy_value()

    return signature, generate


def _gradient(builder: ir.IRBuilder, values: list[Any], arguments: list[ir.Value]) -> None:
    lanes, rows, run, vectors, window, ragged = values
    a, a_rows, k_offsets, b, b_rows, codes, code_rows, count, *rest = arguments
    c, c_stride, columns, fresh = rest
    v = Vectors(builder, lanes)
    a, b, c = (v.pointer(address) for address in (a, b, c))
    a_rows, b_rows, k_offsets, codes, code_rows = (
        v.pointer(address, INT32) for address in (a_rows, b_rows, k_offsets, codes, code_rows)
    )

    starts = [v.at(a, v.offset(k_offsets, k)) for k in range(0, rows, run)]
    targets = [v.at(c, builder.mul(c_stride, INT64(k))) for k in range(rows)]
    tile = _accumulators(builder, v, rows, vectors)
    is_fresh = builder.icmp_signed("!=", fresh, INT64(0))
    with builder.if_else(is_fresh) as (zero, keep):
        with zero:
            for row in tile:
                for place in row:
                    builder.store(v.zero, place)
        with keep:
            for row, target in zip(tile, targets, strict=True):
                for j, place in enumerate(row):
                    builder.store(v.load(v.at(target, j * lanes)), place)

    # The rows that the next call sums up lie about as far on as these reach.
    last = builder.sub(count, INT64(1))
    ahead = builder.sub(v.offset(a_rows, builder.mul(last, INT64(window))), v.offset(a_rows, 0))
    b_ahead = builder.sub(v.offset(b_rows, last), v.offset(b_rows, 0))

    with cgutils.for_range(builder, count) as loop:
        vector_row = v.at(b, v.offset(b_rows, loop.index))
        for j in range(vectors):
            v.prefetch(v.at(v.at(vector_row, b_ahead), j * lanes))
        right = [v.load(v.at(vector_row, j * lanes)) for j in range(vectors)]
        code_row = v.at(codes, v.offset(code_rows, loop.index)) if window > 1 else codes
        first = builder.mul(loop.index, INT64(window))
        for number in range(window):
            offset = v.offset(a_rows, builder.add(first, INT64(number)))
            v.prefetch(v.at(v.at(starts[0], offset), ahead))
            left = [v.scalar(v.at(v.at(start, offset), k)) for start in starts for k in range(run)]
            chosen = right
            if window > 1:
                code = [v.load_integers(v.at(code_row, j * lanes)) for j in range(vectors)]
                chosen = [
                    builder.select(builder.icmp_signed("==", c, v.integers(number)), r, v.zero)
                    for c, r in zip(code, right, strict=True)
                ]
            _multiply_add(builder, v, tile, left, chosen)

    masks = [v.first_lanes(columns, j * lanes) if ragged else None for j in range(vectors)]
    for row, target in zip(tile, targets, strict=True):
        for j, place in enumerate(row):
            v.store(builder.load(place), v.at(target, j * lanes), masks[j])


@intrinsic(prefer_literal=True)
def sparse_tile(
    typing: Any, lanes: Any, segments: Any, vectors: Any, ragged: Any, *runtime: Any
) -> Any:
    """C[s, :] += sum over entries i of value[i] B[offset[i], s, :], for ``segments`` values of s.

    B[o, s] is the vectors at ``b + o + s * b_stride``, C[s] those at ``c + s * c_stride``.

    Run-time args (all int64): offsets (int32), values, entry count, b, b_stride, c, c_stride,
        columns, fresh (start from 0 and not from what C holds).
    """
    values = literal(lanes, segments, vectors, ragged)
    signature = types.void(lanes, segments, vectors, ragged, tuple_of_int64(9))

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        _sparse(builder, values, cgutils.unpack_tuple(builder, arguments[-1]))
        return context.get_dummy_value()

    return signature, generate


def _sparse(builder: ir.IRBuilder, values: list[Any], arguments: list[ir.Value]) -> None:
    lanes, segments, vectors, ragged = values
    offsets, factors, count, b, b_stride, c, c_stride, columns, fresh = arguments
    v = Vectors(builder, lanes)
    offsets = v.pointer(offsets, INT32)
    factors, b, c = (v.pointer(address) for address in (factors, b, c))
    b_starts = [v.at(b, builder.mul(b_stride, INT64(s))) for s in range(segments)]
    targets = [v.at(c, builder.mul(c_stride, INT64(s))) for s in range(segments)]

    # A small tile takes entries in turn into two sets of sums, so that additions overlap.
    ways = 2 if 2 * segments * vectors <= ACCUMULATORS else 1
    tiles = [_accumulators(builder, v, segments, vectors) for _ in range(ways)]
    for place in (place for tile in tiles for row in tile for place in row):
        builder.store(v.zero, place)

    def accumulate(entry: ir.Value, tile: Tile) -> None:
        offset = v.offset(offsets, entry)
        factor = v.spread(v.scalar(v.at(factors, entry)))
        for row, start in zip(tile, b_starts, strict=True):
            source = v.at(start, offset)
            for j, place in enumerate(row):
                product = v.fma(factor, v.load(v.at(source, j * lanes)), builder.load(place))
                builder.store(product, place)

    with cgutils.for_range(builder, builder.udiv(count, INT64(ways))) as loop:
        for way, tile in enumerate(tiles):
            entry = builder.add(builder.mul(loop.index, INT64(ways)), INT64(way))
            accumulate(entry, tile)
    if ways == 2:
        odd = builder.trunc(count, ir.IntType(1))
        with builder.if_then(odd):
            accumulate(builder.sub(count, INT64(1)), tiles[0])
        for row, other in zip(*tiles, strict=True):
            for place, second in zip(row, other, strict=True):
                builder.store(builder.fadd(builder.load(place), builder.load(second)), place)

    masks = [v.first_lanes(columns, j * lanes) if ragged else None for j in range(vectors)]
    is_fresh = builder.icmp_signed("!=", fresh, INT64(0))
    for row, target in zip(tiles[0], targets, strict=True):
        for j, place in enumerate(row):
            there = v.at(target, j * lanes)
            total = builder.load(place)
            before = builder.select(is_fresh, v.zero, v.load(there))
            v.store(builder.fadd(before, total), there, masks[j])
