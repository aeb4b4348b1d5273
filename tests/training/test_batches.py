"""Data that come in batches: generators, data sets, loaders; and data that end too early."""

from __future__ import annotations

import re
import threading
from itertools import pairwise

import numpy as np
import pytest

from convlet import callbacks, layers, models, optimizers, utils
from convlet.errors import ArgumentError, DataWarning, ShapeError
from tests.training.small import CLASSES, images, network

X, Y = images(50)
WEIGHT = np.linspace(0.5, 1.5, 50).astype(np.float32)
PARTS = [slice(start, start + 20) for start in (0, 20, 40)]


def generator(parts=PARTS):
    for part in parts:
        yield X[part], Y[part]


def endless():
    while True:
        yield from generator()


class Stored(utils.PyDataset):
    """A data set that notes what is asked of it."""

    def __init__(self, **settings):
        super().__init__(**settings)
        self.asked = []

    def __len__(self):
        return len(PARTS)

    def __getitem__(self, index):
        self.asked.append(index)
        return X[PARTS[index]], Y[PARTS[index]], WEIGHT[PARTS[index]]

    def on_epoch_begin(self):
        self.asked.append("begin")

    def on_epoch_end(self):
        self.asked.append("end")


class Tensor:
    """As much of a tensor of PyTorch's as is used here."""

    def __init__(self, array):
        self._array = array

    def detach(self):
        return self

    def cpu(self):
        return self

    def permute(self, *axes):
        return Tensor(self._array.transpose(axes))

    @property
    def shape(self):
        return self._array.shape

    def __array__(self, dtype=None, copy=None):
        return self._array


class Loader:
    """A loader like PyTorch's: it gives lists of tensors, and may not know its length."""

    def __init__(self, convert=lambda images: images, length=3):
        self._convert = convert
        self._length = length

    def __len__(self):
        if self._length is None:
            raise TypeError("nobody knows")
        return self._length

    def __iter__(self):
        return ([self._convert(Tensor(x)), Tensor(y)] for x, y in generator())


def trained(*data, **arguments):
    """A network with always the same first weights, after `fit`."""
    model = network(metrics=["accuracy"])
    model.set_weights([np.full_like(w, 0.1) for w in model.get_weights()])
    model.fit(*data, **{"shuffle": False, "verbose": 0, "batch_size": 20, **arguments})
    return model


def assert_same(first, second):
    for one, other in zip(first.get_weights(), second.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    assert first.history.history == second.history.history


@pytest.mark.parametrize(
    "data",
    [
        lambda: generator(),
        lambda: list(generator()),
        lambda: ([x.tolist(), y.tolist()] for x, y in generator()),
        lambda: Loader(),
        lambda: Loader(length=None),
        lambda: ((x.astype(np.float64), y.astype(np.float32)) for x, y in generator()),
    ],
    ids=["generator", "list", "lists", "loader", "stream", "other types"],
)
def test_batches_train_as_arrays_do(data):
    assert_same(trained(data()), trained(X, Y))


def test_weights_in_batches():
    data = ((X[part], Y[part], WEIGHT[part]) for part in PARTS)
    expected = trained(X, Y, sample_weight=WEIGHT)
    assert_same(trained(data), expected)
    assert_same(trained(Stored()), expected)


def test_class_weights_of_batches():
    assert_same(trained(generator(), class_weight={1: 3.0}), trained(X, Y, class_weight={1: 3.0}))


def test_what_can_be_iterated_again_serves_every_epoch():
    assert_same(trained(Loader(), epochs=3), trained(X, Y, epochs=3))
    model = trained(Loader(length=None), epochs=2)
    assert model.history.params["steps"] is None
    assert model.history.epoch == [0, 1]


def test_evaluation_and_prediction():
    model = network(metrics=["accuracy"])
    expected = model.evaluate(X, Y, verbose=0)
    assert model.evaluate(generator(), verbose=0) == pytest.approx(expected, rel=1e-6)
    assert model.evaluate(Loader(), verbose=0) == pytest.approx(expected, rel=1e-6)
    predictions = model.predict(X, verbose=0)
    for data in (generator(), Loader(), Stored(), (x for x, _ in generator())):
        np.testing.assert_array_equal(model.predict(data, verbose=0), predictions)
    first = model.predict(endless(), steps=2, verbose=0)
    np.testing.assert_array_equal(first, predictions[:40])
    assert model.evaluate(endless(), steps=3, verbose=0) == pytest.approx(expected, rel=1e-6)


def test_steps_of_arrays():
    model = network(metrics=["accuracy"])
    first = model.evaluate(X[:20], Y[:20], verbose=0)
    assert model.evaluate(X, Y, batch_size=10, steps=2, verbose=0) == pytest.approx(first)
    assert model.predict(X, batch_size=7, steps=3, verbose=0).shape == (21, CLASSES)
    assert model.predict(X, steps=4, verbose=0).shape == (50, CLASSES)  # of 13


def test_an_epoch_goes_on_where_the_last_one_ended():
    one = trained(endless(), epochs=2, steps_per_epoch=3)
    assert_same(one, trained(X, Y, epochs=2))
    seen = []
    model = network()
    watch = callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: seen.append(batch))
    model.fit(X, Y, batch_size=10, epochs=2, steps_per_epoch=2, verbose=0, callbacks=watch)
    assert seen == [0, 1, 0, 1]
    other = trained(X[:40], Y[:40])
    two_epochs = trained(X, Y, epochs=2, steps_per_epoch=1)
    for first, second in zip(other.get_weights(), two_epochs.get_weights(), strict=True):
        np.testing.assert_array_equal(first, second)


def test_steps_without_a_batch_size_divide_the_arrays():
    model = network()
    model.fit(X, Y, steps_per_epoch=4, verbose=0)
    assert model.optimizer.iterations == 4
    assert model._programs._training.keys() == {13}


def lack(when):
    text = (
        f"The data ended {when} Give more batches or fewer steps, or data that can be gone "
        "through again: a list, or an object with __iter__ or __getitem__."
    )
    return f"^{re.escape(text)}$"


def test_a_generator_that_ends_before_the_last_epoch():
    with pytest.warns(DataWarning, match=lack("before epoch 2 of 5, so training stops.")) as caught:
        model = trained(generator(), epochs=5)
    assert model.history.epoch == [0]
    assert [warning.filename for warning in caught] == [__file__]


def test_an_epoch_that_is_cut_short():
    with pytest.warns(DataWarning, match=lack("after 1 of 2 steps.")):
        model = trained(generator(), epochs=2, steps_per_epoch=2)
    assert model.history.epoch == [0, 1]
    assert model.optimizer.iterations == 3
    with pytest.warns(DataWarning, match=lack("after 3 of 4 steps.")) as caught:
        network().evaluate(generator(), steps=4, verbose=0)
    assert [warning.filename for warning in caught] == [__file__]
    with pytest.warns(DataWarning, match=lack("after 2 of 9 steps.")):
        network().predict(X, batch_size=25, steps=9, verbose=0)


def test_validation_that_ends():
    with pytest.warns(DataWarning, match=lack("before epoch 3 could be validated.")):
        model = trained(X, Y, validation_data=generator(PARTS[:2]), validation_steps=1, epochs=3)
    assert len(model.history.history["loss"]) == 3
    assert len(model.history.history["val_loss"]) == 2


@pytest.mark.parametrize(
    "data",
    [lambda: list(generator()), lambda: Loader(), lambda: endless()],
    ids=["list", "loader", "endless"],
)
def test_validation_on_batches(data):
    model = trained(X, Y, validation_data=data(), validation_steps=3, epochs=2)
    expected = trained(X, Y, validation_data=(X, Y), epochs=2)
    for name, values in expected.history.history.items():
        assert model.history.history[name] == pytest.approx(values, rel=1e-6)


def test_every_validation_begins_at_the_beginning():
    model = network(optimizer=optimizers.SGD(0.0))
    history = model.fit(
        X, Y, validation_data=Loader(), validation_steps=1, epochs=3, verbose=0
    ).history
    assert history["val_loss"] == [model.evaluate(X[:20], Y[:20], batch_size=20, verbose=0)] * 3


def test_a_generator_goes_on_after_a_call():
    data = endless()
    model = network()
    expected = model.predict(X, verbose=0)
    for part in PARTS:
        predicted = model.predict(data, steps=1, verbose=0)
        np.testing.assert_array_equal(predicted, expected[part])


@pytest.mark.parametrize(
    ("frequency", "epochs"), [(2, [1, 3]), ([1, 4], [0, 3]), (1, [0, 1, 2, 3])]
)
def test_epochs_that_are_validated(frequency, epochs):
    validated = []

    class Watcher(callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            if "val_loss" in logs:
                validated.append(epoch)

    trained(X, Y, validation_data=(X, Y), validation_freq=frequency, epochs=4,
            callbacks=[Watcher()])  # fmt: skip
    assert validated == epochs


def test_batches_of_other_sizes():
    sizes = [3, 20, 1, 26]
    starts = np.cumsum([0, *sizes])
    parts = [slice(*ends) for ends in pairwise(starts)]
    model = trained(generator(parts))
    by_hand = network(metrics=["accuracy"])
    by_hand.set_weights([np.full_like(w, 0.1) for w in by_hand.get_weights()])
    for part in parts:
        by_hand.train_on_batch(X[part], Y[part])
    for one, other in zip(model.get_weights(), by_hand.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)
    seen = network(optimizer=optimizers.SGD(0.0), metrics=["accuracy"])
    logs = seen.fit(generator(parts), verbose=0).history
    expected = seen.evaluate(X, Y, verbose=0, return_dict=True)
    assert {name: values[0] for name, values in logs.items()} == pytest.approx(expected, rel=1e-5)


def test_a_model_that_the_first_batch_builds():
    model = models.Sequential([layers.Flatten(), layers.Dense(CLASSES, activation="softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy", metrics={"dense": ["accuracy"]})
    model.layers[1].name = "dense"
    history = model.fit(Loader(), epochs=2, verbose=0, validation_data=Loader())
    assert list(history.history) == ["loss", "accuracy", "val_loss", "val_accuracy"]


def test_a_sequence_is_asked_as_keras_asks():
    data = Stored()
    trained(data, epochs=2)
    assert data.asked == ["begin", 0, 1, 2, "end"] * 2
    data.asked.clear()
    trained(data, epochs=4, shuffle=True)
    assert all(data.asked[first] == "begin" for first in (0, 5, 10, 15))
    orders = [tuple(data.asked[first + 1 : first + 4]) for first in (0, 5, 10, 15)]
    assert all(sorted(order) == [0, 1, 2] for order in orders)


def test_the_order_of_a_sequence_depends_on_the_seed():
    def order():
        utils.set_random_seed(4)
        data = Stored()
        trained(data, epochs=4, shuffle=True)
        return data.asked

    first = order()
    assert first == order()
    assert first != ["begin", 0, 1, 2, "end"] * 4


def test_workers_make_batches_ahead_in_order():
    threads = set()
    meeting = threading.Barrier(2, timeout=20)

    class Slow(Stored):
        def __getitem__(self, index):
            if index < 2:
                meeting.wait()  # two threads must be in here at once
            threads.add(threading.get_ident())
            return super().__getitem__(index)

    data = Slow(workers=2, max_queue_size=2)
    assert_same(trained(data), trained(X, Y, sample_weight=WEIGHT))
    assert threading.get_ident() not in threads


def test_a_failing_worker_is_heard():
    class Failing(Stored):
        def __getitem__(self, index):
            raise OSError(f"no batch {index}")

    with pytest.raises(OSError, match="no batch 0"):
        trained(Failing(workers=2))


def test_a_data_set_without_end():
    class Endless(utils.PyDataset):
        num_batches = None

        def __getitem__(self, index):
            return X[PARTS[index % 3]], Y[PARTS[index % 3]]

    assert_same(trained(Endless(), epochs=2, steps_per_epoch=3), trained(X, Y, epochs=2))


def channels_first(built):
    images = np.zeros((4, 3, 8, 8), np.float32)
    start = [layers.Input((8, 8, 3))] if built else []
    model = models.Sequential([*start, layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(2)])
    model.compile("sgd", "sparse_categorical_crossentropy")
    return lambda: model.fit([(Tensor(images), np.zeros(4))], verbose=0)


class Dataset:
    """A data set of single images, as PyTorch has them."""

    def __len__(self):
        return len(X)

    def __getitem__(self, index):
        return X[index], Y[index]


Dataset.__module__ = "torch.utils.data.dataset"


MESSAGES = [
    (
        lambda: trained(generator(), Y),
        ArgumentError,
        "fit needs y=None where x gives batches, which hold it themselves. "
        "Received y of type ndarray.",
    ),
    (
        lambda: network().evaluate(generator(), sample_weight=WEIGHT, verbose=0),
        ArgumentError,
        "evaluate needs sample_weight=None where x gives batches, which hold it themselves. "
        "Received sample_weight of type ndarray.",
    ),
    (
        lambda: trained(generator(), validation_split=0.2),
        ArgumentError,
        "fit needs arrays for validation_split. Received x of type generator, which gives batches. "
        "Pass validation_data.",
    ),
    (
        lambda: trained(X, Y, validation_data=generator(), epochs=3),
        ArgumentError,
        "fit needs validation_data that can be gone through 3 times. Received a generator, which "
        "ends after the first. Pass a list of its batches, an object with __iter__, or "
        "validation_steps for one without end.",
    ),
    (
        lambda: trained(iter([])),
        ArgumentError,
        "fit needs at least one batch. Received data that gave none.",
    ),
    (
        lambda: network().evaluate(iter([]), verbose=0),
        ArgumentError,
        "evaluate needs at least one batch. Received data that gave none.",
    ),
    (
        lambda: network().predict(iter([]), verbose=0),
        ArgumentError,
        "predict needs at least one batch. Received data that gave none.",
    ),
    (
        lambda: trained(iter([(X, Y), (X[:, :3], Y)])),
        ShapeError,
        "fit needs x of shape (samples, 4, 4, 1). Received shape (50, 3, 4, 1). "
        "This is batch 1 of x, counted from 0.",
    ),
    (
        lambda: trained(iter([(X, Y), (X[:0], Y[:0])])),
        ShapeError,
        "fit needs x to hold at least one image. Received x of shape (0, 4, 4, 1). "
        "This is batch 1 of x, counted from 0.",
    ),
    (
        lambda: trained(X, Y, validation_data=iter([(X, Y + 7)])),
        ArgumentError,
        "SparseCategoricalCrossentropy needs labels 0..2, one for each of the model's 3 outputs. "
        "Received 7 at position 0. This is batch 0 of validation_data, counted from 0.",
    ),
    (
        lambda: trained(iter([X])),
        ArgumentError,
        "fit needs targets. Received y=None. This is batch 0 of x, counted from 0.",
    ),
    (
        lambda: trained(iter(["batch"])),
        ArgumentError,
        "A batch needs to be (x, y) or (x, y, sample_weight). Received a str. "
        "This is batch 0 of x, counted from 0.",
    ),
    (
        lambda: trained(iter([(X, Y, WEIGHT, None)])),
        ArgumentError,
        "A batch needs to be (x, y) or (x, y, sample_weight). Received a tuple of 4 entries. "
        "This is batch 0 of x, counted from 0.",
    ),
    (
        channels_first(built=True),
        ShapeError,
        "fit needs x of shape (samples, 8, 8, 3). Received shape (4, 3, 8, 8), with the channels "
        "first. Move them with x.permute(0, 2, 3, 1). This is batch 0 of x, counted from 0.",
    ),
    (
        channels_first(built=False),
        ShapeError,
        "fit needs x of shape (samples, height, width, channels). Received shape (4, 3, 8, 8), "
        "with the channels first. Move them with x.permute(0, 2, 3, 1). "
        "This is batch 0 of x, counted from 0.",
    ),
    (
        lambda: trained(Dataset()),
        ArgumentError,
        "fit needs x to give batches. Received a Dataset, which gives single images. Pass "
        "torch.utils.data.DataLoader(x, batch_size=32, shuffle=True).",
    ),
    (
        lambda: trained(X, Y, validation_freq=0),
        ArgumentError,
        "fit needs validation_freq to be an integer of at least 1. Received validation_freq=0.",
    ),
    (
        lambda: trained(X, Y, validation_freq=[0]),
        ArgumentError,
        "fit needs each of validation_freq to be an integer of at least 1. "
        "Received each of validation_freq=0.",
    ),
]


@pytest.mark.parametrize(("act", "error", "message"), MESSAGES)
def test_messages(act, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        act()
