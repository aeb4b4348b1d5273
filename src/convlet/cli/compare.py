"""`convlet compare`: the argument for convolution and pooling, as an experiment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from convlet.cli.parameters import (
    Verb,
    check_data,
    check_networks,
    json_option,
    threads_option,
)

if TYPE_CHECKING:
    from convlet.workflow.results import Comparison, NetworkResult


@click.command(
    cls=Verb,
    examples=(
        "convlet compare",
        "convlet compare --data digits --epochs 20",
        "convlet compare --networks dense,convnet --seeds 5",
    ),
)
@click.option(
    "--data",
    default="mnist",
    show_default=True,
    metavar="DATA",
    callback=check_data,
    help="As in train.",
)
@click.option(
    "--seeds",
    default=3,
    show_default=True,
    metavar="N",
    type=click.IntRange(min=1),
    help="How often each network is trained.",
)
@click.option(
    "--epochs",
    default=5,
    show_default=True,
    metavar="N",
    type=click.IntRange(min=1),
    help="How often each image is shown.",
)
@click.option(
    "--networks",
    callback=check_networks,
    metavar="NAME,NAME",
    help="Some of convnet, dense, no_pooling, strided, average_pooling.  [default: all]",
)
@threads_option
@json_option
def compare(
    data: str,
    seeds: int,
    epochs: int,
    networks: tuple[str, ...] | None,
    threads: int | None,
    as_json: bool,
) -> None:
    """Compare a convnet with networks that lack what makes it one.

    Trains five networks with several seeds each: dense layers alone, and a convnet whose feature
    maps shrink by max pooling, not at all, by strides, or by average pooling. Shows their sizes,
    their accuracy on the test images with a 95 % interval, and how many fewer errors they make
    than the dense network. On mnist this takes a few minutes.
    """
    import convlet
    from convlet.cli import output as screen
    from convlet.datasets import load
    from convlet.workflow.compare import Step
    from convlet.workflow.compare import compare as run_comparison

    chosen = networks or tuple(convlet.networks.NETWORKS)
    if threads is not None:
        convlet.set_threads(threads)
    images = load(data)
    with screen.progress_display("Comparing", quiet=as_json) as display:

        def report(step: Step) -> None:
            display.update(step.fraction, f"{step.network}, seed {step.seed}")

        comparison = run_comparison(images, chosen, seeds, epochs, report)
    if as_json:
        screen.print_json(comparison.as_dict())
    else:
        _print(comparison)


def _print(comparison: Comparison) -> None:
    from convlet.cli import output as screen
    from convlet.workflow.results import size

    dash = "–"
    screen.print_facts(
        [
            (
                "Experiment",
                f"{comparison.data}: {comparison.training_images:,} training and "
                f"{comparison.test_images:,} test images, "
                f"{screen.count(comparison.epochs, 'epoch')}, "
                f"{screen.count(len(comparison.seeds), 'seed')}",
            )
        ]
    )
    click.echo()
    screen.print_table(
        ("Network", "Parameters", "Last map", "Dense(512)", "Sees"),
        [
            (
                result.network,
                f"{result.parameters:,}",
                dash if result.coefficients is None else f"{result.coefficients:,}",
                dash if result.dense_parameters is None else f"{result.dense_parameters:,}",
                size(result.field),
            )
            for result in comparison.results
        ],
        title="What they are",
    )
    screen.print_text(
        "Last map: values of the last feature map. Dense(512): parameters of a dense layer of 512 "
        "units on it. Sees: the pixels that one of these values depends on."
    )
    click.echo()
    screen.print_table(
        ("Network", "Accuracy", "95 % interval", "Errors", "Seconds"),
        [
            (
                result.network,
                screen.percent(result.accuracy.value),
                f"{100 * result.accuracy.low:.2f}–{100 * result.accuracy.high:.2f}",
                dash
                if result.error_reduction is None
                else f"{-100 * result.error_reduction:+.0f} %",
                f"{result.seconds:.1f}",
            )
            for result in comparison.results
        ],
        title="What they reach",
    )
    screen.print_text(
        f"95 % interval: {comparison.results[0].accuracy.method}. Errors: against the dense "
        "network. Seconds: one training."
    )
    click.echo()
    screen.print_text(comparison.conclusion)


def _more_errors(result: NetworkResult) -> str:
    """Errors against those of the dense network: "-50 %" for half as many."""
    return "–" if result.error_reduction is None else f"{-100 * result.error_reduction:+.0f} %"
