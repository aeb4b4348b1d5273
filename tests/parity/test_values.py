"""What needs no model: initializers."""

from __future__ import annotations

import numpy as np
import pytest

import convlet
from tests.parity.comparison import compare_array

MATRIX, KERNEL = (40, 50), (3, 3, 16, 24)

EXACT = [
    ("Zeros", {}, MATRIX),
    ("Ones", {}, KERNEL),
    ("Constant", {"value": 0.3}, MATRIX),
    ("Identity", {}, (4, 4)),
    ("Identity", {"gain": 0.5}, (3, 5)),
]

DRAWN = [
    ("RandomNormal", {"mean": 0.5, "stddev": 0.2}),
    ("RandomUniform", {"minval": -0.1, "maxval": 0.4}),
    ("TruncatedNormal", {"mean": 0.5, "stddev": 0.2}),
    ("GlorotNormal", {}),
    ("GlorotUniform", {}),
    ("HeNormal", {}),
    ("HeUniform", {}),
    ("LecunNormal", {}),
    ("LecunUniform", {}),
    ("VarianceScaling", {"scale": 2.0, "mode": "fan_avg", "distribution": "uniform"}),
    ("VarianceScaling", {"mode": "fan_out", "distribution": "untruncated_normal"}),
    ("Orthogonal", {"gain": 0.7}),
]


def made(k, name, settings):
    return getattr(k.initializers, name)(**settings)


@pytest.mark.parametrize(("name", "settings", "shape"), EXACT)
def test_an_initializer_gives_the_values_of_keras(name, settings, shape, keras):
    ours, theirs = (made(k, name, settings)(shape) for k in (convlet, keras))
    compare_array(name, np.asarray(ours), theirs)


@pytest.mark.parametrize("shape", [MATRIX, KERNEL], ids=["matrix", "kernel"])
@pytest.mark.parametrize(("name", "settings"), DRAWN)
def test_an_initializer_draws_from_the_distribution_of_keras(name, settings, shape, keras):
    draws = []
    for k in (convlet, keras):
        values = [np.asarray(made(k, name, {**settings, "seed": n})(shape)) for n in range(10)]
        draws.append(np.sort(np.ravel(values)))
    ours, theirs = draws
    spread = float(theirs.std())
    assert spread > 0
    # Means of 20,000 draws differ by about 0.01 of the spread, tenths by up to twice as much.
    assert abs(ours.mean() - theirs.mean()) < 0.04 * spread
    assert ours.std() == pytest.approx(spread, rel=0.03)
    tenths = np.linspace(0.1, 0.9, 9)
    difference = np.abs(np.quantile(ours, tenths) - np.quantile(theirs, tenths))
    assert difference.max() < 0.06 * spread
    if name not in ("RandomNormal", "Orthogonal", "VarianceScaling"):
        assert np.abs(ours[[0, -1]] - theirs[[0, -1]]).max() < 0.1 * spread  # bounded alike
