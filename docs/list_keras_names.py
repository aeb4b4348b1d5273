"""Lists the public names of the Keras that is installed: python docs/list_keras_names.py.

Writes `keras_names.json`, from which, without Keras, `make_compatibility.py` makes its page.
"""

from __future__ import annotations

import importlib
import inspect
import json
from pathlib import Path
from typing import Any

MODULES = (
    "layers",
    "losses",
    "metrics",
    "optimizers",
    "optimizers.schedules",
    "callbacks",
    "initializers",
    "regularizers",
    "constraints",
    "activations",
    "utils",
    "datasets",
)
FILE = Path(__file__).with_name("keras_names.json")


def main() -> None:
    """Reads Keras and writes the file."""
    keras = importlib.import_module("keras")
    modules = {module: names_of(importlib.import_module(f"keras.{module}")) for module in MODULES}
    FILE.write_text(json.dumps({"version": keras.__version__, "modules": modules}, indent=1) + "\n")


def names_of(module: Any) -> dict[str, list[str]]:
    """Each public name of a module with its arguments, as they are written in a signature."""
    return {
        name: arguments(value)
        for name, value in sorted(vars(module).items())
        if not name.startswith("_") and (callable(value) or module.__name__ == "keras.datasets")
    }


def arguments(value: Any) -> list[str]:
    """The arguments of a class or function, those of any name (`**kwargs`) left out."""
    try:
        parameters = inspect.signature(value).parameters.values()
    except (TypeError, ValueError):
        return []
    return [
        parameter.name
        for parameter in parameters
        if parameter.kind not in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL)
    ]


if __name__ == "__main__":
    main()
