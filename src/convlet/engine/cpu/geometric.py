"""Random flips, rotations, translations, zooms and shears of images."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import carray

from convlet.engine.cpu.augmentation import RandomOp, augmentation_record
from convlet.engine.cpu.draws import between, image_key, sample_number, uniform
from convlet.engine.cpu.jit import helper, specialised
from convlet.engine.cpu.sampling import few_channels, sampler
from convlet.engine.cpu.simd import floats_at
from convlet.engine.plan import Plan, Tensor

FLIP = augmentation_record()
AFFINE = augmentation_record(
    ("low", np.float64),  # what the vertical factor is drawn from
    ("high", np.float64),
    ("left", np.float64),  # what the horizontal one is drawn from
    ("right", np.float64),
    ("tied", np.int64),  # whether there is only one factor
    ("fill", np.float64),
)


@specialised(FLIP)
def flip(horizontal: bool, vertical: bool) -> Any:
    """Mirrors half of the images."""

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        b = carray(batch, 1)[0]
        f = carray(frame, 1)[0]
        for image in range(f.count):
            key = image_key(op.seed, b.epoch, sample_number(b, f.first + image))
            flipped = uniform(key, 0) <= 0.5
            length = op.width * op.channels
            for row in range(op.height):
                source = op.height - 1 - row if vertical and flipped else row
                x_start = op.x + image * op.x_image + source * op.x_row
                y_start = op.y + image * op.y_image + row * op.y_row
                x = carray(floats_at(f.slot + 4 * x_start), length)
                y = carray(floats_at(f.slot + 4 * y_start), length)
                if horizontal and flipped:
                    for pixel in range(op.width):
                        mirrored = (op.width - 1 - pixel) * op.channels
                        for c in range(op.channels):
                            y[pixel * op.channels + c] = x[mirrored + c]
                else:
                    for i in range(length):
                        y[i] = x[i]

    return kernel


# A matrix (a, b, c, d, e, f) looks pixel (v, u) up at u' = a u + b v + c, v' = d u + e v + f.


@helper
def _rotation(key: Any, op: Any) -> Any:
    angle = 2.0 * math.pi * between(key, 0, op.low, op.high)
    cosine, sine = math.cos(angle), math.sin(angle)
    x, y = 0.5 * (op.width - 1), 0.5 * (op.height - 1)
    return cosine, -sine, x - x * cosine + y * sine, sine, cosine, y - x * sine - y * cosine


@helper
def _translation(key: Any, op: Any) -> Any:
    down = op.height * between(key, 0, op.low, op.high)
    right = op.width * between(key, 1, op.left, op.right)
    return 1.0, 0.0, -right, 0.0, 1.0, -down


@helper
def _zoom(key: Any, op: Any) -> Any:
    vertical = 1.0 + between(key, 0, op.low, op.high)
    horizontal = vertical if op.tied != 0 else 1.0 + between(key, 1, op.left, op.right)
    x, y = 0.5 * (op.width - 1), 0.5 * (op.height - 1)
    return horizontal, 0.0, x * (1.0 - horizontal), 0.0, vertical, y * (1.0 - vertical)


@helper
def _shear(key: Any, op: Any) -> Any:
    sign = -1.0 if uniform(key, 2) > 0.5 else 1.0
    down = sign * between(key, 0, op.low, op.high)
    right = sign * between(key, 1, op.left, op.right)
    return 1.0, right, 0.0, down, 1.0, 0.0


MATRICES = {
    "rotation": _rotation,
    "translation": _translation,
    "zoom": _zoom,
    "shear": _shear,
}
"""The matrix of an image from its key."""


@specialised(AFFINE)
def affine(kind: str, interpolation: str, fill_mode: str, few: int) -> Any:
    """Looks each pixel up where its image's matrix says."""
    matrix, sample = MATRICES[kind], sampler(interpolation, fill_mode, few)

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        b = carray(batch, 1)[0]
        f = carray(frame, 1)[0]
        fill = np.float32(op.fill)
        height, width, channels, x_row = op.height, op.width, op.channels, op.x_row
        for image in range(f.count):
            key = image_key(op.seed, b.epoch, sample_number(b, f.first + image))
            a_u, a_v, a, b_u, b_v, b_0 = matrix(key, op)
            x = carray(floats_at(f.slot + 4 * (op.x + image * op.x_image)), height * x_row)
            for row in range(height):
                y_start = op.y + image * op.y_image + row * op.y_row
                y = carray(floats_at(f.slot + 4 * y_start), width * channels)
                for column in range(width):
                    u = a_u * column + a_v * row + a
                    v = b_u * column + b_v * row + b_0
                    sample(
                        x, y, column * channels, v, u, height, width, x_row, channels, fill
                    )  # fmt: skip

    return kernel


class Flip(RandomOp):
    """Mirrors half of the images."""

    layer: Any

    def emit(self, plan: Plan, x: Tensor, y: Tensor) -> None:
        """Appends one call."""
        horizontal, vertical = "horizontal" in self.layer.mode, "vertical" in self.layer.mode
        self.run(plan, flip(horizontal, vertical), FLIP, x, y)


class AffineMap(RandomOp):
    """Maps each image by a matrix of its own.

    Args:
        kind: One of ``MATRICES``.
        layer: Says what is drawn and from which seed.
    """

    layer: Any

    def __init__(self, kind: str, layer: Any) -> None:
        super().__init__(layer)
        self.kind = kind

    def describe(self) -> str:
        """The kind, and how pixels are found."""
        return f"{self.kind}, {self.layer.interpolation}, {self.layer.fill_mode} outside"

    def emit(self, plan: Plan, x: Tensor, y: Tensor) -> None:
        """Appends one call."""
        layer = self.layer
        low, high = layer.vertical
        left, right = layer.horizontal or layer.vertical
        few = few_channels(x.channels)
        self.run(
            plan, affine(self.kind, layer.interpolation, layer.fill_mode, few), AFFINE, x, y,
            low=low, high=high, left=left, right=right, tied=layer.horizontal is None,
            fill=layer.fill_value,
        )  # fmt: skip
