"""The chapter's network on MNIST: the test accuracy of convlet beside that of Keras on TensorFlow.

Each side trains once per seed, in a fresh process. A seed draws other weights and another order on
either side, so the runs are not paired.
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


def main() -> None:
    """Trains every seed on both sides and prints the table."""
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
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "mnist.npz"
        peers.write_mnist(data, options.images)
        for seed in range(options.seeds):
            task = Task(
                "accuracy", "chapter", images=options.images, epochs=options.epochs, seed=seed,
                data=str(data),
            )  # fmt: skip
            for side in sides:
                accuracies[side.title] += side.take_turn(task, options.environments)["accuracy"]
                reached = accuracies[side.title][-1]
                peers.progress(f"seed {seed}, {side.title}: {100 * reached:.2f} %")

    header = ["", "test accuracy in %, mean (95 % interval)", "each seed"]
    rows = [
        [name, in_percent(student_t(values)), ", ".join(f"{100 * value:.2f}" for value in values)]
        for name, values in accuracies.items()
    ]
    ours, theirs = (student_t(values) for values in accuracies.values())
    rows.append(["difference in percentage points", in_percent(difference(ours, theirs)), ""])
    print("\n" + report.table(header, rows) + "\n")
    print(report.circumstances(side.versions(options.environments) for side in sides))


if __name__ == "__main__":
    main()
