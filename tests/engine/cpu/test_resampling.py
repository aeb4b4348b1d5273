"""What each pixel of an enlarged image is made of."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlet.engine.cpu.resampling import UpSampling, enlarged

sizes = given(size=st.integers(1, 9), factor=st.integers(1, 5), bilinear=st.booleans())


def matrix(taps, size):
    dense = np.zeros((len(taps.taps), size))
    for position, pairs in enumerate(taps.taps):
        for place, share in pairs:
            dense[position, place] += share
    return dense


@sizes
def test_every_output_is_a_mean_of_inputs(size, factor, bilinear):
    taps = enlarged(size, factor, bilinear)
    assert len(taps.taps) == size * factor
    assert all(share > 0 for pairs in taps.taps for _, share in pairs)
    np.testing.assert_allclose(matrix(taps, size).sum(axis=1), 1.0)


@sizes
def test_the_way_back_is_the_transpose_and_reaches_every_input(size, factor, bilinear):
    taps = enlarged(size, factor, bilinear)
    turned = taps.turned(size)
    assert (matrix(turned, size * factor) == matrix(taps, size).T).all()
    assert all(turned.taps)


@pytest.mark.parametrize(
    ("op", "text"),
    [
        (UpSampling((2, 3), bilinear=False), "2x3 larger, pixels repeated"),
        (UpSampling((2, 2), bilinear=True), "2x2 larger, bilinear"),
    ],
)
def test_description(op, text):
    assert op.describe() == text
