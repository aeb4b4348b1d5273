"""Layers and models called on arrays, without training or `predict`."""

import numpy as np
import pytest

from convlet import layers, models

IMAGES = np.random.default_rng(3).integers(0, 256, (4, 8, 8, 3)).astype(np.float32)
FLIPPED = IMAGES[:, :, ::-1]


def flips():
    """Flips some images, and others not."""
    return layers.RandomFlip("horizontal", seed=1)


def moved(images):
    return not np.array_equal(images, IMAGES)


@pytest.mark.parametrize(
    ("training", "augmented"), [(None, True), (True, True), (False, False)], ids=str
)
def test_what_augments_does_so_unless_it_is_told_not_to(training, augmented):
    assert moved(flips()(IMAGES, training=training)) is augmented
    inside = models.Sequential([flips(), layers.Identity()])
    assert moved(inside(IMAGES, training=training)) is augmented


def test_an_augmented_image_is_the_image_or_its_mirror_image():
    for result, image, mirrored in zip(flips()(IMAGES), IMAGES, FLIPPED, strict=True):
        assert np.array_equal(result, image) or np.array_equal(result, mirrored)


def test_what_else_acts_in_training_does_so_only_when_it_is_told_to():
    together = models.Sequential([layers.Dropout(0.5), layers.GaussianNoise(1.0), flips()])
    results = np.stack([together(IMAGES) for _ in range(2)])
    at_rest = (results == IMAGES) | (results == FLIPPED)
    assert at_rest.all()
    assert moved(layers.Dropout(0.5)(IMAGES, training=True))
    assert not moved(layers.Dropout(0.5)(IMAGES))


def test_a_layer_that_was_wired_never_to_act_as_in_training_does_not():
    image = layers.Input((8, 8, 3))
    model = models.Model(image, flips()(image, training=False))
    assert not moved(model(IMAGES))


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (flips(), (8, 8, 3)),
        (layers.RandomRotation(0.1, seed=1), (8, 8, 3)),
        (layers.RandomCrop(5, 6, seed=1), (5, 6, 3)),
        (layers.CenterCrop(4, 6), (4, 6, 3)),
        (layers.Resizing(16, 12), (16, 12, 3)),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_a_single_image(layer, shape):
    assert layer(IMAGES[0]).shape == shape
    single, batch = layer(IMAGES[0], training=False), layer(IMAGES[:1], training=False)
    np.testing.assert_array_equal(single, batch[0])
