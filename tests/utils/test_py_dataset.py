"""The base class of data sets that make their batches."""

from __future__ import annotations

import re
from itertools import islice

import pytest

from convlet import utils
from convlet.errors import ArgumentError


class Endless(utils.PyDataset):
    num_batches = None

    def __getitem__(self, index):
        return index


def test_without_end():
    assert list(islice(Endless(), 3)) == [0, 1, 2]


def test_the_name_of_keras_2():
    assert utils.Sequence is utils.PyDataset


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: utils.PyDataset()[0], "PyDataset needs to define __getitem__(index)."),
        (
            lambda: utils.PyDataset().num_batches,
            "PyDataset needs to define __len__(), or the property num_batches.",
        ),
    ],
)
def test_what_is_to_define(act, message):
    with pytest.raises(NotImplementedError, match=f"^{re.escape(message)}$"):
        act()


def test_workers_are_a_number():
    message = "Endless needs workers to be an integer of at least 0. Received workers='many'."
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        Endless(workers="many")
