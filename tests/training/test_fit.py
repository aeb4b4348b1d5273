"""`fit`: what it does to the weights, and what it reports."""

from __future__ import annotations

import re

import numpy as np
import pytest

from convlet import callbacks, layers, losses, metrics, models, optimizers, utils
from convlet.engine.training import Losses
from convlet.errors import DataWarning
from tests.training.small import CLASSES, fitted, images, network


def test_training_learns():
    model = network(optimizer=optimizers.RMSprop(0.01), metrics=["accuracy"])
    history = model.fit(*images(), epochs=30, batch_size=10, verbose=0)
    assert history.history["loss"][-1] < history.history["loss"][0] / 2
    assert history.history["accuracy"][-1] > 0.9


def test_history():
    model = network(metrics=["accuracy"])
    history = model.fit(*images(50), epochs=3, batch_size=20, verbose=0, validation_split=0.2)
    assert list(history.history) == ["loss", "accuracy", "val_loss", "val_accuracy"]
    assert all(len(values) == 3 for values in history.history.values())
    assert history.epoch == [0, 1, 2]
    assert history.params == {"verbose": 0, "epochs": 3, "steps": 2}
    assert model.history is history


def test_initial_epoch_goes_on_counting():
    model = network()
    history = model.fit(*images(), epochs=5, initial_epoch=3, verbose=0)
    assert history.epoch == [3, 4]


def test_the_epochs_loss_is_the_mean_over_all_images():
    x, y = images(50)
    model = network(optimizer=optimizers.SGD(0.0), metrics=["accuracy"])
    history = model.fit(x, y, batch_size=32, verbose=0)
    expected = model.evaluate(x, y, verbose=0)
    got = [history.history["loss"][0], history.history["accuracy"][0]]
    assert got == pytest.approx(expected, rel=1e-5)


def test_same_seed_same_bits():
    def weights():
        utils.set_random_seed(3)
        return fitted(epochs=2, batch_size=16).get_weights()

    for first, second in zip(weights(), weights(), strict=True):
        np.testing.assert_array_equal(first, second)


def test_every_epoch_sees_every_image_once_in_another_order():
    x, y = images(20)
    seen, epochs = [], []

    class Program:
        def step(self, xs, ys, index, sample_weights, epoch):
            seen.append(index.copy())
            epochs.append(epoch)
            return Losses(0.0, [0.0]), [np.zeros((len(index), CLASSES), np.float32)]

    model = network()
    model._programs.training = lambda *arguments: Program()
    model.fit(x, y, batch_size=8, epochs=2, verbose=0)
    assert [len(index) for index in seen] == [8, 8, 4, 8, 8, 4]
    first, second = np.concatenate(seen[:3]), np.concatenate(seen[3:])
    assert sorted(first) == sorted(second) == list(range(20))
    assert list(first) != list(second)
    seen.clear()
    model.fit(x, y, batch_size=8, shuffle=False, verbose=0)
    assert np.concatenate(seen).tolist() == list(range(20))
    assert epochs == [0, 0, 0, 1, 1, 1, 0, 0, 0]
    epochs.clear()
    model.fit(x, y, batch_size=20, initial_epoch=3, epochs=5, verbose=0)
    for _ in range(2):
        model.train_on_batch(x, y)
    assert epochs == [3, 4, *range(model.optimizer.iterations - 2, model.optimizer.iterations)]


def test_an_epoch_has_its_order_wherever_training_begins():
    x, y = images(20)

    def order(first):
        utils.set_random_seed(5)
        model, seen = network(), []

        class Program:
            def step(self, xs, ys, index, sample_weights, epoch):
                seen.append(index.tolist())
                return Losses(0.0, [0.0]), [np.zeros((len(index), CLASSES), np.float32)]

        model._programs.training = lambda *arguments: Program()
        model.fit(x, y, epochs=3, initial_epoch=first, verbose=0)
        return seen

    assert order(1) == order(0)[1:]


def test_a_second_fit_goes_on_with_the_optimizers_state():
    x, y = images()
    once, twice = (network(optimizer=optimizers.SGD(0.1, momentum=0.9)) for _ in range(2))
    twice.set_weights(once.get_weights())
    once.fit(x, y, epochs=2, shuffle=False, verbose=0)
    twice.fit(x, y, shuffle=False, verbose=0)
    twice.fit(x, y, shuffle=False, verbose=0)
    assert twice.optimizer.iterations == once.optimizer.iterations == 4
    for first, second in zip(once.get_weights(), twice.get_weights(), strict=True):
        np.testing.assert_array_equal(first, second)


def test_compiling_again_starts_a_new_optimizer():
    model = fitted(epochs=2)
    model.compile("sgd", "sparse_categorical_crossentropy")
    assert model.optimizer.iterations == 0
    model.fit(*images(), verbose=0)
    assert model.optimizer.iterations == 2


def test_frozen_layers_stay():
    model = network()
    before = model.get_weights()
    model.layers[-1].trainable = False
    model.compile("sgd", "sparse_categorical_crossentropy")
    model.fit(*images(), verbose=0)
    for first, second in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize(
    ("convert", "tolerance"),
    [(lambda x: x.astype(np.float64), 1e-6), (lambda x: x[:, ::-1][:, ::-1], 0)],
)
def test_other_forms_of_the_same_images(convert, tolerance):
    x, y = images()
    one, other = network(), network()
    other.set_weights(one.get_weights())
    one.fit(x, y, shuffle=False, verbose=0)
    other.fit(convert(x), y.tolist(), shuffle=False, verbose=0)
    for first, second in zip(one.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_allclose(first, second, atol=tolerance)


def test_one_hot_targets_give_the_same_as_labels():
    x, y = images()
    sparse, dense = network(), network(loss="categorical_crossentropy", metrics=["accuracy"])
    dense.set_weights(sparse.get_weights())
    sparse.fit(x, y, shuffle=False, verbose=0)
    dense.fit(x, utils.to_categorical(y), shuffle=False, verbose=0)
    for first, second in zip(sparse.get_weights(), dense.get_weights(), strict=True):
        np.testing.assert_allclose(first, second, atol=1e-6)
    assert type(dense.metrics[1]) is metrics.CategoricalAccuracy


def test_a_weight_of_zero_leaves_an_image_out():
    x, y = images(40)
    weight = np.r_[np.ones(20), np.zeros(20)]
    spoilt = np.r_[y[:20], (y[20:] + 1) % CLASSES]
    one, other = network(), network()
    other.set_weights(one.get_weights())
    one.fit(x, y, sample_weight=weight, shuffle=False, verbose=0)
    other.fit(x, spoilt, sample_weight=weight[:, None], shuffle=False, verbose=0)
    for first, second in zip(one.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_allclose(first, second, atol=1e-7)


def test_class_weight_is_a_sample_weight():
    x, y = images()
    one, other = network(), network()
    other.set_weights(one.get_weights())
    one.fit(x, y, class_weight={0: 2.0, 2: 0.5}, shuffle=False, verbose=0)
    other.fit(x, y, sample_weight=np.array([2.0, 1.0, 0.5])[y], shuffle=False, verbose=0)
    for first, second in zip(one.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(first, second)


def test_weights_reach_the_loss_and_the_weighted_metrics_only():
    x, y = images(30)
    model = network(
        optimizer=optimizers.SGD(0.0), metrics=["accuracy"], weighted_metrics=["accuracy"]
    )
    weight = np.where(y == 0, 3.0, 0.0)
    logs = model.fit(x, y, sample_weight=weight, verbose=0).history
    right = model.predict(x, verbose=0).argmax(axis=1) == y
    assert logs["accuracy"] == [pytest.approx(right.mean())]
    assert logs["weighted_accuracy"] == [pytest.approx(right[y == 0].mean())]
    plain = losses.SparseCategoricalCrossentropy(reduction=None)(y, model.predict(x, verbose=0))
    assert logs["loss"] == [pytest.approx((plain * weight).mean(), rel=1e-5)]


def test_validation_data_is_that_of_evaluate():
    x, y = images()
    model = network(metrics=["accuracy"])
    weight = np.linspace(0, 2, 30)
    history = model.fit(x, y, validation_data=(x[:30], y[:30], weight), verbose=0)
    loss, accuracy = model.evaluate(x[:30], y[:30], sample_weight=weight, verbose=0)
    assert history.history["val_loss"] == [loss]
    assert history.history["val_accuracy"] == [accuracy]


def test_validation_split_takes_the_end():
    x, y = images(50)
    one, other = network(), network()
    other.set_weights(one.get_weights())
    history = one.fit(x, y, validation_split=0.3, shuffle=False, verbose=0)
    expected = other.fit(x[:35], y[:35], validation_data=(x[35:], y[35:]), shuffle=False, verbose=0)
    assert history.history == expected.history


def test_validation_split_warns_of_lost_classes():
    x, y = images(30)
    order = np.argsort(y, kind="stable")
    message = (
        "validation_split=0.2 takes the last 6 images as they stand, which leaves no image of "
        "class 0, 1 for validation. Shuffle x and y together before fit."
    )
    with pytest.warns(DataWarning, match=f"^{re.escape(message)}$") as caught:
        network().fit(x[order], y[order], validation_split=0.2, verbose=0)
    assert [warning.filename for warning in caught] == [__file__]


def test_deferred_building():
    model = models.Sequential([layers.Flatten(), layers.Dense(CLASSES, activation="softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    model.fit(*images(), verbose=0)
    assert model.input_shape == (None, 4, 4, 1)


def test_stop_training_ends_after_the_step():
    steps = []

    def stop(batch, logs):
        steps.append(batch)
        model.stop_training = batch == 1

    model = network()
    history = model.fit(
        *images(),
        batch_size=10,
        epochs=5,
        verbose=0,
        callbacks=callbacks.LambdaCallback(on_train_batch_end=stop),
    )
    assert steps == [0, 1]
    assert history.epoch == [0]
    assert model.optimizer.iterations == 2


def test_batches_larger_than_the_data():
    model = network()
    assert model.fit(*images(7), batch_size=100, verbose=0).params["steps"] == 1


def test_a_copied_model_trains_on_its_own():
    import copy

    model = fitted()
    twin = copy.deepcopy(model)
    before = model.get_weights()
    twin.fit(*images(), verbose=0)
    for first, second in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(first, second)
    assert not np.array_equal(twin.get_weights()[0], before[0])


def test_at_the_end_weights_become_their_averages():
    model = network(optimizer=optimizers.SGD(0.1, use_ema=True, ema_momentum=0.5))
    model.fit(*images(), epochs=2, verbose=0)
    averages = model.optimizer.slots["average"]
    for weight, average in zip(model.trainable_weights, averages, strict=True):
        np.testing.assert_array_equal(weight.value, average.value)
