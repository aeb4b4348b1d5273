"""`evaluate`, `predict`, the one-batch methods, and what `compile` remembers."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from convlet import callbacks, layers, losses, metrics, models, optimizers
from tests.training.small import images, network

X, Y = images(50)


def test_evaluate_returns_what_keras_returns():
    plain, measured = network(), network(metrics=["accuracy"])
    loss = plain.evaluate(X, Y, verbose=0)
    assert isinstance(loss, float)
    loss, accuracy = measured.evaluate(X, Y, verbose=0)
    assert measured.evaluate(X, Y, verbose=0, return_dict=True) == {
        "loss": loss,
        "accuracy": accuracy,
    }


def test_the_batch_size_does_not_change_the_figures():
    model = network(metrics=["accuracy"])
    whole = model.evaluate(X, Y, batch_size=50, verbose=0)
    assert model.evaluate(X, Y, batch_size=7, verbose=0) == pytest.approx(whole, rel=1e-6)


def test_predictions():
    model = network()
    predictions = model.predict(X, verbose=0)
    assert predictions.shape == (50, 3)
    assert predictions.dtype == np.float32
    np.testing.assert_allclose(predictions.sum(axis=1), 1, rtol=1e-6)
    np.testing.assert_array_equal(predictions, model.predict(X, batch_size=7, verbose=0))
    np.testing.assert_array_equal(predictions, model.predict_on_batch(X))
    np.testing.assert_array_equal(predictions, model(X))


def test_many_images_are_predicted_block_by_block():
    model = network()
    images = np.resize(X, (1100, *X.shape[1:]))
    told = model.predict(images, verbose=0, callbacks=[callbacks.Callback()])
    np.testing.assert_array_equal(model.predict(images, verbose=0), told)
    np.testing.assert_array_equal(told[:50], told[1000:1050])


def test_several_threads_predict_with_a_model_that_is_built_by_the_first():
    model = models.Sequential([layers.Flatten(), layers.Dense(3)])
    with ThreadPoolExecutor(8) as callers:
        results = list(callers.map(lambda _: model.predict(X, verbose=0), range(40)))
    for result in results:
        np.testing.assert_array_equal(result, model.predict(X, verbose=0))


def test_predict_needs_no_compile():
    assert network(optimizer=None).predict(X, verbose=0).shape == (50, 3)


def test_bytes_are_read_as_numbers():
    model = network()
    pixels = (X * 100).astype(np.uint8)
    expected = model.predict(pixels.astype(np.float32), verbose=0)
    for dtype in (np.uint8, np.int64, np.float16):
        got = model.predict(pixels.astype(dtype), verbose=0)
        np.testing.assert_array_equal(got, expected)


def test_new_weights_are_seen():
    model = network()
    before = model.predict(X, verbose=0)
    model.set_weights([np.zeros_like(weight) for weight in model.get_weights()])
    np.testing.assert_allclose(model.predict(X, verbose=0), 1 / 3, rtol=1e-6)
    assert not np.allclose(before, 1 / 3)


def test_steps_by_hand_are_those_of_fit():
    by_hand, by_fit = network(), network()
    by_hand.set_weights(by_fit.get_weights())
    by_fit.fit(X, Y, batch_size=20, shuffle=False, verbose=0)
    for start in (0, 20, 40):
        by_hand.train_on_batch(X[start : start + 20], Y[start : start + 20])
    for first, second in zip(by_hand.get_weights(), by_fit.get_weights(), strict=True):
        np.testing.assert_allclose(first, second, atol=1e-6)
    assert by_hand.optimizer.iterations == by_fit.optimizer.iterations == 3


def test_one_batch_figures():
    model = network(optimizer=optimizers.SGD(0.0), metrics=["accuracy"])
    expected = model.evaluate(X, Y, verbose=0, return_dict=True)
    assert model.test_on_batch(X, Y, return_dict=True) == pytest.approx(expected)
    assert model.train_on_batch(X, Y, return_dict=True) == pytest.approx(expected)
    weighted = model.train_on_batch(X, Y, class_weight={0: 0, 1: 0, 2: 0})
    assert weighted == [0.0, pytest.approx(expected["accuracy"])]


@pytest.mark.parametrize(
    ("loss", "outputs", "y", "kind"),
    [
        ("mse", 1, [0, 1], metrics.BinaryAccuracy),
        ("sparse_categorical_crossentropy", 3, [0, 1], metrics.SparseCategoricalAccuracy),
        ("categorical_crossentropy", 2, [[0, 1], [1, 0]], metrics.CategoricalAccuracy),
    ],
)
def test_the_word_accuracy_means_what_fits(loss, outputs, y, kind):
    from convlet import layers

    model = models.Sequential([layers.Flatten(), layers.Dense(outputs)])
    model.compile("sgd", loss, metrics=["acc"])
    assert "acc" in model.evaluate(X[:2], y, verbose=0, return_dict=True)
    assert [type(metric) for metric in model.metrics[1:]] == [kind]


def test_batch_hooks_are_called_with_their_logs():
    calls = []

    class Watcher(callbacks.Callback):
        def on_test_batch_end(self, batch, logs=None):
            calls.append(("test", batch, sorted(logs)))

        def on_predict_batch_end(self, batch, logs=None):
            calls.append(("predict", batch, logs["outputs"].shape))

    model = network()
    model.evaluate(X, Y, verbose=0, callbacks=[Watcher()])
    model.predict(X, verbose=0, callbacks=Watcher())
    assert calls == [
        ("test", 0, ["loss"]),
        ("test", 1, ["loss"]),
        ("predict", 0, (32, 3)),
        ("predict", 1, (18, 3)),
    ]


def test_what_compile_was_told_comes_back():
    model = network(
        optimizer=optimizers.Adam(optimizers.schedules.CosineDecay(0.5, 10)),
        loss=losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy", metrics.SparseTopKCategoricalAccuracy(k=2)],
    )
    config = json.loads(json.dumps(model.get_compile_config()))
    other = network(optimizer=None)
    assert other.get_compile_config() is None
    other.compile_from_config(config)
    assert other.get_compile_config() == model.get_compile_config()
    assert [metric.name for metric in other.metrics] == [
        "loss",
        "accuracy",
        "sparse_top_k_categorical_accuracy",
    ]


def test_names_stay_names():
    config = network(metrics=["accuracy"]).get_compile_config()
    assert config["loss"] == "sparse_categorical_crossentropy"
    assert config["metrics"] == ["accuracy"]


def test_an_uncompiled_model_has_no_optimizer():
    model = network(optimizer=None)
    assert not model.compiled
    assert not hasattr(model, "optimizer")
    assert model.metrics == []
