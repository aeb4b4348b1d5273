"""The folder of one training: there under its name only when all of its files are."""

from __future__ import annotations

import itertools
import os
import shutil
from pathlib import Path
from types import TracebackType

from convlet.errors import ArgumentError

RUNS = "convlet-runs"


class RunFolder:
    """A folder that is filled under a temporary name and then renamed, so never half there.

    Args:
        chosen: Its path; None takes the next free `convlet-runs/STEM-NUMBER`.
        stem: The beginning of the name that is then given.

    Raises:
        ArgumentError: If `chosen` exists and is not empty: no run is ever overwritten. On entering,
            if nothing can be written there.
    """

    def __init__(self, chosen: Path | None, stem: str) -> None:
        if chosen is not None and (chosen.is_file() or (chosen.is_dir() and any(chosen.iterdir()))):
            raise ArgumentError(
                "train needs --output to be a new or empty folder, so that no run is overwritten. "
                f"Received --output {chosen}."
            )
        self._chosen = chosen
        self._stem = stem
        parent = chosen.parent if chosen is not None else Path(RUNS)
        self._parent = parent
        self.path = parent / f".{chosen.name if chosen else stem}.{os.getpid()}.part"

    def __enter__(self) -> RunFolder:
        try:
            self.path.mkdir(parents=True)
        except OSError as error:
            raise ArgumentError(
                "train needs a folder that it can write its results to. "
                f"Received {self._parent}: {error.strerror}. Choose another with --output."
            ) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        shutil.rmtree(self.path, ignore_errors=True)

    def publish(self) -> Path:
        """Gives the folder its name and returns its path."""
        if self._chosen is not None:
            if self._chosen.is_dir():
                self._chosen.rmdir()  # refuses a folder that was filled meanwhile
            return self.path.rename(self._chosen)
        for number in itertools.count(1):
            target = self._parent / f"{self._stem}-{number}"
            if not target.exists():
                break
        return self.path.rename(target)
