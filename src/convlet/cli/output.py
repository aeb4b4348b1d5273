"""How results and progress look: results on standard output, progress on standard error."""

from __future__ import annotations

import contextlib
import json
import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from convlet.errors import ArgumentError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

    from convlet.models import Sequential


def console() -> Console:
    """The console for results; its colours and widths suit a terminal, a file or a pipe."""
    from rich.console import Console

    return Console(highlight=False)


def print_json(value: Any) -> None:
    """Prints a result for machines."""
    click.echo(json.dumps(value, indent=2))


def print_text(text: str) -> None:
    """Prints a result in words, broken at the terminal's width."""
    click.echo("\n".join(_wrapped(text, console().width)))


def _wrapped(text: str, width: int) -> list[str]:
    """Breaks a text into lines, but neither within a word nor before a per cent sign."""
    joined = text.replace(" %", "\N{NO-BREAK SPACE}%")
    lines = textwrap.wrap(joined, width, break_long_words=False, break_on_hyphens=False)
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]


def print_facts(facts: Sequence[tuple[str, str]]) -> None:
    """Prints named facts, one below the other, broken at the terminal's width."""
    indent = max(len(name) for name, _ in facts) + 2
    for name, fact in facts:
        lines = _wrapped(fact, console().width - indent)
        click.echo(click.style(name.ljust(indent), bold=True) + lines[0])
        for line in lines[1:]:
            click.echo(" " * indent + line)


def print_table(
    columns: Sequence[str], rows: Sequence[Sequence[str]], *, title: str = "", text_columns: int = 1
) -> None:
    """Prints a table: the first `text_columns` columns flush left, the numbers flush right."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    for position, column in enumerate(columns):
        text = position < text_columns
        table.add_column(column, justify="left" if text else "right", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    screen = console()
    with screen.capture() as capture:  # to leave out the spaces and blank lines around it
        screen.print(table)
    lines = [line.rstrip() for line in capture.get().splitlines()]
    if title:
        click.secho(title, bold=True)
    click.echo("\n".join(line for line in lines if line))


def print_summary(model: Sequential, **columns: bool) -> None:
    """Prints a model's layers, made narrower where the terminal is and that is possible."""
    texts: list[str] = []
    model.summary(print_fn=texts.append, **columns)
    width = console().width
    if max(map(len, texts[0].splitlines())) > width:
        with contextlib.suppress(ArgumentError):  # the width that these columns need at least
            model.summary(line_length=width, print_fn=texts.append, **columns)
    click.echo(texts[-1])


def percent(share: float, digits: int = 2) -> str:
    """A share in per cent.

    Example:
        >>> percent(0.9921)
        '99.21 %'
    """
    return f"{100 * share:.{digits}f} %"


def accuracy_text(result: dict[str, Any]) -> str:
    """A test accuracy in words, from the fields in which every verb's JSON has it."""
    return (
        f"{percent(result['accuracy'])} ({result['correct']:,} of "
        f"{count(result['test_images'], 'image')}), 95 % interval "
        f"{100 * result['accuracy_95_low']:.2f}–{percent(result['accuracy_95_high'])}"
    )


def count(number: int, noun: str) -> str:
    """A number with its noun.

    Example:
        >>> count(1, "epoch"), count(1437, "image")
        ('1 epoch', '1,437 images')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


class ProgressDisplay:
    """A bar that moves in a terminal, and lines that stay; all of it on standard error."""

    def __init__(self, progress: Progress | None, task: TaskID | None, quiet: bool) -> None:
        self._progress = progress
        self._task = task
        self._quiet = quiet

    def update(self, fraction: float, description: str | None = None) -> None:
        """Moves the bar to `fraction` of its length."""
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, completed=fraction, description=description)

    def line(self, text: str) -> None:
        """Leaves a line."""
        if self._quiet:
            return
        if self._progress is not None:
            self._progress.console.print(text, markup=False, highlight=False)
        else:
            click.echo(text, err=True)


@contextlib.contextmanager
def progress_display(description: str, quiet: bool = False) -> Iterator[ProgressDisplay]:
    """Shows a progress bar on standard error where that is a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    screen = Console(stderr=True)
    if quiet or not screen.is_terminal:
        yield ProgressDisplay(None, None, quiet)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=screen, transient=True) as progress:
        yield ProgressDisplay(progress, progress.add_task(description, total=1.0), quiet)
