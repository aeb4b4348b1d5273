"""`convlet summary`: the chapter's numbers, from a name or from a file."""

import pytest

from tests.cli.test_evaluate import saved_model


def test_a_network_by_name(run):
    result = run("summary", "convnet")
    assert (result.exit_code, result.stderr) == (0, "")
    for text in ("(None, 26, 26, 32)", "18,496", "36,928", "Total params: 93,322"):
        assert text in result.stdout


def test_a_network_for_other_images(run):
    result = run("summary", "strided", "--input-shape", "64, 48, 3", "--classes", 3)
    assert "(None, 31, 23, 32)" in result.stdout
    assert "(None, 3)" in result.stdout


@pytest.mark.parametrize(
    ("option", "text"),
    [
        ("--receptive-field", "7 x 7"),
        ("--multiply-adds", "Multiply-adds"),
        ("--memory", "Output memory"),
    ],
)
def test_more_columns(run, option, text):
    assert text in run("summary", "no_pooling", option).stdout
    assert text not in run("summary", "no_pooling").stdout


@pytest.mark.parametrize(
    ("kind", "first", "last"),
    [
        ("training", "Training: steps of 64 images", "updates"),
        ("inference", "Inference:", "chunks"),
    ],
)
def test_how_the_engine_computes_it(run, kind, first, last):
    result = run("summary", "dense", "--engine", kind)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith('Model: "')
    explanation = result.stdout.split("\n\n", 1)[1]
    assert explanation.startswith(first)
    assert explanation.splitlines()[-1].startswith(last)


def test_a_saved_model(run, tmp_path):
    saved_model(tmp_path / "m.keras", (8, 8, 1), 3)
    result = run("summary", "m.keras")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "Total params: 195" in result.stdout


@pytest.mark.parametrize("columns", [60, 200])
def test_the_table_fits(run, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    assert max(map(len, run("summary", "convnet").stdout.splitlines())) <= columns


def test_images_that_are_too_small(run):
    result = run("summary", "convnet", "--input-shape", "8,8,1")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: The network 'convnet' needs images of at least 18x18")
