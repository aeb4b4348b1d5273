"""The micro-kernels of depthwise convolutions: each channel has a window of its own.

``window_tile``           y[p, :]  = sum_r,t W[r, t, :] x[r, p + t, :]      forward, input gradient
``window_gradient_tile``  dW[r, t, :] += sum_p dz[p, :] x[r, p + t, :]      weight gradient

The vectors are channels, and a tile holds several pixels of one line. Of each line of a window a
vector of ``x`` is loaded once for all the pixels and taps that meet it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from convlet.engine.cpu.simd import INT64, Vectors, literal, tuple_of_int64


@intrinsic(prefer_literal=True)
def window_tile(
    typing: Any, lanes: Any, pixels: Any, vectors: Any, taps: Any, pixel_step: Any, tap_step: Any,
    activation: Any, ragged: Any, *runtime: Any,
) -> Any:  # fmt: skip
    """y[p] = activation(bias + sum over window rows r and taps t of W[r, t] x[r, p, t]).

    x[r, p, t] is the vectors at ``x + r * x_row + (p * pixel_step + t * tap_step) * channels``,
    W[r, t] those at ``weights + r * weight_row + t * weight_tap``, y[p] at ``y + p * y_step``.

    Compile-time args:
        lanes, pixels, vectors: The tile: ``pixels`` times ``vectors`` registers.
        taps: In a row of the window; without any, y is the activated bias.
        pixel_step, tap_step: In pixels of x.
        activation: "linear", "relu" or "relu6".
        ragged: Whether y has fewer channels than the tile; the others are left as they are.

    Run-time args (all int64): x, x_row, window rows, channels, weights, weight_row, weight_tap,
        bias, y, y_step, channels left.
    """
    values = literal(lanes, pixels, vectors, taps, pixel_step, tap_step, activation, ragged)
    signature = types.void(
        lanes, pixels, vectors, taps, pixel_step, tap_step, activation, ragged, tuple_of_int64(11)
    )

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        _window(builder, values, cgutils.unpack_tuple(builder, arguments[-1]))
        return context.get_dummy_value()

    return signature, generate


def _line(v: Vectors, start: ir.Value, channels: ir.Value) -> Callable[[int, int], ir.Value]:
    """Loads vector ``j`` of the pixel ``column`` pixels on, each at most once."""

    @cache
    def load(column: int, j: int) -> ir.Value:
        place = v.builder.add(v.builder.mul(channels, INT64(column)), INT64(j * v.lanes))
        return v.load(v.at(start, place))

    return load


def _window(builder: ir.IRBuilder, values: list[Any], arguments: list[ir.Value]) -> None:
    lanes, pixels, vectors, taps, pixel_step, tap_step, activation, ragged = values
    x, x_row, rows, channels, weights, weight_row, weight_tap, bias, y, y_step, left = arguments
    v = Vectors(builder, lanes)
    x, weights, bias, y = (v.pointer(address) for address in (x, weights, bias, y))
    tile = [[cgutils.alloca_once(builder, v.type) for _ in range(vectors)] for _ in range(pixels)]
    for j in range(vectors):
        start = v.load(v.at(bias, j * lanes))
        for row in tile:
            builder.store(start, row[j])

    with cgutils.for_range(builder, rows) as loop:
        line = _line(v, v.at(x, builder.mul(loop.index, x_row)), channels)
        factors = v.at(weights, builder.mul(loop.index, weight_row))
        for t in range(taps):
            tap = v.at(factors, builder.mul(weight_tap, INT64(t)))
            for j in range(vectors):
                factor = v.load(v.at(tap, j * lanes))
                for p in range(pixels):
                    value = line(p * pixel_step + t * tap_step, j)
                    builder.store(v.fma(factor, value, builder.load(tile[p][j])), tile[p][j])

    masks = [v.first_lanes(left, j * lanes) if ragged else None for j in range(vectors)]
    for p, row in enumerate(tile):
        target = v.at(y, builder.mul(y_step, INT64(p)))
        for j, place in enumerate(row):
            value = v.activated(builder.load(place), activation)
            v.store(value, v.at(target, j * lanes), masks[j])


@intrinsic(prefer_literal=True)
def window_gradient_tile(
    typing: Any, lanes: Any, rows: Any, taps: Any, pixels: Any, pixel_step: Any, tap_step: Any,
    ragged: Any, *runtime: Any,
) -> Any:  # fmt: skip
    """dW[r, t] = start + sum over lines l and pixels p of dz[l, p] x[l, r, p, t], one vector each.

    x[l, r, p, t] is at ``x + l * x_line + r * x_row + (p * pixel_step + t * tap_step) * channels``,
    dz[l, p] at ``dz + l * dz_line + p * channels``, dW[r, t] at ``dw + (r * taps + t) * channels``;
    start is what dW holds, or 0 if ``fresh``. ``pixels`` are taken at a time, then one by one.

    Run-time args (all int64): x, x_line, x_row, channels, dz, dz_line, lines, pixels of a line,
        dw, channels left, fresh.
    """
    values = literal(lanes, rows, taps, pixels, pixel_step, tap_step, ragged)
    signature = types.void(
        lanes, rows, taps, pixels, pixel_step, tap_step, ragged, tuple_of_int64(11)
    )

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        _window_gradient(builder, values, cgutils.unpack_tuple(builder, arguments[-1]))
        return context.get_dummy_value()

    return signature, generate


def _window_gradient(builder: ir.IRBuilder, values: list[Any], arguments: list[ir.Value]) -> None:
    lanes, rows, taps, pixels, pixel_step, tap_step, ragged = values
    x, x_line, x_row, channels, dz, dz_line, lines, width, dw, left, fresh = arguments
    v = Vectors(builder, lanes)
    x, dz, dw = (v.pointer(address) for address in (x, dz, dw))
    tile = [cgutils.alloca_once(builder, v.type) for _ in range(rows * taps)]
    targets = [v.at(dw, builder.mul(channels, INT64(number))) for number in range(rows * taps)]
    is_fresh = builder.icmp_signed("!=", fresh, INT64(0))
    for place, target in zip(tile, targets, strict=True):
        builder.store(builder.select(is_fresh, v.zero, v.load(target)), place)

    def accumulate(x_start: ir.Value, dz_start: ir.Value, first: ir.Value, count: int) -> None:
        """Adds what ``count`` pixels from the pixel ``first`` on contribute."""
        offset = builder.mul(first, channels)
        gradient = _line(v, v.at(dz_start, offset), channels)
        offset = builder.mul(offset, INT64(pixel_step))
        for r in range(rows):
            place = builder.add(offset, builder.mul(x_row, INT64(r)))
            line = _line(v, v.at(x_start, place), channels)
            for t in range(taps):
                total = builder.load(tile[r * taps + t])
                for p in range(count):
                    value = line(p * pixel_step + t * tap_step, 0)
                    total = v.fma(gradient(p, 0), value, total)
                builder.store(total, tile[r * taps + t])

    whole = builder.udiv(width, INT64(pixels))
    with cgutils.for_range(builder, lines) as line:
        x_start = v.at(x, builder.mul(line.index, x_line))
        dz_start = v.at(dz, builder.mul(line.index, dz_line))
        with cgutils.for_range(builder, whole) as loop:
            accumulate(x_start, dz_start, builder.mul(loop.index, INT64(pixels)), pixels)
        done = builder.mul(whole, INT64(pixels))
        with cgutils.for_range(builder, builder.sub(width, done)) as loop:
            accumulate(x_start, dz_start, builder.add(done, loop.index), 1)

    mask = v.first_lanes(left, 0) if ragged else None
    for place, target in zip(tile, targets, strict=True):
        v.store(builder.load(place), target, mask)
