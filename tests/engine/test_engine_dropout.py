import numpy as np
import pytest

from convlet import engine, layers, losses, optimizers
from convlet.engine import reference
from convlet.layers.graph import chain
from tests.engine.cases import built
from tests.engine.comparison import TOLERANCE, worst_error
from tests.engine.network import Network

VALUES = 6 * 6 * 4


def visible_dropout(rate, seed=7):
    """Dropout behind a convolution, and a dense layer that hands on what it let through."""
    stack = built(
        Network(
            (8, 8, 1),
            lambda: [
                layers.Conv2D(4, 3),
                layers.Dropout(rate, seed=seed, name="dropout"),
                layers.Flatten(),
                layers.Dense(VALUES),
            ],
        )
    )
    generator = np.random.default_rng(0)
    stack[0].set_weights([generator.uniform(0.5, 1, (3, 3, 1, 4)), np.ones(4)])
    stack[3].set_weights([np.eye(VALUES), np.zeros(VALUES)])
    return stack


def images(count):
    return np.random.default_rng(1).uniform(0.5, 1, (count, 8, 8, 1)).astype(np.float32)


def steps(stack, x, count=1, rate=0.0):
    """The predictions of some training steps; without a learning rate nothing moves."""
    optimizer = optimizers.SGD(rate)
    y = np.zeros((len(x), VALUES), np.float32)
    program = engine.TrainingProgram(chain(stack), len(x), [losses.MeanSquaredError()], optimizer)
    predictions = []
    for _ in range(count):
        predictions.append(program.step([x], [y], np.arange(len(x)))[1][0].copy())
        optimizer.iterations += 1
    return predictions


@pytest.mark.parametrize("rate", [0.25, 0.5, 0.9])
def test_the_share_that_is_dropped_and_the_scale_of_the_rest(rate):
    stack, x = visible_dropout(rate), images(64)
    (predictions,) = steps(stack, x)
    kept = predictions != 0
    everything = reference.forward(stack[:1], x).reshape(64, VALUES)
    np.testing.assert_allclose(predictions, kept * everything / (1 - rate), rtol=1e-5)
    deviation = np.sqrt(rate * (1 - rate) / kept.size)
    assert kept.mean() == pytest.approx(1 - rate, abs=5 * deviation)
    # No image, channel or place is favoured.
    by_image = kept.reshape(64, -1).mean(axis=1)
    by_place = kept.mean(axis=0)
    for shares in (by_image, by_place):
        spread = np.sqrt(rate * (1 - rate) * len(shares) / kept.size)
        assert np.abs(shares - (1 - rate)).max() < 6 * spread
        assert shares.std() == pytest.approx(spread, rel=0.5)


def test_each_step_and_each_layer_drops_others():
    first, second = steps(visible_dropout(0.5), images(32), count=2)
    (other,) = steps(visible_dropout(0.5, seed=8), images(32))
    for one, two in [(first, second), (first, other)]:
        agreement = ((one != 0) == (two != 0)).mean()
        assert agreement == pytest.approx(0.5, abs=0.05)


def test_a_seed_repeats_for_any_number_of_threads():
    drops = []
    for threads in (1, 2, 2):
        engine.set_threads(threads)
        drops.append(np.stack(steps(visible_dropout(0.5), images(50), count=2)))
    engine.set_threads(None)
    assert (drops[0] == drops[1]).all()
    assert (drops[1] == drops[2]).all()


def test_prediction_drops_nothing():
    stack, x = visible_dropout(0.5), images(5)
    outputs = engine.InferenceProgram(chain(stack)).run(x)
    assert worst_error(outputs, reference.forward(stack, x)) < TOLERANCE


def test_everything_dropped():
    (predictions,) = steps(visible_dropout(1.0), images(3))
    assert (predictions == 0).all()


def test_gradients_pass_where_values_did():
    stack, x = visible_dropout(0.5), images(9)
    before = [variable.numpy() for layer in stack for variable in layer.weights]
    (predictions,) = steps(stack, x, rate=2.0**20)
    after = [variable.numpy() for layer in stack for variable in layer.weights]
    for variable, value in zip(
        [variable for layer in stack for variable in layer.weights], before, strict=True
    ):
        variable.assign(value)
    mask = (predictions != 0).astype(float).reshape(len(x), 6, 6, 4)
    expected = reference.gradients(
        stack, x, np.zeros((len(x), VALUES)), losses.MeanSquaredError(), masks={"dropout": mask}
    )[2]
    for old, new, gradient in zip(before, after, expected, strict=True):
        assert worst_error((old.astype(float) - new) / 2.0**20, gradient) < TOLERANCE
