import re

import numpy as np
import pytest

from convlet import layers, models
from convlet.errors import ArgumentError, ShapeError

DATA = np.random.default_rng(0).integers(0, 256, (2500, 3, 4, 2)).astype(np.uint8)


@pytest.mark.parametrize(
    ("axis", "reduced"),
    [(-1, (0, 1, 2)), (None, (0, 1, 2, 3)), ((1, 3), (0, 2)), ([-2], (0, 1, 3))],
)
def test_adapt(axis, reduced):
    layer = layers.Normalization(axis)
    layer.adapt(DATA)
    mean, variance, count = layer.weights
    np.testing.assert_allclose(mean.value, DATA.mean(axis=reduced), rtol=1e-6)
    np.testing.assert_allclose(variance.value, DATA.var(axis=reduced), rtol=1e-6)
    assert count.shape == ()


def test_adapt_takes_batches_and_forgets_what_was_before():
    layer = layers.Normalization()
    layer.adapt(DATA[:10] // 2)
    layer.adapt((DATA[start : start + 700], "labels") for start in range(0, 2500, 700))
    np.testing.assert_allclose(layer.weights[0].value, DATA.mean(axis=(0, 1, 2)), rtol=1e-6)
    np.testing.assert_allclose(layer.weights[1].value, DATA.var(axis=(0, 1, 2)), rtol=1e-6)
    assert layer.input_shape == (None, 3, 4, 2)
    layer.adapt([DATA[:, :2]])
    assert layer.input_shape == (None, 3, 4, 2)


def test_mean_and_variance_fit_a_batch():
    layer = layers.Normalization((1, 3))
    assert layer.mean is None
    layer.adapt(DATA)
    np.testing.assert_allclose(layer.mean, DATA.mean(axis=(0, 2), keepdims=True), rtol=1e-6)
    np.testing.assert_allclose(layer.variance, DATA.var(axis=(0, 2), keepdims=True), rtol=1e-6)


def test_a_model_predicts_with_what_was_adapted_last():
    layer = layers.Normalization()
    model = models.Sequential([layers.Input((3, 4, 2)), layer])
    np.testing.assert_allclose(model.predict(DATA[:2], verbose=0), DATA[:2])
    layer.adapt(DATA)
    predicted = model.predict(DATA, verbose=0)
    np.testing.assert_allclose(predicted.mean(axis=(0, 1, 2)), 0, atol=1e-5)
    np.testing.assert_allclose(predicted.std(axis=(0, 1, 2)), 1, rtol=1e-5)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"mean": 1.0},
            "Normalization needs mean and variance together. Received no variance. "
            "Give both, or neither and call adapt.",
        ),
        (
            {"variance": [1.0]},
            "Normalization needs mean and variance together. Received no mean. "
            "Give both, or neither and call adapt.",
        ),
        (
            {"mean": [1.0, 2.0], "variance": 1.0},
            "Normalization needs mean and variance of one shape. Received shapes (2,) and ().",
        ),
        (
            {"mean": [[1.0, 2.0]], "variance": [[1.0, 2.0]]},
            "Normalization needs a mean with an axis for each of axis=(-1,) at most. "
            "Received shape (1, 2).",
        ),
        (
            {"axis": 1.5},
            "Normalization needs axis to be an integer. Received axis=1.5.",
        ),
    ],
)
def test_settings_that_are_refused(settings, message):
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        layers.Normalization(**settings)


@pytest.mark.parametrize("axis", [0, 4, -4])
def test_axes_that_a_sample_does_not_have(axis):
    message = (
        "Normalization 'n' needs axis to be axes of a sample: 1 to 3, or -1 to -3. "
        f"Received axis=({axis},) for inputs of shape (None, 3, 4, 2)."
    )
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
        layers.Normalization(axis, name="n").build((None, 3, 4, 2))


def test_a_mean_that_does_not_fit():
    layer = layers.Normalization(mean=[1, 2, 3], variance=[1, 1, 1], name="n")
    message = (
        "Normalization 'n' needs inputs whose axes (-1,) fit a mean of shape (3,). "
        "Received inputs of shape (None, 3, 4, 2)."
    )
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
        layer.build((None, 3, 4, 2))


def test_adapting_that_is_refused():
    message = (
        "Normalization 'n' needs no adapt: mean and variance were given. "
        "Make one without them to adapt it."
    )
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        layers.Normalization(mean=0, variance=1, name="n").adapt(DATA)
    message = "Normalization 'n' needs data to adapt to. Received none."
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        layers.Normalization(name="n").adapt(DATA[:0])
    layer = layers.Normalization(name="n")
    layer.adapt(DATA)
    message = (
        "Normalization 'n' needs data with (2,) positions along axes (-1,), for which it was "
        "built. Received samples of shape (3, 4, 1)."
    )
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
        layer.adapt(DATA[..., :1])
