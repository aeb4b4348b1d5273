"""Makes the tables of docs/performance.md: convlet beside its peers, taking turns in one run.

Every turn is a process of its own. Tables go to stdout as Markdown when they are complete, what is
going on to stderr. A part of them can be made anew with --only.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import peers
import report
from tables import TABLES, Row, Table, figures
from worker import Samples, Task

PAGE = peers.HERE.parent / "docs" / "performance.md"
LEFT_OUT = ("keras-torch",)  # unless asked for: PyTorch with more around it


def names(known: Sequence[str]) -> str:
    """The help's list of what may be named."""
    return f"comma-separated, from: {', '.join(known)}"


def options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default=",".join(TABLES), help=f"tables, {names([*TABLES])}")
    usual = [peer for peer in peers.PEERS if peer not in LEFT_OUT]
    parser.add_argument(
        "--peers", default=",".join(usual), help=f"beside convlet, {names([*peers.PEERS])}"
    )
    parser.add_argument("--rounds", type=int, default=3, help="turns of each row (default 3)")
    parser.add_argument(
        "--seconds", type=float, default=3.0, help="of measuring in a turn, at least (default 3)"
    )
    parser.add_argument("--output", type=Path, help="a file that gets the Markdown, too")
    parser.add_argument("--write", action="store_true", help=f"put the tables into {PAGE.name}")
    parser.add_argument(
        "--trial", action="store_true", help="two steps a turn, to try the benchmark itself"
    )
    peers.add_options(parser)
    chosen = parser.parse_args()
    chosen.only = chosen.only.split(",")
    chosen.peers = ["convlet", *chosen.peers.split(",")]
    for given, known in ((chosen.only, TABLES), (chosen.peers, peers.PEERS)):
        if unknown := [name for name in given if name not in known]:
            parser.error(f"unknown: {', '.join(unknown)}. Known are: {', '.join(known)}")
    return chosen


def shortened(task: Task) -> Task:
    """A task of two steps, for a trial or a rehearsal."""
    return replace(task, images=min(task.images, 2 * task.batch), epochs=2, seconds=0.0)


def measure(name: str, table: Table, data: Path, chosen: argparse.Namespace) -> str:
    """Lets a table's rows take turns, and returns its Markdown."""
    turns: dict[str, list[Samples]] = {row.title: [] for row in table.rows}

    def turn(row: Row, *, short: bool) -> Samples:
        task = replace(row.task, seconds=chosen.seconds, data=str(data) if row.task.data else "")
        return peers.PEERS[row.peer].take_turn(
            shortened(task) if short else task, chosen.environments, row.variables
        )

    if table.rehearsed:
        for row in table.rows:
            turn(row, short=True)
    for number in range(chosen.rounds):
        for row in table.rows:
            turns[row.title].append(turn(row, short=chosen.trial))
            took = table.unit.show(figures(turns[row.title][-1:])["seconds"].median)
            peers.progress(
                f"{name}, round {number + 1} of {chosen.rounds}, {row.title}: "
                f"{took} {table.unit.name}"
            )
    versions = [
        peers.PEERS[peer].versions(chosen.environments)
        for peer in dict.fromkeys(row.peer for row in table.rows)
    ]
    results = {title: figures(samples) for title, samples in turns.items()}
    return f"{table.markdown(results)}\n\n{report.circumstances(versions)}"


def main() -> None:
    """Measures the tables that were asked for."""
    chosen = options()
    made: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "mnist.npz"
        if any(row.task.data for name in chosen.only for row in TABLES[name].rows):
            peers.write_mnist(data)
        for name in chosen.only:
            markdown = measure(name, TABLES[name].only(chosen.peers), data, chosen)
            made.append(f"## {name}\n\n{markdown}\n")
            print(made[-1], flush=True)
            if chosen.output:
                chosen.output.write_text("\n".join(made), encoding="utf-8")
            if chosen.write:
                page = report.replace_section(PAGE.read_text(encoding="utf-8"), name, markdown)
                PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
