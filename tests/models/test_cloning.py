import re

import numpy as np
import pytest

from convlet import layers, models
from convlet.errors import ArgumentError, ModelFileError, UnsupportedError
from tests.engine.graphs_table import GRAPHS


@pytest.mark.parametrize("name", GRAPHS)
def test_a_clone_is_the_same_model_with_weights_of_its_own(name):
    model = GRAPHS[name]()
    clone = models.clone_model(model)
    assert clone.get_config() == model.get_config()
    assert not {id(weight) for weight in clone.weights} & {id(weight) for weight in model.weights}
    clone.set_weights(model.get_weights())
    xs = [np.random.default_rng(0).random((2, *s), np.float32) for s in model.graph.input_shapes]
    given = xs if len(xs) > 1 else xs[0]
    np.testing.assert_equal(clone(given), model(given))


def stack():
    return models.Sequential(
        [layers.Input((4,)), layers.Dense(3, "relu", name="a"), layers.Dropout(0.5, name="b")],
        name="stack",
    )


def test_a_sequential():
    model = stack()
    model.layers[0].trainable = False
    clone = models.clone_model(model)
    assert (clone.name, clone.output_shape) == ("stack", (None, 3))
    assert [layer.trainable for layer in clone.layers] == [False, True]
    unbuilt = models.clone_model(models.Sequential([layers.Dense(2)]))
    assert not unbuilt.built


def without_dropout(layer):
    if isinstance(layer, layers.Dropout):
        return layers.Activation("linear", name=layer.name)
    return type(layer).from_config(layer.get_config())


def test_layers_are_made_by_a_function():
    clone = models.clone_model(stack(), clone_function=without_dropout)
    assert isinstance(clone.layers[1], layers.Activation)
    shared = models.clone_model(stack(), clone_function=lambda layer: layer)
    assert shared.layers[0].name == "a"


def test_layers_of_models_inside_are_made_by_a_function():
    x = layers.Input((4,))
    model = models.Model(x, stack()(x))
    flat = models.clone_model(model, clone_function=without_dropout)
    assert isinstance(flat.get_layer("stack").layers[1], layers.Dropout)
    deep = models.clone_model(model, clone_function=without_dropout, recursive=True)
    assert isinstance(deep.get_layer("stack").layers[1], layers.Activation)


def test_layers_are_called_by_a_function():
    x = layers.Input((4,))
    model = models.Model(x, layers.Dense(3)(x))

    def twice(layer, inputs, training=None):
        return layers.Rescaling(2.0)(layer(inputs, training=training))

    clone = models.clone_model(model, call_function=twice)
    clone.set_weights(model.get_weights())
    data = np.ones((1, 4), np.float32)
    np.testing.assert_allclose(clone(data), 2 * model(data), rtol=1e-6)


def test_what_cannot_be_cloned():
    with pytest.raises(ArgumentError, match="clone_model needs model to be a Sequential or a F"):
        models.clone_model(layers.Dense(3))
    message = "clone_model does not support input_tensors=3 yet. The only value is None."
    with pytest.raises(UnsupportedError, match=f"^{re.escape(message)}$"):
        models.clone_model(stack(), 3)
    with pytest.raises(UnsupportedError, match="clone_model of a Sequential does not support call"):
        models.clone_model(stack(), call_function=print)


@pytest.mark.parametrize("name", ["residual", "nested", "two ends"])
def test_json(name):
    model = GRAPHS[name]()
    again = models.model_from_json(model.to_json())
    assert again.to_json(indent=1) == model.to_json(indent=1)
    assert not again.compiled


def test_json_of_what_is_compiled():
    model = stack()
    model.compile("sgd", "mse")
    again = models.model_from_json(model.to_json())
    assert (again.loss, type(again.optimizer).__name__) == ("mse", "SGD")


@pytest.mark.parametrize(("text", "what"), [("{", "is not JSON: "), ("3", "is not a dictionary.")])
def test_what_is_no_json(text, what):
    message = f"model_from_json needs JSON. Its json_string {what}"
    with pytest.raises(ModelFileError, match=f"^{re.escape(message)}"):
        models.model_from_json(text)
