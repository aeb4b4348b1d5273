"""Images and targets mixed with others of the data set: the engine beside the definition."""

import numpy as np
import pytest

from convlet import engine, layers, losses
from convlet.engine import reference
from convlet.engine.reference.mixing import mixture
from convlet.layers.graph import chain
from tests.engine.augmented import pictures, stack_of, train_on
from tests.engine.cases import Case, targets
from tests.engine.comparison import TOLERANCE, engine_gradients, worst_error

LAYERS = {
    "mixup": lambda: layers.MixUp(0.4, seed=3),
    "mixup, most in the middle": lambda: layers.MixUp(2.5, seed=3),
    "cutmix": lambda: layers.CutMix(seed=3),
    "cutmix, all or nothing": lambda: layers.CutMix((0, 0), seed=3),
}
LOSSES = [
    losses.CategoricalCrossentropy(label_smoothing=0.2),
    losses.SparseCategoricalCrossentropy(),
    losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.1),
    losses.MeanSquaredError(),
]


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
@pytest.mark.parametrize("kind", LAYERS)
def test_images(kind, dtype):
    x = pictures(20, (7, 6, 3), dtype)
    index = np.random.default_rng(1).permutation(20)[:13]
    stack = stack_of(layers.Rescaling(0.5, 1.0), LAYERS[kind](), shape=(7, 6, 3))
    drawn = mixture(stack[1], 2, index, 20, (7, 6))
    scaled = x * 0.5 + 1.0
    expected = drawn.images(scaled[index], scaled[drawn.partners]).reshape(13, -1)
    assert worst_error(train_on(stack, x, index, epoch=2), expected) < TOLERANCE
    np.testing.assert_array_equal(
        train_on(stack, x, index, epoch=2, batch=4), train_on(stack, x, index, epoch=2)
    )


@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: type(loss).__name__)
@pytest.mark.parametrize("kind", ["mixup", "cutmix"])
def test_targets(kind, loss):
    stack = stack_of(LAYERS[kind](), layers.Conv2D(2, 3), shape=(5, 6, 1))
    stack += [layers.Dense(4)]
    if not getattr(loss, "from_logits", False) and not isinstance(loss, losses.MeanSquaredError):
        stack += [layers.Softmax()]
    for layer, before in zip(stack[3:], stack[2:], strict=False):
        layer.build(before.output_shape)
    generator = np.random.default_rng(0)
    x = pictures(12, (5, 6, 1)) / 256
    y = targets(generator, loss, (4,), 12)
    weights = generator.uniform(0.5, 2, 12).astype(np.float32)
    index = generator.permutation(12)[:9]
    drawn = mixture(stack[0], 0, index, 12, (5, 6))
    rows = np.eye(4)[y.ravel()] if y.dtype == np.int32 else y.astype(np.float64)
    plain = loss
    if isinstance(loss, losses.SparseCategoricalCrossentropy):
        plain = losses.CategoricalCrossentropy()
    expected_loss, _, expected = reference.gradients(
        stack, drawn.images(x[index], x[drawn.partners]),
        drawn.targets(rows[index], rows[drawn.partners]), plain, weights[index],
    )  # fmt: skip
    case = Case(stack, loss, x, y, index, weights)
    loss_value, _, gradients = engine_gradients(case)
    assert loss_value == pytest.approx(expected_loss, rel=TOLERANCE)
    for actual, wanted in zip(gradients, expected, strict=True):
        assert worst_error(actual, wanted) < TOLERANCE


def test_images_stay_as_they_are_outside_of_training():
    stack = stack_of(layers.MixUp(), shape=(3, 4, 1))
    x = pictures(5, (3, 4, 1))
    outputs = engine.InferenceProgram(chain(stack)).run(x)
    np.testing.assert_array_equal(outputs, x.reshape(5, -1))


@pytest.mark.parametrize("alpha", [0.2, 1.0, 4.0])
def test_shares_have_the_variance_of_a_beta_distribution(alpha):
    count = 1500
    shares = mixture(layers.MixUp(alpha, seed=1), 0, range(count), count, (1, 1)).shares
    assert shares.mean() == pytest.approx(0.5, abs=0.05)
    variance = 1 / (4 * (2 * alpha + 1))
    assert shares.var() == pytest.approx(variance, rel=0.15)


def test_partners_come_from_the_whole_data_set():
    partners = mixture(layers.CutMix(seed=1), 0, range(2000), 10, (4, 4)).partners
    counts = np.bincount(partners, minlength=10)
    assert len(counts) == 10
    assert np.abs(counts - 200).max() < 5 * np.sqrt(200)


def test_the_window_covers_what_the_share_says():
    drawn = mixture(layers.CutMix((1, 1), seed=1), 0, range(200), 200, (40, 50))
    covered = 1 - drawn.masks.mean(axis=(1, 2, 3))
    np.testing.assert_allclose(covered, 1 - drawn.shares, atol=0.05)
