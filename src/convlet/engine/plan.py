"""What a program is made of: tensors in a slot, calls of kernels, and the plan that collects them.

A *slot* is the memory one thread needs to walk a chunk of images through the network. A *plan*
lays tensors out in it, allocates a chunk's gradients, and lists the kernel calls of each phase. It
also remembers whose calls they are and what they are for, so that a program can be explained.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from convlet.engine.calls import Call, Label, Part, Stage
from convlet.engine.cpu.simd import padded
from convlet.engine.workspaces import Workspaces
from convlet.errors import ShapeError
from convlet.variable import Variable, aligned_empty

if TYPE_CHECKING:
    from convlet.engine.cpu.jit import Kernel

ALIGNMENT = 16
"""Tensors start at multiples of this many floats: of a cache line."""
MARGIN = 256
"""Floats between tensors that vector loads of a ragged row may read, and no kernel changes."""
MOST_FLOATS = 2**31 - 1
"""Floats of a tensor: the kernels' tables hold offsets as int32."""


class Halo(NamedTuple):
    """Rows and columns of zeros around an image: what padding becomes in memory."""

    top: int = 0
    bottom: int = 0
    left: int = 0
    right: int = 0

    def covers(self, other: Halo) -> bool:
        """Whether this halo is at least as wide as another on every side."""
        return all(mine >= theirs for mine, theirs in zip(self, other, strict=True))


NO_HALO = Halo()


@dataclass(frozen=True)
class Tensor:
    """A place in the slot: ``shape`` floats for each image of the chunk.

    Of an image (height, width, channels) each row is contiguous; rows and images lie ``row_stride``
    and ``image_stride`` floats apart, the first float at ``offset``. Any other shape is one row; a
    sequence (steps, channels) may have a halo too, to its left and right.
    """

    shape: tuple[int, ...]
    offset: int
    image_stride: int
    row_stride: int
    halo: Halo = NO_HALO

    @property
    def is_image(self) -> bool:
        """Whether the shape is (height, width, channels)."""
        return len(self.shape) == 3

    @property
    def rows(self) -> int:
        """Contiguous rows an image has."""
        return self.shape[0] if self.is_image else 1

    @property
    def row_length(self) -> int:
        """Floats in such a row."""
        return prod(self.shape[1:]) if self.is_image else prod(self.shape)

    @property
    def channels(self) -> int:
        """Length of the last axis."""
        return self.shape[-1]

    @property
    def contiguous(self) -> bool:
        """Whether the chunk's floats follow each other without gaps."""
        return self.image_stride == prod(self.shape) == self.rows * self.row_stride

    def pixel(self, y: int, x: int) -> int:
        """Where in an image, relative to ``offset``, the pixel (y, x) starts."""
        return y * self.row_stride + x * self.channels

    def reshaped(self, shape: tuple[int, ...]) -> Tensor:
        """The same floats under another shape; only for a contiguous tensor."""
        rows = shape[0] if len(shape) == 3 else 1
        return Tensor(shape, self.offset, self.image_stride, prod(shape) // rows)

    def as_image(self) -> Tensor:
        """A sequence as an image of one row, features as one of one pixel: the same place."""
        return replace(self, shape=(1,) * (3 - len(self.shape)) + self.shape)

    def inner(self, top: int, left: int, height: int, width: int) -> Tensor:
        """A window of each image, as a tensor of its own."""
        shape = (height, width, self.channels)
        return replace(self, shape=shape, offset=self.offset + self.pixel(top, left), halo=Halo())

    def positions(self, images: int, pixels: Iterable[tuple[int, int]]) -> NDArray[np.int32]:
        """Offsets relative to ``offset`` of these pixels in each of the first images."""
        per_image = np.array([self.pixel(y, x) for y, x in pixels], np.int64)
        firsts = np.arange(images, dtype=np.int64) * self.image_stride
        return (firsts[:, None] + per_image[None, :]).astype(np.int32).ravel()

    def geometry(self, prefix: str) -> dict[str, int]:
        """The fields by which a kernel's record names this tensor."""
        return {
            prefix: self.offset,
            f"{prefix}_image": self.image_stride,
            f"{prefix}_row": self.row_stride,
        }


def _laid_out(shape: tuple[int, ...], halo: Halo) -> Tensor:
    """A tensor that begins, with its halo, at 0."""
    if len(shape) not in (2, 3):
        return Tensor(shape, 0, prod(shape), prod(shape))
    height, width, channels = (1, *shape)[-3:]
    row = (halo.left + width + halo.right) * channels
    image = (halo.top + height + halo.bottom) * row
    return Tensor(shape, halo.top * row + halo.left * channels, image, row, halo)


@dataclass(frozen=True)
class Gradient:
    """Where a chunk keeps the gradient of one variable.

    Seen as a matrix (rows, columns) with the variable's last axis as columns, element (r, c) lies
    at ``offset + (r // run) * run_stride + r % run + c * column_stride`` if ``column_stride`` > 1,
    else at ``offset + r * columns + c``.
    """

    variable: Variable
    offset: int
    run: int = 1
    run_stride: int = 0
    column_stride: int = 1

    @property
    def columns(self) -> int:
        """Length of the variable's last axis."""
        return int(self.variable.shape[-1])


class Plan:
    """Collects the tensors, gradients and kernel calls of one program.

    Chunks walk through all their calls in one stage, unless something is computed of the whole
    batch: `once` ends a stage of the chunks, and the next `run` begins another. `partial` and
    `shared` are the memory through which the two kinds of stages speak to each other.

    Args:
        chunk: The most images in a chunk.
        training: Whether backward calls will follow.
    """

    def __init__(self, chunk: int, training: bool) -> None:
        self.chunk = chunk
        self.training = training
        self.slot_size = MARGIN
        self.scratch_size = MARGIN
        self.gradient_size = 0
        self.gradients: list[Gradient] = []
        self.penalties: list[int] = []
        self.mixture: int | None = None  # slot offset of what each image is mixed with
        self.changed: list[Variable] = []  # by the calls themselves, not by the optimizer
        self.fold_calls: list[Call] = []
        self.pack_calls: list[Call] = []
        self.transform_calls: list[Call] = []
        self.stages = [Stage(chunked=True)]
        self.pause_at: int | None = None
        self.parts: list[Part] = []
        self.of(Label("", ""), "forward")
        self.workspaces = Workspaces()
        self._kept: list[Any] = []

    def of(self, label: Label, direction: str) -> None:
        """Says whose work the coming calls are, and whether "forward" or "backward"."""
        task = "output" if direction == "forward" else "input gradient"
        self.parts.append(Part(label, direction, task))

    def note(self, task: str, way: str = "", multiply_adds: int = 0) -> None:
        """Says what the coming calls of the same work compute, and how; see `Part`."""
        part = self.parts[-1]
        if part.calls:
            self.of(part.label, part.direction)
            part = self.parts[-1]
        part.task, part.way, part.multiply_adds = task, way, multiply_adds

    def reserve(self, floats: int) -> int:
        """The offset of a stretch of the slot that nobody else uses.

        Raises:
            ShapeError: It is longer than the kernels' tables of int32 offsets reach.
        """
        if floats > MOST_FLOATS:
            raise ShapeError(
                f"A program needs tensors of at most {MOST_FLOATS:,} floats. Received {floats:,} "
                f"(images at a time: {self.chunk}). Use smaller images, fewer channels or a "
                "smaller batch."
            )
        offset = self.slot_size
        self.slot_size = padded(offset + floats + MARGIN, ALIGNMENT)
        self.parts[-1].floats += self.slot_size - offset
        return offset

    def temporary(self, *floats: int) -> list[int]:
        """Offsets into a thread's scratch memory, which any call may use while it runs."""
        offsets, end = [], 0
        for size in floats:
            offsets.append(end)
            end = padded(end + size + MARGIN, ALIGNMENT)
        self.scratch_size = max(self.scratch_size, end)
        return offsets

    def tensor(self, shape: tuple[int, ...], halo: Halo = NO_HALO) -> Tensor:
        """Room for a tensor, with a halo around each image or sequence."""
        tensor = _laid_out(shape, halo)
        start = self.reserve(tensor.image_stride * self.chunk)
        return replace(tensor, offset=start + tensor.offset)

    def workspace(self, shape: tuple[int, ...], halo: Halo = NO_HALO, clean: bool = True) -> Tensor:
        """Room for a tensor that each chunk writes as a whole, before anybody reads it.

        It may lie where another did that nobody reads any more; see `Workspaces`.

        Args:
            shape: An image's part of it.
            halo: Zeros around that.
            clean: Whether the halo is left alone by those who write.
        """
        tensor = _laid_out(shape, halo)
        floats = tensor.image_stride * self.chunk
        layout = None if halo == NO_HALO else (shape, halo, clean)
        start = self.workspaces.take(floats, layout, self.reserve)
        return replace(tensor, offset=start + tensor.offset)

    def gradient(
        self, variable: Variable, *, size: int = 0, run: int = 1, run_stride: int = 0,
        column_stride: int = 1,
    ) -> int:  # fmt: skip
        """Room for a variable's gradient; returns its offset in a chunk's gradients."""
        offset = self.partial(max(size, variable.size))
        self.gradients.append(Gradient(variable, offset, run, run_stride, column_stride))
        return offset

    @property
    def summed_gradients(self) -> list[Gradient]:
        """The first gradient of each variable: those of its other places are added to it."""
        return list({id(each.variable): each for each in reversed(self.gradients)}.values())[::-1]

    def partial(self, floats: int) -> int:
        """Room for what each chunk adds to a sum over the batch; its offset in the gradients."""
        offset = self.gradient_size
        self.gradient_size = padded(offset + floats + MARGIN, ALIGNMENT)
        return offset

    def penalty(self) -> int:
        """Room for what each chunk adds to the loss; its offset in the chunk's gradients."""
        self.penalties.append(self.partial(1))
        return self.penalties[-1]

    def shared(self, floats: int) -> int:
        """The address of zeros that all chunks see, and that calls made `once` may change."""
        return self.constant(np.zeros(floats, np.float32))

    def constant(self, array: NDArray[Any]) -> int:
        """Keeps an array alive as long as the plan, and returns its address."""
        aligned = aligned_empty((max(array.size, 1),), array.dtype)
        aligned[: array.size] = array.ravel()
        self._kept.append(aligned)
        return int(aligned.ctypes.data)

    def keep(self, thing: Any) -> None:
        """Keeps an object alive as long as the plan: what the calls hold is only addresses."""
        self._kept.append(thing)

    def call(self, kernel: Kernel, record: np.dtype[Any], **fields: int | float) -> Call:
        """A call of a kernel with the fields of its record filled in."""
        args = np.zeros(1, record)
        for name, value in fields.items():
            args[name] = value
        return Call(kernel, args)

    def run(self, kernel: Kernel, record: np.dtype[Any], **fields: int | float) -> None:
        """Appends a call that every chunk makes."""
        self._append(True, self.call(kernel, record, **fields))

    def once(self, kernel: Kernel, record: np.dtype[Any], **fields: int | float) -> None:
        """Appends a call that is made once a step, when all chunks have come so far.

        Calls made once that follow each other directly are made in any order, or at the same time.
        """
        self._append(False, self.call(kernel, record, **fields))

    def pause(self) -> None:
        """Ends a stage: Python computes something of the whole batch before the next."""
        self.stages.append(Stage(chunked=True))
        self.pause_at = len(self.stages) - 1

    def _append(self, chunked: bool, call: Call) -> None:
        if self.stages[-1].chunked != chunked:
            self.stages.append(Stage(chunked))
        self.stages[-1].calls.append(call)
        self.parts[-1].calls.append(call)

    def fold(self, kernel: Kernel, record: np.dtype[Any], **fields: int | float) -> None:
        """Appends a call that is made where weights changed, before they are packed."""
        self.fold_calls.append(self.call(kernel, record, **fields))

    def pack(self, kernel: Kernel, record: np.dtype[Any], **fields: int | float) -> None:
        """Appends a call that is made where weights changed, before the chunks."""
        self.pack_calls.append(self.call(kernel, record, **fields))

    def transform(self, kernel: Kernel, record: np.dtype[Any], **fields: int | float) -> None:
        """Appends a call that is made where weights changed, when all weights are packed."""
        self.transform_calls.append(self.call(kernel, record, **fields))
