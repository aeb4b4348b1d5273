"""Reading the zip archive that a `.keras` file is, without taking its word for sizes."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from convlet.errors import ConvletError, ModelFileError, ModelFileNotFoundError
from convlet.models.hdf5 import LARGEST_PACKING, LARGEST_TEXT
from convlet.models.saving import CONFIG, METADATA, WEIGHTS

_LONGEST_REASON = 1000
"""Characters of a message: it may quote what a file says."""


class Archive(NamedTuple):
    """What a `.keras` file consists of.

    Attributes:
        config: What describes the model.
        metadata: Who wrote it, and convlet's own notes.
        weights: An HDF5 file.
    """

    config: dict[str, Any]
    metadata: dict[str, Any]
    weights: bytes


def read_archive(owner: str, path: Path) -> Archive:
    """Reads the members of a `.keras` file.

    Args:
        owner: Who asks, for the messages of errors.
        path: The file.

    Raises:
        ModelFileNotFoundError: Where there is no such file.
        ModelFileError: Where it is something else, or is damaged.
    """
    if not path.exists():
        raise ModelFileNotFoundError(f"{owner} needs a file. There is none at {str(path)!r}.")
    try:
        with zipfile.ZipFile(path) as archive:
            missing = {CONFIG, METADATA, WEIGHTS} - set(archive.namelist())
            if missing:
                raise ModelFileError(
                    f"{owner} needs a .keras file. {str(path)!r} is a zip archive without "
                    f"{' and '.join(sorted(missing))}."
                )
            config, metadata, weights = (
                _member(archive, owner, path, name) for name in (CONFIG, METADATA, WEIGHTS)
            )
    except ModelFileError:
        raise
    except Exception as error:  # zipfile and its unpackers raise a dozen kinds
        raise ModelFileError(_what_is_wrong(owner, path)) from error
    with readable(owner, path):
        return Archive(
            parse_json(f"Its {CONFIG}", config), parse_json(f"Its {METADATA}", metadata), weights
        )


def parse_json(what: str, content: bytes | str) -> dict[str, Any]:
    """The dictionary that a text in a file describes.

    Raises:
        ModelFileError: It describes none.
    """
    try:
        value = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ModelFileError(f"{what} is not JSON: {error}.") from error
    if not isinstance(value, dict):
        raise ModelFileError(f"{what} is not a dictionary.")
    return value


@contextmanager
def readable(owner: str, path: Path, hint: str = "") -> Iterator[None]:
    """Whatever goes wrong within it is a fault of the file, and is said to be.

    Args:
        owner: Who reads: "load_model" or "load_weights".
        path: The file.
        hint: What to do about it.
    """
    try:
        yield
    except Exception as error:  # what a file can do wrong has no end
        what = owner.removeprefix("load_")
        reason = f"{owner} cannot read the {what} in {str(path)!r}. {_reason(error)}"
        raise ModelFileError(f"{reason} {hint}".rstrip()) from error


def _reason(error: Exception) -> str:
    """The words of an error of convlet's, and where it came up; of any other, its kind too."""
    text = str(error)
    if len(text) > _LONGEST_REASON:
        text = f"{text[:_LONGEST_REASON]} …"
    if not isinstance(error, ConvletError):
        return f"It is damaged: {type(error).__name__}: {text}."
    place = " > ".join(error.place)
    return text if place in text else f"{place}: {text}"


def _member(archive: zipfile.ZipFile, owner: str, path: Path, name: str) -> bytes:
    info = archive.getinfo(name)
    stored = min(info.compress_size, path.stat().st_size)
    most = LARGEST_PACKING * (stored + 1)
    if info.file_size > (most if name == WEIGHTS else min(most, LARGEST_TEXT)):
        raise ModelFileError(
            f"{owner} needs a .keras file. {str(path)!r} says that its {name} has "
            f"{info.file_size} bytes, and has {stored} of them."
        )
    return archive.read(name)


def _what_is_wrong(owner: str, path: Path) -> str:
    needed = f"{owner} needs a .keras file."
    if path.is_dir():
        return f"{needed} {str(path)!r} is a folder."
    with open(path, "rb") as file:
        start = file.read(8)
    if start.startswith(b"PK\x03\x04"):
        return f"{needed} {str(path)!r} is damaged or cut short. Copy or save it again."
    return f"{needed} {str(path)!r} is something else."
