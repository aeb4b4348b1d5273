"""Images mixed with others of the data set, right after they are read; the loss mixes targets.

Which image is the other one, and how much of the first remains, lies in the slot for the loss: an
int64 and a float64 of each image.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import carray

from convlet import layers as declared
from convlet.engine.calls import Label
from convlet.engine.cpu.augmentation import RandomOp
from convlet.engine.cpu.draws import between, image_key, normal, sample_number, uniform
from convlet.engine.cpu.gather import SIZES, pointer, uint8_at
from convlet.engine.cpu.jit import helper, specialised
from convlet.engine.cpu.losses import MIXTURE_FIELDS
from convlet.engine.cpu.simd import float64_at, floats_at, int64_at
from convlet.engine.plan import Plan, Tensor
from convlet.errors import UnsupportedError

GAMMA = (8, 1 << 20)
"""Which normal numbers the two attempts at a gamma distribution begin with."""

MIX = np.dtype(
    [
        *[(name, np.int64) for name in ("y", "y_image", "y_row", "height", "width", "channels")],
        ("pointer", np.int64),  # which of the batch's arrays
        ("mixture", np.int64),  # slot offset of the entries for the loss
        ("seed", np.int64),
        ("low", np.float64),  # what alpha is drawn from
        ("high", np.float64),
        ("scale", np.float64),
        ("offset", np.float64),
    ]
)


@helper
def log_gamma(key: Any, first: Any, alpha: Any) -> Any:
    """The logarithm of a number of the distribution Gamma(alpha) (Marsaglia & Tsang 2000).

    Attempt ``k`` takes normal number ``first + 2 k`` and draw ``2 (first + 2 k + 1)``.
    """
    raised = alpha if alpha >= 1.0 else alpha + 1.0
    d = raised - 1.0 / 3.0
    c = 1.0 / math.sqrt(9.0 * d)
    number = first
    while True:
        x = normal(key, number)
        v = (1.0 + c * x) ** 3
        u = 1.0 - uniform(key, 2 * (number + 1))
        if v > 0.0 and math.log(u) < 0.5 * x * x + d - d * v + d * math.log(v):
            break
        number += 2
    found = math.log(d) + math.log(v)
    # Stuart's theorem: Gamma(alpha) is Gamma(alpha + 1) times a power of a uniform number.
    return found if alpha >= 1.0 else found + math.log(1.0 - uniform(key, 2 * first - 1)) / alpha


@helper
def beta(key: Any, alpha: Any) -> Any:
    """A number of the distribution Beta(alpha, alpha)."""
    difference = log_gamma(key, GAMMA[1], alpha) - log_gamma(key, GAMMA[0], alpha)
    return 1.0 / (1.0 + math.exp(difference))


@specialised(MIX)
def mix(kind: str, dtype: str) -> Any:
    """Mixes images that lie in the slot with others, read where they lie.

    Args:
        kind: "blend" or "cut".
        dtype: Of the data set's images.
    """
    size = SIZES[dtype]

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        b = carray(batch, 1)[0]
        f = carray(frame, 1)[0]
        images = pointer(b, op.pointer)
        scale, offset, length = np.float32(op.scale), np.float32(op.offset), op.width * op.channels
        for image in range(f.count):
            key = image_key(op.seed, b.epoch, sample_number(b, f.first + image))
            partner = int(uniform(key, 0) * b.samples)
            share = beta(key, between(key, 1, op.low, op.high))
            ratio = math.sqrt(1.0 - share)
            left = uniform(key, 2) * (op.width - ratio * op.width)
            top = uniform(key, 3) * (op.height - ratio * op.height)
            entry = f.slot + 4 * (op.mixture + MIXTURE_FIELDS * image)
            carray(int64_at(entry), 1)[0] = partner
            carray(float64_at(entry + 8), 1)[0] = share
            kept, given = np.float32(share), np.float32(1.0 - share)
            for row in range(op.height):
                if kind == "cut" and not top <= row < top + ratio * op.height:
                    continue
                source = images + size * (partner * op.height + row) * length
                y_start = op.y + image * op.y_image + row * op.y_row
                y = carray(floats_at(f.slot + 4 * y_start), length)
                if dtype == "uint8":
                    x = carray(uint8_at(source), length)
                elif dtype == "float32":
                    x = carray(floats_at(source), length)
                else:
                    x = carray(float64_at(source), length)
                if kind == "blend":
                    for i in range(length):
                        y[i] = kept * y[i] + given * (np.float32(x[i]) * scale + offset)
                else:
                    # Of columns, as of rows, those from left to below left + width.
                    first = math.ceil(left) * op.channels
                    last = math.ceil(left + ratio * op.width) * op.channels
                    for i in range(first, min(last, length)):
                        y[i] = np.float32(x[i]) * scale + offset

    return kernel


def emit_mix(
    plan: Plan, pointer: int, dtype: str, y: Tensor, layer: Any, scale: float, offset: float
) -> None:
    """Appends the call that mixes images which were read with others.

    Raises:
        UnsupportedError: Where another input's images are mixed already.
    """
    if plan.mixture is not None:
        raise UnsupportedError(
            f"{layer.label} needs to be the only layer of a model that mixes images. "
            "Received another one at another input. Remove one of them."
        )
    blend = isinstance(layer, declared.MixUp)
    way = "blended with another image" if blend else "a window from another image"
    plan.of(Label(layer.name, way, y.shape), "forward")
    plan.mixture = plan.reserve(MIXTURE_FIELDS * plan.chunk)
    height, width, channels = y.shape
    low, high = (layer.alpha, layer.alpha) if blend else (f + 1e-6 for f in layer.factor)
    plan.run(
        mix("blend" if blend else "cut", dtype), MIX, **y.geometry("y"), height=height,
        width=width, channels=channels, pointer=pointer, mixture=plan.mixture, seed=layer.seed,
        low=low, high=high, scale=scale, offset=offset,
    )  # fmt: skip


class Misplaced(RandomOp):
    """A layer that mixes images, but not where they are read."""

    def emit(self, plan: Plan, x: Tensor, y: Tensor) -> None:
        """Refuses it.

        Raises:
            UnsupportedError: Always: it is called in training only.
        """
        raise UnsupportedError(
            f"{self.layer.label} needs to stand first in a model, since it mixes images as they "
            "lie in the data set. Received it behind other layers. Only Rescaling by one number "
            "may stand before it."
        )
