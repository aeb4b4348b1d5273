"""Inference programs: the forward half of a network, without anything that gradients need."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from convlet.engine.cpu.gather import emit_outputs
from convlet.engine.lowering import lower
from convlet.engine.plan import Plan
from convlet.engine.program import CACHE_FLOATS, Phases, Program, emit_forward

if TYPE_CHECKING:
    from convlet.layers import Layer

INFERENCE_IMAGES = 32
"""The most images in a chunk of an inference program."""


class InferenceProgram(Program):
    """Predictions of a network.

    An image's prediction is the same bits whichever images are predicted with it.

    Args:
        layers: Built layers, in order.
        input_shape: Of one image.
    """

    def __init__(self, layers: Sequence[Layer], input_shape: tuple[int, ...]) -> None:
        super().__init__(layers, input_shape)

    def run(self, x: NDArray[Any]) -> NDArray[np.float32]:
        """Predicts any number of images.

        Args:
            x: (images, *input_shape), C-contiguous, uint8, float32 or float64.

        Returns:
            A new array (images, *output_shape).

        Raises:
            ShapeError: The images are not what the program was made for.
        """
        self._check_images(x)
        outputs = np.empty((len(x), *self.output_shape), np.float32)
        if not len(x):
            return outputs
        index = np.arange(len(x), dtype=np.int64)
        with self._lock:
            table = self._table_of(x.dtype)
            self._allocate(self._plans[x.dtype].slot_size)
            batch = self._batch
            batch["x"], batch["index"] = x.ctypes.data, index.ctypes.data
            batch["outputs"], batch["images"] = outputs.ctypes.data, len(x)
            batch["chunk"] = chunk = min(self._chunk, -(-len(x) // len(self._slots)))
            self._run(table, len(x), chunk)
        return outputs

    def _table_of(self, dtype: np.dtype[Any]) -> tuple[Any, Any]:
        if dtype not in self._tables:
            self._tables[dtype] = self._table(self._calls_of(dtype))
        return self._tables[dtype]

    def _calls_of(self, dtype: np.dtype[Any]) -> Phases:
        if not self._chunk:
            probe = Plan(1, training=False)
            self._emit(probe, dtype)
            self._chunk = max(1, min(INFERENCE_IMAGES, CACHE_FLOATS // probe.slot_size))
        plan = self._plans[dtype] = Plan(self._chunk, training=False)
        self._emit(plan, dtype)
        return [(plan.pack_calls, False), (plan.chunk_calls, True)]

    def _emit(self, plan: Plan, dtype: np.dtype[Any]) -> None:
        emit_outputs(plan, emit_forward(plan, lower(self.layers), dtype, self.input_shape))
