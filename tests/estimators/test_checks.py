"""How data become what a network takes, and what is said about those that cannot."""

import numpy as np
import pytest

from convlet.errors import ArgumentError, ShapeError
from convlet.estimators.checks import as_images, checked_weights


@pytest.mark.parametrize(
    ("shape", "image_shape", "expected"),
    [
        ((2, 12), None, (2, 12)),
        ((2, 12), (3, 4), (2, 3, 4, 1)),
        ((2, 12), (2, 2, 3), (2, 2, 2, 3)),
        ((2, 3, 4), None, (2, 3, 4, 1)),
        ((2, 2, 2, 3), (2, 2, 3), (2, 2, 2, 3)),
    ],
)
def test_values_stay_in_their_order(shape, image_shape, expected):
    data = np.arange(24).reshape(shape)
    images = as_images(data, image_shape)
    assert images.shape == expected
    assert (images.ravel() == np.arange(24)).all()


@pytest.mark.parametrize(
    ("shape", "image_shape", "message"),
    [
        (
            (2, 1, 1, 1, 1),
            None,
            "ConvNetClassifier needs X of shape (n, height, width, channels), (n, height, width) "
            "or (n, features). Received shape (2, 1, 1, 1, 1).",
        ),
        (
            (2, 13),
            (3, 4),
            "ConvNetClassifier with image_shape=(3, 4) needs images of that shape, or rows of 12 "
            "values. Received X of shape (2, 13).",
        ),
        (
            (2, 3, 2, 2),
            (2, 2, 3),
            "ConvNetClassifier with image_shape=(2, 2, 3) needs images of that shape, or rows of "
            "12 values. Received X of shape (2, 3, 2, 2).",
        ),
    ],
)
def test_shapes_that_do_not_fit(shape, image_shape, message):
    with pytest.raises(ShapeError) as caught:
        as_images(np.zeros(shape), image_shape)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("weights", "error", "message"),
    [
        (
            [1, 2],
            ShapeError,
            "ConvNetClassifier needs sample_weight of shape (3,), one for each image. Received "
            "shape (2,).",
        ),
        (
            [1, 2, -0.5],
            ArgumentError,
            "ConvNetClassifier needs sample_weight of at least zero, and one above zero. Received "
            "-0.5.",
        ),
        (
            [0, 0, 0],
            ArgumentError,
            "ConvNetClassifier needs sample_weight of at least zero, and one above zero. Received "
            "only zeros.",
        ),
        ([1, 2, np.nan], ValueError, None),
    ],
)
def test_weights_that_will_not_do(weights, error, message):
    with pytest.raises(error) as caught:
        checked_weights(weights, 3)
    assert message is None or str(caught.value) == message


def test_weights_become_an_array():
    weights = checked_weights([1, 0, 3], 3)
    assert (weights.tolist(), weights.dtype) == ([1, 0, 3], np.float64)
