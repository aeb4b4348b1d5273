"""`convlet evaluate`: the share of right answers, class by class, and the worst confusions."""

import json

import numpy as np
import pytest

from convlet import layers, models
from convlet.datasets import load


def test_json_adds_up(run, digits_model):
    result = run("evaluate", digits_model, "digits", "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    read = json.loads(result.stdout)
    confusion = np.array(read["confusion"])
    assert confusion.sum() == read["test_images"] == 360
    assert confusion.trace() == read["correct"] == sum(row["correct"] for row in read["classes"])
    assert read["accuracy"] == read["correct"] / 360 > 0.8
    assert [row["images"] for row in read["classes"]] == confusion.sum(axis=1).tolist()
    times = [row["times"] for row in read["confused"]]
    assert times == sorted(times, reverse=True)
    worst = read["confused"][0]
    assert confusion[int(worst["class"]), int(worst["taken_for"])] == worst["times"]


@pytest.mark.parametrize("columns", ["60", "80"])
def test_tables(run, monkeypatch, digits_model, columns):
    monkeypatch.setenv("COLUMNS", columns)
    result = run("evaluate", digits_model, "digits")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0].startswith("Test accuracy  ")
    assert " Class  Images  Correct  Accuracy" in lines
    assert "Most often confused" in lines
    assert max(map(len, lines)) <= int(columns)
    assert all(line == line.rstrip() for line in lines)


def saved_model(path, image_shape, classes, *, rescaling=True):
    model = models.Sequential(
        [
            layers.Input(image_shape),
            *([layers.Rescaling(1 / 255)] if rescaling else []),
            layers.Flatten(),
            layers.Dense(classes, activation="softmax"),
        ]
    )
    model.save(path)
    return path


def test_images_of_another_shape(run, tmp_path):
    path = saved_model(tmp_path / "m.keras", (8, 8, 1), 10)
    result = run("evaluate", path, "digits")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        f"Error: The model '{path}' needs images of shape (8, 8, 1). Received digits with images "
        "of shape (28, 28, 1).\n"
    )


def test_another_number_of_classes(run, tmp_path):
    path = saved_model(tmp_path / "m.keras", (28, 28, 1), 3)
    result = run("evaluate", path, "digits")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        f"Error: The model '{path}' needs data of 3 classes. Received digits with 10.\n"
    )


def test_a_model_that_takes_no_images(run, tmp_path):
    path = saved_model(tmp_path / "m.keras", (28,), 3)
    result = run("evaluate", path, "digits")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "Error: convlet needs a model that takes images (height, width, channels) and answers with "
        f"classes. Received '{path}', which takes (28,) and answers with (3,).\n"
    )


def test_a_model_without_rescaling_gets_pixels_up_to_one(run, tmp_path):
    path = saved_model(tmp_path / "m.keras", (28, 28, 1), 10, rescaling=False)
    result = run("evaluate", path, "digits")
    assert result.exit_code == 0
    assert result.stderr == (
        "The model has no Rescaling layer: pixels were given to it as 0 to 1.\n"
    )


def test_a_model_that_is_not_there(run):
    result = run("evaluate", "nowhere.keras", "digits")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: ")
    assert "nowhere.keras" in result.stderr


def test_a_class_without_images_and_a_model_without_mistakes(run, tmp_path, monkeypatch):
    images = np.zeros((2, 4, 4), np.uint8)
    np.savez(
        tmp_path / "own.npz", x_train=images, y_train=[1, 1], x_test=images, y_test=[1, 1],
        class_names=np.array(["cat", "dog"]),
    )  # fmt: skip
    path = tmp_path / "m.keras"
    saved_model(path, (4, 4, 1), 2)
    model = models.load_model(path)
    model.set_weights([np.zeros((16, 2)), np.array([0.0, 5.0])])
    model.save(path)
    result = run("evaluate", path, "own.npz")
    assert result.exit_code == 0
    assert " cat         0        0         –" in result.stdout
    assert " dog         2        2  100.00 %" in result.stdout
    assert "Most often confused" not in result.stdout


def test_a_model_of_other_classes_is_noticed(run, tmp_path, digits_model):
    digits = load("digits")
    np.savez(
        tmp_path / "clothes.npz", x_train=digits.x_train, y_train=digits.y_train,
        x_test=digits.x_test, y_test=digits.y_test, class_names=np.array(list("abcdefghij")),
    )  # fmt: skip
    result = run("evaluate", digits_model, "clothes.npz")
    assert result.exit_code == 0
    assert result.stderr == (
        "The model was trained on other classes: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9.\n"
    )
