import re

import pytest

from convlet import layers
from convlet.errors import ArgumentError
from convlet.layers import limits


def test_layers_together_take_no_more_than_there_is():
    with limits.limited(20):
        layers.Dense(3).build((None, 4))
        message = (
            "Dense 'more' needs a kernel of shape (4, 3). "
            "Received a file whose weights are 20 bytes in all."
        )
        with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
            layers.Dense(3, name="more").build((None, 4))
    layers.Dense(3).build((None, 400))


def test_nothing_is_taken_before_it_is_counted():
    with limits.limited(20), pytest.raises(ArgumentError, match=r"\(1000000000, 1000000000\)"):
        layers.Dense(10**9).build((None, 10**9))
