import json
import re

import numpy as np
import pytest

from convlet import layers, models
from convlet.errors import ArgumentError, UnknownNameError, UnsupportedError
from convlet.models import configs
from tests.engine.graphs_table import GRAPHS


@pytest.mark.parametrize("name", GRAPHS)
def test_configurations_make_the_same_model(name):
    model = GRAPHS[name]()
    config = json.loads(json.dumps(model.get_config()))
    again = models.Functional.from_config(config)
    assert json.loads(json.dumps(again.get_config())) == config
    assert [layer.name for layer in again.layers] == [layer.name for layer in model.layers]
    again.set_weights(model.get_weights())
    xs = [np.random.default_rng(0).random((2, *s), np.float32) for s in model.graph.input_shapes]
    given = xs if len(xs) > 1 else xs[0]
    np.testing.assert_equal(again(given), model(given))


class Doubled(layers.Layer):
    """A layer of one's own that can be saved."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.dense = layers.Dense(units)

    def call(self, inputs):
        return self.dense(inputs) + self.dense(inputs)

    def get_config(self):
        return {**super().get_config(), "units": self.units}


def test_a_configuration_with_a_class_of_ones_own():
    x = layers.Input((4,))
    config = models.Model(x, Doubled(3, name="own")(x)).get_config()
    again = models.Functional.from_config(config, {"Doubled": Doubled})
    assert again.output_shape == (None, 3)
    with pytest.raises(UnknownNameError, match=r"^convlet has no layer Doubled, which own is\."):
        models.Functional.from_config(config)


def damaged(change):
    x = layers.Input((4,), name="x")
    config = models.Model(x, layers.Dense(3, name="d")(x), name="m").get_config()
    change(config)
    return lambda: models.Functional.from_config(config)


def node(config):
    return config["layers"][1]["inbound_nodes"][0]


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (
            damaged(lambda c: node(c)["args"].append(3)),
            ArgumentError,
            "Dense 'd' needs to be called with one argument. Received 2.",
        ),
        (
            damaged(lambda c: node(c)["kwargs"].update(mask=3)),
            UnsupportedError,
            "Dense 'd' does not support mask=3 yet. The only value is None.",
        ),
        (
            damaged(lambda c: node(c)["args"][0]["config"].update(keras_history=["d", 0, 0])),
            ArgumentError,
            "Functional 'm' needs layers that can be computed one after another. "
            "Dense 'd' waits for what no other layer puts out.",
        ),
        (
            damaged(lambda c: c.update(output_layers=["other", 0, 0])),
            ArgumentError,
            "Functional 'm' needs output_layers to name what its layers put out. "
            "Received ('other', 0, 0).",
        ),
    ],
)
def test_configurations_that_are_damaged(make, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        make()


def test_modules_are_those_where_keras_finds_its_classes():
    x = layers.Input((4,))
    inner = models.Model(x, layers.Dense(3)(x))
    described = configs.serialize(inner)
    assert described["module"] == "keras.src.models.functional"
    assert described["registered_name"] == "Functional"
    own = configs.serialize(Doubled(3))
    assert (own["module"], own["registered_name"]) == (Doubled.__module__, "Doubled")


def test_a_functional_model_at_the_end_counts_its_inside_as_a_place():
    x = layers.Input((4,))
    inner = models.Model(x, layers.Dense(4)(x), name="inner")
    y = layers.Input((4,))
    config = models.Model(y, inner(inner(y))).get_config()
    assert config["output_layers"] == ["inner", 2, 0]
    second = config["layers"][1]["inbound_nodes"][1]["args"][0]
    assert second["config"]["keras_history"] == ["inner", 0, 0]
    assert models.Functional.from_config(config).get_config() == config


def tensor(name):
    return {"class_name": "__keras_tensor__", "config": {"keras_history": [name, 0, 0]}}


@pytest.mark.parametrize("kind", ["Add", "Subtract", "Multiply", "Maximum", "Minimum"])
def test_what_keras_writes_for_python_operators(kind):
    x = layers.Input((4,), name="x")
    config = models.Model(x, layers.Dense(4, name="d")(x), name="m").get_config()
    operation = {
        "module": "keras.src.ops.numpy",
        "class_name": kind,
        "config": {"name": "both"},
        "registered_name": kind,
        "name": "both",
        "inbound_nodes": [{"args": [tensor("x"), tensor("d")], "kwargs": {}}],
    }
    config["layers"].append(operation)
    config["output_layers"] = ["both", 0, 0]
    model = models.Functional.from_config(config)
    expected = getattr(layers, kind)()([x, model.get_layer("d")(x)])
    assert type(model.get_layer("both")) is type(expected.node.layer)
    operation["module"] = "elsewhere"
    with pytest.raises(UnknownNameError, match=f"^convlet has no layer {kind}, which both is"):
        models.Functional.from_config(config)


def test_what_keras_2_wrote():
    config = {
        "name": "old",
        "layers": [
            {
                "class_name": "InputLayer",
                "config": {"batch_input_shape": [None, 4], "dtype": "float32", "name": "x"},
                "name": "x",
                "inbound_nodes": [],
            },
            {
                "class_name": "Dense",
                "config": {"name": "d", "units": 4},
                "name": "d",
                "inbound_nodes": [[["x", 0, 0, {}]]],
            },
            {
                "class_name": "Add",
                "config": {"name": "a"},
                "name": "a",
                "inbound_nodes": [[["x", 0, 0, {}], ["d", 0, 0, {"training": None}]]],
            },
        ],
        "input_layers": [["x", 0, 0]],
        "output_layers": [["a", 0, 0]],
    }
    model = models.Functional.from_config(config)
    assert model.output_shape == (None, 4)
    first = {"class_name": "Dense", "config": {"units": 2, "batch_input_shape": [None, 5]}}
    assert configs.deserialize(first).sample_shape == (5,)


def test_errors_know_where_they_came_up():
    x = layers.Input((4,))
    config = models.Model(
        x, models.Sequential([layers.Dense(3, name="d")], name="s")(x)
    ).get_config()
    config["layers"][1]["config"]["layers"][1]["config"]["units"] = 0
    with pytest.raises(ArgumentError) as caught:
        models.Functional.from_config(config)
    assert caught.value.place == ("s", "d")
