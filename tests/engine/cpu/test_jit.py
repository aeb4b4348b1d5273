"""Compilation: what is said about it, when it happens, and what it refuses."""

import os
import re
import subprocess
import sys

import numpy as np
import pytest
from numba import carray

from convlet import engine, layers, models
from convlet.engine.cpu import cache, jit

USE = """
import numpy as np
from convlet import engine, layers, models
model = models.Sequential([layers.Input((3,)), layers.Dense(2, activation="relu")])
model.set_weights([np.ones((3, 2)), np.zeros(2)])
print(engine.InferenceProgram(model.graph).run(np.ones((1, 3), np.float32)).tolist())
"""
RECORD = np.dtype([("number", np.int64)])


def run(**environment):
    return subprocess.run(
        [sys.executable, "-c", USE],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def no_cache(monkeypatch):
    """Everything is compiled anew, and nothing is kept."""
    monkeypatch.setattr(cache, "read", lambda name: None)
    monkeypatch.setattr(cache, "write", lambda name, data: cache.Path())


def kernels(count, family="some"):
    """Kernels that add to a number; each has a value of its own, as names may not come twice."""

    @jit.specialised(RECORD)
    def add(family, amount):
        def kernel(args, batch, frame):
            carray(args, 1)[0].number += amount

        return kernel

    return [add(family, amount) for amount in range(count)]


def test_kernels_are_compiled_when_they_are_prepared_and_once(no_cache, capsys, monkeypatch):
    first, second = kernels(2, "once")
    compiled = []
    compile_it = jit.Kernel.compile
    monkeypatch.setattr(
        jit.Kernel, "compile", lambda kernel: (compiled.append(kernel), compile_it(kernel))
    )
    jit.prepare([first, second, first])
    jit.prepare([first, second])
    assert compiled == [first, second]
    assert first.address != second.address
    assert capsys.readouterr().err == ""


def test_an_address_prepares_its_kernel(no_cache):
    (kernel,) = kernels(1, "address")
    assert kernel.address == kernel.address != 0


def test_the_same_values_give_the_same_kernel():
    @jit.specialised(RECORD)
    def nothing(number, name):
        raise AssertionError("nobody asked for its code")

    assert nothing(1, "a") is nothing(1, "a") is not nothing(2, "a")
    assert nothing(1, "a").name == "test_jit.nothing-1-a"


def test_long_compilations_are_announced_on_standard_error(no_cache, capsys, monkeypatch):
    monkeypatch.setattr(jit.Kernel, "compile", lambda kernel: None)
    jit.prepare(kernels(4, "few"))
    assert capsys.readouterr() == ("", "")
    jit.prepare(kernels(20, "many"))
    message = "convlet: compiling 20 kernels for this CPU, once: about 5 s ...\n"
    assert capsys.readouterr() == ("", message)


def test_compiling_ahead_fills_a_cache_with_what_is_in_use_already(tmp_path, monkeypatch, capsys):
    used, new = kernels(2, "ahead")
    monkeypatch.setenv("CONVLET_CACHE", str(tmp_path / "first"))
    address = used.address
    monkeypatch.setenv("CONVLET_CACHE", str(tmp_path / "second"))
    seen = []
    assert jit.compile_ahead([used, new], lambda *numbers: seen.append(numbers)) == 2
    assert jit.compile_ahead([used, new], lambda *numbers: seen.append(numbers)) == 0
    assert seen == [(0, 2), (1, 2)]
    folder = tmp_path / "second" / "kernels" / cache.version()
    assert sorted(path.name for path in folder.iterdir()) == sorted([used.name, new.name])
    assert used.address == address
    assert capsys.readouterr() == ("", "")


def test_a_kernel_that_could_raise_an_exception_is_refused(no_cache):
    @jit.specialised(RECORD)
    def ranges():
        def kernel(args, batch, frame):
            op = carray(args, 1)[0]
            for number in range(0, 10, op.number):
                op.number += number

        return kernel

    message = (
        "^The kernel 'test_jit.ranges' needs to be code that can't raise exceptions. Received code "
        r"that calls [\w, ]*numba_do_raise[\w, ]*\. Is there a range whose step may be 0\?$"
    )
    with pytest.raises(RuntimeError, match=message):
        ranges().compile()


def test_a_program_names_its_kernels_before_it_is_compiled():
    model = models.Sequential([layers.Input((3,)), layers.Dense(2, activation="relu")])
    program = engine.InferenceProgram(model.graph)
    names = {kernel.name.split("-")[0] for kernel in program.kernels(np.dtype(np.float32))}
    assert {"interpreter.work", "gather.gather", "products.product"} <= names


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
