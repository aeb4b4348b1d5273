"""The tables of docs/performance.md: what each row measures, and what is claimed of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import machine
from networks import NETWORKS
from peers import PEERS
from report import (
    EPOCH,
    MICROSECONDS,
    MILLISECONDS,
    NOT_MEASURED,
    RATE,
    Figures,
    Unit,
    table,
)  # fmt: skip
from worker import Samples, Task

Results = Mapping[str, Mapping[str, Figures]]
"""Figures by row and quantity."""


@dataclass(frozen=True)
class Row:
    """One line of a table.

    Attributes:
        title: What the line is called.
        peer: A key of `PEERS`.
        task: What it does in its turn.
        variables: Environment variables for it.
        work: How much work an image is, relative to the first row's.
    """

    title: str
    peer: str
    task: Task
    variables: Mapping[str, str] = field(default_factory=dict)
    work: float = 1.0


@dataclass(frozen=True)
class Claim:
    """That a row is several times as fast as the fastest of others.

    Attributes:
        ours: A row's title.
        theirs: The others' titles.
        aim: How many times as fast it should be.
        kind: What the others are, in words, where they are several.
        quantity: "seconds" for an image, "total" for a whole run.
    """

    ours: str
    theirs: tuple[str, ...]
    aim: float
    kind: str = ""
    quantity: str = "seconds"

    def sentence(self, results: Results) -> str | None:
        """The claim's line of Markdown; None if one side was not measured."""
        measured = {
            title: results[title][self.quantity]
            for title in (self.ours, *self.theirs)
            if self.quantity in results.get(title, {})
        }
        rivals = [title for title in measured if title in self.theirs]
        if self.ours not in measured or not rivals:
            return None
        fastest = min(rivals, key=lambda title: measured[title].best)
        times = measured[fastest].over(measured[self.ours])
        what = ", from the command to the end" if self.quantity == "total" else ""
        who = f"{self.kind}, {fastest}" if self.kind else fastest
        return (
            f"- {self.ours} against {who}{what}: {times.best:.2f} times as fast by the best turns, "
            f"{times.median:.2f} by the medians; the aim is {self.aim:g}."
        )


@dataclass(frozen=True)
class Table:
    """Rows that take turns.

    Attributes:
        rows: The first is the one that others are compared with.
        unit: How seconds per image are shown.
        claims: What is said below the table.
        rehearsed: Whether every row has a small turn first that isn't counted, so that all start
            with files read and kernels compiled.
    """

    rows: tuple[Row, ...]
    unit: Unit
    claims: tuple[Claim, ...] = ()
    rehearsed: bool = False

    def only(self, peers: Sequence[str]) -> Table:
        """The same with the rows of some peers."""
        return replace(self, rows=tuple(row for row in self.rows if row.peer in peers))

    def markdown(self, results: Results) -> str:
        """The table of what was measured, with its claims."""
        first = self.rows[0]
        by_work = any(row.work != 1 for row in self.rows)
        whole_runs = any("total" in result for result in results.values())
        header = ["", f"median ({self.unit.name})", "best"]
        header += [f"time / {first.title}'s: medians", "best"]
        header += ["work an image", "time / work"] if by_work else []
        header += (
            ["command to end of training, median (s)", "best", "memory (MiB)", "peak (MiB)"]
            if whole_runs
            else []
        )
        lines = [
            self._cells(row, results[row.title], results[first.title], by_work)
            + (_whole_run(results[row.title]) if whole_runs else [])
            for row in self.rows
        ]
        sentences = [claim.sentence(results) for claim in self.claims]
        return "\n".join(
            [table(header, lines), "", *(sentence for sentence in sentences if sentence)]
        ).rstrip()

    def _cells(
        self,
        row: Row,
        figures: Mapping[str, Figures],
        first: Mapping[str, Figures],
        by_work: bool,
    ) -> list[str]:
        seconds = figures["seconds"]
        ratio = seconds.over(first["seconds"])
        work = [f"{row.work:.2f}", f"{ratio.best / row.work:.2f}"] if by_work else []
        return [
            row.title,
            *(self.unit.show(value) for value in (seconds.median, seconds.best)),
            *(f"{value:.2f}" for value in (ratio.median, ratio.best)),
            *work,
        ]


def _whole_run(figures: Mapping[str, Figures]) -> list[str]:
    """Total time, and the most memory, where a whole run was measured."""
    total = figures.get("total")
    times = [f"{total.median:.1f}", f"{total.best:.1f}"] if total else [NOT_MEASURED] * 2
    memory = (figures.get(name) for name in ("resident", "peak"))
    return times + [f"{held.worst:.0f}" if held else NOT_MEASURED for held in memory]


def figures(turns: Iterable[Samples]) -> dict[str, Figures]:
    """The figures of every quantity over the samples of all turns."""
    pooled: dict[str, list[float]] = {}
    for turn in turns:
        for quantity, samples in turn.items():
            pooled.setdefault(quantity, []).extend(samples)
    return {quantity: Figures.of(samples) for quantity, samples in pooled.items() if samples}


def _title(peer: str) -> str:
    return PEERS[peer].title


_FLOAT32 = tuple(map(_title, ("keras-tensorflow", "keras-jax", "keras-torch", "pytorch")))
_FASTEST = "the fastest in float32"
_TRAINERS = ("convlet", "keras-tensorflow", "keras-jax", "keras-torch", "pytorch", "pytorch-bf16")


def _training(task: Task, unit: Unit, aim: float) -> Table:
    """A network's training in every framework that trains."""
    return Table(
        tuple(Row(_title(peer), peer, task) for peer in _TRAINERS),
        unit,
        (Claim("convlet", _FLOAT32, aim, _FASTEST),),
    )


def _chapter() -> Table:
    """The chapter's script as a whole; of the slowest peers, some steps only."""
    whole = Task("script", "chapter", images=60_000, data="mnist")
    part = replace(whole, kind="train", images=3_200)
    slow = ("keras-jax", "keras-torch")
    return Table(
        tuple(Row(_title(peer), peer, part if peer in slow else whole) for peer in _TRAINERS),
        EPOCH,
        (
            Claim("convlet", _FLOAT32, 6, _FASTEST),
            Claim("convlet", (_title("pytorch-bf16"),), 4),
            Claim("convlet", _FLOAT32, 5, _FASTEST, "total"),
        ),
        rehearsed=True,
    )


def _one_image() -> Table:
    one = Task("predict", "chapter", batch=1)
    predict = replace(one, call="predict")
    ours, lowest = "convlet's `predict`", "convlet's lowest call"
    rivals = ("onnxruntime", "openvino", "openvino-bf16", "pytorch")
    return Table(
        (
            Row(ours, "convlet", predict),
            Row(lowest, "convlet", one),
            *(Row(_title(peer), peer, one) for peer in rivals),
            Row("`predict` of Keras on TensorFlow", "keras-tensorflow", predict),
        ),
        MICROSECONDS,
        (
            Claim(ours, (_title("onnxruntime"),), 1),
            Claim(lowest, (_title("onnxruntime"),), 2),
        ),
    )


def _batches() -> Table:
    peers = ("convlet", "onnxruntime", "openvino", "openvino-bf16", "pytorch")
    task = Task("predict", "chapter", batch=256)
    return Table(
        tuple(Row(_title(peer), peer, task) for peer in peers),
        RATE,
        (
            Claim("convlet", (_title("onnxruntime"),), 2.5),
            Claim("convlet", (_title("openvino-bf16"),), 1.3),
        ),
    )


def _sizes() -> Table:
    """Convlet beside itself: other batches, channels and numbers of images."""
    usual = Task("train", "chapter", batch=64, images=19_200, data="mnist")
    work = NETWORKS["chapter"].training_multiply_adds
    rows = [Row("batch 64", "convlet", usual)]
    for batch in (16, 256, 1024):
        rows.append(Row(f"batch {batch}", "convlet", replace(usual, batch=batch)))
    for factor in (2, 4):
        wide = f"chapter, {factor} x the channels"
        rows.append(
            Row(
                f"{factor} x the channels",
                "convlet",
                replace(usual, network=wide, images=19_200 // factor**2),
                work=NETWORKS[wide].training_multiply_adds / work,
            )
        )
    for images in (6_000, 20_000, 60_000):
        rows.append(Row(f"{images:,} images", "convlet", replace(usual, images=images)))
    return Table(tuple(rows), MICROSECONDS)


def _threads() -> Table:
    task = Task("train", "chapter", images=19_200, data="mnist")
    counts = dict.fromkeys((1, 2, machine.cores()))
    titles = {count: f"{count} thread{'s' if count > 1 else ''}" for count in counts}
    return Table(
        tuple(
            Row(titles[count], "convlet", task, {"CONVLET_THREADS": str(count)}) for count in counts
        ),
        MICROSECONDS,
        (Claim(titles[2], (titles[1],), 1.8),),
    )


TABLES = {
    "chapter": _chapter(),
    "one-image": _one_image(),
    "batches": _batches(),
    "cats-and-dogs": _training(
        Task("train", "cats and dogs", batch=32, images=128), MILLISECONDS, 3
    ),
    "six-convolutions": _training(
        Task("train", "six convolutions", batch=128, images=256), MILLISECONDS, 2
    ),
    "no-pooling": _training(Task("train", "no pooling", images=1_280, data="mnist"), EPOCH, 1.5),
    "strides": _training(Task("train", "strides", images=6_400, data="mnist"), EPOCH, 1.5),
    "residual-32": _training(Task("train", "residual, 32x32", images=256), MILLISECONDS, 1),
    "residual-96": _training(Task("train", "residual, 96x96", 32, images=64), MILLISECONDS, 1),
    "depthwise-32": _training(Task("train", "depthwise, 32x32", images=256), MILLISECONDS, 1),
    "depthwise-96": _training(Task("train", "depthwise, 96x96", 32, images=64), MILLISECONDS, 1),
    "sizes": _sizes(),
    "threads": _threads(),
}
