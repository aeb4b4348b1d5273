"""A folder of images goes into `fit`, and into the engine, as bytes."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from convlet import layers, models, utils
from convlet.errors import ArgumentError, DatasetError
from tests.utils.picture_files import folders


@pytest.fixture
def folder(tmp_path):
    return folders(tmp_path / "colours", {"blue": 12, "green": 12, "red": 12})


def load(folder, **settings):
    settings = {"image_size": (6, 8), "verbose": False, "seed": 1, "batch_size": 10, **settings}
    return utils.image_dataset_from_directory(folder, **settings)


def network(loss="sparse_categorical_crossentropy"):
    model = models.Sequential(
        [
            layers.Input((6, 8, 3)),
            layers.Rescaling(1 / 255),
            layers.Flatten(),
            layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile("rmsprop", loss, metrics=["accuracy"])
    return model


class Watched:
    """A training program that notes what it is given."""

    def __init__(self, program, seen):
        self._program = program
        self._seen = seen

    def step(self, xs, ys, index, *rest):
        self._seen.append((xs[0], index.copy()))
        return self._program.step(xs, ys, index, *rest)


def watched(model):
    seen = []
    make = model._programs.training
    model._programs.training = lambda *arguments: Watched(make(*arguments), seen)
    return seen


def test_it_learns_colours(folder):
    training, held_out = load(folder, validation_split=0.5, subset="both")
    model = network()
    history = model.fit(training, validation_data=held_out, epochs=40, verbose=0)
    assert history.params["steps"] == 2
    assert history.history["val_accuracy"][-1] == 1.0
    assert model.evaluate(held_out, verbose=0)[1] == 1.0


def test_the_engine_reads_the_bytes_where_they_lie(folder):
    data = load(folder)
    model = network()
    seen = watched(model)
    model.fit(data, epochs=2, verbose=0)
    assert len(seen) == 8
    for x, _ in seen:
        assert x.dtype == np.uint8
        assert np.shares_memory(x, data.images)
    orders = [np.concatenate([index for _, index in seen[first : first + 4]]) for first in (0, 4)]
    for epoch, order in enumerate(orders):
        np.testing.assert_array_equal(order, data.order(epoch))


def test_files_in_order_where_nothing_is_shuffled(folder):
    for data, arguments in ((load(folder), {"shuffle": False}), (load(folder, shuffle=False), {})):
        model = network()
        seen = watched(model)
        model.fit(data, verbose=0, **arguments)
        assert np.concatenate([index for _, index in seen]).tolist() == list(range(36))


def test_predictions_are_in_the_order_of_the_files(folder):
    data = load(folder)
    model = network()
    expected = model.predict(data.images, verbose=0)
    np.testing.assert_array_equal(model.predict(data, verbose=0), expected)
    alone = load(folder, labels=None)
    assert alone.file_paths == data.file_paths
    np.testing.assert_array_equal(model.predict(alone, verbose=0), expected)
    loss = model.evaluate(data.images, data.targets, batch_size=10, verbose=0)
    assert model.evaluate(data, verbose=0) == loss


def test_single_images_are_joined_to_batches(folder):
    model = network()
    model.fit(load(folder, batch_size=None), batch_size=12, verbose=0)
    assert model.optimizer.iterations == 3


def test_class_weights(folder):
    data = load(folder, shuffle=False)
    one, other = network(), network()
    other.set_weights(one.get_weights())
    one.fit(data, class_weight={0: 2.0}, verbose=0)
    weight = np.where(data.targets == 0, 2.0, 1.0)
    other.fit(data.images, data.targets, 10, sample_weight=weight, shuffle=False, verbose=0)
    for first, second in zip(one.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(first, second)


def test_steps_go_on_through_the_files(folder):
    model = network()
    model.fit(load(folder), epochs=2, steps_per_epoch=2, verbose=0)
    assert model.optimizer.iterations == 4


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"y": [0, 1]},
            "fit needs y=None where x gives batches, which hold it themselves. "
            "Received y of type list.",
        ),
        (
            {"validation_split": 0.2},
            "fit needs arrays for validation_split. Received x of type ImageDataset, which gives "
            "batches. Pass validation_data.",
        ),
    ],
)
def test_messages(folder, arguments, message):
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        network().fit(load(folder), verbose=0, **arguments)


def test_images_without_labels_do_not_train(folder):
    with pytest.raises(ArgumentError, match=r"^fit needs targets\. Received y=None\.$"):
        network().fit(load(folder, labels=None), verbose=0)


def test_damaged_files_are_named_before_training(folder):
    Path(folder, "red", "03.png").write_bytes(b"no image")
    model = network()
    with pytest.raises(DatasetError, match=r"^The data set needs image files that can be decoded"):
        model.fit(load(folder), verbose=0)
    assert model.optimizer.iterations == 0
