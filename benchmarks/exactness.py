"""The engine's gradients, in float32, beside the definition's in float64: how far off are they?

Each network takes 300 steps of training. Before and after, the gradients of one batch are compared
with those of `convlet.engine.reference`, for the same weights. A tensor's error is the largest
difference over the largest element; the worst tensor's is shown. Beside it stands the error of the
reference itself when NumPy computes it in float32.

Where a relu's sum is within float32's rounding of zero, or two elements of a pooling window within
it of each other, the gradient jumps, and any float32 may be on the other side. So the first table
is of images that keep away from such kinks; the second is of the first images there are.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

import peers
import report
from blocks import BlockNetwork
from convlet import engine, losses, optimizers
from convlet.datasets import mnist
from convlet.engine import reference
from networks import NETWORKS, Network
from sides import keras_names
from worker import random_images

STEPS = 300
EPOCHS = 5
AWAY = 1e-6
"""How far images keep away from kinks, relative to an image's largest value in a layer."""
BATCHES = {
    "chapter": 64, "chapter, 2 x the channels": 32, "chapter, 4 x the channels": 16,
    "no pooling": 16, "strides": 64, "cats and dogs": 4, "six convolutions": 8,
}  # fmt: skip
"""Images of a batch: few for large networks, since the reference takes its time."""
CANDIDATES = 40
"""Times a batch that images are looked at until enough keep away from kinks."""

Images = NDArray[Any]
Gradients = list[NDArray[np.floating[Any]]]


@dataclass(frozen=True)
class Errors:
    """The worst tensor's relative errors.

    Attributes:
        engine: Of the engine's gradients.
        numpy: Of the reference's in float32.
    """

    engine: float
    numpy: float

    def cells(self) -> list[str]:
        """What the table shows."""
        return [f"{self.engine:.1e}", f"{self.numpy:.1e}"]


def images(network: Network, count: int) -> tuple[Images, Images]:
    """Images that a network can read, and labels: MNIST's where they fit, else noise."""
    if network.input_shape != (28, 28, 1):
        return random_images(network, count)
    (x, labels), _ = mnist.load_data()
    return x[:count].reshape(-1, 28, 28, 1).astype(np.float32) / np.float32(255), labels[:count]


def engine_gradients(training: keras_names.Training, x: Images, y: Images) -> Gradients:
    """What gradient descent takes off the weights, which are left as they were.

    The learning rate is a power of two, so it rounds nothing, and so large that the weights that
    it is taken off round nothing either.
    """
    model, rate = training.model, 2.0**30
    program = engine.TrainingProgram(
        model.graph, len(x), [loss_of(training.network)], optimizers.SGD(rate)
    )
    before = model.get_weights()
    program.step([x], [y], np.arange(len(x)))
    after = model.get_weights()
    model.set_weights(before)
    return [(old.astype(np.float64) - new) / rate for old, new in zip(before, after, strict=True)]


def loss_of(network: Network | BlockNetwork) -> losses.Loss:
    """The loss that `keras_names.build` compiles by name."""
    return losses.BinaryCrossentropy() if network.binary else losses.CategoricalCrossentropy()


def worst_error(actual: Gradients, expected: Gradients) -> float:
    """The largest difference of a tensor over its largest element, the worst tensor's."""
    return max(
        float(np.abs(mine - theirs).max() / np.abs(theirs).max())
        for mine, theirs in zip(actual, expected, strict=True)
    )


def errors(training: keras_names.Training, chosen: NDArray[np.int64]) -> Errors:
    """How far the gradients of a batch are from float64's."""
    loss, layers = loss_of(training.network), training.model.layers
    x = training.x[chosen]
    y = loss.prepare(training.y[chosen], layers[-1].output_shape[1:])
    expected = reference.gradients(layers, x, y, loss)[2]
    single = reference.gradients(layers, x, y, loss, dtype=np.float32)[2]
    return Errors(
        worst_error(engine_gradients(training, x, y), expected), worst_error(single, expected)
    )


def away_from_kinks(training: keras_names.Training, first: int) -> NDArray[np.int64]:
    """The positions of a batch of images that keep away from kinks, from `first` on.

    Raises:
        SystemExit: There are too few.
    """
    chosen: list[int] = []
    batch = training.batch
    for start in range(first, len(training.x), batch):
        block = training.x[start : start + batch]
        distances = reference.kink_distances(training.model.layers, block)
        chosen += [start + int(position) for position in np.flatnonzero(distances > AWAY)]
        if len(chosen) >= batch:
            return np.array(chosen[:batch])
    raise SystemExit(
        f"exactness.py needs {batch} images that keep away from kinks. "
        f"Received {len(chosen)} among {len(training.x) - first}. Raise CANDIDATES."
    )


def measure(name: str, steps: int) -> tuple[list[Errors], list[Errors]]:
    """The errors at the start and after training: of images away from kinks, and of any."""
    network, batch = NETWORKS[name], BATCHES[name]
    epoch = steps // EPOCHS * batch
    x, labels = images(network, epoch + CANDIDATES * batch)
    training = keras_names.training("convlet", "float32", network, x, labels, batch, seed=0)
    found: tuple[list[Errors], list[Errors]] = ([], [])
    for trained in (False, True):
        if trained:
            training.fit(epoch, EPOCHS, lambda seconds: None)
        found[0].append(errors(training, away_from_kinks(training, epoch)))
        found[1].append(errors(training, np.arange(epoch, epoch + batch)))
        peers.progress(f"{name}, trained: {trained}: {found[0][-1]}, of any images {found[1][-1]}")
    return found


def main() -> None:
    """Measures the networks that were asked for and prints the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--only",
        help=f"one network, from: {'; '.join(NETWORKS)}",
        choices=NETWORKS,
        metavar="NETWORK",
    )
    parser.add_argument("--steps", type=int, default=STEPS, help=f"of training (default {STEPS})")
    options = parser.parse_args()

    named = [options.only] if options.only else [*NETWORKS]
    found = [measure(name, options.steps) for name in named]
    header = ["", "batch", "at the start", "NumPy", f"after {options.steps} steps", "NumPy"]
    for title, table in zip(
        ("Images away from kinks", "The first images"), zip(*found, strict=True), strict=True
    ):
        rows = [
            [name, str(BATCHES[name]), *(cell for error in stages for cell in error.cells())]
            for name, stages in zip(named, table, strict=True)
        ]
        print(f"{title}:\n\n{report.table(header, rows)}\n")
    print(report.circumstances([peers.PEERS["convlet"].versions(peers.ENVIRONMENTS)]))


if __name__ == "__main__":
    main()
