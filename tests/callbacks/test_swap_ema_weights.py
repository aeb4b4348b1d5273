"""Evaluating with the moving averages of the weights."""

from __future__ import annotations

import re

import numpy as np
import pytest

from convlet import callbacks, optimizers
from convlet.errors import ArgumentError
from convlet.variable import Variable
from tests.training.small import images, network


class Model:
    """As much of a model as the callback uses: one weight, 1.0, and its average, 5.0."""

    def __init__(self):
        self.weight = Variable(np.ones(1, np.float32), "weight", True)
        self.optimizer = optimizers.SGD()
        self.optimizer.use_ema = True
        self.optimizer.iterations = 1
        self.optimizer.slots = {"average": [Variable(np.full(1, 5, np.float32), "average", False)]}

    @property
    def trainable_weights(self):
        return [self.weight]

    @property
    def value(self):
        return float(self.weight.value[0])


def swapping(**settings):
    model = Model()
    callback = callbacks.SwapEMAWeights(**settings)
    callback.set_model(model)
    callback.on_train_begin()
    return callback, model


@pytest.mark.parametrize("kind", ["test", "predict"])
def test_the_averages_are_in_place_meanwhile(kind):
    callback, model = swapping()
    getattr(callback, f"on_{kind}_begin")()
    assert model.value == 5.0
    getattr(callback, f"on_{kind}_end")()
    assert model.value == 1.0
    assert model.optimizer.slots["average"][0].value.tolist() == [5.0]


def test_epochs_end_with_the_averages_only_where_that_is_asked_for():
    for swap, at_the_end in ((True, 5.0), (False, 1.0)):
        callback, model = swapping(swap_on_epoch=swap)
        callback.on_epoch_begin(0)
        callback.on_epoch_end(0)
        assert model.value == at_the_end
        callback.on_epoch_begin(1)
        assert model.value == 1.0
        callback.on_epoch_end(1)
        callback.on_train_end()
        assert model.value == at_the_end


def test_another_training_begins_with_the_weights_that_are_there():
    callback, model = swapping(swap_on_epoch=True)
    callback.on_epoch_end(0)
    model.weight.assign([7.0])
    callback.on_train_begin()
    callback.on_epoch_begin(0)
    assert model.value == 7.0


def test_before_the_first_step_there_are_no_averages():
    callback, model = swapping()
    model.optimizer.iterations = 0
    callback.on_test_begin()
    callback.on_test_end()
    assert model.value == 1.0


def test_validation_and_what_is_saved_see_the_averages(tmp_path):
    x, y = images(30)
    model = network(optimizer=optimizers.Adam(0.1, use_ema=True, ema_momentum=0.9))
    seen = []

    class Watch(callbacks.Callback):
        def on_test_batch_begin(self, batch, logs=None):
            seen.append(self.model.get_weights()[0])

        def on_train_batch_begin(self, batch, logs=None):
            seen.append(self.model.get_weights()[0])

    path = tmp_path / "model.weights.h5"
    given = [
        callbacks.SwapEMAWeights(swap_on_epoch=True),
        callbacks.ModelCheckpoint(path, save_weights_only=True),
        Watch(),
    ]
    model.fit(x, y, epochs=2, verbose=0, validation_data=(x, y), callbacks=given)
    average = model.optimizer.slots["average"][0].value
    before, first, trained, second = seen
    # The average begins with the weights after the first step.
    np.testing.assert_array_equal(first, trained)
    assert not np.array_equal(before, first)
    np.testing.assert_array_equal(second, average)
    saved = network()
    saved.load_weights(path)
    np.testing.assert_array_equal(saved.get_weights()[0], average)


@pytest.mark.parametrize("moment", ["on_train_begin", "on_test_begin", "on_predict_begin"])
def test_an_optimizer_without_averages_is_refused(moment):
    callback, model = swapping()
    model.optimizer = optimizers.SGD()
    message = (
        "SwapEMAWeights needs an optimizer that keeps averages of the weights. Received SGD with "
        "use_ema=False. Write SGD(use_ema=True)."
    )
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        getattr(callback, moment)()
