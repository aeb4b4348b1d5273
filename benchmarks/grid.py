"""GFLOP/s of single layers over a grid of shapes, convlet alone: is there one that falls off?

As many shapes as fit into the time are drawn from all combinations, the same ones in each run. A
figure is the work of the textbook's formula over the time of the fastest call; where pooling spares
work, it can be above the machine's peak. Training is the layer's forward pass and all its
gradients, with a 1x1 convolution from one channel (or a dense layer from one input) before it, so
that there is a gradient of its input, and with its loss and update.
"""

from __future__ import annotations

import argparse
import itertools
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

import machine
import peers
import report
from convlet import Input, engine, layers, losses, models, optimizers
from convlet.layers import Layer
from networks import Conv, Dense, Network
from worker import durations

SMALL = 5_000_000  # multiply-adds of a call whose time is mostly spent around the arithmetic
LARGE = 2_000_000_000  # and of one that would take a large part of the time
CHANNELS = (1, 3, 4, 10, 16, 32, 33, 64, 100, 128, 256)
UNITS = (1, 10, 33, 64, 100, 256, 1000, 4096)
BATCHES = (1, 7, 64)


@dataclass(frozen=True)
class Case:
    """A layer on inputs of one shape.

    Attributes:
        layer: The layer.
        inputs: Its inputs' shape: (height, width, channels) or (features,).
        batch: Images in a call.
        pool: Whether a 2x2 max pool follows.
    """

    layer: Conv | Dense
    inputs: tuple[int, ...]
    batch: int
    pool: bool = False

    def __str__(self) -> str:
        shape = "x".join(map(str, self.inputs))
        if isinstance(self.layer, Dense):
            return f"dense {shape} to {self.layer.units}, batch {self.batch}"
        layer, pool = self.layer, " + pool" if self.pool else ""
        return (
            f"conv {layer.size}x{layer.size}/{layer.stride} {layer.padding}{pool}, "
            f"{shape} to {layer.filters}, batch {self.batch}"
        )

    @property
    def multiply_adds(self) -> int:
        """Of a forward call."""
        if isinstance(self.layer, Dense):
            return self.batch * self.inputs[0] * self.layer.units
        height, width, channels = self.inputs
        network = Network((height, width, channels), (self.layer,), ())
        return self.batch * next(network.kernels()).multiply_adds

    def layers(self) -> list[Layer]:
        """The layer in convlet, with its pool."""
        if isinstance(self.layer, Dense):
            return [layers.Dense(self.layer.units, activation="relu")]
        size, stride = self.layer.size, self.layer.stride
        convolution = layers.Conv2D(
            self.layer.filters, size, stride, self.layer.padding, activation="relu"
        )
        return [convolution, *([layers.MaxPooling2D(2)] if self.pool else [])]

    def before(self) -> Layer:
        """A cheap layer that makes its inputs."""
        channels = self.inputs[-1]
        return layers.Dense(channels) if len(self.inputs) == 1 else layers.Conv2D(channels, 1)


def cases() -> Iterator[Case]:
    """All combinations whose windows fit."""
    for inputs, units, batch in itertools.product(UNITS, UNITS, BATCHES):
        yield Case(Dense(units), (inputs,), batch)
    settings = itertools.product((1, 3, 5, 7), (1, 2), ("same", "valid"), CHANNELS)
    for size, stride, padding, filters in settings:
        layer = Conv(filters, size, stride, padding)
        places = itertools.product((7, 28, 32, 64), CHANNELS, (False, True), BATCHES)
        for image, channels, pool, batch in places:
            output = image if padding == "same" else image - size + 1
            if -(-output // stride) >= 2 or not pool:
                yield Case(layer, (image, image, channels), batch, pool)


def drawn(seed: int = 0) -> list[Case]:
    """The combinations that do not take too long, drawn in an order of the seed's.

    Dense layers, of which there are few, come after every seventh convolution.
    """
    possible = [case for case in cases() if case.multiply_adds <= LARGE]
    random.Random(seed).shuffle(possible)
    dense = [case for case in possible if isinstance(case.layer, Dense)]
    convolutions = [case for case in possible if isinstance(case.layer, Conv)]
    for number, case in enumerate(dense, start=1):
        convolutions.insert(8 * number - 1, case)
    return convolutions


def fastest(call: Callable[[], object], seconds: float) -> float:
    """The time of the fastest call, the first, which compiles, left out."""
    call()
    return min(durations(call, seconds))


def forward(case: Case, seconds: float) -> float:
    """Seconds of predicting a batch, into an array that is there: new memory can cost far more."""
    model = models.Sequential([Input(case.inputs), *case.layers()])
    x = np.random.default_rng(0).random((case.batch, *case.inputs), np.float32)
    program = engine.InferenceProgram(model.graph)
    out = program.run(x)
    return fastest(lambda: program.run(x, out), seconds)


def training(case: Case, seconds: float) -> float:
    """Seconds of a step."""
    shape = (*case.inputs[:-1], 1)
    model = models.Sequential([Input(shape), case.before(), *case.layers()])
    x = np.random.default_rng(0).random((case.batch, *shape), np.float32)
    y = np.zeros_like(model.predict_on_batch(x))
    index = np.arange(case.batch)
    program = engine.TrainingProgram(
        model.graph, case.batch, [losses.MeanSquaredError()], optimizers.SGD()
    )
    return fastest(lambda: program.step([x], [y], index), seconds)


@dataclass(frozen=True)
class Speed:
    """What a case reached.

    Attributes:
        case: The case.
        forward: Seconds of a forward call.
        training: Seconds of a step.
    """

    case: Case
    forward: float
    training: float

    @property
    def gflops(self) -> tuple[float, float]:
        """Forward, and in training, where kernel's and input's gradients are as much work again."""
        work = 2 * self.case.multiply_adds / 1e9
        return work / self.forward, 3 * work / self.training

    def cells(self) -> list[str]:
        """A line of the table."""
        microseconds = (f"{1e6 * seconds:,.0f}" for seconds in (self.forward, self.training))
        return [str(self.case), *(f"{speed:.1f}" for speed in self.gflops), *microseconds]


def markdown(speeds: list[Speed]) -> str:
    """All that was measured, and the worst of it."""
    header = ["", "GFLOP/s forward", "in training", "µs forward", "in training"]
    parts = ["## All\n", report.table(header, [speed.cells() for speed in speeds])]
    large = [speed for speed in speeds if speed.case.multiply_adds >= SMALL]
    for position, title in enumerate(("forward", "in training")):
        worst = sorted(large, key=lambda speed: speed.gflops[position])[:10]
        parts += [
            f"\n## The ten worst {title}, of {len(large)} with {SMALL // 10**6} million "
            "multiply-adds or more\n",
            report.table(header, [speed.cells() for speed in worst]),
        ]
    return "\n".join(parts)


def main() -> None:
    """Measures for as long as the options say and prints the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=300, help="of the run (default 300)")
    parser.add_argument("--quick", action="store_true", help="the same as --seconds 30")
    parser.add_argument("--seed", type=int, default=0, help="of the shapes drawn (default 0)")
    options = parser.parse_args()

    end = time.perf_counter() + (30 if options.quick else options.seconds)
    possible = drawn(options.seed)
    speeds: list[Speed] = []
    for case in possible:
        speeds.append(Speed(case, forward(case, 0.05), training(case, 0.05)))
        peers.progress(" | ".join(speeds[-1].cells()))
        if time.perf_counter() > end:
            break
    print(markdown(speeds))
    print(f"\n{len(speeds)} of {len(possible):,} shapes, {machine.cores()} cores.\n")
    print(report.circumstances([peers.PEERS["convlet"].versions(peers.ENVIRONMENTS)]))


if __name__ == "__main__":
    main()
