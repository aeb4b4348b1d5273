"""One-hot labels and unit vectors, as Keras defines them, and what is said about wrong ones."""

import numpy as np
import pytest

from convlet.errors import ArgumentError
from convlet.utils import normalize, to_categorical


@pytest.mark.parametrize(
    ("x", "num_classes", "shape"),
    [
        ([0, 1, 2], None, (3, 3)),
        ([0, 1, 2], 5, (3, 5)),
        ([[0], [1], [2]], None, (3, 3)),
        ([[0, 1], [2, 0]], None, (2, 2, 3)),
        (2, None, (3,)),
        (np.array([1.0, 0.0], np.float32), None, (2, 2)),
        (np.array([1, 0], np.uint8), None, (2, 2)),
        ([True, False], None, (2, 2)),
        ([], 4, (0, 4)),
    ],
)
def test_to_categorical(x, num_classes, shape):
    result = to_categorical(x, num_classes)
    assert (result.shape, result.dtype) == (shape, np.float64)
    np.testing.assert_array_equal(result.sum(-1), np.ones(shape[:-1]))
    np.testing.assert_array_equal(result.argmax(-1).reshape(-1), np.reshape(x, -1).astype(int))


@pytest.mark.parametrize(
    ("x", "num_classes", "message"),
    [
        (
            [0, 10],
            10,
            "to_categorical needs x to hold classes from 0 to 9. Received classes from 0 to 10.",
        ),
        (
            [-1, 2],
            None,
            "to_categorical needs x to hold classes from 0 to 2. Received classes from -1 to 2.",
        ),
        (
            [0.5, 1],
            None,
            "to_categorical needs x to hold whole numbers. Received x of float64, such as 0.5. "
            "Number the classes first: names, labels = numpy.unique(x, return_inverse=True).",
        ),
        (
            ["cat", "dog"],
            None,
            "to_categorical needs x to hold whole numbers. Received x of <U3, such as 'cat'. "
            "Number the classes first: names, labels = numpy.unique(x, return_inverse=True).",
        ),
        (
            [float("nan")],
            None,
            "to_categorical needs x to hold whole numbers. Received x of float64, such as nan. "
            "Number the classes first: names, labels = numpy.unique(x, return_inverse=True).",
        ),
        (
            [],
            None,
            "to_categorical needs num_classes where x is empty. Received x of shape (0,).",
        ),
        (
            [0],
            0,
            "to_categorical needs num_classes to be an integer of at least 1. "
            "Received num_classes=0.",
        ),
    ],
)
def test_to_categorical_refuses(x, num_classes, message):
    with pytest.raises(ArgumentError) as caught:
        to_categorical(x, num_classes)
    assert str(caught.value) == message


@pytest.mark.parametrize("order", [1, 2, 3, np.inf])
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_normalize_gives_vectors_of_length_one(axis, order):
    x = np.random.default_rng(4).normal(size=(3, 4, 5))
    result = normalize(x, axis=axis, order=order)
    np.testing.assert_allclose(np.linalg.norm(result, order, axis), 1, rtol=1e-12)
    assert result is not x


def test_normalize_leaves_zeros():
    np.testing.assert_array_equal(normalize(np.zeros((2, 3))), np.zeros((2, 3)))


@pytest.mark.parametrize("axis", [2, -3])
def test_normalize_refuses_an_axis_that_is_not_there(axis):
    with pytest.raises(ArgumentError) as caught:
        normalize([[1.0, 2.0]], axis=axis)
    assert str(caught.value) == (
        f"normalize needs axis to be an axis of x, which has 2. Received axis={axis}."
    )
