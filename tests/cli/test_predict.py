"""`convlet predict`: a class for every picture, and a reason for every file that has none."""

import json

import numpy as np
import pytest
from PIL import Image

from convlet import layers, models
from convlet.cli.classifier import load_classifier
from convlet.datasets import load


def test_json_agrees_with_the_model(run, digits_model, digits_pictures):
    paths = sorted(digits_pictures.glob("*.png"))
    result = run("predict", digits_model, *paths, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    expected = models.load_model(digits_model).predict(load("digits").x_test[:3], verbose=0)
    for row, path, probabilities in zip(json.loads(result.stdout), paths, expected, strict=True):
        assert row["image"] == str(path)
        assert row["class"] == str(probabilities.argmax())
        assert row["probability"] == pytest.approx(probabilities.max(), rel=1e-4)
        assert list(row["probabilities"]) == list("0123456789")
        assert sum(row["probabilities"].values()) == pytest.approx(1, abs=1e-4)


def test_a_table(run, monkeypatch, digits_model, digits_pictures):
    monkeypatch.chdir(digits_pictures)
    result = run("predict", digits_model, "0.png", "1.png")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0] == " Image  Class  Probability"
    assert lines[2].startswith(" 0.png  ")
    assert lines[2].endswith(" %")
    assert len(lines) == 4


def test_bad_files_are_rows_with_a_reason(
    run, monkeypatch, digits_model, digits_pictures, tmp_path
):
    (tmp_path / "text.png").write_text("no picture")
    good = digits_pictures / "0.png"
    arguments = ("predict", digits_model, "text.png", good, "nowhere.png")
    result = run(*arguments, "--json")
    assert (result.exit_code, result.stderr) == (1, "Error: 2 of 3 images could not be read.\n")
    bad, fine, absent = json.loads(result.stdout)
    assert bad == {"image": "text.png", "error": "it is not a picture that Pillow can read"}
    assert fine["class"] in "0123456789"
    assert absent == {"image": "nowhere.png", "error": "there is no such file"}
    monkeypatch.setenv("COLUMNS", "120")
    result = run(*arguments)
    assert result.exit_code == 1
    assert "there is no such file" in result.stdout


def test_only_bad_files(run, digits_model):
    result = run("predict", digits_model, "nowhere.png")
    assert (result.exit_code, result.stderr) == (1, "Error: 1 of 1 image could not be read.\n")


def test_dark_on_light_is_noticed_and_inverted(run, digits_model, digits_pictures, tmp_path):
    white_on_black = digits_pictures / "1.png"
    values = np.asarray(Image.open(white_on_black))
    Image.fromarray(255 - values).save(tmp_path / "paper.png")
    plain = run("predict", digits_model, "paper.png")
    assert plain.stderr == (
        "1 of 1 look dark on light. Digits of mnist are white on black: try --invert.\n"
    )
    inverted = run("predict", digits_model, "paper.png", "--invert", "--json")
    original = run("predict", digits_model, white_on_black, "--json")
    assert inverted.stderr == ""
    (actual,), (expected,) = json.loads(inverted.stdout), json.loads(original.stdout)
    assert actual["probabilities"] == expected["probabilities"]


def test_many_images_in_chunks(run, monkeypatch, digits_model, digits_pictures):
    monkeypatch.setattr("convlet.cli.predict.CHUNK", 2)
    paths = sorted(digits_pictures.glob("*.png"))
    result = run("predict", digits_model, *paths, *paths, "--json")
    rows = json.loads(result.stdout)
    assert len(rows) == 6
    assert [row["class"] for row in rows[:3]] == [row["class"] for row in rows[3:]]


@pytest.mark.parametrize(
    ("units", "activation", "bias", "expected"),
    [
        (2, "softmax", [0.0, np.log(3)], [0.25, 0.75]),
        (2, None, [0.0, np.log(3)], [0.25, 0.75]),
        (1, "sigmoid", [np.log(3)], [0.25, 0.75]),
    ],
)
def test_what_a_model_answers_becomes_probabilities(tmp_path, units, activation, bias, expected):
    model = models.Sequential(
        [layers.Input((4, 4, 1)), layers.Flatten(), layers.Dense(units, activation=activation)]
    )
    model.set_weights([np.zeros((16, units)), np.array(bias)])
    model.save(tmp_path / "m.keras")
    classifier = load_classifier(tmp_path / "m.keras")
    assert classifier.class_names == ("0", "1")
    probabilities = classifier.probabilities(np.zeros((3, 4, 4, 1), np.uint8))
    np.testing.assert_allclose(probabilities, [expected] * 3, rtol=1e-5)
