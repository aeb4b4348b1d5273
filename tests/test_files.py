"""Files that appear whole or not at all."""

from __future__ import annotations

import pytest

from convlet.files import written_whole


def test_a_file_takes_the_place_of_the_old_one(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with written_whole(path) as file:
        file.write(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def interrupted(path):
    with written_whole(path) as file:
        file.write(b"half")
        raise KeyboardInterrupt


def test_an_interruption_leaves_the_old_one(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt):
        interrupted(path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
