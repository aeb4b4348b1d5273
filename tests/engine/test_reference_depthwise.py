import numpy as np
import pytest

from convlet import layers
from convlet.engine import reference
from convlet.engine.reference.layer import Mode, sums_backward
from tests.engine.differences import central_differences, random_like

# images, kernel, strides, padding, dilation
SHAPES = [
    ((2, 5, 5, 1), (3, 3, 1, 1), (1, 1), "valid", (1, 1)),
    ((2, 5, 4, 3), (3, 3, 3, 1), (1, 1), "same", (1, 1)),
    ((1, 6, 7, 2), (3, 2, 2, 3), (2, 2), "same", (1, 1)),
    ((1, 7, 6, 2), (2, 2, 2, 2), (3, 3), "valid", (1, 1)),  # strides pass over pixels
    ((1, 7, 8, 2), (3, 2, 2, 1), (2, 1), "same", (1, 2)),
    ((1, 2, 2, 2), (5, 5, 2, 1), (1, 1), "same", (1, 1)),  # window larger than the image
]


@pytest.mark.parametrize(("images", "kernel", "strides", "padding", "dilation"), SHAPES)
def test_gradients_are_those_of_central_differences(images, kernel, strides, padding, dilation):
    generator = np.random.default_rng(0)
    x, w = (generator.standard_normal(shape) for shape in (images, kernel))
    b = generator.standard_normal(kernel[2] * kernel[3])
    settings = (strides, padding, dilation)
    dy = random_like(generator, lambda x: reference.depthwise_conv2d(x, w, b, *settings), x)

    dx, dw, db = reference.depthwise_conv2d_backward(dy, x, w, *settings)

    for gradient, function, value in [
        (dx, lambda x: reference.depthwise_conv2d(x, w, b, *settings), x),
        (dw, lambda w: reference.depthwise_conv2d(x, w, b, *settings), w),
        (db, lambda b: reference.depthwise_conv2d(x, w, b, *settings), b),
    ]:
        np.testing.assert_allclose(gradient, central_differences(function, value, dy), atol=1e-8)


@pytest.mark.parametrize(("images", "kernel", "strides", "padding", "dilation"), SHAPES)
def test_it_is_a_convolution_whose_kernel_is_zero_between_channels(
    images, kernel, strides, padding, dilation
):
    generator = np.random.default_rng(1)
    x, w = (generator.standard_normal(shape) for shape in (images, kernel))
    *window, channels, multiplier = kernel
    dense = np.zeros((*window, channels, channels, multiplier))
    for c in range(channels):
        dense[:, :, c, c] = w[:, :, c]
    expected = reference.conv2d(
        x, dense.reshape(*window, channels, -1), None, strides, padding, dilation
    )
    actual = reference.depthwise_conv2d(x, w, None, strides, padding, dilation)
    np.testing.assert_allclose(actual, expected, atol=1e-12)


def test_float32_stays_float32():
    x, kernel = np.ones((1, 4, 4, 2), np.float32), np.ones((3, 3, 2, 2), np.float32)
    y = reference.depthwise_conv2d(x, kernel, np.zeros(4, np.float32))
    gradients = reference.depthwise_conv2d_backward(y, x, kernel)
    assert [array.dtype for array in (y, *gradients)] == [np.float32] * 4


@pytest.mark.parametrize("use_bias", [True, False])
def test_a_separable_convolution_is_one_after_the_other(use_bias):
    generator = np.random.default_rng(2)
    layer = layers.SeparableConv2D(4, 3, 2, "same", depth_multiplier=2, use_bias=use_bias)
    layer.build((None, 5, 6, 3))
    layer.set_weights([generator.standard_normal(w.shape) for w in layer.weights])
    x = generator.standard_normal((2, 5, 6, 3))
    kernel, mixing, *bias = (weight.value.astype(float) for weight in layer.weights)
    between = reference.depthwise_conv2d(x, kernel, None, (2, 2), "same")
    y = reference.forward([layer], x)
    np.testing.assert_allclose(y, reference.conv2d(between, mixing, *bias), atol=1e-12)

    dy = generator.standard_normal(y.shape)
    dx, gradients = sums_backward(layer, dy, x, Mode())
    expected = central_differences(lambda x: reference.forward([layer], x), x, dy)
    np.testing.assert_allclose(dx, expected, atol=1e-8)
    for position, gradient in enumerate(gradients):
        assert gradient.shape == layer.weights[position].shape
        step = generator.standard_normal(gradient.shape)
        slope = (gradient * step).sum()
        assert _slope(layer, position, step, x, dy) == pytest.approx(slope, rel=1e-3)


def _slope(layer, position, step, x, dy):
    """How fast the output grows along dy where a weight moves by ``step``."""
    before, values = layer.get_weights(), []
    for sign in (1, -1):
        weights = list(before)
        weights[position] = before[position] + sign * 0.25 * step  # linear in each weight
        layer.set_weights(weights)
        values.append((reference.forward([layer], x) * dy).sum())
    layer.set_weights(before)
    return (values[0] - values[1]) / 0.5
