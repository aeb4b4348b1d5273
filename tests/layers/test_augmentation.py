import re

import pytest

from convlet import engine, layers, losses, models, optimizers, rng
from convlet.errors import ArgumentError, ShapeError, UnsupportedError
from convlet.layers.augmentation import check_value_range, factor_range


def test_seed():
    assert layers.RandomFlip(seed=3).seed == 3
    assert layers.RandomFlip(seed=3).get_config()["seed"] == 3
    rng.set_random_seed(1)
    first, second = layers.RandomFlip(), layers.RandomFlip()
    assert first.seed != second.seed
    assert first.get_config()["seed"] is None
    rng.set_random_seed(1)
    assert layers.RandomFlip().seed == first.seed


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.25, (-0.25, 0.25)), (-0.25, (-0.25, 0.25)), ([0.5, 0.1], (0.1, 0.5)), ((0, 0), (0, 0))],
)
def test_factor_range(value, expected):
    assert factor_range("Layer", "factor", value, -1, 1, least=-1) == expected


def test_a_range_of_one_number_begins_where_it_may():
    assert factor_range("Layer", "factor", 0.5, 0, 1, least=0) == (0, 0.5)


@pytest.mark.parametrize("value", [1.5, (0.1,), (0.1, 2), "0.1", None, (0.1, 0.2, 0.3), True])
def test_factors_that_are_refused(value):
    message = (
        "Layer needs factor to be a number from -1 to 1, or two of them. "
        f"Received factor={value!r}."
    )
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        factor_range("Layer", "factor", value, -1, 1, least=-1)


def test_value_range():
    assert check_value_range("Layer", (0, 255)) == (0, 255)
    assert check_value_range("Layer", [1.0, -1.0]) == (-1, 1)


@pytest.mark.parametrize("value", [255, (0, 0), (0, 1, 2), (0, "1"), None])
def test_value_ranges_that_are_refused(value):
    message = (
        "Layer needs value_range to be the smallest and the largest value of a pixel. "
        f"Received value_range={value!r}."
    )
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        check_value_range("Layer", value)


def test_an_input_that_is_no_image():
    message = (
        "RandomFlip 'flip' needs a 4D input (batch, height, width, channels). "
        "Received shape (None, 8)."
    )
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
        layers.RandomFlip(name="flip").build((None, 8))


def test_layers_with_weights_in_front_are_refused_where_they_are_trained():
    model = models.Sequential(
        [
            layers.Input((6, 6, 1)),
            layers.Conv2D(2, 3),
            layers.RandomFlip(name="flip"),
            layers.Flatten(),
            layers.Dense(2),
        ]
    )

    def make():
        program = engine.TrainingProgram(
            model.graph, 4, [losses.MeanSquaredError()], optimizers.SGD()
        )
        return program.planned("float32")

    message = (
        "RandomFlip 'flip' needs to stand before all layers whose weights are trained, since no "
        "gradient passes through it. Received layers with weights before it. Move it to the front, "
        "or set their trainable to False."
    )
    with pytest.raises(UnsupportedError, match=f"^{re.escape(message)}$"):
        make()
    model.layers[1 if isinstance(model.layers[0], layers.InputLayer) else 0].trainable = False
    make()
