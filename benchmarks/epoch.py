"""The steady epoch of the chapter's network on MNIST: convlet beside Keras on TensorFlow.

The two sides take turns, each time in a fresh process, so that neither gets the quieter half of the
hour. A process trains one epoch that does not count (it compiles, allocates and warms up), then
the epochs that do. Batch 64, all cores, float32 images, no progress bar.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path
from typing import Any

import peers


def row(name: str, runs: list[dict[str, Any]]) -> list[str]:
    """One side's line of the table."""
    steady = [seconds for run in runs for seconds in run["epoch_seconds"][1:]]
    peaks = [run["peak_mebibytes"] for run in runs if run["peak_mebibytes"] is not None]
    return [
        name,
        f"{statistics.median(steady):.2f}",
        f"{min(steady):.2f}",
        f"{max(steady):.2f}",
        f"{statistics.median(run['epoch_seconds'][0] for run in runs):.2f}",
        f"{statistics.median(run['import_seconds'] for run in runs):.2f}",
        f"{max(peaks):.0f}" if peaks else "unknown",
    ]


def main() -> None:
    """Measures the rounds and prints the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    peers.add_options(parser)
    parser.add_argument("--rounds", type=int, default=3, help="turns of each side (default 3)")
    parser.add_argument("--epochs", type=int, default=3, help="counted epochs a turn (default 3)")
    options = parser.parse_args()

    sides = peers.both_sides(options.keras_python)
    runs: dict[str, list[dict[str, Any]]] = {side.name: [] for side in sides}
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "mnist.npz"
        peers.write_mnist(data, options.images)
        for turn in range(options.rounds):
            for side in sides:
                run = side.train(data, epochs=1 + options.epochs, seed=turn, evaluate=False)
                runs[side.name].append(run)
                seconds = ", ".join(f"{value:.2f}" for value in run["epoch_seconds"])
                print(f"round {turn + 1} of {options.rounds}, {side.name}: {seconds} s", flush=True)

    header = ["", "median epoch (s)", "best (s)", "worst (s)"]
    header += ["first epoch (s)", "import and build (s)", "peak memory (MiB)"]
    print("\n" + peers.markdown_table(header, [row(name, runs[name]) for name in runs]))
    ours, theirs = (
        [seconds for run in runs[side.name] for seconds in run["epoch_seconds"][1:]]
        for side in sides
    )
    print(
        f"\n{sides[1].name} takes {statistics.median(theirs) / statistics.median(ours):.1f} times "
        f"as long by the medians, {min(theirs) / min(ours):.1f} times by the best epochs.\n"
    )
    print(peers.circumstances(sides))


if __name__ == "__main__":
    main()
