import re

import numpy as np
import pytest

from convlet import figures, layers, models
from convlet.errors import ArgumentError, ShapeError
from convlet.layers import naming


@pytest.fixture
def convnet():
    return models.Sequential(
        [
            layers.Input((12, 12, 1)),
            layers.Conv2D(6, (3, 3), activation="relu", name="first"),
            layers.MaxPooling2D((2, 2), name="pool"),
            layers.Conv2D(4, (3, 3), activation="relu", name="second"),
            layers.Flatten(),
            layers.Dense(3),
        ],
        name="small",
    )


@pytest.fixture
def image():
    return np.random.default_rng(0).random((12, 12), np.float32)


def dense_model():
    return models.Sequential(
        [layers.Input((2, 2, 1)), layers.Flatten(), layers.Dense(3)], name="dense"
    )


def pictures(figure):
    return [np.asarray(axes.images[0].get_array()) for axes in figure.axes]


def test_filters_are_the_kernels_of_the_first_convolution(convnet):
    drawn = np.stack(pictures(figures.filters(convnet)), axis=-1)
    np.testing.assert_array_equal(drawn, convnet.layers[0].kernel.numpy()[:, :, 0, :])


def test_filters_of_a_named_layer_and_channel(convnet):
    drawn = np.stack(pictures(figures.filters(convnet, "second", channel=5)), axis=-1)
    np.testing.assert_array_equal(drawn, convnet.layers[2].kernel.numpy()[:, :, 5, :])


def test_feature_maps_are_what_the_layers_make_of_the_image(convnet, image):
    figure = figures.feature_maps(convnet, image, channels=3)
    drawn = pictures(figure)
    assert [picture.shape for picture in drawn] == [
        (12, 12),
        *[(10, 10)] * 3,
        *[(5, 5)] * 3,
        *[(3, 3)] * 3,
    ]
    maps = models.Sequential(convnet.layers[:2]).predict(image[None, ..., None], verbose=0)[0]
    strongest = np.argsort(-maps.mean(axis=(0, 1)), kind="stable")[:3]
    np.testing.assert_array_equal(np.stack(drawn[4:7], axis=-1), maps[:, :, strongest])


def test_fewer_channels_than_asked_for_are_no_mistake(convnet, image):
    assert len(figures.feature_maps(convnet, image, channels=100).axes) == 1 + 6 + 6 + 4


def test_the_receptive_field_grows(convnet, image):
    titles = [axes.get_title() for axes in figures.receptive_field(convnet, image).axes]
    assert titles == ["first\n3 × 3", "pool\n4 × 4", "second\n8 × 8"]


@pytest.mark.parametrize(
    "stack",
    [
        [layers.Conv2D(2, 3), layers.MaxPooling2D(2), layers.Conv2D(2, 3)],
        [layers.Conv2D(2, (2, 3), strides=2, padding="same"), layers.Conv2D(2, 3)],
        [layers.Conv2D(2, 3, dilation_rate=2), layers.AveragePooling2D((1, 2))],
        [layers.ZeroPadding2D(((2, 0), (0, 1))), layers.Conv2D(2, 3), layers.AveragePooling2D(2)],
    ],
    ids=["pooled", "strided", "dilated", "padded"],
)
def test_the_outlined_pixels_are_those_that_matter(stack):
    """Changes every pixel in turn and sees whether the middle of the output changes."""
    model = models.Sequential([layers.Input((11, 12, 1)), *stack])
    rng = np.random.default_rng(1)
    image = rng.random((11, 12, 1), np.float32)
    model.set_weights(
        [rng.random(weight.shape, np.float32) + 0.1 for weight in model.get_weights()]
    )
    changed = np.repeat(image[np.newaxis], 11 * 12, axis=0)
    changed.reshape(11 * 12, -1)[np.diag_indices(11 * 12)] += 10
    _, height, width, _ = model.output_shape
    middle = (slice(None), (height - 1) // 2, (width - 1) // 2)
    before = model.predict(image[np.newaxis], verbose=0)[middle]
    matters = (model.predict(changed, verbose=0)[middle] != before).any(axis=-1).reshape(11, 12)
    rows, columns = np.nonzero(matters)

    outline = figures.receptive_field(model, image).axes[-1].patches[0]
    top, left = outline.get_y() + 0.5, outline.get_x() + 0.5
    seen_rows = (max(top, 0), min(top + outline.get_height(), 11) - 1)
    seen_columns = (max(left, 0), min(left + outline.get_width(), 12) - 1)
    assert (rows.min(), rows.max()) == seen_rows
    assert (columns.min(), columns.max()) == seen_columns


def test_pictures_do_not_count_among_the_users_layers_and_models(convnet, image):
    naming.reset()
    figures.filters(convnet)
    figures.feature_maps(convnet, image)
    figures.receptive_field(convnet, image)
    figures.convolution()
    figures.padding()
    figures.strides()
    figures.pooling()
    new = [layers.Input((4, 4, 1)), layers.Conv2D(1, 2), layers.MaxPooling2D()]
    new.append(layers.AveragePooling2D(1))
    assert models.Sequential(new).name == "sequential"
    names = [layer.name for layer in new]
    assert names == ["input_layer", "conv2d", "max_pooling2d", "average_pooling2d"]


@pytest.mark.parametrize(
    ("draw", "error", "message"),
    [
        (
            lambda model, _: figures.filters(model, "secnd"),
            ArgumentError,
            "figures.filters needs layer to be one of 'first', 'second'. Received layer='secnd'. "
            "Did you mean 'second'?",
        ),
        (
            lambda model, _: figures.filters(model, channel=1),
            ArgumentError,
            "figures.filters needs a channel from 0 to 0 of 'first'. Received channel=1.",
        ),
        (
            lambda *_: figures.filters(dense_model()),
            ArgumentError,
            "figures.filters needs a model with a Conv2D. Received 'dense', which has none.",
        ),
        (
            lambda model, image: figures.feature_maps(model, image[:8]),
            ShapeError,
            "figures.feature_maps needs one image of shape (12, 12, 1), as 'small' takes them. "
            "Received shape (8, 12).",
        ),
        (
            lambda model, image: figures.feature_maps(model, image, channels=0),
            ArgumentError,
            "figures.feature_maps needs channels to be an integer of at least 1. "
            "Received channels=0.",
        ),
        (
            lambda *_: figures.receptive_field(dense_model(), np.zeros((2, 2))),
            ArgumentError,
            "figures.receptive_field needs a model with convolutions or poolings. "
            "Received 'dense', which has none.",
        ),
        (
            lambda model, image: figures.receptive_field(model, image[None, None]),
            ShapeError,
            "figures.receptive_field needs one image of shape (12, 12, 1), as 'small' takes them. "
            "Received shape (1, 1, 12, 12).",
        ),
    ],
)
def test_mistakes_are_named(convnet, image, draw, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        draw(convnet, image)
