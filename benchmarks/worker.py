"""Trains the chapter's network in this process and prints what it took, as one line of JSON.

Keras and convlet have the same names, so one program measures both: only the imported package
differs. It runs under either's interpreter and so imports nothing but NumPy besides.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
from typing import Any

import numpy as np


def peak_memory() -> float | None:
    """The most memory this process has held, in MiB, or None where the system does not say."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


def chapter_network(framework: Any) -> Any:
    """The chapter's convnet with its classifier, compiled as the chapter compiles it."""
    layers = framework.layers
    model = framework.models.Sequential()
    model.add(framework.Input(shape=(28, 28, 1)))
    model.add(layers.Conv2D(32, (3, 3), activation="relu"))
    model.add(layers.MaxPooling2D((2, 2)))
    model.add(layers.Conv2D(64, (3, 3), activation="relu"))
    model.add(layers.MaxPooling2D((2, 2)))
    model.add(layers.Conv2D(64, (3, 3), activation="relu"))
    model.add(layers.Flatten())
    model.add(layers.Dense(64, activation="relu"))
    model.add(layers.Dense(10, activation="softmax"))
    model.compile(optimizer="rmsprop", loss="categorical_crossentropy", metrics=["accuracy"])
    return model


def epoch_timer(framework: Any) -> tuple[Any, list[float]]:
    """A callback that appends the seconds of each epoch to the list returned beside it."""
    seconds: list[float] = []

    class EpochTimer(framework.callbacks.Callback):  # type: ignore[misc]  # a class of either package
        def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
            self.began = time.perf_counter()

        def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
            seconds.append(time.perf_counter() - self.began)

    return EpochTimer(), seconds


def main() -> None:
    """Reads the options, trains, evaluates where asked, and prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("framework", choices=["convlet", "keras"])
    parser.add_argument("data", help="an .npz file with x_train, y_train, x_test and y_test")
    parser.add_argument("--epochs", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--evaluate", action="store_true", help="also report the test accuracy")
    options = parser.parse_args()

    began = time.perf_counter()
    framework = importlib.import_module(options.framework)
    model = chapter_network(framework)
    import_seconds = time.perf_counter() - began

    framework.utils.set_random_seed(options.seed)
    model = chapter_network(framework)  # again, now from the seed
    with np.load(options.data) as data:
        x_train, y_train, x_test, y_test = (
            data[name] for name in ("x_train", "y_train", "x_test", "y_test")
        )
    x_train = x_train.reshape(-1, 28, 28, 1).astype("float32") / 255
    x_test = x_test.reshape(-1, 28, 28, 1).astype("float32") / 255

    timer, epoch_seconds = epoch_timer(framework)
    model.fit(
        x_train,
        framework.utils.to_categorical(y_train, 10),
        batch_size=64,
        epochs=options.epochs,
        verbose=0,
        callbacks=[timer],
    )
    figures: dict[str, Any] = {
        "import_seconds": import_seconds,
        "epoch_seconds": epoch_seconds,
        "peak_mebibytes": peak_memory(),
    }
    if options.evaluate:
        targets = framework.utils.to_categorical(y_test, 10)
        figures["test_accuracy"] = float(model.evaluate(x_test, targets, verbose=0)[1])
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
