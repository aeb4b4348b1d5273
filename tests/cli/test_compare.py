"""`convlet compare`: two tables and a conclusion, or JSON."""

import json

import numpy as np
import pytest


@pytest.fixture
def own_data(tmp_path):
    random = np.random.default_rng(10)
    images = random.integers(0, 256, (40, 18, 18), dtype=np.uint8)
    labels = np.arange(40) % 2
    np.savez(
        tmp_path / "own.npz", x_train=images[:20], y_train=labels[:20], x_test=images[20:],
        y_test=labels[20:],
    )  # fmt: skip
    return "own.npz"


def test_tables(run, monkeypatch, own_data):
    monkeypatch.setenv("COLUMNS", "60")
    result = run("compare", "--data", own_data, "--seeds", 2, "--epochs", 1)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].startswith("Experiment  own: 20 training and 20 test images, 1 epoch,")
    assert max(map(len, lines)) <= 60
    for name in ("convnet", "dense", "no_pooling", "strided", "average_pooling"):
        assert sum(line.startswith(f" {name} ") for line in lines) == 2
    assert "On own, the convnet puts" in result.stdout


def test_json(run, own_data, threads_asked_for):
    result = run(
        "compare", "--data", own_data, "--seeds", 1, "--epochs", 1, "--networks", "strided,dense",
        "--threads", 1, "--json",
    )  # fmt: skip
    assert result.exit_code == 0
    read = json.loads(result.stdout)
    assert [entry["network"] for entry in read["results"]] == ["strided", "dense"]
    assert read["seeds"] == [1]
    assert read["results"][1]["error_reduction"] is None
    assert threads_asked_for == [1]
