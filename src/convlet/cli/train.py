"""`convlet train`: a network from a recipe, tested, and saved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from convlet.cli.parameters import (
    Verb,
    check_network,
    check_optimizer,
    data_argument,
    json_option,
    threads_option,
)


@click.command(
    cls=Verb,
    examples=(
        "convlet train digits",
        "convlet train mnist --epochs 10 --seed 7",
        "convlet train fashion_mnist --network strided",
        "convlet train shapes.npz --output shapes-run",
    ),
)
@data_argument
@click.option(
    "--network",
    default="convnet",
    show_default=True,
    metavar="NAME",
    callback=check_network,
    help="convnet, dense, no_pooling, strided or average_pooling.",
)
@click.option(
    "--epochs",
    metavar="N",
    type=click.IntRange(min=1),
    help="How often each image is shown.  [default: 5, or 20 for under 10,000 images]",
)
@click.option(
    "--batch-size",
    default=64,
    show_default=True,
    metavar="N",
    type=click.IntRange(min=1),
    help="Images per step.",
)
@click.option(
    "--optimizer",
    default="rmsprop",
    show_default=True,
    metavar="NAME",
    callback=check_optimizer,
    help="rmsprop, sgd, adam or adamw.",
)
@click.option(
    "--learning-rate",
    metavar="RATE",
    type=click.FloatRange(min=0, min_open=True),
    help="Step size of the optimizer.  [default: the optimizer's own; 0.001 for rmsprop]",
)
@click.option(
    "--seed",
    default=1,
    show_default=True,
    metavar="N",
    type=click.IntRange(min=0, max=2**32 - 1),
    help="The same seed gives the same network.",
)
@threads_option
@click.option(
    "--output",
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="New folder for the result.  [default: convlet-runs/DATA-NETWORK-NUMBER]",
)
@click.option("--quiet", is_flag=True, help="Print only the result.")
@json_option
def train(data: str, as_json: bool, quiet: bool, output: Path | None, **settings: Any) -> None:
    """Train a network on DATA and test it.

    DATA is mnist, fashion_mnist, cifar10, digits (small, needs no network) or the path of an .npz
    file with the arrays x_train, y_train, x_test and y_test: uint8 images and their class numbers.

    The folder of the result holds the trained model (model.keras), the figures of every epoch
    (history.csv) and the result (result.json).
    """
    from convlet.cli import training

    training.run(data, as_json=as_json, quiet=quiet, output=output, **settings)
