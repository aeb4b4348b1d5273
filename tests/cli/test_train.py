"""`convlet train`, on the digits: what it says, what it saves, and what a Ctrl-C leaves."""

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from convlet import models
from convlet.cli import output
from convlet.workflow import recipe


def test_a_run(run):
    result = run("train", "digits", "--network", "dense", "--epochs", 2)
    assert result.exit_code == 0
    assert result.stdout.startswith(
        "Data     digits: 1,437 training and 360 test images, 28x28 pixels, grey, 10\n"
        "         classes\n"
        "Network  dense: one dense layer of 512 units, no convolution\n"
        "Recipe   2 epochs, batches of 64, rmsprop, seed 1\n"
        "\n"
        'Model: "'
    )
    assert re.search(
        r"\nTest accuracy   \d\d\.\d\d % \(\d+ of 360 images\), "
        r"95 % interval \d\d\.\d\d–\d\d\.\d\d %\n"
        r"For comparison  10\.00 % by always answering '1'\n"
        r"Training        \d+\.\d s\n"
        r"Saved in        convlet-runs/digits-dense-1\n$",
        result.stdout,
    )
    lines = [line for line in result.stderr.splitlines() if line.startswith("Epoch")]
    assert len(lines) == 2
    assert re.fullmatch(
        r"Epoch 1/2   loss \d\.\d{4}   accuracy  \d\d\.\d\d %   \d+\.\d s", lines[0]
    )


def test_the_files_of_a_run(run):
    result = run("train", "digits", "--network", "dense", "--epochs", 2, "--json", "--output", "r")
    assert result.exit_code == 0
    printed = json.loads(result.stdout)
    assert printed.pop("output") == "r"
    assert json.loads(Path("r/result.json").read_text()) == printed
    assert printed["recipe"] == {
        "network": "dense",
        "epochs": 2,
        "batch_size": 64,
        "optimizer": "rmsprop",
        "learning_rate": None,
        "seed": 1,
    }
    assert printed["accuracy"] == printed["correct"] / 360 > 0.7
    assert printed["accuracy_95_low"] < printed["accuracy"] < printed["accuracy_95_high"]
    assert (printed["finished"], printed["majority_accuracy"]) == (True, 0.1)
    with Path("r/history.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["epoch"] for row in rows] == ["1", "2"]
    assert float(rows[1]["loss"]) < float(rows[0]["loss"])
    model = models.load_model("r/model.keras")
    assert model.class_names == list("0123456789")


def test_quiet(run, threads_asked_for):
    settings = ("--network", "dense", "--epochs", 1, "--threads", 2)
    result = run("train", "digits", *settings, "--quiet")
    assert threads_asked_for == [2]
    assert result.stdout.startswith("Test accuracy   ")
    assert "Epoch" not in result.stderr


def test_the_same_seed_gives_the_same_network(run):
    for folder, seed in (("a", 5), ("b", 5), ("c", 6)):
        run(
            "train",
            "digits",
            "--network",
            "dense",
            "--epochs",
            1,
            "--seed",
            seed,
            "--output",
            folder,
        )
    first, again, other = (
        np.concatenate([w.ravel() for w in models.load_model(f"{name}/model.keras").get_weights()])
        for name in "abc"
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_file_of_ones_own(run):
    random = np.random.default_rng(9)
    images = random.integers(0, 256, (30, 20, 20, 3), dtype=np.uint8)
    np.savez(
        "own.npz", x_train=images[:20], y_train=np.arange(20) % 2, x_test=images[20:],
        y_test=np.arange(10) % 2, class_names=np.array(["cat", "dog"]),
    )  # fmt: skip
    result = run("train", "own.npz", "--epochs", 1, "--learning-rate", 0.01, "--optimizer", "adam")
    assert result.exit_code == 0
    assert "own: 20 training and 10 test images, 20x20 pixels, colour, 2 classes" in result.stdout
    assert "1 epoch, batches of 64, adam at learning rate 0.01, seed 1" in result.stdout
    assert models.load_model("convlet-runs/own-convnet-1/model.keras").class_names == ["cat", "dog"]


@pytest.mark.parametrize(("images", "epochs"), [(9_999, 20), (10_000, 5)])
def test_fewer_images_get_more_epochs(run, monkeypatch, images, epochs):
    """More epochs, so that they are not fewer steps."""
    arrays = {
        "x_train": np.zeros((images, 4, 4), np.uint8), "y_train": np.arange(images) % 2,
        "x_test": np.zeros((2, 4, 4), np.uint8), "y_test": np.arange(2),
    }  # fmt: skip
    np.savez("own.npz", **arrays)
    seen = []

    def stop(model, data, chosen, callbacks):
        seen.append(chosen.epochs)
        raise KeyboardInterrupt

    monkeypatch.setattr(recipe, "fit", stop)
    assert run("train", "own.npz", "--network", "dense").exit_code == 130
    assert seen == [epochs]


@pytest.mark.parametrize("finished", [0, 2])
def test_ctrl_c(run, monkeypatch, finished):
    def interrupted(model, data, chosen, callbacks):
        callbacks[0].params = {"epochs": chosen.epochs, "steps": 23}
        for epoch in range(finished):
            callbacks[0].on_epoch_begin(epoch)
            callbacks[0].on_epoch_end(epoch, {"loss": 1.0, "accuracy": 0.5})
        raise KeyboardInterrupt

    monkeypatch.setattr(recipe, "fit", interrupted)
    result = run("train", "digits", "--network", "dense")
    assert result.exit_code == 130
    if finished:
        assert result.stderr.endswith(
            "Stopped after 2 epochs of 20. The network as it was then is kept.\n"
        )
        kept = json.loads(Path("convlet-runs/digits-dense-1/result.json").read_text())
        assert (kept["finished"], kept["epochs"]) == (False, 2)
        assert models.load_model("convlet-runs/digits-dense-1/model.keras").built
    else:
        assert result.stderr.endswith("Error: Stopped. Nothing was kept.\n")
        assert list(Path("convlet-runs").iterdir()) == []


def test_an_existing_run_is_refused_before_training(run):
    Path("r").mkdir()
    Path("r/precious").write_text("x")
    result = run("train", "digits", "--output", "r")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "Error: train needs --output to be a new or empty folder, so that no run is overwritten. "
        "Received --output r.\n"
    )


def test_images_that_are_too_small(run):
    small = np.zeros((4, 8, 8), np.uint8)
    np.savez("small.npz", x_train=small, y_train=[0, 1, 0, 1], x_test=small, y_test=[0, 1, 0, 1])
    result = run("train", "small.npz")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "Error: The network 'convnet' needs images of at least 18x18 pixels. Received "
        "input_shape=(8, 8, 1). Enlarge the images, or use the network 'dense'.\n"
    )


def test_the_real_command_into_a_pipe(tmp_path):
    process = subprocess.run(
        [sys.executable, "-m", "convlet", "train", "digits", "--epochs", "1", "--network", "dense"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert process.returncode == 0, process.stderr
    assert "\x1b" not in process.stdout + process.stderr
    assert "\r" not in process.stdout + process.stderr
    assert process.stdout.endswith("Saved in        convlet-runs/digits-dense-1\n")
    assert (tmp_path / "convlet-runs" / "digits-dense-1" / "model.keras").is_file()


def test_a_terminal_sees_a_bar(run, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")  # rich then takes any stream for a terminal
    monkeypatch.setenv("TERM", "xterm")
    result = run("train", "digits", "--network", "dense", "--epochs", 1)
    assert "Epoch 1/1" in result.stderr
    assert "\x1b" in result.stderr


def test_counts():
    assert [output.count(number, "epoch") for number in (0, 1, 2)] == [
        "0 epochs",
        "1 epoch",
        "2 epochs",
    ]
