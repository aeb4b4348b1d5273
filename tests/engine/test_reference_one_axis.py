import numpy as np
import pytest

from convlet.engine import reference
from tests.engine.differences import central_differences, random_like

# sequences, kernel, stride, padding, dilation
CONVOLUTIONS = [
    ((2, 6, 2), (3, 2, 3), 1, "valid", 1),
    ((1, 7, 1), (2, 1, 2), 2, "same", 1),
    ((2, 7, 2), (3, 2, 1), 1, "same", 2),
    ((1, 6, 3), (3, 3, 2), 1, "causal", 1),
    ((1, 9, 1), (2, 1, 2), 1, "causal", 4),
    ((2, 7, 2), (3, 2, 2), 3, "causal", 1),
    ((1, 2, 1), (5, 1, 1), 1, "causal", 1),  # the window is longer than the sequence
]
# steps, window, stride, padding
POOLS = [(8, 2, 2, "valid"), (9, 3, 2, "valid"), (7, 2, 2, "same"), (7, 3, 1, "same")]


@pytest.mark.parametrize(("sequences", "kernel", "stride", "padding", "dilation"), CONVOLUTIONS)
def test_convolution_by_its_formula(sequences, kernel, stride, padding, dilation):
    """Each output summed tap by tap, steps outside the sequence left out."""
    generator = np.random.default_rng(0)
    x, w, b = (generator.standard_normal(shape) for shape in (sequences, kernel, kernel[2:]))
    y = reference.conv1d(x, w, b, stride, padding, dilation)
    extent, steps = (kernel[0] - 1) * dilation + 1, sequences[1]
    missing = max(0, (y.shape[1] - 1) * stride + extent - steps)
    before = {"valid": 0, "same": missing // 2, "causal": extent - 1}[padding]
    for position in range(y.shape[1]):
        expected = np.tile(b, (len(x), 1))
        for tap in range(kernel[0]):
            step = position * stride + tap * dilation - before
            if 0 <= step < steps:
                expected += x[:, step] @ w[tap]
        np.testing.assert_allclose(y[:, position], expected, atol=1e-12)
    if padding != "valid":
        assert y.shape[1] == -(-steps // stride)


@pytest.mark.parametrize(("sequences", "kernel", "stride", "padding", "dilation"), CONVOLUTIONS)
def test_convolution_gradients_are_those_of_central_differences(
    sequences, kernel, stride, padding, dilation
):
    generator = np.random.default_rng(1)
    x, w, b = (generator.standard_normal(shape) for shape in (sequences, kernel, kernel[2:]))
    settings = (stride, padding, dilation)
    dy = random_like(generator, lambda x: reference.conv1d(x, w, b, *settings), x)
    dx, dw, db = reference.conv1d_backward(dy, x, w, *settings)
    expected = central_differences(lambda x: reference.conv1d(x, w, b, *settings), x, dy)
    np.testing.assert_allclose(dx, expected, atol=1e-8)
    expected = central_differences(lambda w: reference.conv1d(x, w, b, *settings), w, dy)
    np.testing.assert_allclose(dw, expected, atol=1e-8)
    expected = central_differences(lambda b: reference.conv1d(x, w, b, *settings), b, dy)
    np.testing.assert_allclose(db, expected, atol=1e-8)


def test_causal_outputs_do_not_depend_on_later_steps():
    generator = np.random.default_rng(0)
    x, w = generator.standard_normal((1, 8, 2)), generator.standard_normal((3, 2, 2))
    changed = x.copy()
    changed[:, 5] += 1.0
    y, other = (reference.conv1d(s, w, None, 1, "causal", 2) for s in (x, changed))
    assert (y[:, :5] == other[:, :5]).all()
    assert (y[:, 5] != other[:, 5]).all()


@pytest.mark.parametrize("kind", ["max", "average"])
@pytest.mark.parametrize(("steps", "window", "stride", "padding"), POOLS)
def test_pooling_and_its_gradient(kind, steps, window, stride, padding):
    forward = getattr(reference, f"{kind}_pooling1d")
    backward = getattr(reference, f"{kind}_pooling1d_backward")
    settings = (window, stride, padding)
    generator = np.random.default_rng(0)
    x = generator.permutation(2 * steps * 3).reshape(2, steps, 3).astype(float)
    y = forward(x, *settings)
    missing = max(0, (y.shape[1] - 1) * stride + window - steps) if padding == "same" else 0
    for position in range(y.shape[1]):
        start = position * stride - missing // 2
        seen = x[:, max(start, 0) : start + window]
        expected = seen.max(axis=1) if kind == "max" else seen.mean(axis=1)
        np.testing.assert_allclose(y[:, position], expected)
    dy = random_like(generator, lambda x: forward(x, *settings), x)
    expected = central_differences(lambda x: forward(x, *settings), x, dy, 1e-2)
    np.testing.assert_allclose(backward(dy, x, *settings), expected, atol=1e-9)


def test_leads_of_maxima():
    x = np.array([1.0, 4.0, 2.0, 9.0, 7.0, 7.0]).reshape(1, 6, 1)
    assert reference.max_pooling1d_leads(x, 2, 2).ravel().tolist() == [3.0, 7.0, np.inf]


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("kind", ["max", "average"])
def test_global_pooling_and_its_gradient(kind, keepdims):
    forward = getattr(reference, f"global_{kind}_pooling1d")
    backward = getattr(reference, f"global_{kind}_pooling1d_backward")
    generator = np.random.default_rng(0)
    x = generator.permutation(2 * 5 * 3).reshape(2, 5, 3).astype(float)
    y = forward(x, keepdims)
    assert y.shape == ((2, 1, 3) if keepdims else (2, 3))
    expected = x.max(axis=1) if kind == "max" else x.mean(axis=1)
    np.testing.assert_allclose(y.reshape(2, 3), expected)
    dy = random_like(generator, lambda x: forward(x, keepdims), x)
    expected = central_differences(lambda x: forward(x, keepdims), x, dy, 1e-2)
    np.testing.assert_allclose(backward(dy, x), expected, atol=1e-9)
