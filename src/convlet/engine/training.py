"""Training programs: one optimizer step a call.

A step has phases: pack weights; walk each chunk of images through forward, loss and backward while
it lies in the cache; sum the chunks' gradients; add the penalties of weights; gather several steps'
gradients, take norms, average weights, where the optimizer asks for that; update.
Where something is computed of the whole batch, as batch normalisation's statistics, the chunks
are walked through in several stages. A loss without a kernel is computed in Python between two.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from convlet import losses as declared_losses
from convlet.engine.calls import Label
from convlet.engine.context import Context, Phase, Table, address_of, stage_phases
from convlet.engine.cpu.elementwise import Elementwise
from convlet.engine.cpu.gather import emit_outputs, emit_received
from convlet.engine.cpu.gradients import emit_unreached, sum_calls
from convlet.engine.cpu.losses import Ends, emit_loss
from convlet.engine.cpu.optimizers import Updates
from convlet.engine.cpu.penalties import WeightPenalties
from convlet.engine.cpu.rows import Rowwise
from convlet.engine.cpu.sharing import join_calls
from convlet.engine.cpu.simd import padded
from convlet.engine.lowering import Lowered, lower
from convlet.engine.plan import ALIGNMENT, MARGIN, Plan, Tensor
from convlet.engine.program import CACHE_FLOATS, Program, emit_backward, emit_forward
from convlet.errors import ShapeError, UnsupportedError
from convlet.variable import aligned_empty

if TYPE_CHECKING:
    from convlet.layers.graph import Graph
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


_WITH_KERNEL = (
    declared_losses.BinaryCrossentropy,
    declared_losses.CategoricalCrossentropy,
    declared_losses.MeanSquaredError,
    declared_losses.SparseCategoricalCrossentropy,
)


class Losses(NamedTuple):
    """What a step says about the loss before it.

    Attributes:
        total: Of all outputs, each with what it counts for.
        each: Of each output alone.
    """

    total: float
    each: list[float]


class _Made(NamedTuple):
    """A program for inputs of certain types.

    Attributes:
        plan: Owns what the tables point to.
        tables: A step's: one, or two where Python computes a loss in between.
        updates: The optimizer's part of them.
        penalties: The regularizers' part.
    """

    plan: Plan
    tables: list[Table]
    updates: Updates
    penalties: WeightPenalties


class TrainingProgram(Program):
    """Optimizer steps of a network.

    Args:
        graph: Built layers, wired.
        batch_size: The most images in a step.
        losses: What to make small, for each output; None for one that does not count.
        optimizer: Built here for the layers' trainable weights, if it is not yet.
        loss_weights: What each output's loss counts for in their sum; 1 by default.
    """

    def __init__(
        self, graph: Graph, batch_size: int, losses: Sequence[Loss | None], optimizer: Optimizer,
        loss_weights: Sequence[float] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(graph)
        self.batch_size = batch_size
        self.losses = list(losses)
        self.loss_weights = list(loss_weights or [1.0] * len(self.losses))
        self.optimizer = optimizer
        self.variables = [v for layer in graph.layers for v in layer.trainable_weights]
        optimizer.build(self.variables)
        self._context = Context()
        self._made: dict[tuple[np.dtype[Any], ...], _Made] = {}
        self._gradients: NDArray[np.float32] = np.zeros((1, 1), np.float32)
        self._outputs = [np.empty((batch_size, *size), np.float32) for size in self.output_shapes]
        self._losses = np.zeros((len(self.losses), batch_size), np.float64)
        self._slopes = {  # of the losses that Python computes, by the number of the output
            number: np.zeros_like(self._outputs[number])
            for number, loss in enumerate(self.losses)
            if loss is not None and not _has_kernel(loss)
        }
        own = [*self._outputs, *self._slopes.values()]
        self._own = (address_of(self._losses), *map(address_of, own))

    def step(
        self, xs: Sequence[NDArray[Any]], ys: Sequence[NDArray[Any] | None],
        index: NDArray[np.int64],
        sample_weights: Sequence[NDArray[np.float32] | None] | None = None, epoch: int = 0,
    ) -> tuple[Losses, list[NDArray[np.float32]]]:  # fmt: skip
        """Makes one optimizer step on the images at some positions.

        Args:
            xs: All images of each input, C-contiguous uint8, float32 or float64.
            ys: All targets of each output, as its loss's ``prepare`` returned them.
            index: Which images; at most ``batch_size``.
            sample_weights: Of all images, for each output; None for 1.
            epoch: Which pass over the images this is: each has augmentations of its own.

        Returns:
            The batch's losses before the step, and its predictions, an array for each output:
            valid until the next step.

        Raises:
            ShapeError: The images are not what the program was made for, or too many.
        """
        types = self._check_inputs(xs)
        images = len(index)
        if not 1 <= images <= self.batch_size or index.dtype != np.int64:
            raise ShapeError(
                f"TrainingProgram needs 1 to {self.batch_size} int64 positions in a step. "
                f"Received {images} of type {index.dtype.name}."
            )
        weights = sample_weights or [None] * len(self.losses)
        with self._lock:
            made = self._made_for(types)
            made.updates.refresh()
            made.penalties.refresh()
            batch = (
                address_of(index), images, self._chunk, self._own[0],
                self.optimizer.iterations, epoch, len(xs[0]), *map(address_of, xs),
                *(0 if y is None else address_of(y) for y in ys),
                *(0 if weight is None else address_of(weight) for weight in weights),
                *self._own[1:],
            )  # fmt: skip
            most, race = self._threads(images)
            threads = min(most, -(-images // self._chunk))
            gradients = (address_of(self._gradients), 4 * self._gradients.shape[1])
            start = self._clock()
            for table in made.tables:
                if table is not made.tables[0]:
                    self._lose(images, ys, index, weights)
                worked = self._context.run(
                    table, batch, threads, gradients=gradients, stopwatch=self._stopwatch
                )
            if worked == threads and race:
                race.record(most, (self._clock() - start) / images)
            for variable in (*self.variables, *made.plan.changed):
                variable.changes += 1
                if variable.constraint is not None:
                    variable.assign(variable.constraint(variable.value))
            penalty = made.penalties.total(images)
        each = self._losses[:, : -(-images // self._chunk)].sum(axis=1) / images
        total = float(each @ self.loss_weights) + penalty
        return Losses(total, each.tolist()), [output[:images] for output in self._outputs]

    def _lose(
        self, images: int, ys: Sequence[NDArray[Any] | None], index: NDArray[np.int64],
        weights: Sequence[NDArray[np.float32] | None],
    ) -> None:  # fmt: skip
        """Computes losses that have no kernel, and their gradients, in Python."""
        for number, slopes in self._slopes.items():
            loss, y, weight = self.losses[number], ys[number], weights[number]
            if loss is None or y is None:
                continue
            outputs = self._outputs[number][:images]
            value, gradient = loss.value_and_gradient(
                y[index], outputs, None if weight is None else weight[index]
            )
            if gradient.shape != outputs.shape:
                raise ShapeError(
                    f"{type(loss).__name__} needs a gradient of the predictions' shape "
                    f"{outputs.shape}. Received shape {gradient.shape}."
                )
            self._losses[number, 0] = value * images
            np.multiply(gradient, np.float32(self.loss_weights[number]), out=slopes[:images])

    def planned(self, dtype: str) -> tuple[Plan, list[Table]]:
        """The plan, and a step's tables: one, or two where Python computes a loss in between."""
        with self._lock:
            made = self._made_for(self._types(dtype))
            return made.plan, made.tables

    def _made_for(self, types: tuple[np.dtype[Any], ...]) -> _Made:
        """The program for inputs of these types, made when they first come."""
        if not self._chunk:
            self._prepare(types)
        if types not in self._made:
            plan = Plan(self._chunk, training=True)
            self._emit(plan, types)
            updates = Updates(plan, self._gradients, self.optimizer, self.variables)
            penalties = WeightPenalties(plan, self._gradients, self.variables)
            stages = stage_phases(plan)
            before = [Phase("pack", plan.pack_calls), Phase("transform", plan.transform_calls)]
            after = [
                Phase("sums", sum_calls(plan, self._gradients)),
                *(Phase("joins", calls) for calls in join_calls(plan, self._gradients)),
                Phase("penalties", penalties.calls),
                *(Phase(name, calls) for name, calls in updates.phases.items()),
            ]
            parts = [[*before, *stages, *after]]
            if plan.pause_at is not None:
                parts = [before + stages[: plan.pause_at], stages[plan.pause_at :] + after]
            tables = [Table(phases, plan) for phases in parts]
            self._made[types] = _Made(plan, tables, updates, penalties)
        return self._made[types]

    def _prepare(self, types: tuple[np.dtype[Any], ...]) -> None:
        """Decides the chunk's size from what one image takes, and makes room for gradients.

        Both are the same whatever type of numbers images consist of.
        """
        probe = Plan(1, training=True)
        self._emit(probe, types)
        parameters = sum(variable.size for variable in self.variables)
        self._chunk = chunk_size(
            self.batch_size, parameters, 3 * self._multiply_adds, probe.slot_size
        )
        chunks = -(-self.batch_size // self._chunk)
        self._gradients = aligned_empty((chunks, padded(probe.gradient_size + MARGIN, ALIGNMENT)))
        self._gradients[:] = 0.0

    def _emit(self, plan: Plan, types: tuple[np.dtype[Any], ...]) -> None:
        """Appends forward, loss and backward."""
        lowered = lower(self.graph)
        kinds = [
            None if loss is None or number in self._slopes else _loss_kind(lowered, number, loss)
            for number, loss in enumerate(self.losses)
        ]
        tensors = emit_forward(plan, lowered, types)
        gradients: dict[int, list[Tensor]] = {}
        for number, (kind, output) in enumerate(zip(kinds, lowered.outputs, strict=True)):
            ends = self._ends(number)
            if kind is None:
                emit_outputs(plan, ends.outputs, tensors[output])
            else:
                smoothing = getattr(self.losses[number], "label_smoothing", 0.0)
                dy = emit_loss(plan, tensors[output], *kind, smoothing, ends)
                gradients.setdefault(output, []).append(dy)
        if self._slopes:
            self._check_not_mixed(plan)
            plan.pause()
        for place, number in enumerate(self._slopes):
            plan.of(Label("loss", "computed in Python"), "backward")
            pointer = len(self.input_shapes) + 3 * len(self.losses) + place
            dy = emit_received(plan, pointer, self.output_shapes[number])
            gradients.setdefault(lowered.outputs[number], []).append(dy)
        emit_backward(plan, lowered, gradients)
        emit_unreached(plan, self.variables)

    def _check_not_mixed(self, plan: Plan) -> None:
        """Python computes losses of targets as they were given."""
        if plan.mixture is not None:
            names = ", ".join(type(self.losses[number]).__name__ for number in self._slopes)
            raise UnsupportedError(
                "A model that mixes images (MixUp, CutMix) needs losses that the engine computes: "
                f"cross-entropy or mean squared error. Received {names}. Take one of these."
            )

    def _ends(self, number: int) -> Ends:
        """Where an output's loss finds its arrays: inputs, targets, weights, outputs."""
        inputs, outputs = len(self.input_shapes), len(self.losses)
        first = inputs + number
        return Ends(
            first, first + outputs, first + 2 * outputs, number * self.batch_size,
            self.loss_weights[number],
        )  # fmt: skip


def _has_kernel(loss: Loss) -> bool:
    """Whether the loss kernels compute it, and not Python."""
    exact = type(loss) in _WITH_KERNEL and loss.reduction in ("sum_over_batch_size", "mean")
    return exact and getattr(loss, "ignore_class", None) is None


def _loss_kind(lowered: Lowered, output: int, loss: Loss) -> tuple[str, bool, bool]:
    """The loss kernel's variant; a softmax or sigmoid at the output joins it."""
    if isinstance(loss, declared_losses.MeanSquaredError):
        return "mean_squared", False, False
    from_logits = bool(getattr(loss, "from_logits", False))
    if isinstance(loss, declared_losses.BinaryCrossentropy):
        joined = not from_logits and lowered.take_last(output, Elementwise, name="sigmoid")
        return ("sigmoid" if from_logits or joined else "binary"), False, from_logits
    sparse = isinstance(loss, declared_losses.SparseCategoricalCrossentropy)
    joined = not from_logits and lowered.take_last(output, Rowwise, name="softmax", axis=-1)
    return ("softmax" if from_logits or joined else "categorical"), sparse, from_logits
