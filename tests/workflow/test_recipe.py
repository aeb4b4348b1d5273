"""A recipe fixes what is trained, down to the bits."""

import numpy as np
import pytest

from convlet.workflow import recipe
from convlet.workflow.recipe import Recipe


def test_the_defaults_are_the_chapters():
    assert Recipe() == Recipe("convnet", 5, 64, "rmsprop", None, None)


def test_the_model(stripes):
    model = Recipe(network="strided", optimizer="sgd", learning_rate=0.125).compiled_model(stripes)
    assert model.input_shape == (None, 20, 20, 1)
    assert model.output_shape == (None, 2)
    assert model.class_names == ["down", "across"]
    assert type(model.optimizer).__name__ == "SGD"
    assert model.optimizer.learning_rate == 0.125
    assert model.layers[0].scale == 1 / 255


def test_the_optimizers_own_learning_rate(stripes):
    assert Recipe(optimizer="sgd").compiled_model(stripes).optimizer.learning_rate == pytest.approx(
        0.01
    )


def test_the_same_seed_trains_the_same_network(stripes):
    weights = []
    for seed in (1, 1, 2):
        chosen = Recipe(network="dense", epochs=2, batch_size=16, seed=seed)
        model = chosen.compiled_model(stripes)
        assert recipe.fit(model, stripes, chosen) > 0
        weights.append(np.concatenate([array.ravel() for array in model.get_weights()]))
    np.testing.assert_array_equal(weights[0], weights[1])
    assert not np.array_equal(weights[0], weights[2])


def test_what_is_learned_is_counted(stripes):
    chosen = Recipe(epochs=8, batch_size=16, seed=1)
    model = chosen.compiled_model(stripes)
    recipe.fit(model, stripes, chosen)
    assert recipe.count_correct(model, stripes.x_test, stripes.y_test) == 20
    assert recipe.count_correct(model, stripes.x_test, 1 - stripes.y_test) == 0
