"""Random changes of values and colours: each image has two numbers drawn, and a formula."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import carray

from convlet.engine.cpu.augmentation import RandomOp, augmentation_record
from convlet.engine.cpu.draws import between, image_key, sample_number, uniform
from convlet.engine.cpu.jit import helper, specialised
from convlet.engine.cpu.simd import float64_at, floats_at
from convlet.engine.plan import Plan, Tensor

COLOR = augmentation_record(
    ("low", np.float64),  # what the first number is drawn from
    ("high", np.float64),
    ("least", np.float64),  # what the second is drawn from, where there are two
    ("most", np.float64),
    ("floor", np.float64),  # the range of a pixel's values
    ("ceiling", np.float64),
    ("means", np.int64),  # scratch offset: room for float64 sums of the channels
)
ZERO, ONE = np.float32(0.0), np.float32(1.0)
RED, GREEN, BLUE = np.float32(0.2989), np.float32(0.5870), np.float32(0.1140)
"""What the colours count for in gray: Keras's numbers."""

# What is drawn: two numbers of an image, from its key.


@helper
def _factor(key: Any, op: Any) -> Any:
    return between(key, 0, op.low, op.high), 0.0


@helper
def _shift(key: Any, op: Any) -> Any:
    return between(key, 0, op.low, op.high) * (op.ceiling - op.floor), 0.0


@helper
def _chance(key: Any, op: Any) -> Any:
    """1 with a probability that is itself drawn, else 0."""
    return (1.0 if uniform(key, 1) < between(key, 0, op.low, op.high) else 0.0), 0.0


@helper
def _step(key: Any, op: Any) -> Any:
    """The distance of two levels, a power of 2."""
    return 2.0 ** (8.0 - math.floor(between(key, 0, op.low, op.high))), 0.0


@helper
def _both(key: Any, op: Any) -> Any:
    return between(key, 0, op.low, op.high), between(key, 1, op.least, op.most)


@helper
def _turn(key: Any, op: Any) -> Any:
    sign = -1.0 if uniform(key, 1) > 0.5 else 1.0
    return 0.5 * sign * between(key, 0, op.low, op.high), 0.0


@helper
def _ratio(key: Any, op: Any) -> Any:
    factor = between(key, 0, op.low, op.high)
    return factor / (1.0 - factor + 1e-7), 0.0


# What becomes of one value: x, from the numbers a and b, in the range from lo to hi.


@helper
def _clip(x: Any, lo: Any, hi: Any) -> Any:
    return min(max(x, lo), hi)


@helper
def _brightened(x: Any, a: Any, b: Any, lo: Any, hi: Any) -> Any:
    return _clip(x + a, lo, hi)


@helper
def _inverted(x: Any, a: Any, b: Any, lo: Any, hi: Any) -> Any:
    return hi - x if a > ZERO else x


@helper
def _posterized(x: Any, a: Any, b: Any, lo: Any, hi: Any) -> Any:
    # Rounded to float32 before it is cut off: 200 / 255 * 255 shall be 200.
    value = np.float32((np.float64(x) - lo) / (np.float64(hi) - lo) * 255.0)
    level = np.float32(math.floor(math.floor(value) / a)) * a
    return level / np.float32(255.0) * (hi - lo) + lo


@helper
def _solarized(x: Any, a: Any, b: Any, lo: Any, hi: Any) -> Any:
    byte = np.float32(255.0)
    value = _clip((x - lo) / (hi - lo) * byte + a, ZERO, byte)
    value = value if value < b else byte - value
    return value / byte * (hi - lo) + lo


VALUES = {
    "brightness": (_shift, _brightened),
    "inversion": (_chance, _inverted),
    "posterization": (_step, _posterized),
    "solarization": (_both, _solarized),
}
"""Changes of each value by itself: what is drawn, and what becomes of a value."""


@specialised(COLOR)
def change_values(kind: str) -> Any:
    """Computes each value by itself."""
    draw, change = VALUES[kind]

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        b = carray(batch, 1)[0]
        f = carray(frame, 1)[0]
        lo, hi = np.float32(op.floor), np.float32(op.ceiling)
        length = op.width * op.channels
        for image in range(f.count):
            key = image_key(op.seed, b.epoch, sample_number(b, f.first + image))
            first, second = draw(key, op)
            first, second = np.float32(first), np.float32(second)
            for row in range(op.height):
                x_start = op.x + image * op.x_image + row * op.x_row
                y_start = op.y + image * op.y_image + row * op.y_row
                x = carray(floats_at(f.slot + 4 * x_start), length)
                y = carray(floats_at(f.slot + 4 * y_start), length)
                for i in range(length):
                    y[i] = change(x[i], first, second, lo, hi)

    return kernel


# What becomes of one pixel's red, green and blue.


@helper
def _gray(r: Any, g: Any, b: Any) -> Any:
    return RED * r + GREEN * g + BLUE * b


@helper
def _grayed(r: Any, g: Any, b: Any, a: Any, lo: Any, hi: Any) -> Any:
    gray = _gray(r, g, b)
    return (gray, gray, gray) if a > ZERO else (r, g, b)


@helper
def _degenerated(r: Any, g: Any, b: Any, a: Any, lo: Any, hi: Any) -> Any:
    gray = _gray(r, g, b)
    return (
        _clip(r + a * (gray - r), lo, hi),
        _clip(g + a * (gray - g), lo, hi),
        _clip(b + a * (gray - b), lo, hi),
    )


@helper
def _to_hsv(r: Any, g: Any, b: Any) -> Any:
    """Hue and saturation from 0 to 1, and the largest of the three (Smith 1978)."""
    largest, smallest = max(r, g, b), min(r, g, b)
    span = largest - smallest
    saturation = span / largest if largest > ZERO else ZERO
    if span <= ZERO:
        return ZERO, saturation, largest
    sixth = ONE / (np.float32(6.0) * span)
    if largest == r:
        hue = sixth * (g - b)
    elif largest == g:
        hue = sixth * (b - r) + np.float32(2.0 / 6.0)
    else:
        hue = sixth * (r - g) + np.float32(4.0 / 6.0)
    return (hue + ONE if hue < ZERO else hue), saturation, largest


@helper
def _from_hsv(hue: Any, saturation: Any, value: Any) -> Any:
    turn = (hue - np.float32(math.floor(hue))) * np.float32(6.0)
    pale = ONE - saturation
    red = _clip(abs(turn - np.float32(3.0)) - ONE, ZERO, ONE)
    green = _clip(np.float32(2.0) - abs(turn - np.float32(2.0)), ZERO, ONE)
    blue = _clip(np.float32(2.0) - abs(turn - np.float32(4.0)), ZERO, ONE)
    return (
        value * (pale + saturation * red),
        value * (pale + saturation * green),
        value * (pale + saturation * blue),
    )


@helper
def _turned(r: Any, g: Any, b: Any, a: Any, lo: Any, hi: Any) -> Any:
    span = hi - lo
    hue, saturation, value = _to_hsv((r - lo) / span, (g - lo) / span, (b - lo) / span)
    red, green, blue = _from_hsv(hue + a, saturation, value)
    return (
        _clip(red, ZERO, ONE) * span + lo,
        _clip(green, ZERO, ONE) * span + lo,
        _clip(blue, ZERO, ONE) * span + lo,
    )


@helper
def _saturated(r: Any, g: Any, b: Any, a: Any, lo: Any, hi: Any) -> Any:
    hue, saturation, value = _to_hsv(r, g, b)
    return _from_hsv(hue, _clip(saturation * a, lo, hi), value)


PIXELS = {
    "grayscale": (_chance, _grayed),
    "degeneration": (_factor, _degenerated),
    "hue": (_turn, _turned),
    "saturation": (_ratio, _saturated),
}
"""Changes of each pixel's colours: what is drawn, and what becomes of a pixel."""


@specialised(COLOR)
def change_pixels(kind: str) -> Any:
    """Computes each pixel by itself."""
    draw, change = PIXELS[kind]

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        b = carray(batch, 1)[0]
        f = carray(frame, 1)[0]
        lo, hi = np.float32(op.floor), np.float32(op.ceiling)
        for image in range(f.count):
            key = image_key(op.seed, b.epoch, sample_number(b, f.first + image))
            first = np.float32(draw(key, op)[0])
            for row in range(op.height):
                x_start = op.x + image * op.x_image + row * op.x_row
                y_start = op.y + image * op.y_image + row * op.y_row
                x = carray(floats_at(f.slot + 4 * x_start), 3 * op.width)
                y = carray(floats_at(f.slot + 4 * y_start), 3 * op.width)
                for pixel in range(0, 3 * op.width, 3):
                    red, green, blue = change(
                        x[pixel], x[pixel + 1], x[pixel + 2], first, lo, hi
                    )  # fmt: skip
                    y[pixel], y[pixel + 1], y[pixel + 2] = red, green, blue

    return kernel


@specialised(COLOR)
def change_contrast() -> Any:
    """Computes clip((x - mean) * factor + mean) with the mean of each channel of an image."""

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        b = carray(batch, 1)[0]
        f = carray(frame, 1)[0]
        lo, hi, channels = np.float32(op.floor), np.float32(op.ceiling), op.channels
        means = carray(float64_at(f.scratch + 4 * op.means), channels)
        for image in range(f.count):
            key = image_key(op.seed, b.epoch, sample_number(b, f.first + image))
            factor = np.float32(between(key, 0, op.low, op.high))
            means[:] = 0.0
            for row in range(op.height):
                x_start = op.x + image * op.x_image + row * op.x_row
                x = carray(floats_at(f.slot + 4 * x_start), (op.width, channels))
                for pixel in range(op.width):
                    for c in range(channels):
                        means[c] += x[pixel, c]
            for c in range(channels):
                means[c] /= op.height * op.width
            for row in range(op.height):
                x_start = op.x + image * op.x_image + row * op.x_row
                y_start = op.y + image * op.y_image + row * op.y_row
                x = carray(floats_at(f.slot + 4 * x_start), (op.width, channels))
                y = carray(floats_at(f.slot + 4 * y_start), (op.width, channels))
                for pixel in range(op.width):
                    for c in range(channels):
                        mean = np.float32(means[c])
                        y[pixel, c] = _clip((x[pixel, c] - mean) * factor + mean, lo, hi)

    return kernel


class Recolored(RandomOp):
    """Changes each image by one or two numbers that are drawn for it.

    Args:
        kind: One of ``VALUES`` or ``PIXELS``, or "contrast".
        layer: Says from which seed.
        first: What the first number is drawn from.
        second: What the second is drawn from, where there are two.
    """

    layer: Any

    def __init__(
        self, kind: str, layer: Any, first: tuple[float, float],
        second: tuple[float, float] = (0.0, 0.0),
    ) -> None:  # fmt: skip
        super().__init__(layer)
        self.kind = kind
        self.first = first
        self.second = second

    def describe(self) -> str:
        """The kind."""
        return f"{self.kind}, drawn for each image and epoch"

    def emit(self, plan: Plan, x: Tensor, y: Tensor) -> None:
        """Appends one call."""
        if self.kind == "contrast":
            kernel = change_contrast()
        else:
            kernel = change_values(self.kind) if self.kind in VALUES else change_pixels(self.kind)
        (means,) = plan.temporary(2 * x.channels)
        floor, ceiling = getattr(self.layer, "value_range", (0.0, 1.0))
        self.run(
            plan, kernel, COLOR, x, y, low=self.first[0], high=self.first[1],
            least=self.second[0], most=self.second[1], floor=floor, ceiling=ceiling, means=means,
        )  # fmt: skip
