"""Keras, the judge, on its JAX backend; where it isn't installed, these tests are skipped."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

os.environ["KERAS_BACKEND"] = "jax"  # before Keras is imported anywhere
# Compiling is what takes the time here: a third less of it where LLVM does not optimize.
os.environ.setdefault("XLA_FLAGS", "--xla_backend_optimization_level=0")
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Lets Keras and JAX warn, which elsewhere are not there."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.filterwarnings("ignore:::keras"))
            item.add_marker(pytest.mark.filterwarnings("ignore:::jax"))


@pytest.fixture(autouse=True)
def keras() -> Any:
    """The package Keras, with a fixed seed."""
    package = pytest.importorskip("keras", reason="the extra `parity` is not installed")
    package.utils.set_random_seed(20)
    return package
