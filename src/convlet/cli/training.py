"""What `convlet train` does, once its options are known."""

from __future__ import annotations

import csv
import dataclasses
import json
import time
from pathlib import Path
from typing import Any

import click
import numpy as np

import convlet
from convlet import networks
from convlet.callbacks import Callback
from convlet.cli import output as screen
from convlet.cli.runs import RunFolder
from convlet.datasets import LabelledImages, load
from convlet.models import Sequential
from convlet.workflow import recipe
from convlet.workflow.intervals import wilson
from convlet.workflow.recipe import Recipe

MANY_IMAGES = 10_000


def run(
    data: str,
    *,
    as_json: bool,
    quiet: bool,
    output: Path | None,
    threads: int | None,
    epochs: int | None,
    **settings: Any,
) -> None:
    """Trains, tests and saves a network; `settings` are the other fields of a `Recipe`."""
    quiet = quiet or as_json
    if threads is not None:
        convlet.set_threads(threads)
    images = load(data)
    few = len(images.x_train) < MANY_IMAGES  # few images need more epochs for as many steps
    chosen = Recipe(epochs=epochs or (20 if few else 5), **settings)
    model = chosen.compiled_model(images)
    with RunFolder(output, f"{images.name}-{chosen.network}") as folder:
        if not quiet:
            _introduce(images, chosen, model)
        with screen.progress_display("Training", quiet) as display:
            watcher = _Watcher(display)
            try:
                recipe.fit(model, images, chosen, [watcher])
            except KeyboardInterrupt:
                if not watcher.rows:
                    raise
            display.line("")
        result = _result(images, chosen, model, watcher)
        _write(folder.path, model, watcher.rows, result)
        kept = folder.publish()
    result["output"] = str(kept)
    if as_json:
        screen.print_json(result)
    else:
        _print_result(result)
    if not result["finished"]:
        done = screen.count(result["epochs"], "epoch")
        click.secho(
            f"Stopped after {done} of {chosen.epochs}. The network as it was then is kept.",
            fg="red",
            err=True,
        )
        click.get_current_context().exit(130)


class _Watcher(Callback):
    """Shows how training goes on, and keeps the figures of every epoch."""

    def __init__(self, display: screen.ProgressDisplay) -> None:
        super().__init__()
        self._display = display
        self._start = time.perf_counter()
        self.rows: list[dict[str, float]] = []

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self._start = time.perf_counter()

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        epochs = self.params["epochs"]
        done = len(self.rows) + (batch + 1) / self.params["steps"]
        loss = (logs or {}).get("loss", float("nan"))
        self._display.update(done / epochs, f"Epoch {len(self.rows) + 1}/{epochs}  loss {loss:.4f}")

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        figures = {name: float(value) for name, value in (logs or {}).items()}
        seconds = time.perf_counter() - self._start
        self.rows.append({"epoch": epoch + 1, **figures, "seconds": seconds})
        epochs = self.params["epochs"]
        self._display.line(
            f"Epoch {epoch + 1:>{len(str(epochs))}}/{epochs}   loss {figures['loss']:.4f}   "
            f"accuracy {screen.percent(figures['accuracy']):>8}   {seconds:.1f} s"
        )


def _introduce(images: LabelledImages, chosen: Recipe, model: Sequential) -> None:
    """Says what is about to be trained on what, and how."""
    height, width, channels = images.image_shape
    colour = {1: "grey", 3: "colour"}.get(channels, screen.count(channels, "channel"))
    rate = "" if chosen.learning_rate is None else f" at learning rate {chosen.learning_rate:g}"
    facts = [
        (
            "Data",
            f"{images.name}: {len(images.x_train):,} training and "
            f"{screen.count(len(images.x_test), 'test image')}, {height}x{width} pixels, {colour}, "
            f"{images.classes} classes",
        ),
        ("Network", f"{chosen.network}: {networks.NETWORKS[chosen.network].description}"),
        (
            "Recipe",
            f"{screen.count(chosen.epochs, 'epoch')}, batches of {chosen.batch_size}, "
            f"{chosen.optimizer}{rate}, seed {chosen.seed}",
        ),
    ]
    screen.print_facts(facts)
    click.echo()
    screen.print_summary(model)
    click.echo()


def _result(
    images: LabelledImages, chosen: Recipe, model: Sequential, watcher: _Watcher
) -> dict[str, Any]:
    """Everything that result.json says."""
    correct = recipe.count_correct(model, images.x_test, images.y_test)
    accuracy = wilson(correct, len(images.y_test))
    majority = int(np.bincount(images.y_train).argmax())
    return {
        "convlet": convlet.__version__,
        "data": images.name,
        "class_names": list(images.class_names),
        "recipe": dataclasses.asdict(chosen),
        "finished": len(watcher.rows) == chosen.epochs,
        "epochs": len(watcher.rows),
        "seconds": sum(row["seconds"] for row in watcher.rows),
        "parameters": model.count_params(),
        "test_images": len(images.y_test),
        "correct": correct,
        "accuracy": accuracy.value,
        "accuracy_95_low": accuracy.low,
        "accuracy_95_high": accuracy.high,
        "interval": accuracy.method,
        "majority_class": images.class_names[majority],
        "majority_accuracy": float(np.mean(images.y_test == majority)),
    }


def _write(
    folder: Path, model: Sequential, rows: list[dict[str, float]], result: dict[str, Any]
) -> None:
    model.save(folder / "model.keras")
    with (folder / "history.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    text = json.dumps(result, indent=2) + "\n"
    (folder / "result.json").write_text(text, encoding="utf-8")


def _print_result(result: dict[str, Any]) -> None:
    screen.print_facts(
        [
            ("Test accuracy", screen.accuracy_text(result)),
            (
                "For comparison",
                f"{screen.percent(result['majority_accuracy'])} by always answering "
                f"'{result['majority_class']}'",
            ),
            ("Training", f"{result['seconds']:.1f} s"),
            ("Saved in", result["output"]),
        ]
    )
