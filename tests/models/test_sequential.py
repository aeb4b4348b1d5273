import re

import numpy as np
import pytest

from convlet import layers, models
from convlet.errors import (
    ArgumentError,
    NotBuiltError,
    ShapeError,
    StateError,
)
from convlet.layers import naming


def chapter():
    """The chapter's network."""
    return models.Sequential(
        [
            layers.Conv2D(32, (3, 3), activation="relu", input_shape=(28, 28, 1)),
            layers.MaxPooling2D((2, 2)),
            layers.Conv2D(64, (3, 3), activation="relu"),
            layers.MaxPooling2D((2, 2)),
            layers.Conv2D(64, (3, 3), activation="relu"),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ],
        name="chapter",
    )


def test_the_chapters_network():
    model = chapter()
    assert model.built
    assert model.input_shape == (None, 28, 28, 1)
    assert model.output_shape == (None, 10)
    assert [layer.count_params() for layer in model.layers] == [
        *(320, 0, 18_496, 0, 36_928, 0, 36_928, 650)
    ]
    assert model.count_params() == 93_322
    assert len(model.weights) == len(model.trainable_variables) == 10


def test_shapes_without_pooling():
    model = models.Sequential([layers.Input((28, 28, 1))])
    for filters in (32, 64, 64):
        model.add(layers.Conv2D(filters, 3))
    assert model.output_shape == (None, 22, 22, 64)
    assert np.prod(model.output_shape[1:]) == 30_976


def test_input_is_not_among_the_layers():
    model = models.Sequential([layers.Input((4,)), layers.Dense(2, name="first")])
    assert [layer.name for layer in model.layers] == ["first"]
    assert models.Sequential([layers.Input((4,))]).layers == []


def test_an_input_alone_is_not_a_built_model():
    model = models.Sequential([layers.Input((4,))])
    assert not model.built
    assert model.input_shape == model.output_shape == (None, 4)
    model.add(layers.Dense(2))
    assert model.built


def test_pop():
    model = chapter()
    removed = model.pop()
    assert removed.units == 10
    assert model.output_shape == (None, 64)
    while model.layers:
        model.pop()
    assert not model.built
    with pytest.raises(StateError, match=r"^Sequential 'chapter' has no layer to take off\.$"):
        model.pop()
    model.add(layers.Flatten())
    assert model.output_shape == (None, 784)


def test_shared_layers_share_their_weights():
    model = chapter()
    base = models.Sequential(model.layers[:5])
    assert base.output_shape == (None, 3, 3, 64)
    assert all(base.weights[i] is model.weights[i] for i in range(6))
    larger = models.Sequential([layers.Input((32, 32, 1)), *model.layers[:5]])
    assert larger.output_shape == (None, 4, 4, 64)
    assert model.output_shape == (None, 10)


class TestDeferredBuilding:
    def test_before(self):
        model = models.Sequential([layers.Conv2D(4, 3), layers.Flatten()], name="later")
        assert not model.built
        assert model.weights == []
        fix = "Give its first layer an input_shape, or call build(input_shape) or fit."
        for ask, message in (
            (lambda: model.input_shape, "Sequential 'later' has no input shape yet."),
            (lambda: model.output_shape, "Sequential 'later' has no input shape yet."),
            (
                model.count_params,
                "Sequential 'later' needs to be built before its parameters can be counted.",
            ),
            (
                lambda: model.set_weights([]),
                "Sequential 'later' needs to be built before its weights are set.",
            ),
        ):
            with pytest.raises(NotBuiltError, match=f"^{re.escape(f'{message} {fix}')}$"):
                ask()
        assert not hasattr(model, "output_shape")

    def test_build(self):
        model = models.Sequential([layers.Conv2D(4, 3), layers.Flatten()])
        model.build((32, 8, 8, 3))
        assert model.input_shape == (None, 8, 8, 3)
        assert model.output_shape == (None, 144)
        weights = model.weights
        model.build((None, 8, 8, 3))
        model.build()
        assert model.weights == weights

    def test_a_shape_that_does_not_fit_builds_nothing(self):
        model = models.Sequential([layers.Dense(4), layers.Conv2D(4, 3)])
        with pytest.raises(ShapeError, match="needs a 4D input"):
            model.build((None, 8))
        assert not model.built
        assert model.weights == []
        model.build((None, 8, 8, 3))
        assert model.output_shape == (None, 6, 6, 4)

    def test_refuses(self):
        model = models.Sequential([layers.Dense(4)], name="later")
        message = (
            "Sequential 'later' needs input_shape to be a shape with the batch axis first. "
            "Received input_shape=None. For example (None, 28, 28, 1)."
        )
        with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
            model.build()
        model.build((None, 8))
        message = (
            "Sequential 'later' was built for inputs of shape (None, 8). "
            "Received input_shape=(None, 9)."
        )
        with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
            model.build((None, 9))

    def test_needs_a_layer(self):
        message = "Sequential 'empty' needs a layer before it is built. Call add(layer)."
        with pytest.raises(StateError, match=f"^{re.escape(message)}$"):
            models.Sequential(name="empty").build((None, 8))


NAMED = "Sequential 'chapter'"


@pytest.mark.parametrize(
    ("added", "error", "message"),
    [
        (lambda: 3, ArgumentError, f"{NAMED} is made of layers. Received 3."),
        (
            lambda: layers.Flatten,
            ArgumentError,
            f"{NAMED} is made of layers. Received Flatten. Write Flatten(), with its arguments.",
        ),
        (
            lambda: layers.Dense(10, name="dense"),
            ArgumentError,
            f"{NAMED} needs layers of different names. Received a second 'dense'. "
            "Give it another with name=.",
        ),
        (
            lambda: layers.Input((10,)),
            ArgumentError,
            f"{NAMED} needs its Input before all layers. Received it after 'dense_1'.",
        ),
        (
            lambda: layers.MaxPooling2D(name="late"),
            ShapeError,
            "MaxPooling2D 'late' needs a 4D input (batch, height, width, channels). "
            "Received shape (None, 10).",
        ),
    ],
)
def test_add_refuses(added, error, message):
    naming.reset()
    model = chapter()
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        model.add(added())
    assert len(model.layers) == 8
    assert model.output_shape == (None, 10)


def test_the_same_layer_twice():
    model = models.Sequential([layers.Dense(3, name="only")], name="chapter")
    message = f"{NAMED} has the layer 'only' already. Make a new one for each place."
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        model.add(model.layers[0])


def test_layers_shrink_the_image_away():
    model = models.Sequential([layers.Input((6, 6, 1)), layers.MaxPooling2D(), layers.Conv2D(2, 3)])
    with pytest.raises(ShapeError, match=r"at least 3 x 3 .* Received shape \(None, 1, 1, 2\)"):
        model.add(layers.Conv2D(2, 3))


def test_a_single_layer_is_not_a_list():
    message = (
        "Sequential needs layers to be a list of layers. Received layers=<Flatten 'only'>. "
        "Write [layer] for a single one."
    )
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        models.Sequential(layers.Flatten(name="only"))


def test_trainable():
    model = models.Sequential([layers.Input((4,)), layers.Dense(2)], trainable=False)
    assert model.trainable_weights == []
    assert model.non_trainable_weights == model.weights
    model.trainable = True
    assert model.trainable_weights == model.weights


def test_config_round_trip():
    model = chapter()
    model.layers[0].trainable = False
    again = models.Sequential.from_config(model.get_config())
    assert again.get_config() == model.get_config()
    assert [weight.shape for weight in again.weights] == [weight.shape for weight in model.weights]
    assert len(again.trainable_weights) == 8


def test_config_round_trip_of_an_unbuilt_model():
    model = models.Sequential([layers.Flatten(), layers.Dense(3)])
    again = models.Sequential.from_config(model.get_config())
    assert not again.built
    assert again.get_config() == model.get_config()
