"""`convlet evaluate`: how well a trained network does, class by class."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from convlet.cli.parameters import Verb, data_argument, json_option, model_argument

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from convlet.cli.classifier import Classifier
    from convlet.datasets import LabelledImages

WORST_PAIRS = 5
CHUNK = 1000  # images between two movements of the progress bar


@click.command(
    cls=Verb,
    examples=(
        "convlet evaluate model.keras digits",
        "convlet evaluate model.keras shapes.npz --json",
    ),
)
@model_argument
@data_argument
@json_option
def evaluate(model_path: Path, data: str, as_json: bool) -> None:
    """Test a trained network on the test images of DATA.

    DATA is mnist, fashion_mnist, cifar10, digits or the path of an .npz file. Shown are the share
    of images that are put into their class, the same for each class, and what is taken for what
    most often.
    """
    import numpy as np

    from convlet.cli import output as screen
    from convlet.cli.classifier import load_classifier
    from convlet.datasets import load

    classifier = load_classifier(model_path)
    images = load(data)
    _check_fit(model_path, classifier, images)
    predictions = []
    with screen.progress_display("Testing", quiet=as_json) as display:
        for start in range(0, len(images.x_test), CHUNK):
            probabilities = classifier.probabilities(images.x_test[start : start + CHUNK])
            predictions.append(probabilities.argmax(axis=1))
            display.update((start + CHUNK) / len(images.x_test))
    result = _result(str(model_path), images, np.concatenate(predictions))
    if as_json:
        screen.print_json(result)
        return
    _print(result)
    if classifier.model.class_names and classifier.class_names != images.class_names:
        click.echo(
            f"The model was trained on other classes: {', '.join(classifier.class_names)}.",
            err=True,
        )
    if not classifier.scales_pixels:
        click.echo("The model has no Rescaling layer: pixels were given to it as 0 to 1.", err=True)


def _check_fit(path: Path, classifier: Classifier, images: LabelledImages) -> None:
    from convlet.errors import ShapeError

    if classifier.image_shape != images.image_shape:
        raise ShapeError(
            f"The model '{path}' needs images of shape {classifier.image_shape}. Received "
            f"{images.name} with images of shape {images.image_shape}."
        )
    if len(classifier.class_names) != images.classes:
        raise ShapeError(
            f"The model '{path}' needs data of {len(classifier.class_names)} classes. Received "
            f"{images.name} with {images.classes}."
        )


def _result(path: str, images: LabelledImages, predicted: NDArray[np.int64]) -> dict[str, Any]:
    """The result as plain values."""
    import numpy as np

    from convlet.workflow.intervals import wilson

    names, labels = images.class_names, images.y_test
    confusion = np.zeros((len(names), len(names)), int)
    np.add.at(confusion, (labels, predicted), 1)
    accuracy = wilson(int(confusion.trace()), len(labels))
    wrong = confusion - np.diag(confusion.diagonal())
    worst = np.argsort(-wrong, axis=None, kind="stable")[:WORST_PAIRS]
    pairs = [divmod(int(position), len(names)) for position in worst]
    return {
        "model": path,
        "data": images.name,
        "test_images": len(labels),
        "correct": int(confusion.trace()),
        "accuracy": accuracy.value,
        "accuracy_95_low": accuracy.low,
        "accuracy_95_high": accuracy.high,
        "interval": accuracy.method,
        "classes": [
            {"class": name, "images": int(row.sum()), "correct": int(row[number])}
            for number, (name, row) in enumerate(zip(names, confusion, strict=True))
        ],
        "confused": [
            {"class": names[true], "taken_for": names[taken], "times": int(wrong[true, taken])}
            for true, taken in pairs
            if wrong[true, taken]
        ],
        "confusion": confusion.tolist(),
    }


def _print(result: dict[str, Any]) -> None:
    from convlet.cli import output as screen

    screen.print_facts([("Test accuracy", screen.accuracy_text(result))])
    click.echo()
    screen.print_table(
        ("Class", "Images", "Correct", "Accuracy"),
        [
            (
                row["class"],
                f"{row['images']:,}",
                f"{row['correct']:,}",
                screen.percent(row["correct"] / row["images"]) if row["images"] else "–",
            )
            for row in result["classes"]
        ],
    )
    if result["confused"]:
        click.echo()
        screen.print_table(
            ("Class", "taken for", "Times"),
            [(row["class"], row["taken_for"], f"{row['times']:,}") for row in result["confused"]],
            title="Most often confused",
            text_columns=2,
        )
