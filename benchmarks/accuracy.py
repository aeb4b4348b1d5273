"""The chapter's network on MNIST: convlet's training beside that of Keras on TensorFlow.

Compared are the training loss of each epoch, and the test accuracy at the end. Each side trains
once per seed, in a fresh process. A seed draws other weights and another order on either side, so
the runs are not paired.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import peers
import report
from convlet.workflow.intervals import Interval, difference, student_t
from worker import Task


def in_percent(interval: Interval) -> str:
    """An estimate with its bounds, such as '99.12 (99.02 to 99.22)'."""
    value, low, high = (100 * share for share in (interval.value, interval.low, interval.high))
    return f"{value:.2f} ({low:.2f} to {high:.2f})"


def plain(interval: Interval) -> str:
    """An estimate with its bounds, such as '0.0412 (0.0398 to 0.0426)'."""
    return f"{interval.value:.4f} ({interval.low:.4f} to {interval.high:.4f})"


def accuracy_rows(accuracies: dict[str, list[float]]) -> list[list[str]]:
    """The test accuracies of each side's seeds, and the difference of the sides."""
    rows = [
        [name, in_percent(student_t(values)), ", ".join(f"{100 * value:.2f}" for value in values)]
        for name, values in accuracies.items()
    ]
    ours, theirs = (student_t(values) for values in accuracies.values())
    return [*rows, ["difference in percentage points", in_percent(difference(ours, theirs)), ""]]


def loss_rows(losses: dict[str, list[list[float]]]) -> list[list[str]]:
    """For each epoch, the training loss of both sides over their seeds, and the difference."""
    rows = []
    sides = [zip(*runs, strict=True) for runs in losses.values()]
    for epoch, seeds in enumerate(zip(*sides, strict=True)):
        ours, theirs = (student_t(values) for values in seeds)
        rows.append([str(epoch + 1), *map(plain, (ours, theirs, difference(ours, theirs)))])
    return rows


def main() -> None:
    """Trains every seed on both sides and prints the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    peers.add_options(parser)
    parser.add_argument("--seeds", type=int, default=5, help="how many seeds (default 5)")
    parser.add_argument("--epochs", type=int, default=5, help="epochs of each run (default 5)")
    parser.add_argument(
        "--images", type=int, default=60_000, help="training images; fewer only for a trial"
    )
    options = parser.parse_args()
    if options.seeds < 2:
        parser.error("an interval needs at least 2 seeds")

    sides = [peers.PEERS[name] for name in ("convlet", "keras-tensorflow")]
    accuracies: dict[str, list[float]] = {side.title: [] for side in sides}
    losses: dict[str, list[list[float]]] = {side.title: [] for side in sides}
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "mnist.npz"
        peers.write_mnist(data, options.images)
        for seed in range(options.seeds):
            task = Task(
                "accuracy", "chapter", images=options.images, epochs=options.epochs, seed=seed,
                data=str(data),
            )  # fmt: skip
            for side in sides:
                samples = side.take_turn(task, options.environments)
                losses[side.title].append(samples["losses"])
                accuracies[side.title] += samples["accuracy"]
                reached = accuracies[side.title][-1]
                peers.progress(f"seed {seed}, {side.title}: {100 * reached:.2f} %")

    header = ["", "test accuracy in %, mean (95 % interval)", "each seed"]
    print("\n" + report.table(header, accuracy_rows(accuracies)))
    header = ["epoch", *(f"training loss, {name}" for name in losses), "difference"]
    print("\n" + report.table(header, loss_rows(losses)) + "\n")
    print(report.circumstances(side.versions(options.environments) for side in sides))


if __name__ == "__main__":
    main()
