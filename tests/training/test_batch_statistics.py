import re
import warnings

import numpy as np
import pytest

from convlet import callbacks, layers, models
from convlet.errors import ArgumentError, ShapeError, StatisticsWarning
from tests.training.small import images


def network(momentum=0.99, **settings):
    """Normalized in front, in the middle, and on both ways of a branch."""
    x = layers.Input((4, 4, 1))
    y = layers.BatchNormalization(momentum=momentum, name="front", **settings)(x)
    y = layers.Conv2D(4, 3, activation="relu")(y)
    y = layers.BatchNormalization(momentum=0.5, name="middle")(y)
    a = layers.BatchNormalization(momentum=0.5, name="branch")(layers.Conv2D(4, 1)(y))
    y = layers.Flatten()(layers.ReLU()(layers.Add()([a, y])))
    model = models.Model(x, layers.Dense(3, activation="softmax")(y))
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


def inputs_of(model, name, x):
    """What a layer is given at inference."""
    return models.Model(model.inputs, model.get_layer(name).input).predict(x, verbose=0)


@pytest.mark.parametrize("batch_size", [None, 7])
def test_statistics_become_those_of_all_images(batch_size):
    model, (x, _) = network(), images()
    model.recompute_batch_statistics(x, batch_size)
    for name in ("front", "middle", "branch"):
        values = inputs_of(model, name, x).astype(np.float64)
        layer = model.get_layer(name)
        np.testing.assert_allclose(layer.moving_mean.value, values.mean(axis=(0, 1, 2)), atol=1e-6)
        np.testing.assert_allclose(
            layer.moving_variance.value, values.var(axis=(0, 1, 2)), rtol=1e-4, atol=1e-6
        )


def test_predictions_are_then_those_of_training_on_all_images_at_once():
    """In training the loss before a step goes by the statistics of its batch: here, of all."""
    model, (x, y) = network(), images()
    model.recompute_batch_statistics(x)
    expected = model.evaluate(x, y, verbose=0)
    assert model.train_on_batch(x, y) == pytest.approx(expected, rel=1e-5)


def test_frozen_layers_keep_theirs():
    model, (x, _) = network(trainable=False), images()
    before = model.get_layer("front").get_weights()
    model.recompute_batch_statistics(x)
    np.testing.assert_equal(model.get_layer("front").get_weights(), before)
    assert model.get_layer("middle").moving_mean.value.any()


def test_a_layer_used_twice_has_the_statistics_of_both_places():
    a, b = layers.Input((2,)), layers.Input((2,))
    shared = layers.BatchNormalization()
    x = layers.Concatenate()([a, b])
    model = models.Model(x.node.inputs, layers.Add()([shared(a), shared(b)]))
    given = [np.full((4, 2), 1, np.float32), np.full((4, 2), 3, np.float32)]
    from convlet.training.batch_statistics import recompute

    recompute(model.graph, given, batch_size=3)
    assert shared.moving_mean.value.tolist() == [2, 2]
    assert shared.moving_variance.value.tolist() == [1, 1]


def test_a_model_without_such_layers_stays_as_it_is():
    model = models.Sequential([layers.Input((4, 4, 1)), layers.Flatten(), layers.Dense(2)])
    before = model.get_weights()
    model.recompute_batch_statistics(images()[0])
    np.testing.assert_equal(model.get_weights(), before)


def test_what_cannot_be_computed_of():
    message = (
        "recompute_batch_statistics needs batch_size to be an integer of at least 1. "
        "Received batch_size=0."
    )
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        network().recompute_batch_statistics(images()[0], 0)
    with pytest.raises(ShapeError, match=r"^recompute_batch_statistics "):
        network().recompute_batch_statistics(np.zeros((3, 5, 5, 1)))


def test_too_few_steps_for_the_momentum():
    model, (x, y) = network(), images()
    message = (
        "BatchNormalization 'front' needs more steps for momentum=0.99. Received 4: its moving "
        "statistics are still 96% what they started with, and predictions may be far off. Lower "
        "momentum, train longer, or add convlet.callbacks.ExactBatchStatistics(x) to the callbacks "
        "of fit."
    )
    with pytest.warns(StatisticsWarning, match=f"^{re.escape(message)}$") as caught:
        model.fit(x, y, epochs=2, verbose=0)
    assert caught[0].filename == __file__


@pytest.mark.parametrize(("momentum", "settings"), [(0.5, {}), (0.99, {"trainable": False})])
def test_enough_steps_for_the_momentum(momentum, settings):
    model, (x, y) = network(momentum, **settings), images()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model.fit(x, y, epochs=2, verbose=0)


def test_the_callback_computes_them_when_training_ends():
    model, (x, y) = network(), images()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model.fit(x, y, verbose=0, callbacks=callbacks.ExactBatchStatistics(x, batch_size=13))
    after = model.get_weights()
    model.recompute_batch_statistics(x)
    for now, then in zip(model.get_weights(), after, strict=True):
        np.testing.assert_allclose(now, then, rtol=1e-5, atol=1e-6)


def test_freezing_a_layer_without_gamma_and_beta_takes_effect():
    """Its weights are never trained, so that they don't tell whether it is frozen."""
    layer = layers.BatchNormalization(center=False, scale=False)
    model = models.Sequential([layers.Input((2,)), layer, layers.Dense(1)])
    model.compile("sgd", "mse")
    x, y = np.array([[1.0, 2.0], [3.0, 4.0]], np.float32), np.zeros((2, 1), np.float32)
    model.train_on_batch(x, y)
    moved = layer.get_weights()
    assert moved[0].all()
    layer.trainable = False
    model.train_on_batch(x, y)
    np.testing.assert_equal(layer.get_weights(), moved)
    layer.trainable = True
    model.train_on_batch(x, y)
    assert (layer.moving_mean.value > moved[0]).all()
