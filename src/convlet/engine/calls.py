"""Calls of kernels, and what is remembered about them so that a program can be explained."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

if TYPE_CHECKING:
    from convlet.engine.cpu.jit import Kernel


def by(sizes: Iterable[object]) -> str:
    """Sizes as a text: "3x3"."""
    return "x".join(map(str, sizes))


@dataclass(frozen=True, eq=False)
class Call:
    """One kernel call: the function and the record it is given."""

    kernel: Kernel
    args: NDArray[Any]


@dataclass(frozen=True)
class Label:
    """Whose work a part of a plan is.

    Attributes:
        name: The layers that are computed as one; "images", "loss" or "predictions".
        work: What is computed.
        output: The shape of an image's result, if the work has one.
        weights: How many weights it has.
    """

    name: str
    work: str
    output: tuple[int | None, ...] = ()
    weights: int = 0


@dataclass(eq=False)
class Part:
    """Calls that follow each other and have one purpose: a line of a program's explanation.

    Attributes:
        label: Whose work it is.
        direction: "forward" or "backward".
        task: What these calls compute: "output", "weight gradient", …
        way: How, and why so.
        multiply_adds: An image's, counted as if nothing were skipped.
        floats: What the part takes of the slot.
        calls: Made by every chunk, or once for the batch.
    """

    label: Label
    direction: str
    task: str
    way: str = ""
    multiply_adds: int = 0
    floats: int = 0
    calls: list[Call] = field(default_factory=list)


@dataclass
class Stage:
    """Calls that follow each other: all of them made by each chunk, or each made once a batch."""

    chunked: bool
    calls: list[Call] = field(default_factory=list)
