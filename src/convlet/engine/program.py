"""Programs: a network lowered to kernel calls once, then run step after step.

What training (`training`) and inference (`inference`) share: the checks of images, how many threads
a step gets, and the forward half of the calls.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from convlet.engine import threads
from convlet.engine.cpu.elementwise import as_contiguous
from convlet.engine.cpu.gather import DTYPES, emit_gather
from convlet.engine.cpu.jit import Kernel
from convlet.engine.cpu.merging import emit_sum
from convlet.engine.cpu.mixing import emit_mix
from convlet.engine.lowering import Lowered
from convlet.engine.ops import JoinOp, Op
from convlet.engine.plan import Plan, Tensor
from convlet.engine.race import Race
from convlet.engine.stopwatch import Stopwatch
from convlet.errors import ShapeError
from convlet.layers.graph import Graph

if TYPE_CHECKING:
    from convlet.engine.context import Table

CACHE_FLOATS = 256 * 1024
"""What a chunk's tensors may take so that they stay in a core's second-level cache: 1 MiB."""
WORK_PER_THREAD = 2_000_000
"""Multiply-adds that a thread must have to be worth waking."""
CLEAR_WORK_PER_THREAD = 32 * WORK_PER_THREAD
"""Multiply-adds a thread from which on all threads are used; with less, it is tried out."""

_DTYPES = frozenset(np.dtype(name) for name in DTYPES)


class Program:
    """What programs have in common."""

    _clock = staticmethod(time.perf_counter)

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.input_shapes = graph.input_shapes
        self.output_shapes = graph.output_shapes
        self._multiply_adds = graph.multiply_adds
        self._chunk = 0
        self._lock = threading.Lock()
        self._races: dict[int, Race] = {}
        self._stopwatch: Stopwatch | None = None

    @property
    def chosen_threads(self) -> dict[int, int]:
        """How many threads were found to be fastest, for batches of up to so many images."""
        return {
            (1 << bits) - 1: race.winner
            for bits, race in sorted(self._races.items())
            if race.winner is not None
        }

    def _check_inputs(self, xs: Sequence[NDArray[Any]]) -> tuple[np.dtype[Any], ...]:
        """Kernels trust what they get: anything else than this would read foreign memory.

        Returns:
            The types of numbers that they consist of.
        """
        if len(xs) != len(self.input_shapes):
            raise ShapeError(
                f"{type(self).__name__} needs as many arrays as inputs, {len(self.input_shapes)}. "
                f"Received {len(xs)}."
            )
        for x, shape in zip(xs, self.input_shapes, strict=True):
            right = x.shape[1:] == shape and x.flags.c_contiguous and len(x) == len(xs[0])
            if not right or x.dtype not in _DTYPES:
                raise ShapeError(
                    f"{type(self).__name__} needs images of shape {(None, *shape)}, "
                    f"C-contiguous, of type {', '.join(DTYPES)}. "
                    f"Received shape {x.shape}, {x.dtype.name}. Use np.ascontiguousarray."
                )
        types = [x.dtype for x in xs]
        return tuple(types)  # sooner made of a list, whose length is known

    def planned(self, dtype: str) -> tuple[Plan, list[Table]]:
        """What was decided for inputs of a type: the plan, and a step's tables in their order."""
        raise NotImplementedError

    def _types(self, dtype: str) -> tuple[np.dtype[Any], ...]:
        """One type for all inputs."""
        return (np.dtype(dtype),) * len(self.input_shapes)

    def kernels(self, dtype: str) -> list[Kernel]:
        """What has to be compiled before the program runs on images of this type.

        Args:
            dtype: "uint8", "float32" or "float64".
        """
        return [kernel for table in self.planned(dtype)[1] for kernel in table.kernels]

    @contextmanager
    def timed(self) -> Iterator[Stopwatch]:
        """Within it, whatever the program runs is measured, call by call."""
        self._stopwatch = Stopwatch()
        try:
            yield self._stopwatch
        finally:
            self._stopwatch = None

    def tries_threads(self, images: int) -> bool:
        """Whether it is still being tried out with how many threads so many images are fastest."""
        _, race = self._threads(images)
        return race is not None and race.winner is None

    def _threads(self, images: int) -> tuple[int, Race | None]:
        """How many threads to use for so many images, and the race that is told how long it took.

        There is a race for each doubling of the batch, except where it is clear, or the user's
        wish, how many it should be.
        """
        work = images * self._multiply_adds
        if work < 2 * WORK_PER_THREAD:
            return 1, None
        most = min(threads.get_threads(), work // WORK_PER_THREAD)
        clear = most == 1 or work >= most * CLEAR_WORK_PER_THREAD
        if clear or threads.requested_threads() is not None:
            return most, None
        race = self._races.get(images.bit_length())
        if race is None:
            race = self._races[images.bit_length()] = Race(most)
        return race.threads(), race


def emit_forward(
    plan: Plan, lowered: Lowered, dtypes: Sequence[np.dtype[Any]]
) -> dict[int, Tensor]:
    """Appends everything up to the outputs; returns all tensors by number.

    The outputs are without gaps.
    """
    tensors: dict[int, Tensor] = {}
    for pointer, (source, dtype) in enumerate(zip(lowered.sources, dtypes, strict=True)):
        halo = lowered.halo(source.number)
        tensors[source.number] = emit_gather(
            plan, pointer, dtype.name, source.shape, halo, source.scale, source.offset
        )
        if source.mixing is not None:
            emit_mix(
                plan, pointer, dtype.name, tensors[source.number], source.mixing, source.scale,
                source.offset,
            )  # fmt: skip
    for placed in lowered.placed:
        plan.workspaces.begin(placed.output)
        op, halo = placed.op, lowered.halo(placed.output)
        plan.of(op.label(), "forward")
        xs = [tensors[number] for number in placed.inputs]
        if isinstance(op, JoinOp):
            tensors[placed.output] = op.join(plan, xs, halo)
        else:
            tensors[placed.output] = op.forward(plan, xs[0], halo)
    for number in lowered.outputs:
        tensors[number] = as_contiguous(plan, tensors[number])
    return tensors


def emit_backward(plan: Plan, lowered: Lowered, gradients: dict[int, list[Tensor]]) -> None:
    """Appends the way back.

    Args:
        plan: Where to.
        lowered: The ops, whose forward calls are there.
        gradients: Of the outputs, by number; what several takers of a tensor send back is summed
            in the reverse order of the takers.
    """
    wanting = _wanting(lowered)
    for placed in reversed(lowered.placed):
        arrived = gradients.pop(placed.output, [])
        if placed.op.penalises and not arrived:  # no loss looks at it
            arrived = [plan.tensor(placed.op.result_shape)]  # nobody writes there: zeros
        wanted = [number in wanting for number in placed.inputs]
        if not arrived or not (has_weights(placed.op) or any(wanted)):
            continue
        plan.of(placed.op.label(), "backward")
        dy = emit_sum(plan, arrived)
        if isinstance(placed.op, JoinOp):
            sent = placed.op.split(plan, dy, wanted)
        else:
            sent = [placed.op.backward(plan, dy, wanted[0])]
        for number, want, dx in zip(placed.inputs, wanted, sent, strict=True):
            if want and dx is not None:
                gradients.setdefault(number, []).append(dx)
        # Who takes what this op made has been there before: nobody reads it any more.
        pending = [dx.offset for waiting in gradients.values() for dx in waiting]
        plan.workspaces.release(placed.output, pending)


def _wanting(lowered: Lowered) -> set[int]:
    """The tensors whose gradient some weight before them needs."""
    wanting: set[int] = set()
    for placed in lowered.placed:
        if has_weights(placed.op) or wanting.intersection(placed.inputs):
            wanting.add(placed.output)
    return wanting


def has_weights(op: Op) -> bool:
    """Whether an op has weights that want a gradient."""
    return bool(getattr(op, "trainable", False))
