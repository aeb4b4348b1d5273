"""Several inputs and outputs: in every form, with the names and the sums that Keras has."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from convlet import Model, callbacks, layers, losses, metrics, optimizers
from convlet.errors import ArgumentError, DataWarning, ShapeError, UnknownNameError
from tests.training.two_ends import SPARSE, data, network

X, Y = data()
BY_NAME = {"kind": Y[0], "size": Y[1]}
WEIGHTS = np.random.default_rng(3).random((2, 40)).astype(np.float32)


def fitted(x=X, y=None, by_name=False, compiled=None, **arguments):
    model = network(by_name, **(compiled or {}))
    model.fit(x, Y if y is None else y, verbose=0, shuffle=False, batch_size=16, **arguments)
    return model


@pytest.mark.parametrize(
    ("x", "y"),
    [
        (tuple(X), tuple(Y)),
        ({"right": X[1], "left": X[0]}, {"size": Y[1], "kind": Y[0]}),
        (X, BY_NAME),
    ],
    ids=["tuples", "by name", "targets by name"],
)
def test_every_form_is_the_same_training(x, y):
    for first, second in zip(fitted().get_weights(), fitted(x, y).get_weights(), strict=True):
        np.testing.assert_array_equal(first, second)


def test_losses_by_name_and_a_model_with_outputs_by_name():
    expected = fitted().get_weights()
    compiled = {"loss": {"size": "mse", "kind": SPARSE}}
    for by_name in (False, True):
        got = fitted(y=BY_NAME, by_name=by_name, compiled=compiled).get_weights()
        for first, second in zip(expected, got, strict=True):
            np.testing.assert_array_equal(first, second)


def test_the_loss_is_the_weighted_sum_of_what_is_shown_for_each():
    model = network(loss_weights=[1, 0.25])
    logs = model.evaluate(X, Y, verbose=0, return_dict=True)
    predicted = model.predict(X, verbose=0)
    kind = losses.SparseCategoricalCrossentropy()(Y[0], predicted[0])
    size = losses.MeanSquaredError()(Y[1], predicted[1])
    assert logs == pytest.approx(
        {"loss": kind + 0.25 * size, "kind_loss": kind, "size_loss": size}, rel=1e-5
    )
    assert model.train_on_batch(X, Y) == pytest.approx(list(logs.values()), rel=1e-5)
    by_name = network(loss_weights={"size": 0.25})
    assert by_name.test_on_batch(X, Y) == pytest.approx(list(logs.values()), rel=1e-5)


def test_training_figures_are_those_of_evaluation():
    compiled = {
        "optimizer": optimizers.SGD(0.0),
        "loss_weights": [2, 0.5],
        "metrics": [["accuracy"], ["mse"]],
        "weighted_metrics": [["accuracy"], ["mse"]],
    }
    model = fitted(compiled=compiled, sample_weight=list(WEIGHTS))
    logs = {name: values[0] for name, values in model.history.history.items()}
    expected = model.evaluate(X, Y, sample_weight=list(WEIGHTS), verbose=0, return_dict=True)
    assert logs == pytest.approx(expected, rel=1e-5)


NAMES = [
    ({"metrics": [["accuracy"], ["mse"]]}, ["kind_accuracy", "size_mse"]),
    ({"metrics": [["acc", "accuracy"], None]}, ["kind_acc", "kind_accuracy"]),
    ({"metrics": {"size": "mse"}}, ["size_mse"]),
    (
        {"metrics": [["accuracy"], "mse"], "weighted_metrics": [["accuracy", "acc"], []]},
        ["kind_acc", "kind_accuracy", "kind_weighted_accuracy", "size_mse"],
    ),
]


@pytest.mark.parametrize(("compiled", "names"), NAMES)
def test_names_and_their_order_are_keras_ones(compiled, names):
    model = network(**compiled)
    logs = model.evaluate(X, Y, verbose=0, return_dict=True)
    assert list(logs) == ["loss", "kind_loss", "size_loss", *names]
    assert model.metrics_names == list(logs)
    assert model.evaluate(X, Y, verbose=0) == list(logs.values())


def test_the_word_accuracy_fits_each_output():
    model = network(loss=["categorical_crossentropy", "mse"], metrics=[["accuracy"], ["accuracy"]])
    model.evaluate(X, [np.eye(3)[Y[0]], Y[1]], verbose=0)
    kinds = [type(metric) for metric in model.metrics[3:]]
    assert kinds == [metrics.CategoricalAccuracy, metrics.BinaryAccuracy]


@pytest.mark.parametrize("y", [Y, [Y[0]]], ids=["all targets", "those with a loss"])
def test_an_output_without_a_loss(y):
    model = fitted(y=y, compiled={"loss": [SPARSE, None], "metrics": [["accuracy"], None]})
    assert list(model.history.history) == ["loss", "kind_accuracy"]
    before, after = network().get_weights(), model.get_weights()
    np.testing.assert_array_equal(before[2], after[2])  # of the output without a loss
    assert not np.array_equal(before[0], after[0])


def test_metrics_of_an_output_without_a_loss():
    model = network(loss={"kind": SPARSE, "size": None}, metrics={"size": ["mse"]})
    logs = model.evaluate(X, Y, verbose=0, return_dict=True)
    assert list(logs) == ["loss", "size_mse"]
    expected = np.square(model.predict(X, verbose=0)[1] - Y[1]).mean()
    assert logs["size_mse"] == pytest.approx(expected, rel=1e-5)


def test_weights_of_each_output():
    one = fitted(sample_weight=WEIGHTS[0]).get_weights()
    same = fitted(sample_weight=[WEIGHTS[0]] * 2).get_weights()
    by_name = fitted(sample_weight={"size": WEIGHTS[0], "kind": WEIGHTS[0]}).get_weights()
    half = fitted(sample_weight=[WEIGHTS[0], None]).get_weights()
    ones = fitted(sample_weight=[WEIGHTS[0], np.ones(40)]).get_weights()
    for first, second, third in zip(one, same, by_name, strict=True):
        np.testing.assert_array_equal(first, second)
        np.testing.assert_array_equal(first, third)
    for first, second in zip(half, ones, strict=True):
        np.testing.assert_array_equal(first, second)
    assert not np.array_equal(one[2], half[2])


def test_validation_is_set_aside_from_every_input():
    history = fitted(validation_split=0.25).history.history
    held_out = ([x[30:] for x in X], [y[30:] for y in Y])
    model = network()
    model.fit([x[:30] for x in X], [y[:30] for y in Y], validation_data=held_out,
              verbose=0, shuffle=False, batch_size=16)  # fmt: skip
    assert history == model.history.history
    assert list(history)[3:] == ["val_loss", "val_kind_loss", "val_size_loss"]


def test_validation_split_warns_for_each_output_of_classes():
    order = np.argsort(Y[0], kind="stable")
    with pytest.warns(DataWarning, match="leaves no image of class 0, 1 for validation"):
        fitted([x[order] for x in X], [y[order] for y in Y], validation_split=0.2)


def test_predictions_have_the_form_of_the_outputs():
    listed, named = network().predict(X, verbose=0), network(by_name=True).predict(X, verbose=0)
    assert [output.shape for output in listed] == [(40, 3), (40, 1)]
    assert list(named) == ["kind", "size"]
    np.testing.assert_array_equal(named["size"], listed[1])
    told = network().predict(X, verbose=0, batch_size=7, callbacks=[callbacks.Callback()])
    on_batch = network().predict_on_batch({"left": X[0], "right": X[1]})
    for expected, *others in zip(listed, told, on_batch, network()(X), strict=True):
        for other in others:
            np.testing.assert_array_equal(expected, other)


def test_many_images_are_predicted_block_by_block():
    many = [np.resize(x, (1100, *x.shape[1:])) for x in X]
    for few, all_of_them in zip(
        network().predict(X, verbose=0), network().predict(many, verbose=0), strict=True
    ):
        np.testing.assert_array_equal(all_of_them[1080:1100], few[:20])


def test_callbacks_see_the_outputs_as_a_list():
    seen = []

    class Watcher(callbacks.Callback):
        def on_predict_batch_end(self, batch, logs=None):
            seen.append([output.shape for output in logs["outputs"]])

    network().predict(X, batch_size=25, verbose=0, callbacks=[Watcher()])
    assert seen == [[(25, 3), (25, 1)], [(15, 3), (15, 1)]]


@pytest.mark.parametrize(
    ("monitor", "larger"), [("kind_accuracy", True), ("val_size_loss", False), ("size_mse", False)]
)
def test_callbacks_know_which_way_is_better(monitor, larger):
    model = network(metrics=[["accuracy"], ["mse"]])
    callback = callbacks.EarlyStopping(monitor)
    callback.set_model(model)
    assert callback.is_improvement(2.0, 1.0) is larger


def test_what_compile_was_told_comes_back():
    model = network(
        loss={"kind": losses.SparseCategoricalCrossentropy(from_logits=True), "size": "mse"},
        loss_weights={"kind": 2.0},
        metrics=[["accuracy", metrics.SparseTopKCategoricalAccuracy(k=2)], ["mse"]],
    )
    config = json.loads(json.dumps(model.get_compile_config()))
    other = network(loss=None)
    other.compile_from_config(config)
    assert other.get_compile_config() == config
    assert other.metrics_names == model.metrics_names
    assert other.evaluate(X, Y, verbose=0) == model.evaluate(X, Y, verbose=0)


MESSAGES = [
    (
        lambda: network().fit(X[0], Y),
        ArgumentError,
        "fit needs x to be a list of 2 arrays, for 'left', 'right', or a dictionary by these "
        "names. Received one ndarray.",
    ),
    (
        lambda: network().fit([*X, X[0]], Y),
        ArgumentError,
        "fit needs x to be a list of 2 arrays, for 'left', 'right', or a dictionary by these "
        "names. Received 3 entries.",
    ),
    (
        lambda: network().predict({"left": X[0]}),
        ArgumentError,
        "predict needs x to have an entry for each of 'left', 'right'. Received none for 'right'.",
    ),
    (
        lambda: network().fit({"left": X[0], "rihgt": X[1]}, Y),
        UnknownNameError,
        "fit needs each name in x to be one of 'left', 'right'. "
        "Received each name in x='rihgt'. Did you mean 'right'?",
    ),
    (
        lambda: network().fit([X[0], X[1][..., :1]], Y),
        ShapeError,
        "fit needs x['right'] of shape (samples, 6, 6, 2). Received shape (40, 6, 6, 1).",
    ),
    (
        lambda: network().fit([X[0], X[1][:9]], Y),
        ShapeError,
        "fit needs as many images in each input. Received 40 for 'left' and 9 for 'right'.",
    ),
    (
        lambda: network().fit(X, Y[0]),
        ArgumentError,
        "fit needs y to be a list of 2 arrays, for 'kind', 'size', or a dictionary by these "
        "names. Received one ndarray.",
    ),
    (
        lambda: network().fit(X, [Y[0], Y[1][:9]]),
        ShapeError,
        "fit needs one target for each image. Received 40 images in x and 9 targets in y['size'].",
    ),
    (
        lambda: network().fit(X, Y, class_weight={0: 2.0}),
        ArgumentError,
        "fit takes class_weight for a model with one output. Received it for 2 outputs. "
        "Pass sample_weight, a list with weights for each output.",
    ),
    (
        lambda: network(loss=[SPARSE]),
        ArgumentError,
        "compile needs a loss for each of 2 outputs, 'kind', 'size'. Received 1. "
        "Write None for an output without a loss.",
    ),
    (
        lambda: network(loss={"kind": SPARSE}),
        ArgumentError,
        "compile needs a loss for each of 2 outputs, 'kind', 'size'. Received none for 'size'. "
        "Write 'size': None for an output without one.",
    ),
    (
        lambda: network(loss={"kind": SPARSE, "sice": "mse"}),
        UnknownNameError,
        "compile needs each name in loss to be one of 'kind', 'size'. "
        "Received each name in loss='sice'. Did you mean 'size'?",
    ),
    (
        lambda: network(loss=[None, None]),
        ArgumentError,
        "compile needs a loss. Received loss=[None, None]. Use loss='categorical_crossentropy' "
        "for one-hot targets, loss='sparse_categorical_crossentropy' for integer labels.",
    ),
    (
        lambda: network(loss_weights=[1, 2, 3]),
        ArgumentError,
        "compile needs loss_weights to have a number for each of 2 outputs, 'kind', 'size'. "
        "Received 3.",
    ),
    (
        lambda: network(loss_weights={"knid": 1}),
        UnknownNameError,
        "compile needs each name in loss_weights to be one of 'kind', 'size'. "
        "Received each name in loss_weights='knid'. Did you mean 'kind'?",
    ),
    (
        lambda: network(metrics=["accuracy"]),
        ArgumentError,
        "compile needs metrics to be a list with an entry for each of 2 outputs, 'kind', 'size', "
        "or a dictionary by these names. Received 1 entries.",
    ),
    (
        lambda: network(weighted_metrics={"knid": ["accuracy"]}),
        UnknownNameError,
        "compile needs each name in weighted_metrics to be one of 'kind', 'size'. "
        "Received each name in weighted_metrics='knid'. Did you mean 'kind'?",
    ),
]


@pytest.mark.parametrize(("act", "error", "message"), MESSAGES)
def test_messages(act, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        act()


class Forked(Model):
    """A subclass that says how its layers are wired, and is built by the first data."""

    def __init__(self):
        super().__init__()
        self.join = layers.Concatenate()
        self.flatten = layers.Flatten()
        self.kind = layers.Dense(3, activation="softmax", name="kind")
        self.size = layers.Dense(1, name="size")

    def call(self, inputs):
        left, right = inputs.values() if isinstance(inputs, dict) else inputs
        features = self.flatten(self.join([left, right]))
        return [self.kind(features), self.size(features)]


@pytest.mark.parametrize("x", [X, {"a": X[0], "b": X[1]}], ids=["list", "by name"])
def test_a_model_that_the_first_data_build(x):
    model = Forked()
    model.compile("sgd", [SPARSE, "mse"], loss_weights=[1, 0.5], metrics=[["accuracy"], []])
    history = model.fit(x, Y, epochs=2, verbose=0).history
    assert list(history) == ["loss", "kind_loss", "size_loss", "kind_accuracy"]
    predicted = model.predict(x, verbose=0)
    assert [output.shape for output in predicted] == [(40, 3), (40, 1)]


def test_it_can_be_measured():
    assert network().profile(batch_size=8, steps=2).milliseconds > 0
    assert network().profile(X, Y, batch_size=8, steps=2).milliseconds > 0
