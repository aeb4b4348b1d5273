"""Configurations of layers: each package reads what the other wrote, and finds the same in it."""

from __future__ import annotations

import json
from typing import Any

import pytest

import convlet
from tests.parity import (
    activation_table,
    convolution_table,
    image_table,
    normalization_table,
    pooling_table,
    shape_table,
)
from tests.parity.comparison import Package, Row
from tests.parity.rows import layer_row

ROWS: dict[str, Row] = {}  # the first row about each layer
for row in (
    *activation_table.ROWS,
    *convolution_table.ROWS,
    *normalization_table.ROWS,
    *pooling_table.ROWS,
    *shape_table.ROWS,
    *image_table.PREPARING,
    *(layer_row(layer, (9, 8, 3), settings) for layer, settings in image_table.CHANGING),
):
    ROWS.setdefault(row.name.partition("(")[0], row)

ONLY_IN_KERAS = {"Dense": {"quantization_config"}}
ONLY_HERE = {"RandomGrayscale": {"seed"}}  # Keras forgets it
WRITTEN_OTHERWISE = {
    "LayerNormalization": {"axis"},  # -1, as [-1]
    "RMSNormalization": {"axis"},
    "RandomShear": {"y_factor"},  # 0, as (-0, 0)
}


def plain(value: Any) -> Any:
    """A setting without what differs in every file: the module and the registered name."""
    if isinstance(value, dict) and "class_name" in value:
        return [value["class_name"], plain(value["config"])]
    return json.loads(json.dumps(value))  # tuples as lists


def configs(row: Row, keras: Package) -> tuple[dict[str, Any], dict[str, Any]]:
    """What convlet and what Keras writes of the layer."""
    ours, theirs = (row.build(k).layers[-1].get_config() for k in (convlet, keras))
    return ours, theirs


@pytest.mark.parametrize("layer", ROWS)
def test_a_layer_is_described_as_in_keras(layer, keras):
    ours, theirs = configs(ROWS[layer], keras)
    assert theirs.keys() - ours.keys() == ONLY_IN_KERAS.get(layer, set())
    assert ours.keys() - theirs.keys() == ONLY_HERE.get(layer, set())
    others = {"name", "dtype"} | WRITTEN_OTHERWISE.get(layer, set())
    for setting in (ours.keys() & theirs.keys()) - others:
        assert plain(ours[setting]) == plain(theirs[setting]), setting


@pytest.mark.parametrize("layer", ROWS)
def test_each_reads_what_the_other_wrote(layer, keras):
    ours, theirs = (ROWS[layer].build(k) for k in (convlet, keras))
    read_here = type(ours).from_config(json.loads(json.dumps(theirs.get_config())))
    read_there = type(theirs).from_config(json.loads(json.dumps(ours.get_config())))
    pairs = [(read_here, ours), (read_there, theirs)]
    for read, model in pairs:
        settings, expected = (one.layers[-1].get_config() for one in (read, model))
        others = {"name"} | WRITTEN_OTHERWISE.get(layer, set()) | ONLY_HERE.get(layer, set())
        same = expected.keys() - others
        for setting in same:
            assert plain(settings[setting]) == plain(expected[setting]), setting
