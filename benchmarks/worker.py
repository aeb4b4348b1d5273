"""Measures one thing with one framework, in this process, and prints the samples as JSON.

It runs under the interpreter of the framework that it measures, and so imports nothing but NumPy
and the standard library besides.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blocks import BLOCK_NETWORKS, BlockNetwork
from machine import memory
from networks import NETWORKS, Network

AnyNetwork = Network | BlockNetwork
EVERY_NETWORK: dict[str, AnyNetwork] = {**NETWORKS, **BLOCK_NETWORKS}

Samples = dict[str, list[float]]
"""What was measured, by the quantity's name."""


@dataclass(frozen=True)
class Task:
    """What to measure.

    Attributes:
        kind: A key of `KINDS`.
        network: A key of `EVERY_NETWORK`.
        batch: Images in a step of training, or in a prediction.
        images: Images in an epoch.
        seconds: How long to go on measuring, at least.
        epochs: Of a whole training.
        seed: Of the weights and the order of the images.
        call: "predict" for the call that everyone makes, "lowest" for the one with the least
            around it.
        precision: "float32", or "bfloat16" for products only.
        framework: A module of `sides`, and what it needs to know, as "keras_names:convlet".
        data: A file with MNIST; empty for random images.
        started: The clock when the command was given.
    """

    kind: str
    network: str
    batch: int = 64
    images: int = 0
    seconds: float = 0.0
    epochs: int = 5
    seed: int = 0
    call: str = "lowest"
    precision: str = "float32"
    framework: str = ""
    data: str = ""
    started: float = 0.0


def main() -> None:
    """Does the task in the command line."""
    task = Task(**json.loads(sys.argv[1]))
    module, _, package = task.framework.partition(":")
    side = importlib.import_module(f"sides.{module}")
    samples = KINDS[task.kind](task, side, package, EVERY_NETWORK[task.network])
    print(json.dumps(samples))


def train(task: Task, side: Any, package: str, network: AnyNetwork) -> Samples:
    """Seconds per image of training, in epochs of `images`, until `seconds` are over."""
    x, labels = random_images(network, task.images) if not task.data else mnist(task.data, "train")
    training = side.training(package, task.precision, network, x, labels, task.batch, task.seed)
    # Compiles for a full step and for a shorter last one, and settles memory and threads.
    warm_up = min(task.images, 4 * task.batch + task.images % task.batch)
    training.fit(warm_up, 1, lambda seconds: None)
    epochs: list[float] = []
    while sum(epochs) < task.seconds or not epochs:
        training.fit(task.images, 1, epochs.append)
    return {"seconds": [seconds / task.images for seconds in epochs]}


def script(task: Task, side: Any, package: str, network: AnyNetwork) -> Samples:
    """The chapter's script: all it does up to the end of its last epoch, beginning with imports.

    The first epoch, in which frameworks compile and allocate, is in the total only.
    """
    x, labels = mnist(task.data, "train")
    _tested_later = mnist(task.data, "test")  # held in memory as the script holds it
    training = side.training(package, task.precision, network, x, labels, task.batch, task.seed)
    epochs: list[float] = []
    resident: list[float | None] = []

    def epoch_ended(seconds: float) -> None:
        epochs.append(seconds / task.images)
        resident.append(memory("VmRSS"))

    training.fit(task.images, task.epochs, epoch_ended)
    return {
        "seconds": epochs[1:] or epochs,
        "total": [time.time() - task.started],
        "resident": [mebibytes for mebibytes in resident if mebibytes is not None],
        "peak": [mebibytes for mebibytes in [memory("VmHWM")] if mebibytes is not None],
    }


def accuracy(task: Task, side: Any, package: str, network: AnyNetwork) -> Samples:
    """The share of MNIST's test images that a trained network classifies rightly; its losses."""
    x, labels = mnist(task.data, "train")
    training = side.training(package, task.precision, network, x, labels, task.batch, task.seed)
    training.fit(min(task.images, len(x)), task.epochs, lambda seconds: None)
    test = mnist(task.data, "test")
    return {"losses": training.losses(), "accuracy": [training.accuracy(*test)]}


def predict(task: Task, side: Any, package: str, network: AnyNetwork) -> Samples:
    """Seconds per image of predicting the same batch over and over."""
    x, _ = random_images(network, task.batch)
    call = side.prediction(package, task.precision, network, x, task.call)
    for _ in range(10):
        call()
    return {"seconds": [seconds / task.batch for seconds in durations(call, task.seconds)]}


KINDS = {"train": train, "script": script, "accuracy": accuracy, "predict": predict}


def durations(call: Callable[[], object], seconds: float) -> list[float]:
    """How long each call took, of as many as fit into the time, but at least one."""
    taken: list[float] = []
    end = time.perf_counter() + seconds
    while not taken or time.perf_counter() < end:
        began = time.perf_counter()
        call()
        taken.append(time.perf_counter() - began)
    return taken


def mnist(path: str, part: str) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """MNIST's "train" or "test" images, as the chapter prepares them, and their labels."""
    with np.load(path) as data:
        images, labels = data[f"x_{part}"], data[f"y_{part}"]
    return images.reshape(-1, 28, 28, 1).astype(np.float32) / np.float32(255), labels


def random_images(network: AnyNetwork, count: int) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """Images of noise that a network can read, and labels."""
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (count, *network.input_shape), np.uint8)
    labels = rng.integers(0, network.classes, count, np.uint8)
    return pixels.astype(np.float32) / np.float32(255), labels


if __name__ == "__main__":
    main()
