"""What every test gets: a fixed seed, no windows for pictures, and MNIST where there is one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

collect_ignore = ["data/make_keras_files.py"]  # it is run by hand, where Keras is

os.environ["MPLBACKEND"] = "Agg"  # before matplotlib is imported anywhere

collect_ignore = ["data/make_keras_files.py"]  # it is run by hand, where Keras is


@pytest.fixture(autouse=True)
def fixed_seed() -> None:
    """Starts every test from the same random state, whatever ran before it."""
    from convlet.rng import set_random_seed

    set_random_seed(20)


@pytest.fixture
def datasets_folder() -> Path:
    """The folder that CONVLET_DATASETS names, if it holds MNIST; the test is skipped otherwise."""
    named = os.environ.get("CONVLET_DATASETS")
    if not named:
        pytest.skip("CONVLET_DATASETS names no folder of data sets")
    folder = Path(named)
    if not (folder / "mnist.npz").is_file():
        pytest.skip(f"no mnist.npz in the folder that CONVLET_DATASETS names ({folder})")
    return folder
