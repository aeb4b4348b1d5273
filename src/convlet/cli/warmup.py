"""`convlet warmup`: compiles what networks need, before they are used."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from convlet.cli.parameters import Verb, check_each_network, json_option, network_names

if TYPE_CHECKING:
    from convlet.models import Sequential


@click.command(
    cls=Verb,
    examples=(
        "convlet warmup",
        "convlet warmup --network convnet --network dense",
        "convlet warmup --model model.keras --cache kernels",
    ),
)
@click.option(
    "--network",
    "names",
    metavar="NAME",
    multiple=True,
    callback=check_each_network,
    help="A network to compile, by name; can be given several times.  [default: all]",
)
@click.option(
    "--model",
    "model_path",
    metavar="FILE.keras",
    type=click.Path(path_type=Path),
    help="A saved model to compile, instead of the networks or beside them.",
)
@click.option(
    "--cache",
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="Where to keep what is compiled.  [default: CONVLET_CACHE, or the user's cache]",
)
@json_option
def warmup(
    names: tuple[str, ...], model_path: Path | None, cache: Path | None, as_json: bool
) -> None:
    """Compile what networks need, so that their first use needn't.

    For a container image, say: run it when the image is built, and set CONVLET_CACHE to the same
    folder where containers run. They may lack the right to write to it.

    Networks are convnet, dense, no_pooling, strided and average_pooling, for the images of the data
    sets that have names. They are compiled for training with rmsprop, adam and sgd, and for use.
    The result holds for this kind of processor and this version of convlet.
    """
    from convlet.cli import output as screen
    from convlet.workflow.warmup import warm_up

    if cache is not None:
        os.environ["CONVLET_CACHE"] = str(cache.expanduser().absolute())
    models = _models(names, model_path)
    with screen.progress_display("Compiling", quiet=as_json) as display:
        done = warm_up(
            models,
            lambda number, count: display.update(
                number / count, f"Compiling kernel {number + 1} of {count}"
            ),
        )
    if as_json:
        result = {
            "folder": str(done.folder),
            "kernels": done.kernels,
            "compiled": done.compiled,
            "seconds": done.seconds,
        }
        screen.print_json(result)
        return
    compiled = screen.count(done.compiled, "kernel")
    screen.print_facts(
        [
            ("Compiled", f"{compiled} of {done.kernels:,} in {done.seconds:.1f} s"),
            ("Kept in", str(done.folder)),
        ]
    )


def _models(names: tuple[str, ...], model_path: Path | None) -> list[Sequential]:
    from convlet.cli.classifier import load_model
    from convlet.workflow.warmup import named_models

    if model_path is None:
        return named_models(names or network_names())
    return [load_model(model_path), *named_models(names)]
