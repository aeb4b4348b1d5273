"""Reading HDF5 files that anybody may have made.

Such a file can point to others, can be a few bytes that claim to be terabytes, and can be damaged
anywhere. What is read here are numbers that lie in the file itself, of a shape that was asked for.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlet.errors import ModelFileError

LARGEST_TEXT = 1 << 28
"""Bytes of a configuration: hundreds of times more than that of any network."""
LARGEST_PACKING = 1100
"""How many bytes one byte can at most become where it was packed by deflate, rounded up."""


SIGNATURE = b"\x89HDF\r\n\x1a\n"
"""What every such file begins with."""


def is_hdf5(path: Path) -> bool:
    """Whether a file is one, whatever it is called."""
    if not path.is_file():
        return False
    with open(path, "rb") as file:
        return file.read(len(SIGNATURE)) == SIGNATURE


@contextmanager
def opened(file: bytes | Path) -> Iterator[Any]:
    """The root of an HDF5 file, given as its bytes or as its path."""
    import h5py

    opened = io.BytesIO(file) if isinstance(file, bytes) else open(file, "rb")  # noqa: SIM115
    with opened as content, h5py.File(content, "r") as root:
        yield root


def group(parent: Any, path: str) -> Any | None:
    """A group below another; None where there is none.

    Raises:
        ModelFileError: The path leads out of the file or around in it, or to no group.
    """
    import h5py

    for name in path.split("/"):
        if name not in parent:
            return None
        parent = _member(parent, name)
        if not isinstance(parent, h5py.Group):
            raise ModelFileError(f"Its {parent.name!r} is no group.")
    return parent


def array(parent: Any, name: str, shape: Sequence[int] | None = None) -> NDArray[Any]:
    """A dataset's numbers, read only where its shape is the one that is needed.

    Args:
        parent: The group that it is in.
        name: Its name or path there.
        shape: The shape; None for any that the file has the numbers for.

    Raises:
        ModelFileError: There is none, or it is of another shape, or no numbers, or elsewhere.
    """
    import h5py

    *folders, last = name.split("/")
    for folder in folders:
        parent = _member(parent, folder)
    found = _member(parent, last)
    if not isinstance(found, h5py.Dataset):
        raise ModelFileError(f"Its {found.name!r} is no array.")
    if found.external or found.is_virtual:
        raise ModelFileError(f"Its {found.name!r} lies in another file.")
    if found.shape is None or found.dtype.kind not in "fiub":
        raise ModelFileError(f"Its {found.name!r} holds no numbers.")
    if shape is not None and found.shape != tuple(shape):
        raise ModelFileError(
            f"The model needs an array of shape {tuple(shape)} at {found.name!r}. "
            f"Received shape {found.shape}."
        )
    chunk = math.prod(found.chunks or ())
    stored = found.id.get_storage_size()
    if chunk > max(found.size, 1) or (
        shape is None and found.nbytes > LARGEST_PACKING * (stored + 1)
    ):
        raise ModelFileError(f"Its {found.name!r} would take more memory than its numbers.")
    values: NDArray[Any] = np.asarray(found[()])
    return values


def _member(parent: Any, name: str) -> Any:
    """What lies in a group, and not merely is pointed to from there."""
    import h5py

    if name not in parent:
        raise ModelFileError(f"It has no {parent.name.rstrip('/')}/{name}.")
    link = parent.get(name, getlink=True)
    if not isinstance(link, h5py.HardLink):
        where = "another file" if isinstance(link, h5py.ExternalLink) else "another place"
        raise ModelFileError(f"Its {parent.name.rstrip('/')}/{name} is a link to {where}.")
    return parent[name]
