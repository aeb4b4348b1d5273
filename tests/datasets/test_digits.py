"""The embedded digits: scaled, enlarged, and cut into two blocks."""

import numpy as np
import pytest

from convlet.datasets import digits
from convlet.errors import ArgumentError


def test_the_original_size_keeps_every_level():
    from sklearn.datasets import load_digits

    original = load_digits()
    (x_train, y_train), (x_test, y_test) = digits.load_data(image_size=8)
    images = np.concatenate([x_train, x_test])
    np.testing.assert_array_equal(np.round(images * (16 / 255)), original.images)
    np.testing.assert_array_equal(np.concatenate([y_train, y_test]), original.target)
    assert (images.dtype, images.min(), images.max()) == (np.uint8, 0, 255)
    assert (y_train.dtype, y_test.dtype) == (np.uint8, np.uint8)


def test_the_default_has_the_size_of_mnist():
    (x_train, y_train), (x_test, y_test) = digits.load_data()
    assert (x_train.shape, y_train.shape) == ((1437, 28, 28), (1437,))
    assert (x_test.shape, y_test.shape) == ((360, 28, 28), (360,))
    assert x_train.dtype == np.uint8


def test_enlarging_keeps_the_picture():
    (small, _), _ = digits.load_data(image_size=8)
    (large, _), _ = digits.load_data(image_size=32)
    blocks = large[:50].reshape(50, 8, 4, 8, 4).mean(axis=(2, 4))
    assert np.corrcoef(blocks.reshape(-1), small[:50].reshape(-1))[0, 1] > 0.98


@pytest.mark.parametrize("size", [7, 28.0, "28", True])
def test_an_impossible_size(size):
    with pytest.raises(ArgumentError) as caught:
        digits.load_data(image_size=size)
    assert str(caught.value) == (
        "digits.load_data needs image_size to be an integer of at least 8. "
        f"Received image_size={size!r}."
    )
