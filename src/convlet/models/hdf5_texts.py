"""Texts that are attributes in an HDF5 file, read from its bytes.

HDF5 itself believes what a damaged file says of such texts' lengths: it then writes where it must
not, or goes round in circles. So it is never asked for them. What is read here is the form in which
Keras's files have them, as the HDF5 File Format Specification, version 3.0, describes it: an object
header of version 1 (IV.A.1.a), attribute messages (IV.A.2.m), and global heaps (III.E).
"""

from __future__ import annotations

import math
import mmap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from struct import unpack_from
from typing import Any

from convlet.errors import ModelFileError

_ATTRIBUTE, _CONTINUATION = 0x0C, 0x10
_FIXED_TEXT, _ANY_LENGTH = 3, 9
_MOST_STEPS = 10_000_000
"""From member to member of collections, in all: a file can make ways long that lead nowhere."""


class Texts:
    """The attributes of a file that are texts.

    Args:
        content: The file's bytes.
    """

    def __init__(self, content: mmap.mmap) -> None:
        self._content = content
        self._steps_left = _MOST_STEPS

    def one(self, owner: Any, name: str) -> str | None:
        """A text; None where there is none of that name.

        Args:
            owner: The group whose attribute it is.
            name: The attribute's name.
        """
        found = self._read(owner, name)
        return found[0].decode("utf-8") if found else None

    def several(self, owner: Any, name: str) -> list[str]:
        """A list of texts, which Keras cuts into several attributes where it is long.

        Args:
            owner: The group whose attribute it is.
            name: The attribute's name.
        """
        found = self._read(owner, name)
        number = 0
        while found is None or number:
            part = self._read(owner, f"{name}{number}")
            if part is None:
                break
            found = (found or []) + part
            number += 1
        return [item.decode("utf-8") for item in found or []]

    def _read(self, owner: Any, name: str) -> list[bytes] | None:
        import h5py

        for place, size in self._messages(h5py.h5o.get_info(owner.id).addr):
            version, *sizes = unpack_from("<BxHHH", self._content, place)
            step = 8 if version == 1 else 1
            starts = [place + (9 if version == 3 else 8)]
            for length in sizes:
                starts.append(starts[-1] + -(-length // step) * step)
            begin, kind, space, data = starts
            if self._content[begin : begin + sizes[0]].rstrip(b"\0") == name.encode():
                return self._values(kind, space, data, place + size)
        return None

    def _messages(self, header: int) -> Iterator[tuple[int, int]]:
        """Where the attributes of an object lie, and how long they are."""
        version, count, size = unpack_from("<BxH4xI", self._content, header)
        if version != 1:
            raise ModelFileError("It was written in a form of HDF5 that Keras does not write.")
        blocks = [(header + 16, size)]
        while blocks:
            place, size = blocks.pop(0)
            end = place + size
            while place + 8 <= end and count > 0:
                kind, length = unpack_from("<HH", self._content, place)
                if kind == _CONTINUATION:
                    blocks.append(unpack_from("<QQ", self._content, place + 8))
                elif kind == _ATTRIBUTE:
                    yield place + 8, length
                place += 8 + length
                count -= 1

    def _values(self, kind: int, space: int, data: int, end: int) -> list[bytes]:
        """The texts of an attribute, by where its type, its shape and its values lie."""
        version, rank = unpack_from("<BB", self._content, space)
        shape = unpack_from(f"<{rank}Q", self._content, space + (8 if version == 1 else 4))
        (size,) = unpack_from("<4xI", self._content, kind)
        texts = self._content[kind] & 0x0F
        if texts not in (_FIXED_TEXT, _ANY_LENGTH):
            if math.prod(shape) == 0:  # an empty list has no type
                return []
            raise ModelFileError("One of its attributes is no text.")
        if size == 0 or data + size * math.prod(shape) > end:
            raise ModelFileError("It is damaged where its texts are.")
        places = range(data, data + size * math.prod(shape), size)
        if texts == _FIXED_TEXT:
            return [self._content[place : place + size].rstrip(b"\0") for place in places]
        return [self._from_heap(*unpack_from("<IQI", self._content, place)) for place in places]

    def _from_heap(self, length: int, heap: int, wanted: int) -> bytes:
        """A member of a collection: each has a head of 16 bytes, and begins at a multiple of 8."""
        if self._content[heap : heap + 4] == b"GCOL":
            (size,) = unpack_from("<8xQ", self._content, heap)
            place = heap + 16
            while place + 16 <= heap + size and self._steps_left:
                self._steps_left -= 1
                number, stored = unpack_from("<H6xQ", self._content, place)
                if number == wanted and length <= stored:
                    return self._content[place + 16 : place + 16 + length]
                if number == 0:  # what follows is free
                    break
                place += 16 + -(-stored // 8) * 8
        raise ModelFileError("It is damaged where its texts are.")


@contextmanager
def opened_texts(path: Path) -> Iterator[Texts]:
    """The texts of a file."""
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        yield Texts(content)
