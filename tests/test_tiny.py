"""The whole way in a few seconds: real digits, a small convnet, trained, saved, loaded, used."""

import numpy as np
import pytest

from convlet import layers, models
from convlet.datasets import digits
from convlet.utils import set_random_seed, to_categorical


def small_convnet():
    set_random_seed(1)
    model = models.Sequential(
        [
            layers.Input((8, 8, 1)),
            layers.Conv2D(16, (3, 3), padding="same", activation="relu"),
            layers.MaxPooling2D((2, 2)),
            layers.Conv2D(16, (3, 3), activation="relu"),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model


@pytest.fixture(scope="module")
def images_and_targets():
    (train_images, train_labels), (test_images, test_labels) = digits.load_data(image_size=8)

    def scaled(images):
        return images.reshape(-1, 8, 8, 1).astype("float32") / 255

    return scaled(train_images), to_categorical(train_labels), scaled(test_images), test_labels


def test_a_convnet_learns_the_digits_and_survives_a_file(images_and_targets, tmp_path):
    train_images, train_targets, test_images, test_labels = images_and_targets
    model = small_convnet()
    history = model.fit(train_images, train_targets, batch_size=32, epochs=8, verbose=0)
    assert history.history["loss"][-1] < history.history["loss"][0] / 3

    probabilities = model.predict(test_images, verbose=0)
    assert probabilities.shape == (360, 10)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)
    assert (probabilities.argmax(axis=1) == test_labels).mean() > 0.85

    loss, accuracy = model.evaluate(test_images, to_categorical(test_labels), verbose=0)
    assert accuracy == pytest.approx((probabilities.argmax(axis=1) == test_labels).mean(), abs=1e-6)
    assert np.isfinite(loss)

    model.save(tmp_path / "digits.keras")
    loaded = models.load_model(tmp_path / "digits.keras")
    np.testing.assert_array_equal(loaded.predict(test_images, verbose=0), probabilities)


def test_the_same_seed_gives_the_same_bits(images_and_targets):
    train_images, train_targets, _, _ = images_and_targets
    trained = []
    for _ in range(2):
        model = small_convnet()
        model.fit(train_images, train_targets, batch_size=64, epochs=1, verbose=0)
        trained.append(model.get_weights())
    for first, second in zip(*trained, strict=True):
        np.testing.assert_array_equal(first, second)
