"""The chapter's networks, layer by layer, and what is said about images that are too small."""

import pytest

from convlet import layers, networks
from convlet.errors import ArgumentError, ShapeError, UnknownNameError
from convlet.networks import NETWORKS


@pytest.mark.parametrize(
    ("name", "shapes", "parameters"),
    [
        ("convnet", [(26, 26, 32), (13, 13, 32), (11, 11, 64), (5, 5, 64), (3, 3, 64)], 93_322),
        ("dense", [], 407_050),
        ("no_pooling", [(26, 26, 32), (24, 24, 64), (22, 22, 64)], 2_038_922),
        ("strided", [(13, 13, 32), (6, 6, 64), (4, 4, 64)], 121_994),
        (
            "average_pooling",
            [(26, 26, 32), (13, 13, 32), (11, 11, 64), (5, 5, 64), (3, 3, 64)],
            93_322,
        ),
    ],
)
def test_each_network(name, shapes, parameters):
    model = networks.build(name, (28, 28, 1), 10)
    assert [layer.output_shape[1:] for layer in model.layers[:-3]] == shapes
    assert model.output_shape == (None, 10)
    assert model.count_params() == parameters


def test_rescaling_comes_first():
    model = networks.build("convnet", (28, 28, 1), 10, rescaling=True)
    assert model.layers[0].scale == 1 / 255
    assert model.count_params() == 93_322


def test_layers_in_front_come_after_the_rescaling():
    front = layers.Normalization()
    model = networks.build("convnet", (28, 28, 1), 10, rescaling=True, front=[front])
    assert model.layers[0].scale == 1 / 255
    assert model.layers[1] is front


def test_the_dense_network_takes_rows():
    model = networks.build("dense", (30,), 2)
    assert model.input_shape == (None, 30)
    assert model.count_params() == 31 * 512 + 513 * 2


@pytest.mark.parametrize(
    ("shape", "name"),
    [
        ((18, 18, 3), "convnet"),
        ((17, 18, 3), "no_pooling"),
        ((7, 7, 1), "no_pooling"),
        ((7, 6, 1), "dense"),
        ((1,), "dense"),
    ],
)
def test_the_network_suited_to_a_size(shape, name):
    assert networks.suited(shape) == name
    assert networks.build(name, shape, 2).output_shape == (None, 2)


def test_what_no_network_is_suited_to():
    with pytest.raises(ArgumentError) as caught:
        networks.suited((28, 28))
    assert str(caught.value) == (
        "networks.suited needs input_shape to be (height, width, channels). Received "
        "input_shape=(28, 28). Write (28, 28, 1) for grey images."
    )


@pytest.mark.parametrize(
    ("name", "smallest"),
    [("convnet", 18), ("average_pooling", 18), ("strided", 15), ("no_pooling", 7), ("dense", 1)],
)
def test_the_smallest_images(name, smallest):
    model = networks.build(name, (smallest, smallest, 3), 2)
    assert model.output_shape == (None, 2)
    if smallest == 1:
        return
    for height, width in ((smallest - 1, smallest), (smallest, smallest - 1)):
        with pytest.raises(ShapeError) as caught:
            networks.build(name, (height, width, 3), 2)
        assert str(caught.value) == (
            f"The network '{name}' needs images of at least {smallest}x{smallest} pixels. Received "
            f"input_shape=({height}, {width}, 3). Enlarge the images, or use the network 'dense'."
        )


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (
            ("covnet", (28, 28, 1), 10),
            UnknownNameError,
            "networks.build needs name to be one of 'convnet', 'dense', 'no_pooling', 'strided', "
            "'average_pooling'. Received name='covnet'. Did you mean 'convnet'?",
        ),
        (
            ("dense", (28, 28), 10),
            ArgumentError,
            "networks.build needs input_shape to be (height, width, channels). Received "
            "input_shape=(28, 28). Write (28, 28, 1) for grey images.",
        ),
        (
            ("convnet", (784,), 10),
            ArgumentError,
            "networks.build needs input_shape to be (height, width, channels). Received "
            "input_shape=(784,).",
        ),
        (
            ("dense", (None, 28, 1), 10),
            ArgumentError,
            "networks.build needs input_shape to be (height, width, channels). Received "
            "input_shape=(None, 28, 1).",
        ),
        (
            ("dense", (28, 28, 1), 1),
            ArgumentError,
            "networks.build needs classes to be an integer of at least 2. Received classes=1.",
        ),
    ],
)
def test_wrong_arguments(arguments, error, message):
    with pytest.raises(error) as caught:
        networks.build(*arguments)
    assert str(caught.value) == message


def test_every_network_has_a_description():
    assert all(network.description for network in NETWORKS.values())
