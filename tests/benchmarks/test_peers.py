import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import peers
import worker
from worker import Task

CONVLET = peers.PEERS["convlet"]


def test_a_turn_is_taken_in_a_process_of_its_own(tmp_path):
    samples = CONVLET.take_turn(Task("predict", "chapter", batch=2), tmp_path)
    assert min(samples["seconds"]) > 0
    assert list(tmp_path.iterdir()) == []


def test_a_turn_that_fails_shows_its_error(tmp_path):
    task = Task("train", "chapter", images=64, data=str(tmp_path / "missing.npz"))
    with pytest.raises(SystemExit, match="No such file or directory"):
        CONVLET.take_turn(task, tmp_path)


def test_a_turn_gets_the_rows_variables(tmp_path):
    words = re.escape("Received 'none'.")
    with pytest.raises(SystemExit, match=words):
        CONVLET.take_turn(
            Task("predict", "chapter", batch=2), tmp_path, {"CONVLET_THREADS": "none"}
        )


def test_versions_name_what_is_compared(tmp_path):
    versions = CONVLET.versions(tmp_path)
    assert [part.split()[0] for part in versions.split(", ")] == ["convlet", "numba"]


def test_a_complete_environment_is_used_as_it_is(tmp_path):
    peer = replace(CONVLET, environment="there")
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "complete").touch()
    python = peer.python(tmp_path)
    assert python.relative_to(tmp_path).parts[0] == "there"
    assert python.stem == "python"


def test_convlet_runs_in_this_environment(tmp_path):
    assert CONVLET.python(tmp_path) == Path(sys.executable)


def test_a_missing_environment_is_made(tmp_path, monkeypatch, capsys):
    commands = []
    monkeypatch.setattr(peers.subprocess, "run", lambda command, **_: commands.append(command))
    peer = replace(CONVLET, environment="new", packages=("one==1.0", "two"))
    monkeypatch.setattr(Path, "touch", lambda path: commands.append(path))
    python = peer.python(tmp_path)
    assert commands == [
        [sys.executable, "-m", "venv", str(tmp_path / "new")],
        [str(python), "-m", "pip", "install", "--quiet", "one==1.0", "two"],
        tmp_path / "new" / "complete",
    ]
    assert capsys.readouterr().err == f"installing one==1.0, two in {tmp_path / 'new'}\n"


def test_peers_that_share_an_environment_share_its_packages():
    packages = {}
    for peer in peers.PEERS.values():
        assert packages.setdefault(peer.environment, peer.packages) == peer.packages
    assert all(peer.precision in ("float32", "bfloat16") for peer in peers.PEERS.values())


def test_mnist_is_written_where_every_peer_reads_it(tmp_path, datasets_folder):
    peers.write_mnist(tmp_path / "mnist.npz", 100)
    images, labels = worker.mnist(str(tmp_path / "mnist.npz"), "train")
    assert (images.shape, labels.shape) == ((100, 28, 28, 1), (100,))
    assert images.max() == 1
    assert len(worker.mnist(str(tmp_path / "mnist.npz"), "test")[1]) == 10_000
