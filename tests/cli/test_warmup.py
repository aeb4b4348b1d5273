"""`convlet warmup`: what it says, and that nothing is left to compile."""

import json

import pytest

from convlet import layers, models
from convlet.engine import Kernel
from convlet.engine.cpu import cache


@pytest.fixture(autouse=True)
def own_cache(monkeypatch, tmp_path):
    """What a command sets in the environment is forgotten after the test."""
    monkeypatch.setattr(cache.tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setenv("CONVLET_CACHE", str(tmp_path / "own"))
    return tmp_path / "own"


@pytest.fixture
def saved(tmp_path):
    model = models.Sequential([layers.Input((3,)), layers.Dense(2, activation="softmax")])
    model.save(tmp_path / "m.keras")
    return tmp_path / "m.keras"


@pytest.fixture
def compile_nothing(monkeypatch):
    """Kernels are files without code."""
    monkeypatch.setattr(Kernel, "compile", lambda kernel: cache.write(kernel.name, b""))


def test_a_saved_model(run, saved, tmp_path):
    first = run("warmup", "--model", saved, "--cache", tmp_path / "ahead")
    folder = tmp_path / "ahead" / "kernels" / cache.version()
    count = len(list(folder.iterdir()))
    assert (first.exit_code, first.stderr) == (0, "")
    lines = first.stdout.splitlines()
    assert lines[0].startswith(f"Compiled  {count} kernels of {count} in ")
    assert "".join(line.strip() for line in lines[1:]) == f"Kept in   {folder}"
    again = run("warmup", "--model", saved, "--cache", tmp_path / "ahead")
    assert again.stdout.startswith(f"Compiled  0 kernels of {count} in ")


@pytest.mark.usefixtures("compile_nothing")
def test_json(run, saved, own_cache):
    result = run("warmup", "--model", saved, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    values = json.loads(result.stdout)
    assert list(values) == ["folder", "kernels", "compiled", "seconds"]
    assert values["folder"] == str(own_cache / "kernels" / cache.version())
    assert values["kernels"] == values["compiled"] == sum(p.is_file() for p in own_cache.rglob("*"))


@pytest.mark.usefixtures("compile_nothing")
def test_networks_by_name_alone_or_beside_a_model(run, saved):
    def kernels(*arguments):
        return json.loads(run("warmup", *arguments, "--json").stdout)["kernels"]

    dense = kernels("--network", "dense")
    both = kernels("--network", "dense", "--network", "strided")
    assert dense < both < kernels()
    assert kernels("--model", saved) < kernels("--model", saved, "--network", "strided")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (
            ["--network", "strded"],
            2,
            "convlet needs --network to be one of 'convnet', 'dense', 'no_pooling', 'strided', "
            "'average_pooling'. Received --network='strded'. Did you mean 'strided'? "
            "See 'convlet warmup --help'.",
        ),
        (["--model", "none.keras"], 1, "load_model needs a file. There is none at 'none.keras'."),
    ],
)
def test_mistakes(run, arguments, code, message):
    result = run("warmup", *arguments)
    assert (result.exit_code, result.stdout, result.stderr) == (code, "", f"Error: {message}\n")


@pytest.mark.usefixtures("compile_nothing")
def test_a_cache_that_can_not_be_written_to(run, saved, tmp_path):
    (tmp_path / "file").write_text("in the way")
    result = run("warmup", "--model", saved, "--cache", "file")
    folder = tmp_path / "file" / "kernels" / cache.version()
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        f"Error: warm_up needs a cache that can be written to. Received '{folder}'. Name another "
        "folder in CONVLET_CACHE.\n"
    )
