"""Every loss, optimizer, schedule, regularizer and constraint, at work."""

from __future__ import annotations

import pytest

from tests.parity import loss_table, optimizer_table
from tests.parity.comparison import compare

ROWS = [*loss_table.ROWS, *optimizer_table.ROWS]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_training_goes_as_in_keras(row, keras):
    compare(row, keras)
