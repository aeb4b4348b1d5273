from convlet import layers, models
from convlet.models.weight_paths import layer_paths


class Block(layers.Layer):
    """Its parts are attributes, one of them private, and in a list and a dictionary."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.second = layers.Dense(3)
        self._first = layers.Dense(3)
        self.many = [layers.Dense(3), [layers.Dense(3)], layers.Dense(3)]
        self.named = {"x": layers.Dense(3), "again": self.second}

    def call(self, inputs):
        return self.second(self._first(inputs))


class Own(models.Model):
    """A model of one's own, whose `layers` Keras goes through between the attributes."""

    def __init__(self):
        super().__init__(name="own")
        self.dense = layers.Dense(3)
        self.out = layers.Dense(3)

    def call(self, inputs):
        return self.out(self.dense(inputs))


def paths(model):
    return [path for path, _ in layer_paths(model)]


def test_layers_are_counted_by_class():
    model = models.Sequential([layers.Dense(2), layers.ReLU(), layers.Dense(2), layers.Dense(1)])
    assert paths(model) == [
        "", "layers/dense", "layers/re_lu", "layers/dense_1", "layers/dense_2",
    ]  # fmt: skip


def test_models_inside():
    x = layers.Input((3,))
    inner = models.Model(x, layers.Dense(3)(x))
    y = layers.Input((3,))
    model = models.Model(y, models.Sequential([layers.Dense(3)])(inner(inner(y))))
    assert paths(model) == [
        "",
        "layers/input_layer",
        "layers/functional",
        "layers/functional/layers/input_layer",
        "layers/functional/layers/dense",
        "layers/sequential",
        "layers/sequential/layers/dense",
    ]


def test_parts_of_a_layer_of_ones_own():
    assert paths(Block()) == [
        "",
        "many/dense",
        "many/container/dense",
        "many/dense_1",
        "named/dense",
        "named/dense_1",  # which is `second`, too
        "_first",
    ]


def test_parts_of_a_model_of_ones_own():
    model = Own()
    model.build((None, 3))
    assert paths(model) == ["", "dense", "layers/dense_1"]
