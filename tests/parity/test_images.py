"""Layers that prepare images and change them at random."""

from __future__ import annotations

import numpy as np
import pytest

import convlet
from tests.parity import image_table
from tests.parity.comparison import compare, compare_array
from tests.parity.rows import described


@pytest.mark.parametrize("row", image_table.PREPARING, ids=str)
def test_images_are_prepared_as_in_keras(row, keras):
    compare(row, keras)


@pytest.mark.parametrize(
    ("layer", "settings"),
    image_table.CHANGING,
    ids=[f"{layer}({described(settings)})" for layer, settings in image_table.CHANGING],
)
def test_images_change_as_in_keras_when_little_is_left_to_chance(layer, settings, keras):
    draw = np.random.default_rng(7)
    high = settings.get("value_range", (0, 255))[1]
    image = (high * draw.random((1, *image_table.IMAGE))).astype(np.float32)
    images = np.repeat(image, 8, axis=0)  # with both signs, where there is one
    ours, theirs = (
        np.asarray(getattr(k.layers, layer)(**settings)(images, training=True))
        for k in (convlet, keras)
    )
    for given, expected in ((ours, theirs), (theirs, ours)):
        for one in expected:
            closest = np.abs(given - one).max((1, 2, 3)).argmin()
            compare_array(layer, given[closest], one)
    assert np.abs(theirs - images).max() > 0.01 * high  # it did change them
