"""The values that several verbs take, checked before any work begins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

Function = TypeVar("Function", bound=Callable[..., Any])


class Verb(click.Command):
    """A command whose help ends with examples.

    Args:
        *args: As for `click.Command`.
        examples: Command lines.
        **settings: As for `click.Command`.
    """

    def __init__(self, *args: Any, examples: Sequence[str], **settings: Any) -> None:
        super().__init__(*args, **settings)
        self._examples = examples

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the examples, one a line."""
        with formatter.section("Examples"):
            for example in self._examples:
                formatter.write(f"{'':{formatter.current_indent}}{example}\n")


def check_data(ctx: click.Context, param: click.Parameter, value: str) -> str:
    """Refuses what is neither the name of a data set nor a file."""
    from convlet.datasets.labelled import NAMES, unknown_data

    if value not in NAMES and not Path(value).expanduser().is_file():
        raise click.UsageError(unknown_data("convlet", value), ctx)
    return value


def check_network(ctx: click.Context, param: click.Parameter, value: str) -> str:
    """Refuses what is not the name of a network."""
    return _one_of(network_names(), ctx, param, value)


def check_each_network(
    ctx: click.Context, param: click.Parameter, values: tuple[str, ...]
) -> tuple[str, ...]:
    """Refuses what is not the name of a network, of several values."""
    return tuple(check_network(ctx, param, value) for value in values)


def check_networks(
    ctx: click.Context, param: click.Parameter, value: str | None
) -> tuple[str, ...] | None:
    """Splits a list with commas, and refuses what is not the name of a network."""
    if value is None:
        return None
    names = dict.fromkeys(name.strip() for name in value.split(","))
    return tuple(_one_of(network_names(), ctx, param, name) for name in names)


def check_optimizer(ctx: click.Context, param: click.Parameter, value: str) -> str:
    """Refuses what is not the name of an optimizer."""
    return _one_of(["rmsprop", "sgd", "adam", "adamw"], ctx, param, value)


def parse_shape(ctx: click.Context, param: click.Parameter, value: str) -> tuple[int, ...]:
    """Turns 28,28,1 into height, width and channels."""
    parts = [part.strip() for part in value.split(",")]
    if len(parts) != 3 or not all(part.isdecimal() and int(part) > 0 for part in parts):
        raise click.UsageError(
            f"convlet needs {param.opts[0]} to be height, width and channels, such as 28,28,1. "
            f"Received {param.opts[0]} {value}.",
            ctx,
        )
    return tuple(int(part) for part in parts)


def network_names() -> list[str]:
    """The networks that can be trained."""
    from convlet.networks import NETWORKS

    return list(NETWORKS)


def _one_of(choices: Sequence[str], ctx: click.Context, param: click.Parameter, value: str) -> str:
    from convlet import validation
    from convlet.errors import ArgumentError

    try:
        return validation.one_of("convlet", param.opts[0], value, choices)
    except ArgumentError as error:
        raise click.UsageError(str(error), ctx) from error


def data_argument(function: Function) -> Function:
    """Adds the argument DATA."""
    return click.argument("data", metavar="DATA", callback=check_data)(function)


def model_argument(function: Function) -> Function:
    """Adds the argument MODEL.keras, a saved model."""
    path = click.Path(path_type=Path)
    return click.argument("model_path", metavar="MODEL.keras", type=path)(function)


def threads_option(function: Function) -> Function:
    """Adds the option --threads."""
    positive = click.IntRange(min=1)
    text = "Processor cores to use.  [default: all]"
    return click.option("--threads", metavar="N", type=positive, help=text)(function)


def json_option(function: Function) -> Function:
    """Adds the option --json."""
    text = "Print JSON and nothing else."
    return click.option("--json", "as_json", is_flag=True, help=text)(function)
