"""The callbacks that watch a figure."""

from __future__ import annotations

import re

import numpy as np
import pytest

from convlet import callbacks, optimizers
from convlet.errors import ArgumentError, UnknownNameError
from tests.training.small import images, network


class Model:
    """As much of a model as these callbacks use."""

    def __init__(self, rate=1.0):
        self.optimizer = optimizers.SGD(rate)
        self.metrics = []
        self.stop_training = False
        self.weights = [np.zeros(1)]

    def get_weights(self):
        return [weight.copy() for weight in self.weights]

    def set_weights(self, weights):
        self.weights = weights


def train(callback, losses, model=None):
    """Runs a callback through epochs with given losses; the weight of an epoch is its number."""
    model = model or Model()
    callback.set_model(model)
    callback.on_train_begin()
    epochs = 0
    for epoch, loss in enumerate(losses):
        model.weights = [np.array([float(epoch)])]
        callback.on_epoch_end(epoch, {"loss": loss})
        epochs += 1
        if model.stop_training:
            break
    callback.on_train_end()
    return epochs, model


@pytest.mark.parametrize(
    ("settings", "losses", "epochs"),
    [
        ({}, [3, 2, 2, 1], 3),
        ({"patience": 2}, [3, 2, 2, 1, 1, 1], 6),
        ({"patience": 2}, [3, 4, 4, 1], 3),
        ({"min_delta": 0.5}, [3, 2.75, 1], 2),
        ({"mode": "max"}, [3, 2], 2),
        ({"mode": "max"}, [1, 2, 3], 3),
        ({"baseline": 1.0, "patience": 2}, [3, 2.5, 2, 1], 4),
        ({"baseline": 1.0, "patience": 2}, [3, 2.5, 2.5, 2.5], 3),
        ({"start_from_epoch": 2}, [3, 4, 5, 4, 6], 5),
        ({}, [float("nan"), 1, 2], 2),
    ],
)
def test_early_stopping(settings, losses, epochs):
    assert train(callbacks.EarlyStopping(monitor="loss", **settings), losses)[0] == epochs


@pytest.mark.parametrize(
    ("losses", "best"), [([3, 1, 2], 1.0), ([3, 1, 2, 2, 2], 1.0), ([3, 2, 1], 2.0)]
)
def test_best_weights_come_back_however_it_ends(losses, best):
    callback = callbacks.EarlyStopping("loss", patience=3, restore_best_weights=True)
    model = train(callback, losses)[1]
    assert model.weights[0] == best


def test_a_callback_can_be_used_twice():
    callback = callbacks.EarlyStopping("loss", patience=1)
    assert train(callback, [1, 2, 2])[0] == train(callback, [1, 2, 2])[0] == 2


def test_early_stopping_says_what_it_does(capsys):
    callback = callbacks.EarlyStopping("loss", restore_best_weights=True, verbose=1)
    train(callback, [1, 2])
    assert capsys.readouterr().out == (
        "Epoch 2: early stopping\nRestoring the weights of the best epoch: 1\n"
    )


@pytest.mark.parametrize(
    ("settings", "losses", "rate"),
    [
        ({"patience": 2}, [1, 1, 1], 0.5),
        ({"patience": 2}, [1, 0.5, 0.5], 1.0),
        ({"patience": 1}, [1, 1, 1, 1], 0.125),
        ({"patience": 1, "cooldown": 2}, [1, 1, 1, 1], 0.25),
        ({"patience": 1, "min_lr": 0.3}, [1, 1, 1, 1], 0.3),
    ],
)
def test_reduce_lr_on_plateau(settings, losses, rate):
    callback = callbacks.ReduceLROnPlateau("loss", factor=0.5, **settings)
    model = train(callback, losses)[1]
    assert model.optimizer.learning_rate == rate


def test_reduce_lr_on_plateau_says_what_it_does(capsys):
    train(callbacks.ReduceLROnPlateau("loss", factor=0.5, patience=1, verbose=1), [1, 1])
    assert capsys.readouterr().out == "Epoch 2: reducing the learning rate to 0.5\n"


def test_the_learning_rate_is_in_the_history():
    model = network(optimizer=optimizers.SGD(0.5))
    scheduler = callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2)
    history = model.fit(*images(), epochs=2, verbose=0, callbacks=[scheduler])
    assert history.history["learning_rate"] == [0.25, 0.125]
    assert model.optimizer.learning_rate == 0.125


@pytest.mark.parametrize(
    ("schedule", "rates"),
    [
        (lambda epoch: 0.5 / (epoch + 1), [0.5, 0.25]),
        (lambda epoch, learning_rate: learning_rate / 2, [0.5, 0.25]),
        (lambda epoch, factor=0.5: factor**epoch, [1.0, 1.0]),
        (optimizers.schedules.PiecewiseConstantDecay([0], [1.0, 0.125]), [1.0, 0.125]),
        (max, [1.0, 1.0]),
    ],
)
def test_schedules_of_one_argument_and_of_two(schedule, rates):
    model = Model(1.0)
    scheduler = callbacks.LearningRateScheduler(schedule)
    scheduler.set_model(model)
    for epoch, rate in enumerate(rates):
        scheduler.on_epoch_begin(epoch)
        assert model.optimizer.learning_rate == rate


def test_accuracy_is_to_grow_and_loss_to_shrink():
    model = network(metrics=["accuracy"])
    stopping = callbacks.EarlyStopping("val_accuracy", patience=9)
    model.fit(*images(), validation_split=0.5, verbose=0, callbacks=[stopping])
    assert stopping.is_improvement(0.9, 0.8)
    stopping.monitor = "val_loss"
    assert stopping.is_improvement(0.8, 0.9)


def fit(callback, **arguments):
    return lambda: network(**arguments).fit(*images(), verbose=0, callbacks=[callback])


def mean_output(y_true, y_pred):
    return y_pred.mean(axis=-1)


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (
            fit(callbacks.EarlyStopping()),
            UnknownNameError,
            "EarlyStopping needs monitor to be one of 'loss'. Received monitor='val_loss'. "
            "Pass validation_data or validation_split to fit.",
        ),
        (
            fit(callbacks.EarlyStopping("val_accuracy")),
            UnknownNameError,
            "EarlyStopping needs monitor to be one of 'loss'. Received monitor='val_accuracy'. "
            "Pass validation_data or validation_split to fit.",
        ),
        (
            fit(callbacks.ReduceLROnPlateau("acuracy"), metrics=["accuracy"]),
            UnknownNameError,
            "ReduceLROnPlateau needs monitor to be one of 'loss', 'accuracy', 'learning_rate'. "
            "Received monitor='acuracy'. Did you mean 'accuracy'?",
        ),
        (
            lambda: train(callbacks.EarlyStopping("cost"), [1]),
            UnknownNameError,
            "EarlyStopping needs monitor to be one of 'loss'. Received monitor='cost'.",
        ),
        (
            lambda: train(callbacks.EarlyStopping("loss"), [[1.0, 2.0]]),
            ArgumentError,
            "EarlyStopping needs monitor to be one figure. Received monitor='loss', which is 2. "
            "Let the metric average them.",
        ),
        (
            lambda: callbacks.EarlyStopping(mode="smaller"),
            UnknownNameError,
            "EarlyStopping needs mode to be one of 'auto', 'max', 'min'. Received mode='smaller'.",
        ),
        (
            lambda: callbacks.EarlyStopping(patience=-1),
            ArgumentError,
            "EarlyStopping needs patience to be an integer of at least 0. Received patience=-1.",
        ),
        (
            lambda: callbacks.ReduceLROnPlateau(factor=1),
            ArgumentError,
            "ReduceLROnPlateau needs factor to be a number above 0 and below 1. Received factor=1.",
        ),
        (
            fit(callbacks.LearningRateScheduler(lambda epoch, rate: None)),
            ArgumentError,
            "LearningRateScheduler needs the result of schedule to be a number at least 0. "
            "Received the result of schedule=None.",
        ),
    ],
)
def test_messages(act, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        act()


def test_an_own_metric_needs_a_mode():
    callback = callbacks.EarlyStopping("mean_output")
    model = network(metrics=[mean_output])
    message = (
        "EarlyStopping needs to know whether a larger 'mean_output' is better. "
        "Received mode='auto', and the metric does not say. Pass mode='max' or mode='min'."
    )
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        model.fit(*images(), epochs=2, verbose=0, callbacks=[callback])
