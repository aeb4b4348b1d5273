"""Training programs: one optimizer step a call.

A step has phases: pack weights; walk each chunk of images through forward, loss and backward while
it lies in the cache; sum the chunks' gradients; take their norms where clipping needs them; update.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from convlet import losses as declared_losses
from convlet.engine.context import Context, Phase, Table, address_of
from convlet.engine.cpu.elementwise import Elementwise
from convlet.engine.cpu.losses import emit_loss
from convlet.engine.cpu.optimizers import Updates
from convlet.engine.cpu.rows import Rowwise
from convlet.engine.cpu.simd import padded
from convlet.engine.lowering import Lowered, lower
from convlet.engine.plan import ALIGNMENT, MARGIN, Op, Plan, Tensor
from convlet.engine.program import CACHE_FLOATS, Program, emit_forward
from convlet.errors import ShapeError
from convlet.variable import aligned_empty

if TYPE_CHECKING:
    from convlet.layers import Layer
    from convlet.losses import Loss
    from convlet.optimizers import Optimizer

MOST_IMAGES = 8
"""Images in a chunk of a training program, unless its gradients ask for more."""
WORK_PER_GRADIENT = 512
"""Multiply-adds per weight that make up for summing one more chunk's gradients."""


def chunk_size(
    batch: int, parameters: int, multiply_adds: int, floats_per_image: int, most: int = MOST_IMAGES
) -> int:
    """Images in a chunk: few, to stay in the cache, but enough work per summed gradient.

    It depends on shapes alone, never on threads, and so do the sums and their rounding.

    Args:
        batch: Images in a batch.
        parameters: Trainable weights.
        multiply_adds: Of an image, forward and backward.
        floats_per_image: That an image's tensors take.
        most: No more than this many, unless gradients ask for it.

    Example:
        >>> chunk_size(64, parameters=93_322, multiply_adds=8_000_000, floats_per_image=30_000)
        8
        >>> chunk_size(32, parameters=4_100_000, multiply_adds=12_300_000, floats_per_image=12_000)
        16
    """
    by_cache = min(most, CACHE_FLOATS // max(1, floats_per_image))
    by_gradient = -(-WORK_PER_GRADIENT * parameters // max(1, multiply_adds))
    # Tiles have four or eight rows, which in small layers are images.
    images = max(
        by_cache - by_cache % 4, padded(by_gradient, 4) if by_gradient > 1 else by_cache, 1
    )
    # Several threads shall have something to do; but each chunk's gradients travel through memory,
    # and where a whole batch is far too little work for that, two chunks are sooner done than four.
    chunks = 2 if by_gradient > 4 * batch else 4
    return max(1, min(images, -(-batch // chunks)))


class TrainingProgram(Program):
    """Optimizer steps of a network.

    Args:
        layers: Built layers, in order.
        input_shape: Of one image.
        batch_size: The most images in a step.
        loss: What to make small.
        optimizer: Built here for the layers' trainable weights, if it is not yet.
    """

    def __init__(
        self, layers: Sequence[Layer], input_shape: tuple[int, ...], batch_size: int, loss: Loss,
        optimizer: Optimizer,
    ) -> None:  # fmt: skip
        super().__init__(layers, input_shape)
        self.batch_size = batch_size
        self.loss = loss
        self.optimizer = optimizer
        self.variables = [v for layer in layers for v in layer.trainable_weights]
        optimizer.build(self.variables)
        self._context = Context()
        self._tables: dict[np.dtype[Any], Table] = {}
        self._plans: dict[np.dtype[Any], Plan] = {}
        self._updates: dict[np.dtype[Any], Updates] = {}
        self._gradients: NDArray[np.float32] = np.zeros((1, 1), np.float32)
        self._outputs = np.empty((batch_size, *self.output_shape), np.float32)
        self._losses = np.zeros(batch_size, np.float64)

    def step(
        self, x: NDArray[Any], y: NDArray[Any], index: NDArray[np.int64],
        sample_weight: NDArray[np.float32] | None = None,
    ) -> tuple[float, NDArray[np.float32]]:  # fmt: skip
        """Makes one optimizer step on the images ``x[index]``.

        Args:
            x: All images, C-contiguous uint8, float32 or float64.
            y: All targets, as ``loss.prepare`` returned them.
            index: Which images; at most ``batch_size``.
            sample_weight: Of all images, or None.

        Returns:
            The batch's loss before the step, and its predictions: valid until the next step.

        Raises:
            ShapeError: The images are not what the program was made for, or too many.
        """
        self._check_images(x)
        images = len(index)
        if not 1 <= images <= self.batch_size or index.dtype != np.int64:
            raise ShapeError(
                f"TrainingProgram needs 1 to {self.batch_size} int64 positions in a step. "
                f"Received {images} of type {index.dtype.name}."
            )
        with self._lock:
            table = self._table_of(x.dtype)
            self._updates[x.dtype].refresh()
            batch = (
                address_of(x), address_of(index), address_of(y),
                0 if sample_weight is None else address_of(sample_weight),
                images, self._chunk, address_of(self._outputs), address_of(self._losses),
                self.optimizer.iterations,
            )  # fmt: skip
            most, race = self._threads(images)
            threads = min(most, -(-images // self._chunk))
            gradients = (address_of(self._gradients), 4 * self._gradients.shape[1])
            start = self._clock()
            worked = self._context.run(
                table, batch, threads, gradients=gradients, stopwatch=self._stopwatch
            )
            if worked == threads and race:
                race.record(most, (self._clock() - start) / images)
            for variable in self.variables:
                variable.changes += 1
        total = float(self._losses[: -(-images // self._chunk)].sum())
        return total / images, self._outputs[:images]

    def planned(self, dtype: str) -> tuple[Plan, list[Table]]:
        """The plan, and the one table of a step."""
        with self._lock:
            table = self._table_of(np.dtype(dtype))
            return self._plans[np.dtype(dtype)], [table]

    def _table_of(self, dtype: np.dtype[Any]) -> Table:
        if not self._chunk:
            self._prepare(dtype)
        if dtype not in self._tables:
            plan = self._plans[dtype] = Plan(self._chunk, training=True)
            self._emit(plan, dtype)
            updates = Updates(plan, self._gradients, self.optimizer, self.variables)
            self._updates[dtype] = updates
            phases = [
                Phase("pack", plan.pack_calls),
                Phase("transform", plan.transform_calls),
                Phase("chunks", plan.chunk_calls, chunked=True),
                Phase("sums", updates.sums),
                Phase("norms", updates.norm_calls),
                Phase("updates", updates.update_calls),
            ]
            self._tables[dtype] = Table(phases, plan)
        return self._tables[dtype]

    def _prepare(self, dtype: np.dtype[Any]) -> None:
        """Decides the chunk's size from what one image takes, and makes room for gradients.

        Both are the same whatever type of numbers images consist of.
        """
        probe = Plan(1, training=True)
        self._emit(probe, dtype)
        parameters = sum(variable.size for variable in self.variables)
        self._chunk = chunk_size(
            self.batch_size, parameters, 3 * self._multiply_adds, probe.slot_size
        )
        chunks = -(-self.batch_size // self._chunk)
        self._gradients = aligned_empty((chunks, padded(probe.gradient_size + MARGIN, ALIGNMENT)))
        self._gradients[:] = 0.0

    def _emit(self, plan: Plan, dtype: np.dtype[Any]) -> None:
        """Appends forward, loss and backward."""
        lowered = lower(self.layers)
        kind, sparse, keep_logits = self._loss_kind(lowered)
        outputs = emit_forward(plan, lowered, dtype, self.input_shape)
        smoothing = getattr(self.loss, "label_smoothing", 0.0)
        dy: Tensor | None = emit_loss(plan, outputs, kind, sparse, keep_logits, smoothing)
        has_weights = [_has_weights(op) for op in lowered.ops]
        for number in reversed(range(len(lowered.ops))):
            if dy is None or not any(has_weights[: number + 1]):
                break
            plan.of(lowered.ops[number].label(), "backward")
            dy = lowered.ops[number].backward(plan, dy, any(has_weights[:number]))

    def _loss_kind(self, lowered: Lowered) -> tuple[str, bool, bool]:
        """The loss kernel's variant; a softmax or sigmoid at the end joins it."""
        loss = self.loss
        if isinstance(loss, declared_losses.MeanSquaredError):
            return "mean_squared", False, False
        from_logits = bool(getattr(loss, "from_logits", False))
        if isinstance(loss, declared_losses.BinaryCrossentropy):
            joined = not from_logits and lowered.take_last(Elementwise, name="sigmoid")
            return ("sigmoid" if from_logits or joined else "binary"), False, from_logits
        sparse = isinstance(loss, declared_losses.SparseCategoricalCrossentropy)
        joined = not from_logits and lowered.take_last(Rowwise, name="softmax", axis=-1)
        return ("softmax" if from_logits or joined else "categorical"), sparse, from_logits


def _has_weights(op: Op) -> bool:
    return bool(getattr(op, "trainable", False))
