"""Each channel of an image stretched to the whole range of values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import carray

from convlet.engine.cpu.augmentation import refuse_gradient
from convlet.engine.cpu.jit import specialised
from convlet.engine.cpu.simd import floats_at
from convlet.engine.ops import Op
from convlet.engine.plan import Halo, Plan, Tensor

if TYPE_CHECKING:
    from convlet.layers import AutoContrast

STRETCH = np.dtype(
    [
        *[(f"{name}{part}", np.int64) for name in ("x", "y") for part in ("", "_image", "_row")],
        ("height", np.int64),
        ("width", np.int64),
        ("channels", np.int64),
        ("least", np.int64),  # scratch offsets: room for a float of each channel
        ("most", np.int64),
        ("floor", np.float64),
        ("ceiling", np.float64),
    ]
)


@specialised(STRETCH)
def stretch() -> Any:
    """Computes floor + (x - least) / (most - least) (ceiling - floor) of each channel."""

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        f = carray(frame, 1)[0]
        lo, span, channels = np.float32(op.floor), np.float32(op.ceiling - op.floor), op.channels
        least = carray(floats_at(f.scratch + 4 * op.least), channels)
        most = carray(floats_at(f.scratch + 4 * op.most), channels)
        for image in range(f.count):
            least[:] = np.float32(np.inf)
            most[:] = np.float32(-np.inf)
            for row in range(op.height):
                x_start = op.x + image * op.x_image + row * op.x_row
                x = carray(floats_at(f.slot + 4 * x_start), (op.width, channels))
                for pixel in range(op.width):
                    for c in range(channels):
                        least[c] = min(least[c], x[pixel, c])
                        most[c] = max(most[c], x[pixel, c])
            for row in range(op.height):
                x_start = op.x + image * op.x_image + row * op.x_row
                y_start = op.y + image * op.y_image + row * op.y_row
                x = carray(floats_at(f.slot + 4 * x_start), (op.width, channels))
                y = carray(floats_at(f.slot + 4 * y_start), (op.width, channels))
                for pixel in range(op.width):
                    for c in range(channels):
                        value = x[pixel, c]
                        if most[c] > least[c]:
                            value = lo + (value - least[c]) / (most[c] - least[c]) * span
                        y[pixel, c] = value

    return kernel


class Stretched(Op):
    """Stretches each channel of each image.

    Args:
        layer: Says to which range.
    """

    def __init__(self, layer: AutoContrast) -> None:
        self.layer = layer

    def describe(self) -> str:
        """What it does."""
        return "each channel of an image stretched to the whole range"

    def forward(self, plan: Plan, x: Tensor, halo: Halo) -> Tensor:
        """Appends one call."""
        y = plan.tensor(x.shape, halo)
        height, width, channels = x.shape
        least, most = plan.temporary(channels, channels)
        floor, ceiling = self.layer.value_range
        plan.run(
            stretch(), STRETCH, **x.geometry("x"), **y.geometry("y"), height=height, width=width,
            channels=channels, least=least, most=most, floor=floor, ceiling=ceiling,
        )  # fmt: skip
        return y

    def backward(self, plan: Plan, dy: Tensor, propagate: bool) -> Tensor | None:
        """No gradient: nothing before it may have weights that are trained."""
        refuse_gradient(self.layer, propagate)
        return None
