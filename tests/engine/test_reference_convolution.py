import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import correlate2d

from convlet.engine import reference
from convlet.layers import windows
from tests.engine.differences import central_differences, random_like

# images, kernel, strides, padding, dilation
SHAPES = [
    ((2, 5, 5, 1), (3, 3, 1, 2), (1, 1), "valid", (1, 1)),
    ((2, 5, 4, 2), (3, 3, 2, 3), (1, 1), "same", (1, 1)),
    ((1, 6, 7, 2), (3, 3, 2, 1), (2, 2), "valid", (1, 1)),
    ((1, 6, 7, 2), (3, 3, 2, 2), (2, 2), "same", (1, 1)),
    ((1, 7, 6, 1), (2, 2, 1, 2), (3, 3), "valid", (1, 1)),  # strides pass over pixels
    ((1, 7, 6, 1), (2, 2, 1, 2), (3, 3), "same", (1, 1)),
    ((1, 7, 7, 1), (3, 2, 1, 2), (1, 1), "valid", (2, 2)),
    ((1, 5, 7, 2), (3, 3, 2, 1), (1, 1), "same", (2, 2)),
    ((2, 6, 5, 2), (3, 1, 2, 2), (2, 1), "same", (1, 1)),
    ((3, 4, 4, 2), (1, 1, 2, 3), (1, 1), "valid", (1, 1)),
    ((1, 4, 4, 1), (4, 4, 1, 2), (1, 1), "valid", (1, 1)),
    ((1, 2, 2, 1), (5, 5, 1, 1), (1, 1), "same", (1, 1)),  # window larger than the image
    ((1, 6, 6, 1), (2, 2, 1, 1), (1, 1), "same", (1, 1)),  # the odd row of padding comes last
]


@pytest.mark.parametrize(("images", "kernel", "strides", "padding", "dilation"), SHAPES)
def test_gradients_are_those_of_central_differences(images, kernel, strides, padding, dilation):
    generator = np.random.default_rng(0)
    x, w, b = (generator.standard_normal(shape) for shape in (images, kernel, kernel[3:]))
    settings = (strides, padding, dilation)
    dy = random_like(generator, lambda x: reference.conv2d(x, w, b, *settings), x)

    dx, dw, db = reference.conv2d_backward(dy, x, w, *settings)

    expected = central_differences(lambda x: reference.conv2d(x, w, b, *settings), x, dy)
    np.testing.assert_allclose(dx, expected, atol=1e-8)
    expected = central_differences(lambda w: reference.conv2d(x, w, b, *settings), w, dy)
    np.testing.assert_allclose(dw, expected, atol=1e-8)
    expected = central_differences(lambda b: reference.conv2d(x, w, b, *settings), b, dy)
    np.testing.assert_allclose(db, expected, atol=1e-8)


@pytest.mark.parametrize(("images", "kernel", "strides", "padding", "dilation"), SHAPES)
def test_scipy_agrees(images, kernel, strides, padding, dilation):
    generator = np.random.default_rng(1)
    x, w = (generator.standard_normal(shape) for shape in (images, kernel))
    # SciPy knows neither strides nor dilation: put zeros between the taps, then skip positions.
    spread = np.zeros(
        (*((n - 1) * d + 1 for n, d in zip(kernel[:2], dilation, strict=True)), *kernel[2:])
    )
    spread[:: dilation[0], :: dilation[1]] = w
    dense = np.zeros((len(x), *_dense_sizes(x, spread, padding), kernel[3]))
    for n, c, f in np.ndindex(len(x), kernel[2], kernel[3]):
        image = x[n, :, :, c]
        if padding == "same":
            image = _frame(image, spread.shape[:2], strides)
        dense[n, ..., f] += correlate2d(image, spread[:, :, c, f], mode="valid")[
            : dense.shape[1], : dense.shape[2]
        ]
    expected = dense[:, :: strides[0], :: strides[1]]
    actual = reference.conv2d(x, w, None, strides, padding, dilation)
    np.testing.assert_allclose(actual, expected, atol=1e-12)


def _dense_sizes(x, kernel, padding):
    if padding == "same":
        return x.shape[1:3]
    return tuple(n - k + 1 for n, k in zip(x.shape[1:3], kernel.shape[:2], strict=True))


def _frame(image, window, strides):
    """TensorFlow's rule: enough for ceil(size / stride) positions, the odd pixel at the end."""
    margins = []
    for size, taps, stride in zip(image.shape, window, strides, strict=True):
        total = max((-(-size // stride) - 1) * stride + taps - size, 0)
        # Behind the last strided position SciPy needs pixels for the positions that are skipped.
        margins.append((total // 2, total - total // 2 + taps + stride))
    return np.pad(image, margins)


def test_a_convolution_by_hand():
    x = np.arange(1.0, 10.0).reshape(1, 3, 3, 1)
    kernel = np.array([[1.0, 0.0], [0.0, 10.0]]).reshape(2, 2, 1, 1)
    y = reference.conv2d(x, kernel, np.array([100.0]))
    assert y[0, :, :, 0].tolist() == [[151.0, 162.0], [184.0, 195.0]]


def test_same_padding_by_hand():
    x = np.array([1.0, 2.0, 3.0, 4.0]).reshape(1, 1, 4, 1)
    kernel = np.ones((1, 3, 1, 1))
    strided = reference.conv2d(x, kernel, strides=(1, 2), padding="same")
    assert reference.conv2d(x, kernel, padding="same").ravel().tolist() == [3.0, 6.0, 9.0, 7.0]
    assert strided.ravel().tolist() == [6.0, 7.0]  # no padding before, one zero after


def test_gradients_by_hand():
    x = np.array([1.0, 2.0, 3.0]).reshape(1, 1, 3, 1)
    kernel = np.array([10.0, 20.0]).reshape(1, 2, 1, 1)
    dy = np.array([1.0, 100.0]).reshape(1, 1, 2, 1)
    dx, dkernel, dbias = reference.conv2d_backward(dy, x, kernel)
    assert dx.ravel().tolist() == [10.0, 1020.0, 2000.0]
    assert dkernel.ravel().tolist() == [201.0, 302.0]
    assert dbias.tolist() == [101.0]


def test_float32_stays_float32():
    x, kernel = np.ones((1, 4, 4, 2), np.float32), np.ones((3, 3, 2, 5), np.float32)
    y = reference.conv2d(x, kernel, np.zeros(5, np.float32))
    gradients = reference.conv2d_backward(y, x, kernel)
    assert [array.dtype for array in (y, *gradients)] == [np.float32] * 4


sizes = st.integers(1, 7)
settings = st.fixed_dictionaries(
    {
        "strides": st.tuples(st.integers(1, 3), st.integers(1, 3)),
        "padding": st.sampled_from(["valid", "same"]),
        "dilation": st.tuples(st.integers(1, 2), st.integers(1, 2)),
    }
)


@st.composite
def convolutions(draw):
    """Images, a kernel that fits into them, and settings."""
    setting = draw(settings)
    window = draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    reach = [(n - 1) * d + 1 for n, d in zip(window, setting["dilation"], strict=True)]
    smallest = reach if setting["padding"] == "valid" else [1, 1]
    height, width = (draw(st.integers(least, least + 5)) for least in smallest)
    batch, channels, filters = draw(st.tuples(st.integers(1, 2), sizes, sizes))
    generator = np.random.default_rng(draw(st.integers(0, 2**32)))
    x = generator.standard_normal((batch, height, width, channels))
    return x, generator.standard_normal((*window, channels, filters)), setting, generator


@given(convolutions())
def test_linear_in_the_images_and_in_the_kernel(case):
    x, kernel, setting, generator = case
    other_x, other_kernel = (generator.standard_normal(array.shape) for array in (x, kernel))
    of_a_sum = reference.conv2d(x + 2 * other_x, kernel + 3 * other_kernel, **setting)
    parts = sum(
        factor * reference.conv2d(images, filters, **setting)
        for factor, images, filters in [
            (1, x, kernel),
            (2, other_x, kernel),
            (3, x, other_kernel),
            (6, other_x, other_kernel),
        ]
    )
    np.testing.assert_allclose(of_a_sum, parts, atol=1e-10)


@given(convolutions())
def test_the_backward_pass_is_the_transpose(case):
    x, kernel, setting, generator = case
    y = reference.conv2d(x, kernel, **setting)
    dy = generator.standard_normal(y.shape)
    dx, dkernel, _ = reference.conv2d_backward(dy, x, kernel, **setting)
    np.testing.assert_allclose(
        [(dx * x).sum(), (dkernel * kernel).sum()], (y * dy).sum(), atol=1e-9
    )


@given(convolutions())
def test_the_window_stops_wherever_it_fits(case):
    x, kernel, setting, _ = case
    y = reference.conv2d(x, kernel, **setting)
    for axis in (0, 1):
        size, taps = x.shape[1 + axis], kernel.shape[axis]
        stride, dilation = setting["strides"][axis], setting["dilation"][axis]
        if setting["padding"] == "same":
            starts = range(0, size, stride)
        else:
            starts = [s for s in range(0, size, stride) if s + (taps - 1) * dilation < size]
        assert y.shape[1 + axis] == len(starts)
        assert windows.output_size(size, taps, stride, setting["padding"], dilation) == len(starts)


@given(convolutions())
def test_same_padding_counts_every_pixel_it_meets(case):
    """A kernel of ones over images of ones counts the taps that fall on the image."""
    x, kernel, setting, _ = case
    counts = reference.conv2d(np.ones_like(x), np.ones_like(kernel), **setting)
    taps = kernel.shape[0] * kernel.shape[1] * x.shape[3]
    assert counts.max() <= taps
    assert counts.min() >= 0
    if setting["padding"] == "valid":
        assert (counts == taps).all()
