"""The compiler's cache: where it is, and what makes it another one."""

import os
import re
import subprocess
import sys

import pytest

from convlet.engine.cpu import jit

USE = """
import numpy as np
from convlet import engine, layers, models
model = models.Sequential([layers.Input((3,)), layers.Dense(2, activation="relu")])
model.set_weights([np.ones((3, 2)), np.zeros(2)])
print(engine.InferenceProgram(model.layers, (3,)).run(np.ones((1, 3), np.float32)).tolist())
"""


def run(**environment):
    return subprocess.run(
        [sys.executable, "-c", USE],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_first_run_says_that_it_compiles_and_the_second_does_not_need_to(tmp_path):
    first, second = (run(CONVLET_CACHE=str(tmp_path)) for _ in range(2))
    assert first.stdout == second.stdout == "[[3.0, 3.0]]\n"
    assert first.stderr == "convlet: compiling for this CPU, once (some seconds) ...\n"
    assert second.stderr == ""


def test_a_cache_that_is_a_file_is_not_used(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    result = run(CONVLET_CACHE=str(blocked), TMPDIR=str(tmp_path))
    assert result.stdout == "[[3.0, 3.0]]\n"
    assert blocked.read_text() == "in the way"


def test_without_any_writable_folder_everything_is_compiled_each_time(tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    monkeypatch.setenv("CONVLET_CACHE", str(blocked))
    monkeypatch.setattr(jit.tempfile, "gettempdir", lambda: str(blocked))
    assert jit.cache_folder.__wrapped__() is None


def test_an_unknown_vector_width_is_refused():
    result = run(CONVLET_LANES="5")
    message = (
        "The environment variable CONVLET_LANES needs to be 1, 4, 8 or 16. Received '5'. "
        "Unset it to use what this CPU offers"
    )
    assert result.returncode == 1
    assert re.search(re.escape(message) + r" \(\d+\)\.", result.stderr)


@pytest.mark.parametrize("lanes", ["1", "4", "8", "16"])
def test_every_vector_width_has_a_cache_of_its_own(lanes, tmp_path):
    result = run(CONVLET_CACHE=str(tmp_path), CONVLET_LANES=lanes)
    assert result.stdout == "[[3.0, 3.0]]\n"
    assert len(list((tmp_path / "kernels").iterdir())) == 1
