"""What programs for `tf.data` do with a data set of images."""

import numpy as np
import pytest

from convlet import layers, models, utils
from tests.utils.picture_files import folders


@pytest.fixture
def folder(tmp_path):
    return folders(tmp_path / "colours", {"blue": 4, "green": 5, "red": 3})


def load(folder, **settings):
    settings = {"image_size": (6, 8), "batch_size": 5, "seed": 3, "verbose": False, **settings}
    return utils.image_dataset_from_directory(folder, **settings)


def test_each_batch_goes_through_the_function(folder):
    mapped = load(folder).map(lambda x, y: (x / 255, y + 1), num_parallel_calls=4)
    assert len(mapped) == 3
    for (x, y), (given, labels) in zip(mapped, load(folder), strict=True):
        np.testing.assert_array_equal(x, given / 255)
        np.testing.assert_array_equal(y, labels + 1)


def test_images_alone(folder):
    mapped = load(folder, label_mode=None).map(lambda x: (x, x))
    given = list(load(folder, label_mode=None))
    for (x, y), images in zip(mapped, given, strict=True):
        np.testing.assert_array_equal(x, images)
        np.testing.assert_array_equal(y, images)


def test_functions_follow_each_other(folder):
    mapped = load(folder).map(lambda x, y: (x[:2], y[:2])).map(lambda x, y: x.shape)
    assert list(mapped.take(2)) == [(2, 6, 8, 3)] * 2


def test_every_pass_has_an_order_of_its_own_and_new_values(folder):
    calls = []
    mapped = load(folder).map(lambda x, y: calls.append(y.tolist()))
    assert (list(mapped), list(mapped)) == ([None] * 3, [None] * 3)
    assert len(calls) == 6
    assert calls[:3] != calls[3:]


def test_there_is_nothing_to_wait_for(folder):
    data = load(folder)
    assert data.prefetch(32) is data
    assert data.cache() is data
    mapped = data.map(lambda x, y: (x, y))
    assert mapped.prefetch(-1) is mapped
    assert mapped.cache() is mapped


def test_fit_takes_what_was_augmented_in_a_function(folder):
    flip = layers.RandomFlip(seed=1)
    data = load(folder, label_mode="categorical").map(lambda x, y: (flip(x), y)).prefetch(2)
    model = models.Sequential([layers.Flatten(), layers.Dense(3, activation="softmax")])
    model.compile("sgd", "categorical_crossentropy")
    history = model.fit(data, validation_data=data, epochs=2, verbose=0)
    assert np.isfinite(history.history["loss"] + history.history["val_loss"]).all()
    assert model.optimizer.iterations == 6
    assert model.predict(data, verbose=0).shape == (12, 3)
    assert model.evaluate(data, verbose=0, return_dict=True).keys() == {"loss"}
