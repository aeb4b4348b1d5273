import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlet.engine import reference
from tests.engine.differences import central_differences, random_like

# images, window, strides, padding
SHAPES = [
    ((2, 4, 4, 3), (2, 2), (2, 2), "valid"),
    ((1, 5, 7, 2), (2, 2), (2, 2), "valid"),  # the last row and column are dropped
    ((1, 5, 7, 2), (2, 2), (2, 2), "same"),
    ((1, 6, 6, 1), (3, 3), (2, 2), "valid"),  # windows overlap
    ((1, 6, 6, 1), (3, 3), (2, 2), "same"),
    ((2, 5, 4, 1), (3, 2), (1, 1), "same"),
    ((1, 8, 7, 2), (2, 2), (3, 3), "valid"),  # strides pass over pixels
    ((1, 8, 7, 2), (2, 2), (3, 3), "same"),
    ((1, 3, 3, 1), (3, 3), (3, 3), "valid"),
    ((1, 2, 3, 2), (5, 5), (1, 1), "same"),  # window larger than the image
    ((1, 6, 5, 1), (1, 2), (2, 1), "valid"),
]
# At the gaps between these values no pool changes its mind within a difference's step.
POOLS = {
    "max": (reference.max_pooling2d, reference.max_pooling2d_backward),
    "average": (reference.average_pooling2d, reference.average_pooling2d_backward),
}
GLOBAL_POOLS = {
    "max": (reference.global_max_pooling2d, reference.global_max_pooling2d_backward),
    "average": (reference.global_average_pooling2d, reference.global_average_pooling2d_backward),
}


def distinct_values(generator, shape):
    return generator.permutation(np.prod(shape)).reshape(shape).astype(float)


@pytest.mark.parametrize("kind", POOLS)
@pytest.mark.parametrize(("images", "window", "strides", "padding"), SHAPES)
def test_gradients_are_those_of_central_differences(kind, images, window, strides, padding):
    forward, backward = POOLS[kind]
    generator = np.random.default_rng(0)
    x = distinct_values(generator, images)
    dy = random_like(generator, lambda x: forward(x, window, strides, padding), x)
    expected = central_differences(lambda x: forward(x, window, strides, padding), x, dy, 1e-2)
    np.testing.assert_allclose(backward(dy, x, window, strides, padding), expected, atol=1e-9)


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("kind", GLOBAL_POOLS)
def test_global_gradients_are_those_of_central_differences(kind, keepdims):
    forward, backward = GLOBAL_POOLS[kind]
    generator = np.random.default_rng(0)
    x = distinct_values(generator, (2, 3, 5, 3))
    dy = random_like(generator, lambda x: forward(x, keepdims), x)
    assert dy.shape == ((2, 1, 1, 3) if keepdims else (2, 3))
    expected = central_differences(lambda x: forward(x, keepdims), x, dy, 1e-2)
    np.testing.assert_allclose(backward(dy, x), expected, atol=1e-9)


def test_max_pooling_by_hand():
    x = np.array([[1.0, 5.0, 2.0], [3.0, 4.0, 9.0], [7.0, 8.0, 6.0]]).reshape(1, 3, 3, 1)
    assert reference.max_pooling2d(x, (2, 2), (1, 1)).ravel().tolist() == [5.0, 9.0, 8.0, 9.0]
    same = reference.max_pooling2d(x, (2, 2), (2, 2), "same")
    assert same.ravel().tolist() == [5.0, 9.0, 8.0, 6.0]


def test_padding_never_wins_a_maximum():
    x = np.array([-3.0, -np.inf, -2.0]).reshape(1, 1, 3, 1)
    assert reference.max_pooling2d(x, (1, 3), (1, 1), "same").ravel().tolist() == [-3.0, -2.0, -2.0]
    lowest = np.full((1, 1, 2, 1), -np.inf)
    dy = np.ones((1, 1, 2, 1))
    dx = reference.max_pooling2d_backward(dy, lowest, (1, 3), (1, 1), "same")
    assert dx.ravel().tolist() == [2.0, 0.0]


def test_average_pooling_does_not_count_padding():
    x = np.array([1.0, 3.0, 8.0]).reshape(1, 1, 3, 1)
    assert reference.average_pooling2d(x, (1, 2), (1, 2), "same").ravel().tolist() == [2.0, 8.0]


@pytest.mark.parametrize("window", [(2, 2), (3, 3)])
def test_the_first_of_equal_values_takes_the_gradient(window):
    x = np.zeros((1, *window, 1))
    x[0, 0, 1], x[0, 1, 0] = 4.0, 4.0
    dx = reference.max_pooling2d_backward(np.ones((1, 1, 1, 1)), x, window, window)
    assert np.argwhere(dx).tolist() == [[0, 0, 1, 0]]
    dx = reference.global_max_pooling2d_backward(np.ones((1, 1)), x)
    assert np.argwhere(dx).tolist() == [[0, 0, 1, 0]]


def test_not_a_number_wins_and_the_first_takes_the_gradient():
    x = np.array([[np.inf, np.nan], [np.nan, 1.0]]).reshape(1, 2, 2, 1)
    assert np.isnan(reference.max_pooling2d(x, (2, 2), (2, 2))).all()
    assert np.isnan(reference.global_max_pooling2d(x)).all()
    dx = reference.max_pooling2d_backward(np.ones((1, 1, 1, 1)), x, (2, 2), (2, 2))
    assert dx.ravel().tolist() == [0.0, 1.0, 0.0, 0.0]
    dx = reference.global_max_pooling2d_backward(np.ones((1, 1)), x)
    assert dx.ravel().tolist() == [0.0, 1.0, 0.0, 0.0]


@st.composite
def pools(draw):
    window = draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    strides = draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    padding = draw(st.sampled_from(["valid", "same"]))
    smallest = window if padding == "valid" else (1, 1)
    height, width = (draw(st.integers(least, least + 5)) for least in smallest)
    generator = np.random.default_rng(draw(st.integers(0, 2**32)))
    # Few different values, so that windows are full of ties.
    return generator.integers(0, 3, (2, height, width, 2)).astype(float), window, strides, padding


@given(pools())
def test_max_pooling_gives_each_gradient_to_one_pixel_that_holds_the_maximum(case):
    x, *setting = case
    y = reference.max_pooling2d(x, *setting)
    dy = 2.0 ** -np.arange(y.size, dtype=float).reshape(y.shape)  # no two sums are the same
    dx = reference.max_pooling2d_backward(dy, x, *setting)
    np.testing.assert_allclose((dx * x).sum(), (dy * y).sum())
    np.testing.assert_allclose(dx.sum(axis=(1, 2)), dy.sum(axis=(1, 2)))


@given(pools())
def test_the_maximum_by_looking(case):
    """Each window cut out of the unpadded image, pixel by pixel."""
    x, window, strides, padding = case
    y = reference.max_pooling2d(x, window, strides, padding)
    totals = [
        max((count - 1) * stride + taps - size, 0) if padding == "same" else 0
        for count, stride, taps, size in zip(
            y.shape[1:3], strides, window, x.shape[1:3], strict=True
        )
    ]
    for i, j in np.ndindex(y.shape[1:3]):
        top, left = i * strides[0] - totals[0] // 2, j * strides[1] - totals[1] // 2
        seen = x[:, max(top, 0) : top + window[0], max(left, 0) : left + window[1]]
        assert (y[:, i, j] == seen.max(axis=(1, 2))).all()
        average = reference.average_pooling2d(x, window, strides, padding)
        np.testing.assert_allclose(average[:, i, j], seen.mean(axis=(1, 2)))


@given(pools(), st.floats(-1e3, 1e3))
def test_the_average_of_a_constant_is_the_constant(case, constant):
    x, *setting = case
    y = reference.average_pooling2d(np.full_like(x, constant), *setting)
    np.testing.assert_allclose(y, constant)
    total = reference.average_pooling2d_backward(np.ones_like(y), x, *setting).sum()
    np.testing.assert_allclose(total, y.size)
