"""Images of another size: sums over few rows, then over few columns; crops at random places."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import carray
from numpy.typing import NDArray

from convlet.engine.cpu.augmentation import RandomOp, augmentation_record
from convlet.engine.cpu.draws import between, image_key, sample_number
from convlet.engine.cpu.jit import share, specialised
from convlet.engine.cpu.simd import floats_at, int32_at
from convlet.engine.ops import Op
from convlet.engine.plan import Halo, Plan, Tensor
from convlet.engine.reference import resizing as definition

RESIZE = np.dtype(
    [
        *[(f"{name}{part}", np.int64) for name in ("x", "y") for part in ("", "_image", "_row")],
        ("channels", np.int64),
        ("length", np.int64),  # of an input's row
        ("sums", np.int64),  # scratch offset: room for one such row
        *[
            (f"{axis}_{part}", np.int64)
            for axis in ("row", "column")
            # of each output the first input and the weights of `taps`: addresses
            for part in ("count", "taps", "starts", "weights")
        ],
        ("fill", np.float64),
    ]
)


@specialised(RESIZE, splits=True)
def resize() -> Any:
    """Computes each row as a sum of rows, and of that each pixel as a sum of pixels."""

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        length, channels, taps, fill = op.length, op.channels, op.column_taps, np.float32(op.fill)
        row_starts = carray(int32_at(op.row_starts), op.row_count)
        row_weights = carray(floats_at(op.row_weights), (op.row_count, op.row_taps))
        starts = carray(int32_at(op.column_starts), op.column_count)
        weights = carray(floats_at(op.column_weights), (op.column_count, taps))
        sums = carray(floats_at(f.scratch + 4 * op.sums), length)
        begin, end = share(op.row_count, f.part, f.parts)
        for image in range(f.count):
            for row in range(begin, end):
                sums[:] = np.float32(0.0)
                for tap in range(op.row_taps):
                    source = op.x + image * op.x_image + (row_starts[row] + tap) * op.x_row
                    x = carray(floats_at(f.slot + 4 * source), length)
                    weight = row_weights[row, tap]
                    for i in range(length):
                        sums[i] += weight * (x[i] - fill)
                target = op.y + image * op.y_image + row * op.y_row
                for column in range(op.column_count):
                    y = carray(floats_at(f.slot + 4 * (target + column * channels)), channels)
                    y[:] = fill
                    for tap in range(taps):
                        place = op.sums + (starts[column] + tap) * channels
                        pixel = carray(floats_at(f.scratch + 4 * place), channels)
                        weight = weights[column, tap]
                        for c in range(channels):
                            y[c] += weight * pixel[c]

    return kernel


def band(matrix: NDArray[np.floating[Any]]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Where in each row of a matrix a band begins that holds all that is not zero, and the band.

    Example:
        >>> starts, weights = band(np.array([[0.5, 0.5, 0], [0, 0, 1]]))
        >>> starts.tolist(), weights.tolist()
        ([0, 1], [[0.5, 0.5], [0.0, 1.0]])
    """
    size = matrix.shape[1]
    found = matrix != 0
    some = found.any(axis=1)
    first = np.where(some, found.argmax(axis=1), 0)
    last = np.where(some, size - found[:, ::-1].argmax(axis=1), 1)
    taps = int((last - first).max())
    starts = np.minimum(first, size - taps)
    columns = starts[:, np.newaxis] + np.arange(taps)
    weights = np.take_along_axis(matrix, columns, axis=1)
    return starts.astype(np.int32), weights.astype(np.float32)


class Resize(Op):
    """Multiplies rows and columns with matrices of few weights a row.

    Args:
        rows: (new height, height)
        columns: (new width, width)
        fill: The value of what the matrices leave out.
    """

    def __init__(
        self, rows: NDArray[np.floating[Any]], columns: NDArray[np.floating[Any]],
        fill: float = 0.0,
    ) -> None:  # fmt: skip
        self.rows = rows
        self.columns = columns
        self.fill = fill

    def describe(self) -> str:
        """How many pixels are summed."""
        (_, rows), (_, columns) = band(self.rows), band(self.columns)
        return f"each pixel a sum of {rows.shape[1]} x {columns.shape[1]}"

    def forward(self, plan: Plan, x: Tensor, halo: Halo) -> Tensor:
        """Appends one call."""
        shape = (len(self.rows), len(self.columns), x.channels)
        return _emit(plan, x, plan.tensor(shape, halo), self.rows, self.columns, self.fill)

    def backward(self, plan: Plan, dy: Tensor, propagate: bool) -> Tensor | None:
        """Appends the same with the transposed matrices."""
        if not propagate:
            return None
        dx = plan.tensor((self.rows.shape[1], self.columns.shape[1], dy.channels))
        return _emit(plan, dy, dx, self.rows.T, self.columns.T)


def _emit(
    plan: Plan, x: Tensor, y: Tensor, rows: NDArray[np.floating[Any]],
    columns: NDArray[np.floating[Any]], fill: float = 0.0,
) -> Tensor:  # fmt: skip
    (row_starts, row_weights), (column_starts, column_weights) = band(rows), band(columns)
    (sums,) = plan.temporary(x.row_length)
    plan.run(
        resize(), RESIZE, **x.geometry("x"), **y.geometry("y"), channels=x.channels,
        length=x.row_length, sums=sums, fill=fill,
        row_count=len(row_starts), row_taps=row_weights.shape[1],
        row_starts=plan.constant(row_starts), row_weights=plan.constant(row_weights),
        column_count=len(column_starts), column_taps=column_weights.shape[1],
        column_starts=plan.constant(column_starts), column_weights=plan.constant(column_weights),
    )  # fmt: skip
    return y


CROP = augmentation_record(("down", np.int64), ("right", np.int64))  # how many places there are


@specialised(CROP)
def crop() -> Any:
    """Copies a window of each image from a place of its own; height and width are the window's."""

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        b = carray(batch, 1)[0]
        f = carray(frame, 1)[0]
        for image in range(f.count):
            key = image_key(op.seed, b.epoch, sample_number(b, f.first + image))
            top = int(between(key, 0, 0.0, np.float64(op.down)))
            left = int(between(key, 1, 0.0, np.float64(op.right)))
            length = op.width * op.channels
            for row in range(op.height):
                source = op.x + image * op.x_image + (top + row) * op.x_row + left * op.channels
                target = op.y + image * op.y_image + row * op.y_row
                x = carray(floats_at(f.slot + 4 * source), length)
                y = carray(floats_at(f.slot + 4 * target), length)
                for i in range(length):
                    y[i] = x[i]

    return kernel


class Crop(RandomOp):
    """A window of each image: at random places in training, else of the middle, resized."""

    layer: Any

    def describe(self) -> str:
        """The size of the window."""
        return f"a window of {self.layer.height} x {self.layer.width}"

    def forward(self, plan: Plan, x: Tensor, halo: Halo) -> Tensor:
        """Appends one call."""
        height, width, channels = x.shape
        if not self.trains(plan) or not self.layer.draws_places(height, width):
            box = self.layer.box(height, width, self.trains(plan))
            return Resize(*definition.matrices(self.layer, box, height, width)).forward(
                plan, x, halo
            )
        y = plan.tensor((self.layer.height, self.layer.width, channels), halo)
        plan.run(
            crop(), CROP, **x.geometry("x"), **y.geometry("y"), height=self.layer.height,
            width=self.layer.width, channels=channels, seed=self.layer.seed,
            down=height - self.layer.height + 1, right=width - self.layer.width + 1,
        )  # fmt: skip
        return y
