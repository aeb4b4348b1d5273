"""What `compile`, `fit`, `evaluate` and `predict` say of arguments they cannot use."""

from __future__ import annotations

import re

import numpy as np
import pytest

from convlet import callbacks, layers, losses, models
from convlet.errors import (
    ArgumentError,
    NotCompiledError,
    ShapeError,
    UnknownNameError,
    UnsupportedError,
)
from tests.training.small import images, network

X, Y = images(6)


def fit(*data, **arguments):
    return lambda: network().fit(*(data or (X, Y)), **{"verbose": 0, **arguments})


def own_error(y_true, y_pred):
    return np.abs(y_true - y_pred).sum(axis=-1)


def channels_first():
    model = models.Sequential([layers.Input((4, 5, 3)), layers.Flatten(), layers.Dense(2)])
    model.predict(np.zeros((2, 3, 4, 5)), verbose=0)


def changed_after_compile():
    model = network()
    model.fit(X, Y, verbose=0)
    model.layers[-1].trainable = False
    model.fit(X, Y, verbose=0)


MESSAGES = [
    # images
    (
        fit(X[..., 0], Y),
        ShapeError,
        "fit needs x of shape (samples, 4, 4, 1). Received shape (6, 4, 4), without a channel "
        "axis. "
        "Add one with x[..., np.newaxis].",
    ),
    (
        fit(X[0], Y),
        ShapeError,
        "fit needs x of shape (samples, 4, 4, 1). Received shape (4, 4, 1), one image without a "
        "batch axis. Add one with x[np.newaxis].",
    ),
    (
        fit(X.reshape(6, 16), Y),
        ShapeError,
        "fit needs x of shape (samples, 4, 4, 1). Received shape (6, 16). "
        "Reshape to (-1, 4, 4, 1) first.",
    ),
    (
        channels_first,
        ShapeError,
        "predict needs x of shape (samples, 4, 5, 3). Received shape (2, 3, 4, 5), with the "
        "channels "
        "first. Move them with x.transpose(0, 2, 3, 1).",
    ),
    (
        fit(np.zeros((6, 5, 5, 1)), Y),
        ShapeError,
        "fit needs x of shape (samples, 4, 4, 1). Received shape (6, 5, 5, 1).",
    ),
    (
        fit(X[:0], Y[:0]),
        ShapeError,
        "fit needs x to hold at least one image. Received x of shape (0, 4, 4, 1).",
    ),
    (
        fit([[[0.0]], [[0.0], [1.0]]], [0, 1]),
        ShapeError,
        "fit needs images of one size. Received lists of unequal lengths. Resize the images first.",
    ),
    (
        fit(np.array([X[0], None], dtype=object), [0, 1]),
        ArgumentError,
        "fit needs x to be an array of numbers. Received an array of objects. "
        "If it holds images of unequal sizes, resize them and join them with np.stack.",
    ),
    (
        fit(X.astype(str), Y),
        ArgumentError,
        "fit needs x to be an array of numbers. Received dtype <U32.",
    ),
    (fit(None, Y), ArgumentError, "fit needs images. Received x=None."),
    # targets and weights
    (fit(X), ArgumentError, "fit needs targets. Received y=None."),
    (
        fit(X, Y[:4]),
        ShapeError,
        "fit needs one target for each image. Received 6 images in x and 4 targets in y.",
    ),
    (
        fit(sample_weight=[1, 2]),
        ShapeError,
        "fit needs sample_weight of shape (6,), one for each image. Received shape (2,).",
    ),
    (
        fit(sample_weight=[1, 1, np.nan, 1, 1, 1]),
        ArgumentError,
        "fit needs finite weights. Received nan at position 2.",
    ),
    (
        fit(class_weight={0: 2.0}, sample_weight=np.ones(6)),
        ArgumentError,
        "fit takes either class_weight or sample_weight. Received both. "
        "Multiply them into one sample_weight.",
    ),
    (
        fit(class_weight=[1, 2]),
        ArgumentError,
        "fit needs class_weight to be a dictionary from classes to weights. "
        "Received class_weight=[1, 2].",
    ),
    (
        fit(class_weight={1: -1}),
        ArgumentError,
        "fit needs class_weight[1] to be a number at least 0. Received class_weight[1]=-1.",
    ),
    # other arguments
    (
        fit(batch_size=0),
        ArgumentError,
        "fit needs batch_size to be an integer of at least 1. Received batch_size=0.",
    ),
    (
        fit(epochs=0),
        ArgumentError,
        "fit needs epochs to be an integer of at least 1. Received epochs=0.",
    ),
    (
        fit(epochs=5, initial_epoch=5),
        ArgumentError,
        "fit needs initial_epoch to be below epochs. Received initial_epoch=5 and epochs=5. "
        "Epochs are counted from the first run on: pass epochs=10 for 5 more.",
    ),
    (
        fit(validation_split=1.0),
        ArgumentError,
        "fit needs validation_split to be a number at least 0 and below 1. "
        "Received validation_split=1.0.",
    ),
    (
        fit(X[:1], Y[:1], validation_split=0.5),
        ShapeError,
        "fit needs enough images for training and for validation. "
        "Received 1 with validation_split=0.5.",
    ),
    (
        fit(validation_data=X),
        ArgumentError,
        "fit needs validation_data to be (x, y) or (x, y, sample_weight). "
        "Received a ndarray of 6 items.",
    ),
    (
        fit(shuffle="batch"),
        ArgumentError,
        "fit needs shuffle to be True or False. Received shuffle='batch'.",
    ),
    (
        fit(verbose="loud"),
        ArgumentError,
        "fit needs verbose to be 'auto', 0, 1 or 2. Received verbose='loud'.",
    ),
    (
        fit(steps_per_epoch=0),
        ArgumentError,
        "fit needs steps_per_epoch to be an integer of at least 1. Received steps_per_epoch=0.",
    ),
    (
        fit(callbacks=[callbacks.History]),
        ArgumentError,
        "fit needs callbacks to be Callback objects. Received "
        "callbacks=<class 'convlet.callbacks.history.History'>. Write History().",
    ),
    # compile
    (
        lambda: network(optimizer=None).fit(X, Y),
        NotCompiledError,
        "fit needs a compiled model. Call compile(optimizer, loss, metrics) first.",
    ),
    (
        changed_after_compile,
        ArgumentError,
        "SGD keeps running averages for the weights that it was built for. Received other weights. "
        "Call compile() with a new optimizer.",
    ),
    (
        lambda: network(optimizer="rmsporp"),
        UnknownNameError,
        "compile needs optimizer to be one of 'adadelta', 'adafactor', 'adagrad', 'adam', "
        "'adamax', 'adamw', 'ftrl', 'lamb', 'lion', 'nadam', 'rmsprop', 'sgd'. "
        "Received optimizer='rmsporp'. Did you mean 'rmsprop'?",
    ),
    (
        lambda: network(loss=None),
        ArgumentError,
        "compile needs a loss. Received loss=None. Use loss='categorical_crossentropy' for one-hot "
        "targets, loss='sparse_categorical_crossentropy' for integer labels.",
    ),
    (
        lambda: network(loss=losses.Loss()),
        UnsupportedError,
        "compile needs a loss with a gradient. Received Loss, which defines only call. Define "
        "gradient(y_true, y_pred) beside it: the gradient of the sum of call's values with respect "
        "to y_pred.",
    ),
    (
        lambda: network(loss=own_error),
        UnsupportedError,
        "compile needs a loss with a gradient. Received the function own_error. Pass "
        "losses.custom(own_error, gradient), where gradient(y_true, y_pred) returns the gradient "
        "of the sum of own_error's values with respect to y_pred.",
    ),
    (
        lambda: network(loss=losses.MeanSquaredError(reduction="none")),
        UnsupportedError,
        "compile needs a loss that is reduced to one number. Received reduction='none'. "
        "Use 'sum_over_batch_size'.",
    ),
    (
        lambda: network(metrics="accuracy"),
        ArgumentError,
        "compile needs metrics to be a list. Received metrics='accuracy'. "
        "Write metrics=['accuracy'].",
    ),
    (
        lambda: network(loss_weights=["accuracy"]),
        ArgumentError,
        "compile needs metrics to be given by name. Received loss_weights=['accuracy']. "
        "Write metrics=['accuracy'].",
    ),
    (
        lambda: network(run_eagerly=True),
        UnsupportedError,
        "compile does not support run_eagerly=True yet. The only value is False.",
    ),
]


@pytest.mark.parametrize(("act", "error", "message"), MESSAGES)
def test_messages(act, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        act()


def test_a_misspelt_metric_is_refused_by_compile():
    with pytest.raises(UnknownNameError, match=re.escape("Did you mean 'accuracy'?")):
        network(metrics=["accuracy", "acuracy"])
