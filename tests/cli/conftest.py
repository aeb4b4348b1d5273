"""The command in a folder of its own, and a network to use it on."""

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import convlet
from convlet.cli import main
from convlet.datasets import load
from convlet.workflow import recipe
from convlet.workflow.recipe import Recipe


@pytest.fixture(autouse=True)
def streams_without_colour(monkeypatch):
    """Whatever the machine's settings say, output goes into a pipe and is plain."""
    for name in ("FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs `convlet` with arguments, in an empty folder, 80 columns wide."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")

    def invoke(*arguments, **extra):
        return CliRunner().invoke(main, [str(argument) for argument in arguments], **extra)

    return invoke


@pytest.fixture
def threads_asked_for(monkeypatch):
    """What `set_threads` is called with; the tests that follow keep their threads."""
    asked: list[int] = []
    monkeypatch.setattr(convlet, "set_threads", asked.append)
    return asked


@pytest.fixture(scope="session")
def digits_model(tmp_path_factory) -> Path:
    """A dense network that knows the digits fairly well."""
    chosen = Recipe(network="dense", epochs=3, seed=1)
    data = load("digits")
    model = chosen.compiled_model(data)
    recipe.fit(model, data, chosen)
    recipe.count_correct(model, data.x_test, data.y_test)  # whatever is to compile is compiled now
    path = tmp_path_factory.mktemp("model") / "digits.keras"
    model.save(path)
    return path


@pytest.fixture(scope="session")
def digits_pictures(tmp_path_factory) -> Path:
    """The first three test digits as picture files."""
    from PIL import Image

    folder = tmp_path_factory.mktemp("pictures")
    for number, image in enumerate(load("digits").x_test[:3]):
        Image.fromarray(np.ascontiguousarray(image[..., 0])).save(folder / f"{number}.png")
    return folder
