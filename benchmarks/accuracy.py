"""The chapter's network on MNIST: the test accuracy of convlet beside that of Keras on TensorFlow.

Each side trains once per seed, in a fresh process. A seed draws different weights and orders on the
two sides, so the runs are not paired: the difference of the means has Welch's interval.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
from scipy import stats

import peers


def with_interval(mean: float, low: float, high: float) -> str:
    """Percentages, such as '99.12 (99.02 to 99.22)'."""
    return f"{100 * mean:.2f} ({100 * low:.2f} to {100 * high:.2f})"


def mean_interval(values: list[float]) -> str:
    """The mean with its 95 % interval by Student's t."""
    mean = float(np.mean(values))
    low, high = stats.t.interval(0.95, len(values) - 1, loc=mean, scale=stats.sem(values))
    return with_interval(mean, low, high)


def difference_interval(ours: list[float], theirs: list[float]) -> str:
    """The difference of the means with its 95 % interval by Welch's t."""
    interval = stats.ttest_ind(ours, theirs, equal_var=False).confidence_interval(0.95)
    return with_interval(float(np.mean(ours) - np.mean(theirs)), interval.low, interval.high)


def main() -> None:
    """Trains every seed on both sides and prints the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    peers.add_options(parser)
    parser.add_argument("--seeds", type=int, default=5, help="how many seeds (default 5)")
    parser.add_argument("--epochs", type=int, default=5, help="epochs of each run (default 5)")
    options = parser.parse_args()
    if options.seeds < 2:
        parser.error("an interval needs at least 2 seeds")

    sides = peers.both_sides(options.keras_python)
    accuracies: dict[str, list[float]] = {side.name: [] for side in sides}
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "mnist.npz"
        peers.write_mnist(data, options.images)
        for seed in range(options.seeds):
            for side in sides:
                run = side.train(data, epochs=options.epochs, seed=seed, evaluate=True)
                accuracies[side.name].append(run["test_accuracy"])
                print(f"seed {seed}, {side.name}: {100 * run['test_accuracy']:.2f} %", flush=True)

    header = ["", "test accuracy in %, mean (95 % interval)", "each seed"]
    rows = [
        [name, mean_interval(values), ", ".join(f"{100 * value:.2f}" for value in values)]
        for name, values in accuracies.items()
    ]
    ours, theirs = accuracies.values()
    rows.append(["difference, in percentage points", difference_interval(ours, theirs), ""])
    print("\n" + peers.markdown_table(header, rows) + "\n")
    print(peers.circumstances(sides))


if __name__ == "__main__":
    main()
