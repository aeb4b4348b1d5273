"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from convlet import validation
from convlet.errors import ArgumentError


@contextmanager
def written_whole(path: Path) -> Iterator[IO[bytes]]:
    """A new file that takes the place of `path` once everything is on the disk."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with open(temporary, "xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def checked_path(
    owner: str, filepath: str | os.PathLike[str], suffix: str, overwrite: bool
) -> Path:
    """Where a file can be written.

    Args:
        owner: Who writes, for the messages.
        filepath: Where the user wants it.
        suffix: How its name must end.
        overwrite: Whether a file that is there may be replaced.

    Raises:
        ArgumentError: The name ends otherwise, the folder is missing, or the file is there and may
            not be replaced.
    """
    path = Path(filepath)
    problem = ""
    fix = ""
    if not path.name.endswith(suffix):
        problem = f"a name that ends in {suffix!r}"
    elif not path.parent.is_dir():
        problem = "in a folder that exists"
    elif path.is_dir():
        problem = "a file, not a folder"
    elif path.exists() and not validation.boolean(owner, "overwrite", overwrite):
        problem = "new"
        fix = "Pass overwrite=True to replace the file."
    if problem:
        raise ArgumentError(validation.bad_argument(owner, "filepath", problem, str(path), fix))
    return path
