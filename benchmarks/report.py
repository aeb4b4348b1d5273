"""From samples to Markdown: tables, ratios, and the circumstances under which they hold."""

from __future__ import annotations

import argparse
import datetime
import platform
import re
import shlex
import statistics
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import machine

NOT_MEASURED = "–"


@dataclass(frozen=True)
class Figures:
    """What is said about the samples of a quantity."""

    median: float
    best: float
    worst: float

    @classmethod
    def of(cls, samples: Sequence[float]) -> Figures:
        """The figures of at least one sample; the smallest is the best."""
        return cls(statistics.median(samples), min(samples), max(samples))

    def over(self, other: Figures) -> Figures:
        """These relative to others: medians by medians, best by best."""
        return Figures(self.median / other.median, self.best / other.best, self.worst / other.worst)


@dataclass(frozen=True)
class Unit:
    """How seconds per image are shown.

    Attributes:
        name: In the table's head.
        show: From seconds per image.
    """

    name: str
    show: Callable[[float], str]


EPOCH = Unit("s per 60,000 images", lambda seconds: f"{60_000 * seconds:.2f}")
MILLISECONDS = Unit("ms an image", lambda seconds: f"{1e3 * seconds:.2f}")
MICROSECONDS = Unit("µs an image", lambda seconds: f"{1e6 * seconds:.1f}")
RATE = Unit("images a second", lambda seconds: f"{1 / seconds:,.0f}")


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table whose first column is text and whose others are numbers."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def circumstances(versions: Iterable[str]) -> str:
    """Machine, versions, date and command, as the lines of a Markdown list."""
    each = dict.fromkeys(part for line in versions for part in line.split(", "))
    return "\n".join(
        [
            f"- machine: {machine.processor()}, {machine.cores()} cores, {platform.system()}",
            f"- versions: Python {platform.python_version()}, {', '.join(each)}",
            f"- date: {datetime.date.today().isoformat()}",
            f"- command: `{command_line()}`",
        ]
    )


def command_line() -> str:
    """This process's command, as it would be typed in the repository's folder.

    Without the options that say where things are on this machine, not what was measured.
    """
    places = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    places.add_argument("--environments")
    places.add_argument("--output")
    places.add_argument("--write", action="store_true")
    _, measured = places.parse_known_args(sys.argv[1:])
    return shlex.join(["python", f"benchmarks/{Path(sys.argv[0]).name}", *measured])


def replace_section(page: str, key: str, markdown: str) -> str:
    """The page with what stands between a table's two marks replaced.

    Raises:
        ValueError: The page has no such marks.
    """
    begin, end = f"<!-- begin: performance.py {key} -->", "<!-- end -->"
    between = re.compile(f"({re.escape(begin)}\n).*?({re.escape(end)})", re.DOTALL)
    replaced, count = between.subn(lambda found: f"{found[1]}{markdown}\n{found[2]}", page)
    if not count:
        raise ValueError(f"The page needs a line '{begin}' and, after it, a line '{end}'.")
    return replaced
