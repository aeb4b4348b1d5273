"""`convlet summary`: the layers of a network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from convlet.cli.parameters import Verb, network_names, parse_shape

if TYPE_CHECKING:
    from convlet.models import Sequential


@click.command(
    cls=Verb,
    examples=(
        "convlet summary convnet",
        "convlet summary no_pooling --receptive-field",
        "convlet summary convnet --input-shape 64,64,3",
        "convlet summary convnet --engine training",
        "convlet summary convlet-runs/digits-convnet-1/model.keras",
    ),
)
@click.argument("network", metavar="NETWORK|MODEL.keras")
@click.option(
    "--input-shape",
    default="28,28,1",
    show_default=True,
    callback=parse_shape,
    metavar="H,W,C",
    help="Height, width and channels of the images, for a network by name.",
)
@click.option(
    "--classes",
    default=10,
    show_default=True,
    metavar="N",
    type=click.IntRange(min=2),
    help="How many classes there are, for a network by name.",
)
@click.option("--receptive-field", is_flag=True, help="Show what part of the image a value sees.")
@click.option("--multiply-adds", is_flag=True, help="Show how many multiplications an image takes.")
@click.option("--memory", is_flag=True, help="Show how many bytes each output takes.")
@click.option(
    "--engine",
    type=click.Choice(["training", "inference"]),
    help="Show, too, how the engine computes it, in steps of 64 images.",
)
def summary(
    network: str,
    input_shape: tuple[int, int, int],
    classes: int,
    receptive_field: bool,
    multiply_adds: bool,
    memory: bool,
    engine: str | None,
) -> None:
    """Show the layers of a network or of a saved model.

    NETWORK is convnet, dense, no_pooling, strided or average_pooling.
    """
    from convlet.cli import output as screen
    from convlet.workflow.recipe import LOSS, Recipe

    model = _model(network, input_shape, classes)
    screen.print_summary(
        model,
        receptive_field=receptive_field,
        multiply_adds=multiply_adds,
        memory=memory,
    )
    if engine is not None:
        if not model.compiled:
            model.compile(Recipe.optimizer, LOSS)
        click.echo(f"\n{model.explain(training=engine == 'training')}")


def _model(network: str, input_shape: tuple[int, int, int], classes: int) -> Sequential:
    """The saved model of that path, or the network of that name."""
    from convlet import networks, validation
    from convlet.cli.classifier import load_model

    if network.endswith(".keras") or Path(network).exists():
        return load_model(Path(network))
    if network not in network_names():
        needed = f"one of {', '.join(map(repr, network_names()))}, or the path of a .keras file"
        guess = validation.did_you_mean(network, network_names())
        message = validation.bad_argument("summary", "NETWORK", needed, network, guess)
        raise click.UsageError(message, click.get_current_context())
    return networks.build(network, input_shape, classes)
