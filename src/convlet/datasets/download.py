"""Downloads a published file: checked, with a progress bar, and there only once it is whole."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import os
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_BLOCK_BYTES = 1 << 16
_TIMEOUT_SECONDS = 30.0


@dataclass(frozen=True)
class Download:
    """A published file.

    Args:
        url: Where it is published.
        path: Where it goes, relative to a folder of data sets.
        algorithm: The name of the checksum that its publisher gives, as `hashlib` knows it.
        checksum: That checksum, in hexadecimal.
    """

    url: str
    path: str
    algorithm: str
    checksum: str


class DownloadError(Exception):
    """A file could not be downloaded; the message is the reason."""


def download(source: Download, folder: Path) -> Path:
    """Downloads `source` into `folder` and returns the path of the file.

    The bytes go into a temporary file beside the target, which takes the target's name only when
    the checksum is right: whatever happens, no half file is left under that name.

    Raises:
        DownloadError: If the server cannot be reached, the connection ends early, the checksum is
            wrong or the folder cannot be written.
    """
    target = folder / source.path
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _temporary_beside(target) as file:
            digest = _fetch(source, file)
            if digest != source.checksum:
                raise DownloadError(
                    f"what the server sent is not the published file: its {source.algorithm} is "
                    f"{digest}, the published one {source.checksum}"
                )
            file.close()
            os.replace(file.name, target)
    except urllib.error.HTTPError as error:
        error.close()  # it holds the connection open
        raise DownloadError(f"the server answered {error.code} {error.reason}") from error
    except urllib.error.URLError as error:
        raise DownloadError(str(error.reason)) from error
    except (OSError, http.client.HTTPException) as error:
        raise DownloadError(str(error) or type(error).__name__) from error
    return target


@contextlib.contextmanager
def _temporary_beside(target: Path) -> Iterator[IO[bytes]]:
    """Opens a file beside `target`, and removes it at the end unless it was renamed."""
    file = tempfile.NamedTemporaryFile(  # noqa: SIM115 - closed and renamed by the caller
        dir=target.parent, prefix=f".{target.name}.", suffix=".part", delete=False
    )
    try:
        yield file
    finally:
        file.close()
        Path(file.name).unlink(missing_ok=True)


def _fetch(source: Download, file: IO[bytes]) -> str:
    """Copies the published file into `file` and returns its checksum."""
    digest = hashlib.new(source.algorithm, usedforsecurity=False)
    request = urllib.request.Request(source.url, headers={"User-Agent": "convlet"})
    with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as response:
        length = response.headers.get("Content-Length")
        expected = int(length) if length is not None else None
        received = 0
        with _progress(source.url, expected) as advance:
            while block := response.read(_BLOCK_BYTES):
                file.write(block)
                digest.update(block)
                received += len(block)
                advance(len(block))
    if expected is not None and received < expected:
        raise DownloadError(f"the connection ended after {received:,} of {expected:,} bytes")
    return digest.hexdigest()


@contextlib.contextmanager
def _progress(url: str, expected: int | None) -> Iterator[Callable[[int], None]]:
    """Shows a progress bar in a terminal, and one line elsewhere, both on standard error."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        print(f"Downloading {url}", file=sys.stderr)
        yield lambda size: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as progress:
        task = progress.add_task(f"Downloading {url.rpartition('/')[2]}", total=expected)
        yield lambda size: progress.advance(task, size)
