import json
import re

import numpy as np
import pytest

from convlet import layers, models
from convlet.errors import ArgumentError, UnknownNameError, UnsupportedError
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
