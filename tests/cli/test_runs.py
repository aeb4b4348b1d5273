"""A run's folder: all or nothing, and never in the place of another."""

import re
from pathlib import Path

import pytest

from convlet.cli.runs import RunFolder
from convlet.errors import ArgumentError


@pytest.fixture(autouse=True)
def empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def make(chosen=None, text="mine"):
    with RunFolder(chosen, "digits-dense") as folder:
        (folder.path / "file").write_text(text)
        return folder.publish()


def everything():
    return sorted(path.as_posix() for path in Path().rglob("*"))


def test_runs_are_numbered():
    assert [make().as_posix() for _ in range(3)] == [
        f"convlet-runs/digits-dense-{number}" for number in (1, 2, 3)
    ]


@pytest.mark.parametrize("exists", [True, False])
def test_a_chosen_folder(exists):
    if exists:
        Path("deep/run").mkdir(parents=True)
    assert make(Path("deep/run")) == Path("deep/run")
    assert everything() == ["deep", "deep/run", "deep/run/file"]


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_nothing_is_overwritten(kind):
    if kind == "file":
        Path("run").write_text("precious")
    else:
        make(Path("run"), "precious")
    before = everything()
    with pytest.raises(ArgumentError) as caught:
        make(Path("run"))
    assert str(caught.value) == (
        "train needs --output to be a new or empty folder, so that no run is overwritten. "
        "Received --output run."
    )
    assert everything() == before


def test_a_folder_that_was_filled_meanwhile_is_kept():
    with RunFolder(Path("run"), "x") as folder:
        Path("run").mkdir()
        Path("run/file").write_text("precious")
        with pytest.raises(OSError, match="not empty"):
            folder.publish()
    assert Path("run/file").read_text() == "precious"
    assert everything() == ["run", "run/file"]


def test_nothing_is_left_of_what_was_not_published():
    with RunFolder(Path("run"), "x") as folder:
        (folder.path / "file").write_text("half")
    assert everything() == []


def test_a_place_that_cannot_be_written_to_is_refused_before_anything_is_done(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    message = (
        "train needs a folder that it can write its results to. "
        f"Received {blocked}: Not a directory. Choose another with --output."
    )
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        RunFolder(blocked / "run", "digits").__enter__()
