"""Whole models."""

from __future__ import annotations

import pytest

from tests.parity import models_table
from tests.parity.comparison import compare


@pytest.mark.parametrize("row", models_table.ROWS, ids=str)
def test_a_model_is_and_learns_what_it_does_in_keras(row, keras):
    compare(row, keras)
