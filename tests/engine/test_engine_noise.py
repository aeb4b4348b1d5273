"""Layers that draw in training: how their draws are distributed, and the way back through them."""

import numpy as np
import pytest

from convlet import engine, layers, losses, optimizers
from convlet.engine import reference
from convlet.layers.graph import chain
from tests.engine.cases import built
from tests.engine.comparison import TOLERANCE, worst_error
from tests.engine.network import Network

SIZES = (6, 5, 4)
VALUES = 6 * 5 * 4
SPATIAL = (1, 1, 4)


def visible(noise):
    """A layer behind one that learns, and a dense layer that hands on what it let through."""
    stack = built(
        Network(
            SIZES,
            lambda: [
                layers.Conv2D(4, 1),
                noise,
                layers.Flatten(),
                layers.Dense(VALUES),
            ],
        )
    )
    stack[0].set_weights([np.eye(4)[None, None], np.zeros(4)])
    stack[3].set_weights([np.eye(VALUES), np.zeros(VALUES)])
    return stack


def ones(count):
    return np.ones((count, *SIZES), np.float32)


def steps(stack, x, count=1, rate=0.0):
    """The predictions of some training steps; without a learning rate nothing moves."""
    optimizer = optimizers.SGD(rate)
    y = np.zeros((len(x), VALUES), np.float32)
    program = engine.TrainingProgram(chain(stack), len(x), [losses.MeanSquaredError()], optimizer)
    predictions = []
    for _ in range(count):
        (outputs,) = program.step([x], [y], np.arange(len(x)))[1]
        predictions.append(outputs.copy().reshape(len(x), *SIZES))
        optimizer.iterations += 1
    return predictions


def drawn(noise, count=64):
    """What a layer makes of ones."""
    return steps(visible(noise), ones(count))[0]


@pytest.mark.parametrize(
    ("noise", "shape"),
    [
        (layers.SpatialDropout2D(0.5, seed=7), (64, *SPATIAL)),
        (layers.Dropout(0.5, (None, 1, None, 1), seed=7), (64, 1, 5, 1)),
        (layers.Dropout(0.5, (64, 6, 1, 4), seed=7), (64, 6, 1, 4)),
        (layers.Dropout(0.5, (1, None, None, None), seed=7), (1, *SIZES)),
        (layers.Dropout(0.5, (1, 6, 1, 1), seed=7), (1, 6, 1, 1)),
    ],
    ids=str,
)
def test_values_along_an_axis_are_dropped_together(noise, shape):
    y = drawn(noise)
    kept = y[tuple(slice(0, size) for size in shape)]
    assert (y == np.broadcast_to(kept, y.shape)).all()
    assert set(np.unique(kept)) == {0.0, 2.0}
    deviation = 0.5 / np.sqrt(kept.size)
    assert (kept > 0).mean() == pytest.approx(0.5, abs=5 * deviation)
    for axis in np.flatnonzero(np.array(shape) > 1):  # no image, channel or place is favoured
        shares = (kept > 0).mean(axis=tuple(a for a in range(4) if a != axis))
        assert np.abs(shares - 0.5).max() < 6 * deviation * np.sqrt(len(shares))


def test_channels_of_sequences_are_dropped_together():
    stack = built(
        Network(
            (7, 4),
            lambda: [
                layers.Dense(4),
                layers.SpatialDropout1D(0.25, seed=3),
                layers.Flatten(),
                layers.Dense(28),
            ],
        )
    )
    stack[0].set_weights([np.eye(4), np.zeros(4)])
    stack[3].set_weights([np.eye(28), np.zeros(28)])
    x = np.ones((200, 7, 4), np.float32)
    program = engine.TrainingProgram(
        chain(stack), 200, [losses.MeanSquaredError()], optimizers.SGD(0.0)
    )
    (outputs,) = program.step([x], [np.zeros((200, 28), np.float32)], np.arange(200))[1]
    y = outputs.reshape(200, 7, 4)
    assert (y == y[:, :1]).all()
    assert (y[:, 0] > 0).mean() == pytest.approx(0.75, abs=5 * np.sqrt(0.75 * 0.25 / 800))


@pytest.mark.parametrize(
    ("noise", "stddev"),
    [(layers.GaussianNoise(0.25, seed=7), 0.25), (layers.GaussianDropout(0.2, seed=7), 0.5)],
    ids=str,
)
def test_gaussian_noise_is_normally_distributed(noise, stddev):
    z = ((drawn(noise, 400) - 1) / stddev).astype(float).ravel()
    count = len(z)
    assert z.mean() == pytest.approx(0, abs=5 / np.sqrt(count))
    assert z.var() == pytest.approx(1, abs=5 * np.sqrt(2 / count))
    assert (z**3).mean() == pytest.approx(0, abs=5 * np.sqrt(15 / count))
    assert (z**4).mean() == pytest.approx(3, abs=5 * np.sqrt(96 / count))
    for bound, share in [(-2, 0.02275), (-1, 0.15866), (0, 0.5), (0.5, 0.69146), (3, 0.99865)]:
        deviation = np.sqrt(share * (1 - share) / count)
        assert (z < bound).mean() == pytest.approx(share, abs=5 * deviation)
    for gap in (1, 4, 20, VALUES):  # neighbours, pixels, rows, images
        assert (z[gap:] * z[:-gap]).mean() == pytest.approx(0, abs=5 / np.sqrt(count))


def test_alpha_dropout_keeps_mean_and_variance():
    x = np.random.default_rng(0).standard_normal((300, *SIZES)).astype(np.float32)
    noise = layers.AlphaDropout(0.3, seed=7)
    (y,) = steps(visible(noise), x)
    factor, summand, value = noise.affine
    dropped = np.isclose(y, value, rtol=1e-6)
    assert dropped.mean() == pytest.approx(0.3, abs=5 * np.sqrt(0.21 / y.size))
    np.testing.assert_allclose(y[~dropped], (factor * x + summand)[~dropped], atol=1e-5)
    assert y.mean() == pytest.approx(0, abs=5 / np.sqrt(y.size))
    assert y.var() == pytest.approx(1, abs=0.02)


EVERY_LAYER = {
    "dropout": lambda seed: layers.Dropout(0.5, seed=seed),
    "shared": lambda seed: layers.Dropout(0.5, (1, None, None, None), seed=seed),
    "spatial": lambda seed: layers.SpatialDropout2D(0.5, seed=seed),
    "alpha": lambda seed: layers.AlphaDropout(0.5, seed=seed),
    "added": lambda seed: layers.GaussianNoise(0.5, seed=seed),
    "multiplied": lambda seed: layers.GaussianDropout(0.5, seed=seed),
}


@pytest.mark.parametrize("make", EVERY_LAYER.values(), ids=EVERY_LAYER)
def test_each_step_and_each_seed_draws_others(make):
    first, second = steps(visible(make(7)), ones(32), count=2)
    (other,) = steps(visible(make(8)), ones(32))
    for one, two in [(first, second), (first, other)]:
        assert (one == two).mean() < 0.75


@pytest.mark.parametrize("make", EVERY_LAYER.values(), ids=EVERY_LAYER)
def test_a_seed_repeats_for_any_number_of_threads(make):
    draws = []
    for threads in (1, 2, 2):
        engine.set_threads(threads)
        draws.append(np.stack(steps(visible(make(7)), ones(50), count=2)))
    engine.set_threads(None)
    assert (draws[0] == draws[1]).all()
    assert (draws[1] == draws[2]).all()


@pytest.mark.parametrize("make", EVERY_LAYER.values(), ids=EVERY_LAYER)
def test_prediction_draws_nothing(make):
    outputs = engine.InferenceProgram(chain(visible(make(7)))).run(ones(3))
    assert (outputs == 1).all()


@pytest.mark.parametrize(
    "noise",
    [
        layers.GaussianNoise(0.0),
        layers.GaussianDropout(0.0),
        layers.AlphaDropout(0.0),
        layers.SpatialDropout2D(0.0),
    ],
    ids=str,
)
def test_no_noise(noise):
    assert (drawn(noise, 3) == 1).all()
    x = ones(2)
    assert (reference.forward(visible(noise), x, training=True) == 1).all()


def what_was_drawn(noise, y):
    """From what a layer made of ones: a mask, or noise of deviation 1."""
    if isinstance(noise, layers.AlphaDropout):
        return (~np.isclose(y, noise.affine[2])).astype(float)
    if isinstance(noise, layers.Dropout):
        return (y != 0).astype(float)
    return (y.astype(float) - 1) / noise.stddev


@pytest.mark.parametrize("make", EVERY_LAYER.values(), ids=EVERY_LAYER)
def test_gradients_pass_as_values_did(make):
    noise = make(7)
    stack, x = visible(noise), ones(9)
    variables = [variable for layer in stack for variable in layer.weights]
    before = [variable.numpy() for variable in variables]
    (predictions,) = steps(stack, x, rate=2.0**20)
    after = [variable.numpy() for variable in variables]
    for variable, value in zip(variables, before, strict=True):
        variable.assign(value)
    masks = {noise.name: what_was_drawn(noise, predictions)}
    y = np.zeros((len(x), VALUES))
    _, expected, gradients = reference.gradients(
        stack, x, y, losses.MeanSquaredError(), None, masks
    )
    assert worst_error(predictions.reshape(expected.shape), expected) < TOLERANCE
    for old, new, gradient in zip(before, after, gradients, strict=True):
        assert worst_error((old.astype(float) - new) / 2.0**20, gradient) < TOLERANCE


def test_the_reference_asks_for_what_was_drawn():
    stack = visible(layers.GaussianNoise(0.5, name="noise"))
    with pytest.raises(ValueError, match="needs a mask for GaussianNoise 'noise'"):
        reference.forward(stack, ones(1), training=True)
