"""The way into a program and out of it: images by index, scaled, in a halo; predictions copied."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import carray, types

from convlet.engine.calls import Label
from convlet.engine.cpu.jit import helper, share, specialised
from convlet.engine.cpu.simd import float64_at, floats_at, int64_at, typed_view
from convlet.engine.plan import Halo, Plan, Tensor

GATHER = np.dtype(
    [
        ("y", np.int64),  # slot offset
        ("y_image", np.int64),
        ("y_row", np.int64),
        ("rows", np.int64),
        ("length", np.int64),
        ("pointer", np.int64),  # which of the batch's arrays
        ("scale", np.float64),
        ("offset", np.float64),
    ]
)

DTYPES = ("uint8", "float32", "float64")
"""What images may consist of; anything else is converted before."""

uint8_at = typed_view(types.uint8)
SIZES = {"uint8": 1, "float32": 4, "float64": 8}


@helper
def pointer(batch: Any, number: Any) -> Any:
    """Address of one of the arrays that come with a batch: 0 where there is none."""
    return carray(int64_at(batch.pointers), number + 1)[number]


@specialised(GATHER, splits=True)
def gather(dtype: str, ordered: bool) -> Any:
    """Computes y = scale * x[index] + offset, as float32; without an index, of x in order.

    Args:
        dtype: What x consists of.
        ordered: Whether x is of the batch alone, in its order, whatever the index.
    """
    size = SIZES[dtype]

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        b = carray(batch, 1)[0]
        f = carray(frame, 1)[0]
        index = carray(int64_at(b.index), b.images)
        images = pointer(b, op.pointer)
        scale, offset = np.float32(op.scale), np.float32(op.offset)
        begin, end = share(op.rows, f.part, f.parts)
        for image in range(f.count):
            number = f.first + image
            if b.index != 0 and not ordered:
                number = index[number]
            for row in range(begin, end):
                source = images + size * (number * op.rows + row) * op.length
                target = f.slot + 4 * (op.y + image * op.y_image + row * op.y_row)
                y = carray(floats_at(target), op.length)
                if dtype == "uint8":
                    x = carray(uint8_at(source), op.length)
                elif dtype == "float32":
                    x = carray(floats_at(source), op.length)
                else:
                    x = carray(float64_at(source), op.length)
                for i in range(op.length):
                    y[i] = np.float32(x[i]) * scale + offset

    return kernel


def emit_gather(
    plan: Plan, pointer: int, dtype: str, shape: tuple[int, ...], halo: Halo, scale: float,
    offset: float,
) -> Tensor:  # fmt: skip
    """Appends the call that brings the chunk's images into the slot; returns where they lie."""
    scaled = "" if (scale, offset) == (1.0, 0.0) else f", times {scale:g}, plus {offset:g}"
    plan.of(Label("images", f"{dtype} read where they lie{scaled}", shape), "forward")
    y = plan.tensor(shape, halo)
    plan.run(
        gather(dtype, False), GATHER, **y.geometry("y"), rows=y.rows,
        length=y.row_length, pointer=pointer, scale=scale, offset=offset,
    )  # fmt: skip
    return y


EMIT = np.dtype([("x", np.int64), ("length", np.int64), ("pointer", np.int64)])


@specialised(EMIT)
def emit() -> Any:
    """Copies the chunk's results to their place among the batch's predictions."""

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        floats = op.length * f.count
        x = carray(floats_at(f.slot + 4 * op.x), floats)
        start = pointer(carray(batch, 1)[0], op.pointer) + 4 * f.first * op.length
        y = carray(floats_at(start), floats)
        for i in range(floats):
            y[i] = x[i]

    return kernel


def emit_outputs(plan: Plan, pointer: int, x: Tensor) -> None:
    """Appends the copy of a contiguous tensor to the predictions."""
    plan.of(Label("predictions", "copied to the caller", x.shape), "forward")
    plan.run(emit(), EMIT, x=x.offset, length=x.image_stride, pointer=pointer)


def emit_received(plan: Plan, pointer: int, shape: tuple[int, ...]) -> Tensor:
    """Appends the call that brings in what Python computed of the batch."""
    y = plan.tensor(shape)
    plan.run(
        gather("float32", True), GATHER, **y.geometry("y"), rows=y.rows, length=y.row_length,
        pointer=pointer, scale=1.0,
    )  # fmt: skip
    return y
