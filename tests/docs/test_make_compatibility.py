"""The page about Keras's names says what the code says."""

import importlib
import json
import runpy
import sys
from pathlib import Path

import pytest

from convlet import layers, losses

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def script():
    path = list(sys.path)
    names = runpy.run_path(str(DOCS / "make_compatibility.py"))
    sys.path[:] = path
    return names


def test_the_page_kept_is_the_page_made(script):
    assert (DOCS / "compatibility.md").read_text(encoding="utf-8") == script["page"]()


@pytest.mark.parametrize(
    ("module", "name", "arguments", "state", "note"),
    [
        ("layers", "Dense", ["units", "activation"], "works", ""),
        ("layers", "Dense", ["units", "lora_rank"], "works in part", "without `lora_rank`"),
        ("layers", "BatchNormalization", ["renorm"], "works in part", "`renorm` only `False`"),
        ("layers", "LayerNormalization", ["axis"], "works in part", "not `axis=1`"),
        ("layers", "SpatialDropout2D", ["rate", "name", "dtype"], "works", ""),
        ("layers", "EinsumDense", [], "absent", "Use Permute, Reshape and Dense."),
        ("optimizers", "Muon", [], "absent", "Use AdamW."),
        ("losses", "serialize", ["loss"], "works", ""),
        ("losses", "deserialize", ["name", "custom_objects"], "works in part", None),
        ("losses", "CTC", [], "absent", None),
        ("callbacks", "TensorBoard", ["log_dir"], "absent", None),
        ("datasets", "mnist", [], "works", ""),
    ],
)
def test_a_name_works_works_in_part_or_is_absent(script, module, name, arguments, state, note):
    row = script["row"](module, name, arguments)
    assert (row.name, row.state) == (name, state)
    assert bool(row.note) if note is None else row.note == note


def test_what_is_there_has_no_substitute(script):
    keras = json.loads((DOCS / "keras_names.json").read_text())["modules"]
    for module, substitutes in script["INSTEAD"].items():
        there = importlib.import_module(f"convlet.{module}").__all__
        assert set(substitutes) <= set(keras[module]) - set(there)


def test_what_is_wrong_for_another_reason_is_not_refused(script):
    assert script["refusal"](layers.Dense, {"units": -1}) == ""
    assert script["refusal"](losses.CTC, {}).startswith("Give the image one label")
