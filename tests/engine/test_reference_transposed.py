import numpy as np
import pytest

from convlet.engine import reference
from tests.engine.differences import central_differences, random_like

# images, kernel, strides, padding, dilation, output padding
SHAPES = [
    ((2, 3, 4, 2), (3, 3, 3, 2), (1, 1), "valid", (1, 1), None),
    ((1, 3, 4, 2), (3, 2, 1, 2), (2, 2), "same", (1, 1), None),
    ((1, 3, 2, 1), (2, 2, 2, 1), (3, 3), "valid", (1, 1), None),  # strides leave pixels open
    ((1, 3, 2, 1), (2, 1, 2, 1), (3, 3), "same", (1, 1), None),
    ((1, 4, 3, 2), (3, 5, 1, 2), (2, 3), "same", (1, 1), (1, 2)),
    ((1, 4, 3, 1), (3, 2, 1, 1), (2, 1), "valid", (1, 1), (1, 0)),
    ((1, 4, 5, 2), (3, 3, 2, 2), (1, 1), "same", (2, 1), None),
]


@pytest.mark.parametrize(("images", "kernel", *"spdo"), SHAPES)
def test_gradients_are_those_of_central_differences(images, kernel, s, p, d, o):
    generator = np.random.default_rng(0)
    x, w, b = (generator.standard_normal(shape) for shape in (images, kernel, kernel[2:3]))
    settings = (s, p, d, o)
    dy = random_like(generator, lambda x: reference.conv2d_transpose(x, w, b, *settings), x)

    dx, dw, db = reference.conv2d_transpose_backward(dy, x, w, *settings)

    for gradient, function, value in [
        (dx, lambda x: reference.conv2d_transpose(x, w, b, *settings), x),
        (dw, lambda w: reference.conv2d_transpose(x, w, b, *settings), w),
        (db, lambda b: reference.conv2d_transpose(x, w, b, *settings), b),
    ]:
        np.testing.assert_allclose(gradient, central_differences(function, value, dy), atol=1e-8)


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize(("size", "window", "stride", "dilation"), [
    (8, 3, 1, 1), (8, 3, 2, 1), (9, 3, 2, 1), (9, 2, 3, 1), (8, 4, 2, 1), (9, 3, 1, 2),
])  # fmt: skip
def test_it_is_the_input_gradient_of_the_convolution_from_its_output(
    padding, size, window, stride, dilation
):
    """Where that convolution pads as the transposed one cuts: for sizes that are whole strides."""
    generator = np.random.default_rng(1)
    settings = ((stride, stride), padding, (dilation, dilation))
    w = generator.standard_normal((window, window, 2, 3))
    small = generator.standard_normal((1, size // stride, size // stride, 3))
    y = reference.conv2d_transpose(small, w, None, *settings)
    large = generator.standard_normal(y.shape)
    back = reference.conv2d(large, w, None, *settings)
    assert back.shape == small.shape
    expected, _, _ = reference.conv2d_backward(small, large, w, *settings)
    np.testing.assert_allclose(y, expected, atol=1e-12)


def test_a_transposed_convolution_by_hand():
    x = np.array([1.0, 10.0]).reshape(1, 1, 2, 1)
    kernel = np.array([1.0, 2.0, 3.0]).reshape(1, 3, 1, 1)
    assert reference.conv2d_transpose(x, kernel, strides=(1, 2)).ravel().tolist() == [
        1.0, 2.0, 3.0 + 10.0, 20.0, 30.0,
    ]  # fmt: skip
    same = reference.conv2d_transpose(x, kernel, strides=(1, 2), padding="same")
    assert same.ravel().tolist() == [1.0, 2.0, 13.0, 20.0]
