"""`convlet predict`: what a trained network sees in a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from convlet.cli.parameters import Verb, json_option, model_argument

if TYPE_CHECKING:
    from convlet.cli.classifier import Classifier

CHUNK = 256  # images in memory at a time
DIGIT_NAMES = tuple("0123456789")


@click.command(
    cls=Verb,
    examples=(
        "convlet predict model.keras photo.png",
        "convlet predict model.keras scans/*.jpg --invert",
        "convlet predict model.keras photo.png --json",
    ),
)
@model_argument
@click.argument(
    "images", metavar="IMAGE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option("--invert", is_flag=True, help="Turn black into white, for dark strokes on paper.")
@json_option
def predict(model_path: Path, images: tuple[Path, ...], invert: bool, as_json: bool) -> None:
    """Classify each IMAGE with a trained network.

    A picture is turned upright, made grey or coloured as the network needs it, and scaled to fit
    the network's size with its proportions kept. Networks trained on mnist or digits expect white
    strokes on black: use --invert for dark strokes on light paper.
    """
    from convlet.cli import output as screen
    from convlet.cli.classifier import load_classifier

    classifier = load_classifier(model_path)
    rows: list[dict[str, Any]] = []
    with screen.progress_display("Classifying", quiet=as_json) as display:
        for start in range(0, len(images), CHUNK):
            rows += _classify(classifier, images[start : start + CHUNK], invert)
            display.update(len(rows) / len(images))
    if as_json:
        screen.print_json(rows)
    else:
        _print(rows)
        _hint(classifier, rows, invert)
    failed = sum("error" in row for row in rows)
    if failed:
        click.secho(
            f"Error: {failed} of {screen.count(len(rows), 'image')} could not be read.",
            fg="red",
            err=True,
        )
        click.get_current_context().exit(1)


def _classify(classifier: Classifier, paths: Sequence[Path], invert: bool) -> list[dict[str, Any]]:
    """One row for each picture: its class, or why it has none."""
    import numpy as np

    from convlet.cli.pictures import PictureError, looks_dark_on_light, read_picture

    rows: list[dict[str, Any]] = []
    pixels = []
    for path in paths:
        row: dict[str, Any] = {"image": str(path)}
        rows.append(row)
        try:
            picture = read_picture(path, classifier.image_shape, invert)
        except PictureError as error:
            row["error"] = str(error)
        else:
            row["dark_on_light"] = looks_dark_on_light(picture)
            pixels.append(picture)
    if pixels:
        answers = iter(classifier.probabilities(np.stack(pixels)))
        for row in rows:
            if "error" not in row:
                probabilities = next(answers)
                best = int(probabilities.argmax())
                row["class"] = classifier.class_names[best]
                row["probability"] = float(probabilities[best])
                row["probabilities"] = dict(
                    zip(classifier.class_names, probabilities.tolist(), strict=True)
                )
    return rows


def _print(rows: Sequence[dict[str, Any]]) -> None:
    from convlet.cli import output as screen

    screen.print_table(
        ("Image", "Class", "Probability"),
        [
            (row["image"], row["error"], "–")
            if "error" in row
            else (row["image"], row["class"], screen.percent(row["probability"], digits=1))
            for row in rows
        ],
        text_columns=2,
    )


def _hint(classifier: Classifier, rows: Sequence[dict[str, Any]], invert: bool) -> None:
    """Says what may be wrong with the way in which the pictures were given."""
    dark = sum(row.get("dark_on_light", False) for row in rows)
    if classifier.class_names == DIGIT_NAMES and dark and not invert:
        click.echo(
            f"{dark} of {len(rows)} look dark on light. Digits of mnist are white on black: "
            "try --invert.",
            err=True,
        )
    if not classifier.scales_pixels:
        click.echo("The model has no Rescaling layer: pixels were given to it as 0 to 1.", err=True)
