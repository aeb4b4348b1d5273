"""Writes compatibility.md anew, from convlet's code: python docs/make_compatibility.py.

What Keras has is read from `keras_names.json`, which `list_keras_names.py` makes.
"""

from __future__ import annotations

import importlib
import inspect
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from convlet.errors import ConvletError, UnsupportedError

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER))

from compatibility_tables import EXAMPLES, INSTEAD, NOTES, PROBES  # noqa: E402

HEAD = """# Compatibility with Keras {version}

Every public name of Keras's layers, losses, metrics, optimizers, callbacks, initializers,
regularizers, constraints, activations, utilities and data sets. A name *works* where it takes all
of Keras's arguments; that it then computes the same is what [tests/parity](../tests/parity/)
compares with Keras itself. This page is made from the code by `python docs/make_compatibility.py`.

Two things hold everywhere and are not repeated: numbers are float32 (`dtype` takes nothing else),
and images are `"channels_last"` (`data_format` takes nothing else).

| | {states} |
|---|{dashes}
"""
TABLE = "| name | state | what is missing, or what to use instead |\n|---|---|---|\n"
STATES = ("works", "works in part", "absent")
EVERYWHERE = {"data_format", "dtype"}  # what the page's head says


class Row(NamedTuple):
    """What the page says of a name."""

    name: str
    state: str
    note: str


def main() -> None:
    """Writes the page."""
    (FOLDER / "compatibility.md").write_text(page(), encoding="utf-8")


def page() -> str:
    """The page's text."""
    keras = json.loads((FOLDER / "keras_names.json").read_text(encoding="utf-8"))
    tables = {
        module: [row(module, name, arguments) for name, arguments in names.items()]
        for module, names in keras["modules"].items()
    }
    head = HEAD.format(
        version=keras["version"], states=" | ".join(STATES), dashes="---|" * len(STATES)
    )
    counts = "".join(counted(module, rows) for module, rows in tables.items())
    return head + counts + "".join(section(module, rows) for module, rows in tables.items())


def counted(module: str, rows: list[Row]) -> str:
    """A line of the table of numbers."""
    found = Counter(row.state for row in rows)
    anchor = module.replace(".", "")
    numbers = " | ".join(str(found[state]) for state in STATES)
    return f"| [{module}](#{anchor}) | {numbers} |\n"


def section(module: str, rows: list[Row]) -> str:
    """The table of a module."""
    lines = "".join(f"| `{row.name}` | {row.state} | {row.note} |\n" for row in rows)
    return f"\n## {module}\n\n{TABLE}{lines}"


def row(module: str, name: str, arguments: list[str]) -> Row:
    """What is to be said of a name of Keras.

    Args:
        module: Where it is: "layers".
        name: The name.
        arguments: The arguments that it has in Keras.
    """
    package = importlib.import_module(f"convlet.{module}")
    if name not in package.__all__:
        return Row(name, "absent", instead(module, name))
    value = getattr(package, name)
    note = NOTES.get((module, name), "")
    if not callable(value):
        return Row(name, "works", note)
    refused = refusal(value, {})
    if refused:
        return Row(name, "absent", refused)
    lacks = [argument for argument in arguments if not takes(value, argument)]
    only = [
        text
        for argument in arguments
        if argument in PROBES and (text := refusal(value, {argument: PROBES[argument]}))
    ]
    missing = (
        [f"without {', '.join(f'`{argument}`' for argument in lacks)}"] if lacks else []
    ) + only
    state = "works in part" if missing else "works"
    return Row(name, state, "; ".join([*missing, *([note] if note else [])]))


def instead(module: str, name: str) -> str:
    """What to use in place of a name that convlet does not have."""
    package = importlib.import_module(f"convlet.{module}")
    try:
        getattr(package, name)
    except UnsupportedError as error:
        return in_short(str(error), {})
    except AttributeError:
        pass
    said = getattr(package, "ABSENT", {}).get(name.lower())
    return str(said or INSTEAD[module][name])


def takes(value: Any, argument: str) -> bool:
    """Whether a class or a function has an argument."""
    parameters = inspect.signature(value).parameters
    if argument in parameters or argument in EVERYWHERE:
        return True
    if next(iter(parameters), "") in ("instance", "config"):
        return argument != "custom_objects"  # what is written or read has a name for each kind
    passes_on = any(one.kind is one.VAR_KEYWORD for one in parameters.values())
    return passes_on and argument == "name"


def refusal(value: Any, settings: dict[str, Any]) -> str:
    """Why convlet refuses settings, in its own words; nothing where it takes them.

    A setting that is wrong in another way is not refused for being Keras's.
    """
    try:
        needed = {
            one.name: EXAMPLES[one.name]
            for one in inspect.signature(value).parameters.values()
            if one.default is one.empty and one.name in EXAMPLES
        }
        made = value(**{**needed, **settings})
        if isinstance(value, type) and hasattr(made, "compute_output_shape") and settings:
            made.build((None, 4, 4, 4))
    except UnsupportedError as error:
        return in_short(str(error), settings)
    except (ConvletError, TypeError, ValueError, NotImplementedError):
        return ""
    return ""


def in_short(message: str, settings: dict[str, Any]) -> str:
    """An error's message as the page has it: without who says it."""
    _, says_which, only = message.rpartition("The only value is ")
    for argument, value in settings.items():
        return f"`{argument}` only `{only[:-1]}`" if says_which else f"not `{argument}={value!r}`"
    return message.partition(". ")[2]


if __name__ == "__main__":
    main()
