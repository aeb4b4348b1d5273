"""Inference programs: the forward half of a network, without anything that gradients need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from convlet.engine.context import NO_BATCH, Context, Phase, Table, address_of, stage_phases
from convlet.engine.cpu.gather import emit_outputs
from convlet.engine.cpu.jit import prepare
from convlet.engine.cpu.products import MOST_PARTS
from convlet.engine.lowering import lower
from convlet.engine.plan import Plan
from convlet.engine.program import CACHE_FLOATS, Program, emit_forward
from convlet.errors import ShapeError

if TYPE_CHECKING:
    from convlet.layers.graph import Graph

INFERENCE_IMAGES = 32
"""The most images in a chunk of an inference program."""
SHARED_WORK_PER_THREAD = 10_000_000
"""Multiply-adds of a chunk that are worth another thread's help: about 100 microseconds."""
BUSY = 0.8
"""The share of the threads' time that chunks of their own must fill; else they share chunks."""


class Walk(NamedTuple):
    """How threads go through a batch.

    Attributes:
        chunk: Images in a chunk.
        threads: How many threads there are.
        together: Whether all threads work on one chunk at a time.
    """

    chunk: int
    threads: int
    together: bool


def walk(images: int, most: int, threads: int, multiply_adds: int) -> Walk:
    """Decides whether threads take chunks of their own or share them.

    Chunks of their own cost no waiting, but leave threads idle where there are few; sharing costs
    a barrier after each call, so a chunk must hold enough work.

    Args:
        images: In the batch.
        most: Images in a chunk at most.
        threads: Threads at most.
        multiply_adds: Of an image.

    Example:
        >>> walk(images=64, most=32, threads=2, multiply_adds=3_000_000)
        Walk(chunk=32, threads=2, together=False)
        >>> walk(images=1, most=1, threads=2, multiply_adds=200_000_000)
        Walk(chunk=1, threads=2, together=True)
        >>> walk(images=1, most=32, threads=2, multiply_adds=3_000_000)
        Walk(chunk=1, threads=1, together=False)
        >>> walk(images=1, most=1, threads=64, multiply_adds=2_000_000_000)
        Walk(chunk=1, threads=32, together=True)
    """
    if threads == 1:
        return Walk(min(most, images), 1, False)
    chunk = min(most, -(-images // threads))
    chunks = -(-images // chunk)
    rounds = -(-chunks // threads)
    chunk_together = min(most, images)
    worth = chunk_together * multiply_adds // SHARED_WORK_PER_THREAD
    helping = min(threads, worth, MOST_PARTS)
    if helping > 1 and chunks < BUSY * rounds * threads:
        return Walk(chunk_together, helping, True)
    return Walk(chunk, min(threads, chunks), False)


@dataclass
class _Tables:
    """A program for one type of numbers.

    Attributes:
        plan: Owns what the tables point to.
        pack: Packs the weights.
        forward: Predicts with packed weights.
        changes: What the weights' ``changes`` were when they were packed last.
    """

    plan: Plan
    pack: Table
    forward: Table
    changes: list[int] | None = None


class InferenceProgram(Program):
    """Predictions of a network.

    An image's prediction is the same bits whichever images are predicted with it. Several Python
    threads can run one program at the same time: each walks through it in memory of its own.

    Args:
        graph: Built layers, wired.
        training: Whether what acts differently in training acts so.
    """

    def __init__(self, graph: Graph, training: bool = False) -> None:
        super().__init__(graph)
        self.training = training
        self._weights = [weight for layer in graph.layers for weight in layer.weights]
        self._tables: dict[tuple[np.dtype[Any], ...], _Tables] = {}
        self._idle: list[Context] = []

    def run(self, x: NDArray[Any], out: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
        """Predicts any number of images, where there is one input and one output.

        Args:
            x: (images, *input_shape), C-contiguous, uint8, float32 or float64.
            out: Where the predictions go: C-contiguous float32 (images, *output_shape). A new
                array by default.

        Returns:
            The predictions.

        Raises:
            ShapeError: The images are not what the program was made for, or ``out`` does not fit.
        """
        return self.run_all((x,), None if out is None else [out])[0]

    def run_all(
        self, xs: Sequence[NDArray[Any]], outs: list[NDArray[np.float32]] | None = None,
        step: int = 0,
    ) -> list[NDArray[np.float32]]:  # fmt: skip
        """Predicts for any number of inputs and outputs.

        Args:
            xs: An array for each input, as ``run`` wants them.
            outs: Where the predictions go, an array for each output; new ones by default.
            step: What is drawn in training hangs on it.

        Returns:
            The predictions: an array for each output.

        Raises:
            ShapeError: The arrays are not what the program was made for, or ``outs`` do not fit.
        """
        types = self._check_inputs(xs)
        images = len(xs[0])
        if outs is None:
            outs = [np.empty((images, *shape), np.float32) for shape in self.output_shapes]
        else:
            self._check_outs(outs, images)
        if images:
            self._predict(types, xs, outs, step)
        return outs

    def _predict(
        self, types: tuple[np.dtype[Any], ...], xs: Sequence[NDArray[Any]],
        outs: list[NDArray[np.float32]], step: int,
    ) -> None:  # fmt: skip
        tables = self._tables.get(types) or self._prepared(types)
        images = len(xs[0])
        most, race = self._threads(images)
        chunk, threads, together = walk(images, self._chunk, most, self._multiply_adds)
        try:
            context = self._idle.pop()
        except IndexError:  # all are in use by other callers
            context = Context()
        if tables.changes != [weight.changes for weight in self._weights]:
            self._pack(tables, context, threads)
        batch = (
            0, images, chunk, 0, step, step, images, *map(address_of, xs), *map(address_of, outs),
        )  # fmt: skip
        start = self._clock()
        watch = self._stopwatch
        if tables.forward.staged:
            self._run_stages(tables, context, batch, threads, -(-images // chunk))
            worked = 0
        else:
            worked = context.run(tables.forward, batch, threads, together, stopwatch=watch)
        if worked == threads and race:
            race.record(most, (self._clock() - start) / images)
        self._idle.append(context)

    def _run_stages(
        self, tables: _Tables, context: Context, batch: tuple[int, ...], threads: int, chunks: int
    ) -> None:  # fmt: skip
        """Acts as in training where that takes statistics of the batch, and keeps them."""
        partial = np.empty((chunks, tables.plan.gradient_size), np.float32)
        place = (address_of(partial), partial.strides[0])
        with self._lock:  # the batch's statistics lie in the plan
            context.run(tables.forward, batch, threads, False, place, self._stopwatch)
            for variable in tables.plan.changed:
                variable.changes += 1

    def _pack(self, tables: _Tables, context: Context, threads: int) -> None:
        with self._lock:
            changes = [weight.changes for weight in self._weights]  # noted before they are read
            context.run(tables.pack, NO_BATCH, threads, stopwatch=self._stopwatch)
            tables.changes = changes

    def planned(self, dtype: str) -> tuple[Plan, list[Table]]:
        """The plan, and the tables: weights are packed where they changed."""
        tables = self._tables_of(self._types(dtype))
        return tables.plan, [tables.pack, tables.forward]

    def _check_outs(self, outs: list[NDArray[np.float32]], images: int) -> None:
        for out, sizes in zip(outs, self.output_shapes, strict=True):
            shape = (images, *sizes)
            right = out.shape == shape and out.dtype == np.float32
            if not right or not out.flags.c_contiguous or not out.flags.writeable:
                raise ShapeError(
                    f"InferenceProgram needs out to be a writable, C-contiguous float32 array of "
                    f"shape {shape}. Received shape {out.shape}, {out.dtype.name}. "
                    f"Use np.empty({shape}, np.float32)."
                )

    def _prepared(self, types: tuple[np.dtype[Any], ...]) -> _Tables:
        tables = self._tables_of(types)
        prepare([*tables.pack.kernels, *tables.forward.kernels])
        return tables

    def _tables_of(self, types: tuple[np.dtype[Any], ...]) -> _Tables:
        with self._lock:
            if types in self._tables:  # by another caller in the meantime
                return self._tables[types]
            if not self._chunk:
                probe = Plan(1, self.training)
                self._emit(probe, types)
                self._chunk = max(1, min(INFERENCE_IMAGES, CACHE_FLOATS // probe.slot_size))
            plan = Plan(self._chunk, self.training)
            self._emit(plan, types)
            self._tables[types] = _Tables(
                plan,
                Table(
                    [
                        Phase("fold", plan.fold_calls),
                        Phase("pack", plan.pack_calls),
                        Phase("transform", plan.transform_calls),
                    ],
                    plan,
                ),
                Table(stage_phases(plan), plan),
            )
            return self._tables[types]

    def _emit(self, plan: Plan, types: tuple[np.dtype[Any], ...]) -> None:
        lowered = lower(self.graph, self.training)
        tensors = emit_forward(plan, lowered, types)
        for number, output in enumerate(lowered.outputs):
            emit_outputs(plan, len(types) + number, tensors[output])
