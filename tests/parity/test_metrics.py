"""Every metric, over two batches."""

from __future__ import annotations

import re
import zlib

import numpy as np
import pytest

import convlet
from tests.parity import metric_table
from tests.parity.comparison import compare_array
from tests.parity.rows import described


@pytest.mark.parametrize("weighted", [False, True], ids=["", "weighted"])
@pytest.mark.parametrize(
    ("name", "settings", "data"),
    metric_table.ROWS,
    ids=[f"{name}({described(settings)})" for name, settings, _ in metric_table.ROWS],
)
def test_a_metric_is_the_metric_of_keras(name, settings, data, weighted, keras):
    ours, theirs = (getattr(k.metrics, name)(**settings) for k in (convlet, keras))
    draw = np.random.default_rng(zlib.crc32(name.encode()))
    for _ in range(2):
        arrays = [
            array.astype(np.float32) if array.dtype == np.float64 else array for array in data(draw)
        ]
        weights = draw.uniform(0.5, 2, metric_table.SAMPLES).astype(np.float32)
        more = {"sample_weight": weights} if weighted else {}
        ours.update_state(*arrays, **more)
        theirs.update_state(*arrays, **more)
        compare_array(name, np.asarray(ours.result()), theirs.result())
    assert re.sub(r"_\d+$", "", ours.name) == re.sub(r"_\d+$", "", theirs.name)
    ours.reset_state()
    theirs.reset_state()
    assert np.array_equal(ours.result(), theirs.result(), equal_nan=True)
