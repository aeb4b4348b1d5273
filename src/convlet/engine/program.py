"""Programs: a network lowered to kernel calls once, then run step after step.

What training (`training`) and inference (`inference`) share: the checks of images, how many threads
a step gets, and the forward half of the calls.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from convlet.engine import threads
from convlet.engine.cpu.elementwise import as_contiguous
from convlet.engine.cpu.gather import DTYPES, emit_gather
from convlet.engine.lowering import Lowered, sizes
from convlet.engine.plan import Halo, Plan, Tensor
from convlet.errors import ShapeError
from convlet.layers.shapes import count_values

if TYPE_CHECKING:
    from convlet.layers import Layer

CACHE_FLOATS = 256 * 1024
"""What a chunk's tensors may take so that they stay in a core's second-level cache: 1 MiB."""
WORK_PER_THREAD = 2_000_000
"""Multiply-adds that are worth waking another thread for."""

_DTYPES = frozenset(np.dtype(name) for name in DTYPES)


def _multiply_adds(layers: Sequence[Layer]) -> int:
    """Of an image's forward pass: every weight of a kernel is used once an output position."""
    total = 0
    for layer in layers:
        kernel = getattr(layer, "kernel", None)
        if kernel is not None:
            total += kernel.size * count_values(layer.output_shape[:-1])
    return total


class Program:
    """What programs have in common."""

    def __init__(self, layers: Sequence[Layer], input_shape: tuple[int, ...]) -> None:
        self.layers = list(layers)
        self.input_shape = tuple(input_shape)
        self.output_shape = sizes(layers[-1].output_shape)
        self._multiply_adds = _multiply_adds(self.layers)
        self._chunk = 0
        self._lock = threading.Lock()

    def _check_images(self, x: NDArray[Any]) -> None:
        """Kernels trust what they get: anything else than this would read foreign memory."""
        right = x.shape[1:] == self.input_shape and x.flags.c_contiguous
        if not right or x.dtype not in _DTYPES:
            raise ShapeError(
                f"{type(self).__name__} needs images of shape {(None, *self.input_shape)}, "
                f"C-contiguous, of type {', '.join(DTYPES)}. "
                f"Received shape {x.shape}, {x.dtype.name}. Use np.ascontiguousarray."
            )

    def _threads(self, images: int) -> int:
        """How many threads the work on so many images is worth."""
        enough_work = 1 + images * self._multiply_adds // WORK_PER_THREAD
        return 1 if enough_work == 1 else min(threads.get_threads(), enough_work)


def emit_forward(
    plan: Plan, lowered: Lowered, dtype: np.dtype[Any], shape: tuple[int, ...]
) -> Tensor:
    """Appends everything up to the last op's output, and returns that without gaps."""
    halos = [op.input_halo() for op in lowered.ops] + [Halo()]
    x = emit_gather(plan, dtype.name, shape, halos[0], lowered.scale, lowered.offset)
    for op, halo in zip(lowered.ops, halos[1:], strict=True):
        x = op.forward(plan, x, halo)
    return as_contiguous(plan, x)
