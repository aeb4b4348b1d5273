import sys
from pathlib import Path

import numpy as np
import pytest

import peers


def test_a_side_trains_and_reports_its_figures(tmp_path):
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (70, 28, 28), np.uint8)
    labels = rng.integers(0, 10, 70, np.uint8)
    np.savez(tmp_path / "data.npz", x_train=images, y_train=labels, x_test=images, y_test=labels)
    side = peers.Side("convlet", "convlet", Path(sys.executable))
    figures = side.train(tmp_path / "data.npz", epochs=2, seed=0, evaluate=True)
    assert len(figures["epoch_seconds"]) == 2
    assert all(seconds > 0 for seconds in figures["epoch_seconds"])
    assert 0 <= figures["test_accuracy"] <= 1
    assert set(figures) == {"import_seconds", "epoch_seconds", "peak_mebibytes", "test_accuracy"}


def test_a_side_that_fails_shows_its_error(tmp_path):
    side = peers.Side("convlet", "convlet", Path(sys.executable))
    with pytest.raises(SystemExit, match="No such file or directory"):
        side.train(tmp_path / "missing.npz", epochs=1, seed=0, evaluate=False)


def test_versions_name_what_is_compared():
    versions = peers.Side("convlet", "convlet", Path(sys.executable)).versions()
    assert [part.split()[0] for part in versions.split(", ")] == ["convlet", "numba"]


@pytest.mark.parametrize("option", [["--keras-python", "elsewhere/python"], ["--keras-python=x"]])
def test_the_printed_command_is_no_machines_own(monkeypatch, option):
    script = str(Path("somewhere") / "benchmarks" / "epoch.py")
    monkeypatch.setattr(sys, "argv", [script, "--rounds", "5", *option])
    assert peers.command_line() == "python benchmarks/epoch.py --rounds 5"


def test_a_table_is_markdown():
    table = peers.markdown_table(["", "seconds"], [["one", "1.0"], ["two", "2.0"]])
    assert table == "|  | seconds |\n| --- | ---: |\n| one | 1.0 |\n| two | 2.0 |"
