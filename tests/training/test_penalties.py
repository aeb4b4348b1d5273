"""Penalties in the figures of fit, evaluate and the one-batch methods."""

import numpy as np
import pytest

from convlet import layers, models, regularizers
from tests.training.small import CLASSES, images

STRENGTH = 0.125


def network(**settings):
    """A network that learns nothing, with the settings given to its first Dense layer."""
    model = models.Sequential(
        [
            layers.Input((4, 4, 1)),
            layers.Flatten(),
            layers.Dense(5, activation="relu", kernel_initializer="ones", **settings),
            layers.Dense(CLASSES, activation="softmax", kernel_initializer="zeros"),
        ]
    )
    model.compile("sgd", "sparse_categorical_crossentropy")
    model.optimizer.learning_rate = 0.0
    return model


def of_outputs(x):
    """The penalty of the first layer's outputs, each of which is the sum of an image."""
    return STRENGTH * 5 * float((x.sum(axis=(1, 2, 3)) ** 2).mean())


CASES = {
    "weights": ({"kernel_regularizer": regularizers.L2(STRENGTH)}, lambda x: STRENGTH * 80),
    "outputs": ({"activity_regularizer": regularizers.L2(STRENGTH)}, of_outputs),
}


@pytest.mark.parametrize("name", CASES)
def test_penalties_count_in_every_loss(name):
    settings, penalty = CASES[name]
    model = network(**settings)
    x, y = images(20)
    expected = np.log(3) + penalty(x)
    assert model.evaluate(x, y, batch_size=8, verbose=0) == pytest.approx(expected, rel=1e-6)
    history = model.fit(x, y, batch_size=8, verbose=0, validation_data=(x[:7], y[:7])).history
    assert history["loss"] == pytest.approx([expected], rel=1e-6)
    assert history["val_loss"] == pytest.approx([np.log(3) + penalty(x[:7])], rel=1e-6)
    assert model.train_on_batch(x[:7], y[:7]) == pytest.approx(history["val_loss"][0], rel=1e-6)
    assert model.test_on_batch(x[:7], y[:7]) == pytest.approx(history["val_loss"][0], rel=1e-6)


def test_sample_weights_do_not_weigh_penalties():
    model = network(activity_regularizer=regularizers.L2(STRENGTH))
    x, y = images(20)
    weights = np.full(20, 2.0)
    expected = 2 * np.log(3) + of_outputs(x)
    assert model.evaluate(x, y, sample_weight=weights, verbose=0) == pytest.approx(expected)
    assert model.train_on_batch(x, y, sample_weight=weights) == pytest.approx(expected)


def test_penalties_are_those_of_the_weights_at_each_evaluation():
    model = network(kernel_regularizer=regularizers.L2(STRENGTH))
    x, y = images(20)
    model.layers[1].kernel.assign(np.zeros((16, 5)))
    assert model.evaluate(x, y, verbose=0) == pytest.approx(np.log(3))
    assert model.losses == [0.0]
