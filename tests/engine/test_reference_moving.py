import numpy as np
import pytest

from convlet.engine import reference
from tests.engine.differences import central_differences, random_like

IMAGES, SEQUENCES, FEATURES = (
    np.random.default_rng(0).standard_normal(shape) for shape in ((2, 3, 4, 2), (2, 5, 3), (2, 4))
)

# name, input, settings, whether backward is told the input
FUNCTIONS = [
    ("zero_padding2d", IMAGES, (((1, 0), (2, 1)),), False),
    ("zero_padding1d", SEQUENCES, ((2, 1),), False),
    ("cropping2d", IMAGES, (((1, 0), (2, 1)),), False),
    ("cropping1d", SEQUENCES, ((1, 2),), False),
    ("cropping1d", SEQUENCES, ((1, 0),), False),
    ("upsampling2d", IMAGES, ((2, 3),), True),
    ("upsampling2d", IMAGES, ((1, 2), "bilinear"), True),
    ("upsampling2d", IMAGES, ((3, 2), "bilinear"), True),
    ("upsampling2d", IMAGES, ((2, 2), "bicubic"), True),
    ("upsampling1d", SEQUENCES, (3,), True),
    ("permute", IMAGES, ((3, 1, 2),), False),
    ("permute", IMAGES, ((2, 3, 1),), False),
    ("permute", SEQUENCES, ((2, 1),), False),
]


@pytest.mark.parametrize(("name", "x", "settings", "told"), FUNCTIONS)
def test_gradients_are_those_of_central_differences(name, x, settings, told):
    forward = getattr(reference, name)
    dy = random_like(np.random.default_rng(1), lambda x: forward(x, *settings), x)
    given = (dy, x) if told else (dy,)
    dx = getattr(reference, f"{name}_backward")(*given, *settings)
    expected = central_differences(lambda x: forward(x, *settings), x, dy)
    np.testing.assert_allclose(dx, expected, atol=1e-8)


def test_repetition_and_its_gradient():
    y = reference.repeat_vector(FEATURES, 3)
    assert y.shape == (2, 3, 4)
    assert (y == FEATURES[:, None]).all()
    dy = random_like(np.random.default_rng(1), lambda x: reference.repeat_vector(x, 3), FEATURES)
    np.testing.assert_allclose(reference.repeat_vector_backward(dy), dy.sum(axis=1))


def test_zero_padding_by_hand():
    x = np.ones((1, 2, 3, 1))
    y = reference.zero_padding2d(x, ((1, 0), (2, 1)))
    assert y[0, :, :, 0].tolist() == [[0.0] * 6, [0, 0, 1, 1, 1, 0], [0, 0, 1, 1, 1, 0]]
    steps = reference.zero_padding1d(x[:, 0], (1, 2))
    assert steps.ravel().tolist() == [0, 1, 1, 1, 0, 0]


def test_cropping_by_hand():
    x = np.arange(12.0).reshape(1, 3, 4, 1)
    y = reference.cropping2d(x, ((1, 0), (1, 2)))
    assert y[0, :, :, 0].tolist() == [[5.0], [9.0]]
    assert reference.cropping1d(x[:, 0], (1, 0)).ravel().tolist() == [1.0, 2.0, 3.0]


def test_enlarging_by_hand():
    x = np.array([[0.0, 8.0], [4.0, 2.0]]).reshape(1, 2, 2, 1)
    nearest = reference.upsampling2d(x, (1, 2))
    assert nearest[0, :, :, 0].tolist() == [[0, 0, 8, 8], [4, 4, 2, 2]]
    bilinear = reference.upsampling2d(x, (1, 2), "bilinear")
    assert bilinear[0, :, :, 0].tolist() == [[0, 2, 6, 8], [4, 3.5, 2.5, 2]]
    middle = reference.upsampling2d(x, (3, 1), "bilinear")[0, 2:4, 0, 0]
    np.testing.assert_allclose(middle, [4 / 3, 8 / 3])
    assert reference.upsampling1d(x[:, 0], 2).ravel().tolist() == [0, 0, 8, 8]


def test_orders_of_axes_by_hand():
    x = np.arange(6.0).reshape(1, 2, 3)
    assert reference.permute(x, (2, 1))[0].tolist() == [[0, 3], [1, 4], [2, 5]]
    assert reference.permute(IMAGES, (3, 1, 2)).shape == (2, 2, 3, 4)
    assert reference.permute(IMAGES, (3, 1, 2))[1, 0, 2, 3] == IMAGES[1, 2, 3, 0]
