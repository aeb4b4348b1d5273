"""The examples run from top to bottom."""

import os
import runpy
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import convlet

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def quick_environment(monkeypatch):
    monkeypatch.setenv("CONVLET_EXAMPLE_DATASET", "digits")
    monkeypatch.setenv("CONVLET_EXAMPLE_EPOCHS", "1")


@pytest.fixture(scope="module")
def notebook():
    make_notebook = runpy.run_path(str(EXAMPLES / "make_notebook.py"))
    return make_notebook["notebook_of"]((EXAMPLES / "chapter.py").read_text(encoding="utf-8"))


@pytest.mark.usefixtures("quick_environment")
def test_the_notebook_runs_and_draws(notebook):
    NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    printed = "".join(
        output.text
        for cell in code
        for output in cell.outputs
        if output.output_type == "stream" and output.name == "stdout"
    )
    pictures = [
        output for cell in code for output in cell.outputs if "image/png" in output.get("data", {})
    ]
    assert "digits: 1437 training images, 360 test images" in printed
    assert "30,976 coefficients an image" in printed
    assert "15,860,224 parameters in a dense layer of 512" in printed
    assert len(pictures) == 4


@pytest.mark.usefixtures("quick_environment")
def test_the_script_runs(capsys):
    runpy.run_path(str(EXAMPLES / "chapter.py"))
    *_, strides, average, dense = capsys.readouterr().out.splitlines()
    assert [line.rsplit(maxsplit=1)[0] for line in (strides, average, dense)] == [
        "strides",
        "average pooling",
        "no convolution",
    ]


def test_the_notebook_kept_is_the_script(notebook):
    kept = nbformat.read(EXAMPLES / "chapter.ipynb", as_version=4)
    assert [(cell.cell_type, cell.source) for cell in kept.cells] == [
        (cell.cell_type, cell.source) for cell in notebook.cells
    ]


def test_the_keras_program_runs(datasets_folder, tmp_path):
    program = (EXAMPLES / "keras_script.py").read_text(encoding="utf-8")
    shorter = tmp_path / "one_epoch.py"
    # One epoch ends anywhere from 96 to 98 %, as weights and order are drawn: these are fixed.
    seeded = "import convlet\n\nconvlet.utils.set_random_seed(1)\n" + program
    shorter.write_text(seeded.replace("epochs=5", "epochs=1"), encoding="utf-8")
    process = subprocess.run(
        [sys.executable, str(shorter)],
        env=os.environ | {"CONVLET_DATASETS": str(datasets_folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    name, _, accuracy = process.stdout.splitlines()[-1].rpartition(" ")
    assert name == "test accuracy:"
    assert float(accuracy) > 0.97


def test_the_residual_network_learns(capsys):
    residual = runpy.run_path(str(EXAMPLES / "residual.py"))
    convlet.utils.set_random_seed(1)
    assert residual["main"](epochs=3) > 0.3  # of ten classes, a long way above chance
    assert capsys.readouterr().out.splitlines()[-1] == "features: (360, 64)"
