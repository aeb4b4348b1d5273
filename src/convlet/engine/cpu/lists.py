"""Micro-kernels that list what is not zero behind a max pool.

A pooled value's *code* says which pixel of its window it came from; -1 that no gradient passes.
Both kernels store whole vectors, so a list needs room for one vector more than its entries.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from convlet.engine.cpu.simd import INT32, INT64, Vectors, literal, tuple_of_int64


def _append(
    builder: ir.IRBuilder, v: Vectors, kept: ir.Value, length: ir.Value,
    lists: list[tuple[ir.Value, ir.Value]],
) -> ir.Value:  # fmt: skip
    """Appends the kept lanes of each (vector, list pointer); returns the new length."""
    for value, pointer in lists:
        v.store(v.compress(value, kept), v.at(pointer, length))
    return builder.add(length, v.count(kept))


@intrinsic(prefer_literal=True)
def list_filters(typing: Any, lanes: Any, *runtime: Any) -> Any:
    """Lists the filters whose pooled value came from one pixel of a window; returns how many.

    Run-time args (all int64): codes, dy (of one pooled pixel), filters, code, step (what one filter
        adds to an offset), offsets, values (the list).
    """
    (width,) = literal(lanes)
    signature = types.int64(lanes, tuple_of_int64(7))

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        codes, dy, filters, code, step, offsets, values = cgutils.unpack_tuple(
            builder, arguments[-1]
        )
        v = Vectors(builder, width)
        codes, offsets = v.pointer(codes, INT32), v.pointer(offsets, INT32)
        dy, values = v.pointer(dy), v.pointer(values)
        wanted = v.spread(builder.trunc(code, INT32))
        steps = builder.mul(
            ir.Constant(v.int_type, list(range(width))), v.spread(builder.trunc(step, INT32))
        )
        length = cgutils.alloca_once_value(builder, INT64(0))
        with cgutils.for_range_slice(builder, INT64(0), filters, INT64(width), INT64) as (first, _):
            here = builder.icmp_signed("==", v.load_integers(v.at(codes, first)), wanted)
            inside = v.first_lanes(builder.sub(filters, first), 0)
            start = v.spread(builder.trunc(builder.mul(first, step), INT32))
            lists = [
                (builder.add(start, steps), offsets),
                (v.load(v.at(dy, first)), values),
            ]
            kept = builder.and_(here, inside)
            builder.store(_append(builder, v, kept, builder.load(length), lists), length)
        return builder.load(length)

    return signature, generate


@intrinsic(prefer_literal=True)
def list_pixels(typing: Any, lanes: Any, window: Any, *runtime: Any) -> Any:
    """Appends, for each of ``lanes`` filters, the pooled pixels through which a gradient passes.

    Works on ``lanes`` pooled pixels at a time, whose codes and gradients it transposes.

    Run-time args (all int64): codes, code_rows, dy, dy_rows, places (int32 table [pixel][code] of
        the offsets to list), pixels (at most ``lanes``), filters (likewise), offsets, values (the
        first filter's list), list_stride (floats from one filter's list to the next), counts
        (int64, the lists' lengths).
    """
    width, pixels_in_window = literal(lanes, window)
    signature = types.void(lanes, window, tuple_of_int64(11))

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        _list_pixels(builder, width, pixels_in_window, cgutils.unpack_tuple(builder, arguments[-1]))
        return context.get_dummy_value()

    return signature, generate


def _list_pixels(builder: ir.IRBuilder, lanes: int, window: int, arguments: list[ir.Value]) -> None:
    codes, code_rows, dy, dy_rows, places, pixels, filters, *rest = arguments
    offsets, values, list_stride, counts = rest
    v = Vectors(builder, lanes)
    codes, code_rows, dy_rows, places, offsets = (
        v.pointer(address, INT32) for address in (codes, code_rows, dy_rows, places, offsets)
    )
    dy, values = v.pointer(dy), v.pointer(values)
    counts = v.pointer(counts, INT64)
    none = v.integers(-1)

    listed, gradients = [], []
    last = builder.sub(pixels, INT64(1))
    for number in range(lanes):
        # Beyond the last pixel the last one is read again, and listed as having no gradient.
        there = builder.icmp_signed("<", INT64(number), pixels)
        pixel = builder.select(there, INT64(number), last)
        code = v.load_integers(v.at(codes, v.offset(code_rows, pixel)))
        code = builder.select(there, code, none)
        place = none
        for k in range(window):
            offset = builder.trunc(
                v.offset(places, builder.add(builder.mul(pixel, INT64(window)), INT64(k))), INT32
            )
            here = builder.icmp_signed("==", code, v.integers(k))
            place = builder.select(here, v.spread(offset), place)
        listed.append(place)
        gradients.append(v.load(v.at(dy, v.offset(dy_rows, pixel))))
    columns = zip(v.transposed(listed), v.transposed(gradients), strict=True)
    for number, (place, gradient) in enumerate(columns):
        with builder.if_then(builder.icmp_signed("<", INT64(number), filters)):
            start = builder.mul(list_stride, INT64(number))
            counter = v.at(counts, number)
            kept = builder.icmp_signed(">=", place, v.integers(0))
            length = builder.load(counter)
            lists = [(place, v.at(offsets, start)), (gradient, v.at(values, start))]
            builder.store(_append(builder, v, kept, length, lists), counter)
