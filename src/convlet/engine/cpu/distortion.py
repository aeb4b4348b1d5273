"""Random erasing, elastic distortion and blur of images."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import carray

from convlet.engine.cpu.augmentation import RandomOp, augmentation_record
from convlet.engine.cpu.draws import between, image_key, normal, sample_number, uniform
from convlet.engine.cpu.jit import helper, specialised
from convlet.engine.cpu.sampling import few_channels, sampler
from convlet.engine.cpu.simd import floats_at
from convlet.engine.plan import Plan, Tensor

FIELD = 8
"""Which normal number a field begins with: those before would share draws with single numbers."""

_RANGES = [
    (name, np.float64)
    # the probability, the scale (or deviation) and the values of a pixel
    for name in ("low", "high", "least", "most", "floor", "ceiling")
]
ERASING = augmentation_record(*_RANGES, ("fills", np.int64))  # address of a float a channel, or 0
ELASTIC = augmentation_record(
    *_RANGES, ("fill", np.float64), ("across", np.int64), ("down", np.int64), ("noise", np.int64),
    ("weights", np.int64), ("sums", np.int64),
)  # fmt: skip
"""Scratch offsets: two fields of places, room for noise, for weights and for sums."""
BLUR = augmentation_record(
    *_RANGES, ("width_taps", np.int64), ("height_taps", np.int64), ("weights", np.int64),
    ("sums", np.int64),
)  # fmt: skip


@helper
def chosen(key: Any, op: Any) -> Any:
    """Whether an image is changed: with a probability that is itself drawn."""
    return uniform(key, 1) < between(key, 0, op.low, op.high)


@helper
def _clip(x: Any, lo: Any, hi: Any) -> Any:
    return min(max(x, lo), hi)


@specialised(ERASING)
def erase(noise: bool) -> Any:
    """Fills a window of some images, the rest being copied."""

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        b = carray(batch, 1)[0]
        f = carray(frame, 1)[0]
        lo, hi = np.float32(op.floor), np.float32(op.ceiling)
        fills = carray(floats_at(op.fills), op.channels)
        for image in range(f.count):
            key = image_key(op.seed, b.epoch, sample_number(b, f.first + image))
            wide = math.sqrt(between(key, 2, op.least, op.most)) * op.width
            tall = math.sqrt(between(key, 3, op.least, op.most)) * op.height
            left = uniform(key, 4) * (op.width - wide)
            top = uniform(key, 5) * (op.height - tall)
            erased = chosen(key, op)
            for row in range(op.height):
                x_start = op.x + image * op.x_image + row * op.x_row
                y_start = op.y + image * op.y_image + row * op.y_row
                x = carray(floats_at(f.slot + 4 * x_start), op.width * op.channels)
                y = carray(floats_at(f.slot + 4 * y_start), op.width * op.channels)
                for i in range(op.width * op.channels):
                    y[i] = x[i]
                if not erased or row < top or row >= top + tall:
                    continue
                for column in range(op.width):
                    if column < left or column >= left + wide:
                        continue
                    for c in range(op.channels):
                        place = column * op.channels + c
                        if noise:
                            number = FIELD + row * op.width * op.channels + place
                            y[place] = _clip(np.float32(normal(key, number) * hi), lo, hi)
                        else:
                            y[place] = _clip(fills[c], lo, hi)

    return kernel


@helper
def _gaussian(weights: Any, sigma: Any) -> None:
    """Fills in weights that add up to 1."""
    middle = 0.5 * (len(weights) - 1)
    total = 0.0
    for tap in range(len(weights)):
        total += math.exp(-0.5 * ((tap - middle) / sigma) ** 2)
    for tap in range(len(weights)):
        weights[tap] = math.exp(-0.5 * ((tap - middle) / sigma) ** 2) / total


@helper
def _add_rows(
    address: Any, stride: Any, height: Any, row: Any, weights: Any, sums: Any
) -> None:  # fmt: skip
    """Sums up the rows around one, those outside being zeros; they lie ``stride`` floats apart."""
    sums[:] = np.float32(0.0)
    radius = len(weights) // 2
    for tap in range(len(weights)):
        source = row + tap - radius
        if 0 <= source < height:
            x = carray(floats_at(address + 4 * source * stride), len(sums))
            for i in range(len(sums)):
                sums[i] += weights[tap] * x[i]


@helper
def _add_columns(sums: Any, channels: Any, weights: Any, y: Any) -> None:
    """Sums up the pixels around each of a row, those outside being zeros."""
    radius = len(weights) // 2
    y[:] = np.float32(0.0)
    for tap in range(len(weights)):
        shift = (tap - radius) * channels
        for i in range(max(0, -shift), min(len(y), len(y) - shift)):
            y[i] += weights[tap] * sums[i + shift]


@helper
def _fill_field(key: Any, first: Any, sigma: Any, noise: Any) -> None:
    for place in range(len(noise)):
        noise[place] = normal(key, first + place) * sigma


@specialised(ELASTIC)
def distort(interpolation: str, fill_mode: str, few: int) -> Any:
    """Looks each pixel up at a place moved by a blurred field of noise."""
    sample = sampler(interpolation, fill_mode, few)

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        b = carray(batch, 1)[0]
        f = carray(frame, 1)[0]
        lo, hi, fill = np.float32(op.floor), np.float32(op.ceiling), np.float32(op.fill)
        height, width, channels, x_row = op.height, op.width, op.channels, op.x_row
        noise = carray(floats_at(f.scratch + 4 * op.noise), height * width)
        sums = carray(floats_at(f.scratch + 4 * op.sums), width)
        for image in range(f.count):
            key = image_key(op.seed, b.epoch, sample_number(b, f.first + image))
            distorted = chosen(key, op)
            x = carray(floats_at(f.slot + 4 * (op.x + image * op.x_image)), height * x_row)
            if distorted:
                scale = between(key, 2, op.least, op.most)
                sigma = 0.05 * scale * min(height, width)
                weights = carray(floats_at(f.scratch + 4 * op.weights), int(6.0 * sigma) | 1)
                _gaussian(weights, sigma)
                for number in range(2):
                    _fill_field(key, FIELD + number * height * width, sigma, noise)
                    places = f.scratch + 4 * (op.across if number == 0 else op.down)
                    for row in range(height):
                        start = f.scratch + 4 * op.noise
                        _add_rows(start, width, height, row, weights, sums)
                        y = carray(floats_at(places + 4 * row * width), width)
                        _add_columns(sums, 1, weights, y)
            for row in range(height):
                y_start = op.y + image * op.y_image + row * op.y_row
                y = carray(floats_at(f.slot + 4 * y_start), width * channels)
                if distorted:
                    alpha = 0.1 * scale * max(height, width)
                    start = 4 * row * width
                    across = carray(floats_at(f.scratch + 4 * op.across + start), width)
                    down = carray(floats_at(f.scratch + 4 * op.down + start), width)
                    for column in range(width):
                        u = column + alpha * np.float64(across[column])
                        v = row + alpha * np.float64(down[column])
                        sample(
                            x, y, column * channels, v, u, height, width, x_row, channels, fill
                        )  # fmt: skip
                    for i in range(width * channels):
                        y[i] = _clip(y[i], lo, hi)
                else:
                    for i in range(width * channels):
                        y[i] = _clip(x[row * x_row + i], lo, hi)

    return kernel


@specialised(BLUR)
def blur() -> Any:
    """Computes weighted means of neighbours in some images; clips all."""

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        b = carray(batch, 1)[0]
        f = carray(frame, 1)[0]
        lo, hi, length = np.float32(op.floor), np.float32(op.ceiling), op.width * op.channels
        sums = carray(floats_at(f.scratch + 4 * op.sums), length)
        across = carray(floats_at(f.scratch + 4 * op.weights), op.width_taps)
        down = carray(floats_at(f.scratch + 4 * (op.weights + op.width_taps)), op.height_taps)
        for image in range(f.count):
            key = image_key(op.seed, b.epoch, sample_number(b, f.first + image))
            blurred = chosen(key, op)
            _gaussian(across, between(key, 2, op.least, op.most) + 1e-6)
            _gaussian(down, between(key, 3, op.least, op.most) + 1e-6)
            start = f.slot + 4 * (op.x + image * op.x_image)
            for row in range(op.height):
                x = carray(floats_at(start + 4 * row * op.x_row), length)
                y_start = op.y + image * op.y_image + row * op.y_row
                y = carray(floats_at(f.slot + 4 * y_start), length)
                if blurred:
                    _add_rows(start, op.x_row, op.height, row, down, sums)
                    _add_columns(sums, op.channels, across, y)
                else:
                    for i in range(length):
                        y[i] = x[i]
                for i in range(length):
                    y[i] = _clip(y[i], lo, hi)

    return kernel


@specialised(BLUR)
def sharpen() -> Any:
    """Adds a share of the difference to the mean of nine pixels, the middle counted five times."""

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        b = carray(batch, 1)[0]
        f = carray(frame, 1)[0]
        lo, hi, length = np.float32(op.floor), np.float32(op.ceiling), op.width * op.channels
        sums = carray(floats_at(f.scratch + 4 * op.sums), length)
        ones = carray(floats_at(f.scratch + 4 * op.weights), op.width_taps)
        ones[:] = np.float32(1.0)
        for image in range(f.count):
            key = image_key(op.seed, b.epoch, sample_number(b, f.first + image))
            share = np.float32(1.0 - 2.0 * between(key, 0, op.low, op.high))
            start = f.slot + 4 * (op.x + image * op.x_image)
            for row in range(op.height):
                x = carray(floats_at(start + 4 * row * op.x_row), length)
                y_start = op.y + image * op.y_image + row * op.y_row
                y = carray(floats_at(f.slot + 4 * y_start), length)
                _add_rows(start, op.x_row, op.height, row, ones, sums)
                _add_columns(sums, op.channels, ones, y)
                for i in range(length):
                    smooth = (y[i] + np.float32(4.0) * x[i]) * np.float32(1.0 / 13.0)
                    y[i] = _clip(x[i] + share * (smooth - x[i]), lo, hi)

    return kernel


class Distortion(RandomOp):
    """The base of ops that change some images, by a scale of their own.

    Args:
        layer: Says what is drawn and from which seed.
    """

    layer: Any

    def ranges(self) -> dict[str, float]:
        """The fields that all records have."""
        layer = self.layer
        names = ("low", "high", "least", "most", "floor", "ceiling")
        second: Any = getattr(layer, "sigma", None) or getattr(layer, "scale", (0.0, 0.0))
        return dict(zip(names, (*layer.factor, *second, *layer.value_range), strict=True))


class Erasing(Distortion):
    """Fills a window of some images."""

    def emit(self, plan: Plan, x: Tensor, y: Tensor) -> None:
        """Appends one call."""
        fill = self.layer.fill_value
        fills = np.broadcast_to(0.0 if fill is None else fill, x.channels).astype(np.float32)
        self.run(
            plan, erase(fill is None), ERASING, x, y, fills=plan.constant(fills), **self.ranges()
        )  # fmt: skip


class Elastic(Distortion):
    """Distorts some images."""

    def emit(self, plan: Plan, x: Tensor, y: Tensor) -> None:
        """Appends one call."""
        layer = self.layer
        height, width, _ = x.shape
        few = few_channels(x.channels)
        most_taps = int(6 * 0.05 * layer.scale[1] * min(height, width)) | 1
        across, down, noise, weights, sums = plan.temporary(
            height * width, height * width, height * width, most_taps, width
        )
        self.run(
            plan, distort(layer.interpolation, layer.fill_mode, few), ELASTIC, x, y,
            fill=layer.fill_value, across=across, down=down, noise=noise, weights=weights,
            sums=sums, **self.ranges(),
        )  # fmt: skip


class Blur(Distortion):
    """Blurs some images."""

    def emit(self, plan: Plan, x: Tensor, y: Tensor) -> None:
        """Appends one call."""
        across, down = self.layer.kernel_size
        weights, sums = plan.temporary(across + down, x.row_length)
        self.run(
            plan, blur(), BLUR, x, y, width_taps=across, height_taps=down, weights=weights,
            sums=sums, **self.ranges(),
        )  # fmt: skip


class Sharpness(Distortion):
    """Makes images smoother or sharper."""

    def emit(self, plan: Plan, x: Tensor, y: Tensor) -> None:
        """Appends one call."""
        weights, sums = plan.temporary(3, x.row_length)
        self.run(
            plan, sharpen(), BLUR, x, y, width_taps=3, height_taps=3, weights=weights, sums=sums,
            **self.ranges(),
        )  # fmt: skip
