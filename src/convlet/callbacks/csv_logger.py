"""The figures of every epoch in a CSV file."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import Any, TextIO

from convlet import validation
from convlet.callbacks.callback import Callback, Logs
from convlet.errors import ArgumentError


class CSVLogger(Callback):
    """Writes a line with all figures after every epoch.

    Args:
        filename: Where to.
        separator: What stands between the columns.
        append: Go on in a file that is there, in its columns, rather than begin it anew.

    Raises:
        ArgumentError: `separator` is not one character; in `fit`, the file to go on in has other
            columns.

    Example:
        >>> callback = CSVLogger("training.csv", append=True)
    """

    def __init__(
        self, filename: str | os.PathLike[str], separator: str = ",", append: bool = False
    ) -> None:
        super().__init__()
        if not isinstance(separator, str) or len(separator) != 1:
            raise ArgumentError(
                validation.bad_argument("CSVLogger", "separator", "one character", separator)
            )
        self.filename = os.fspath(filename)
        self.separator = separator
        self.append = validation.boolean("CSVLogger", "append", append)
        self._file: TextIO | None = None
        self._writer: csv.DictWriter[str] | None = None

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Opens the file."""
        path = Path(self.filename)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._writer = None
        self._file = path.open("a+" if self.append else "w", newline="", encoding="utf-8")

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Writes the epoch's line."""
        row: dict[str, Any] = {"epoch": epoch, **(logs or {})}
        if self._file is None:
            return
        if self._writer is None:
            self._writer = self._begin_table(self._file, list(row))
        self._writer.writerow(row)
        self._file.flush()

    def _begin_table(self, file: TextIO, columns: list[str]) -> csv.DictWriter[str]:
        file.seek(0)
        found = next(csv.reader(file, delimiter=self.separator), []) if self.append else []
        if found and sorted(found) != sorted(columns):
            raise ArgumentError(
                f"CSVLogger needs {self.filename!r} to have the columns {', '.join(columns)}. "
                f"Received {', '.join(found)}. Pass another filename, or append=False."
            )
        file.seek(0, os.SEEK_END)
        writer = csv.DictWriter(file, found or columns, delimiter=self.separator)
        if not found:
            writer.writeheader()
        return writer

    def on_train_end(self, logs: Logs | None = None) -> None:
        """Closes the file."""
        if self._file is not None:
            self._file.close()
            self._file = None
