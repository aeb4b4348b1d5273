"""Every layer, over its settings."""

from __future__ import annotations

import pytest

from tests.parity import (
    activation_table,
    convolution_table,
    normalization_table,
    pooling_table,
    shape_table,
)
from tests.parity.comparison import compare

ROWS = [
    *convolution_table.ROWS,
    *normalization_table.ROWS,
    *pooling_table.ROWS,
    *shape_table.ROWS,
    *activation_table.ROWS,
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_layer_is_the_layer_of_keras(row, keras):
    compare(row, keras)
