"""The command itself: its verbs, and what happens when one fails."""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import Any, NoReturn

import click

import convlet
from convlet import validation
from convlet.cli.compare import compare
from convlet.cli.evaluate import evaluate
from convlet.cli.parameters import Verb
from convlet.cli.predict import predict
from convlet.cli.summary import summary
from convlet.cli.train import train
from convlet.cli.warmup import warmup
from convlet.errors import ConvletError

FAILURE = 1
USAGE = 2
INTERRUPTED = 130  # what a shell expects: 128 + SIGINT


class Verbs(Verb, click.Group):
    """Commands whose errors are one red line, and whose misspelt names are recognised."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order in which they are used."""
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Finds the command that the first argument names."""
        name = args[0]
        if not name.startswith("-") and self.get_command(ctx, name) is None:
            listed = ", ".join(self.list_commands(ctx))
            guess = validation.did_you_mean(name, self.list_commands(ctx))
            message = f"There is no command {name!r}. {guess} The commands are {listed}."
            raise click.UsageError(message.replace("  ", " "), ctx)
        return super().resolve_command(ctx, args)

    def main(self, *args: Any, **extra: Any) -> NoReturn:
        """Runs the command and ends the process with 0, 1 (failure) or 2 (wrong usage)."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):  # what its encoding lacks becomes a "?"
                stream.reconfigure(errors="replace")
        extra["standalone_mode"] = False
        extra.setdefault("prog_name", self.name)
        try:
            code = super().main(*args, **extra)
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.format_message())
            sys.exit(USAGE)
        except click.UsageError as error:
            where = error.ctx.command_path if error.ctx else "convlet"
            _fail(f"{_usage_message(error)} See '{where} --help'.", USAGE)
        except click.ClickException as error:
            _fail(error.format_message(), FAILURE)
        except (click.Abort, KeyboardInterrupt):
            _fail("Stopped. Nothing was kept.", INTERRUPTED)
        except ConvletError as error:
            _fail(str(error), FAILURE)
        except OSError as error:
            if error.errno == errno.EPIPE:  # the reader, such as `head`, has left
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
                sys.exit(FAILURE)
            _fail(str(error), FAILURE)
        sys.exit(code if isinstance(code, int) else 0)


def _usage_message(error: click.UsageError) -> str:
    """What was wrong, worded here where click's wording differs from version to version."""
    if not isinstance(error, click.NoSuchOption) or error.ctx is None:
        return error.format_message()
    options = [name for param in error.ctx.command.get_params(error.ctx) for name in param.opts]
    guess = validation.did_you_mean(error.option_name, options)
    return f"There is no option {error.option_name!r}. {guess}".rstrip()


def _fail(message: str, code: int) -> NoReturn:
    click.secho(f"Error: {' '.join(message.split())}", fg="red", err=True)
    sys.exit(code)


@click.group(
    "convlet",
    cls=Verbs,
    examples=(
        "convlet train digits",
        "convlet summary convnet --receptive-field",
        "convlet evaluate convlet-runs/digits-convnet-1/model.keras digits",
        "convlet predict convlet-runs/digits-convnet-1/model.keras photo.png",
        "convlet compare --data digits",
        "convlet warmup --network convnet",
    ),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(convlet.__version__, message="convlet %(version)s")
def main() -> None:
    """Train convolutional networks on the CPU you have, and use them.

    Every command has a --help of its own.
    """


for verb in (train, evaluate, predict, summary, compare, warmup):
    main.add_command(verb)
