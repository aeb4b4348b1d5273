"""The list of Keras's names, from which docs/compatibility.md is made."""

from __future__ import annotations

import importlib
import json
import runpy
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_the_names_kept_are_those_of_keras(keras):
    script = runpy.run_path(str(DOCS / "list_keras_names.py"))
    kept = json.loads((DOCS / "keras_names.json").read_text())["modules"]
    assert list(kept) == list(script["MODULES"])
    for module, names in kept.items():
        assert script["names_of"](importlib.import_module(f"keras.{module}")) == names
