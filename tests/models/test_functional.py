import copy
import gc
import pickle
import re
import weakref

import numpy as np
import pytest

from convlet import layers, models
from convlet.errors import (
    ArgumentError,
    NotBuiltError,
    ShapeError,
    StateError,
    UnsupportedError,
)
from tests.engine.graphs_table import GRAPHS


def small():
    x = layers.Input((4,), name="table")
    hidden = layers.Dense(3, activation="tanh", name="hidden")(x)
    return models.Model(x, layers.Dense(2, name="end")(hidden), name="small")


def test_ends():
    model = GRAPHS["two ends"]()
    assert [tensor.shape for tensor in model.inputs] == [(None, 6, 6, 1), (None, 3)]
    assert model.input_shape == [(None, 6, 6, 1), (None, 3)]
    assert model.output_shape == [(None, 3), (None, 1)]
    assert model.output_names == ["kind", "size"]
    assert model.output == model.outputs
    assert small().input_shape == (None, 4)
    assert small().input_names == ["table"]


def test_dictionaries():
    a, b = layers.Input((2,)), layers.Input((2,))
    model = models.Model({"left": a, "right": b}, {"sum": layers.Add()([a, b])})
    assert model.output_names == ["sum"]
    result = model({"left": [[1.0, 2.0]], "right": [[3.0, 4.0]]})
    assert {name: value.tolist() for name, value in result.items()} == {"sum": [[4.0, 6.0]]}


def test_layers_come_in_the_order_of_keras():
    """By distance from the end, then as a walk from the outputs meets them (seen in Keras 3.15)."""
    x = layers.Input((8, 8, 3), name="x")
    a = layers.Conv2D(4, 3, padding="same", name="a")(x)
    b = layers.Conv2D(4, 1, name="b")(x)
    c = layers.Conv2D(4, 1, name="c")(a)
    y = layers.Add(name="sum")([b, c])
    z = layers.Flatten(name="flat")(y)
    model = models.Model(x, [layers.Dense(2, name="d")(z), layers.Dense(3, name="e")(z)])
    assert [layer.name for layer in model.layers] == ["x", "a", "b", "c", "sum", "flat", "d", "e"]


def test_weights_of_a_shared_layer_count_once():
    model = GRAPHS["shared"]()
    assert [weight.path.split("/")[-1] for weight in model.weights] == ["kernel", "bias"] * 2
    assert model.count_params() == 6 * 5 + 5 + 5 * 2 + 2


@pytest.mark.parametrize("name", GRAPHS)
@pytest.mark.parametrize("copied", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_copies(name, copied):
    model = GRAPHS[name]()
    other = copied(model)
    xs = [np.random.default_rng(0).random((3, *s), np.float32) for s in model.graph.input_shapes]
    given = xs if len(xs) > 1 else xs[0]
    expected, found = model(given), other(given)
    for wanted, actual in zip(
        expected if isinstance(expected, list) else [expected],
        found if isinstance(found, list) else [found],
        strict=True,
    ):
        np.testing.assert_array_equal(actual, wanted)
    other.set_weights([weight + 1 for weight in other.get_weights()])
    assert all(
        (a != b).all() for a, b in zip(model.get_weights(), other.get_weights(), strict=True)
    )
    assert other.layers[-1].output is other.outputs[-1] or name == "an end inside"


def test_a_very_deep_model_is_copied():
    x = y = layers.Input((2,))
    for _ in range(1500):
        y = layers.ReLU()(y)
    model = pickle.loads(pickle.dumps(models.Model(x, y)))
    assert len(model.layers) == 1501


def test_a_feature_extractor_shares_weights():
    model = models.Sequential([layers.Input((6, 6, 1)), layers.Conv2D(3, 3), layers.Flatten()])
    model.add(layers.Dense(2))
    features = models.Model(model.inputs, model.layers[0].output)
    assert features.output_shape == (None, 4, 4, 3)
    x = np.ones((2, 6, 6, 1), np.float32)
    model.layers[0].set_weights([np.ones((3, 3, 1, 3)), np.zeros(3)])
    assert (features.predict(x, verbose=0) == 9).all()
    inner = models.Model(model.layers[0].output, model.layers[1].output)
    assert inner(np.ones((1, 4, 4, 3))).shape == (1, 48)


def test_it_trains_and_predicts():
    model = small()
    model.compile("adam", "mse")
    generator = np.random.default_rng(0)
    x = generator.standard_normal((64, 4)).astype(np.float32)
    y = x[:, :2] * 0.5
    losses = model.fit(x, y, epochs=30, verbose=0).history["loss"]
    assert losses[-1] < losses[0]
    np.testing.assert_array_equal(model.predict(x, verbose=0), model(x))


def test_models_inside_models():
    base = models.Sequential([layers.Conv2D(4, 3), layers.ReLU()], name="base")
    model = models.Sequential([layers.Input((6, 6, 1)), base, layers.Flatten(), layers.Dense(2)])
    assert model.layers[0] is base
    assert len(model.weights) == 4
    base.trainable = False
    assert len(model.trainable_weights) == 2
    again = models.Sequential([small(), layers.ReLU()])
    assert again.output_shape == (None, 2)


def test_frozen_by_a_call():
    x = layers.Input((1000,))
    y = layers.Dropout(0.5)(x, training=False)
    (step,) = models.Model(x, y).graph.steps
    assert step.training is False


class Residual(layers.Layer):
    """A layer of one's own."""

    def __init__(self, filters, **kwargs):
        super().__init__(**kwargs)
        self.convolutions = [layers.Conv2D(filters, 3, padding="same") for _ in range(2)]
        self.relu = layers.ReLU()

    def call(self, inputs):
        x = inputs
        for convolution in self.convolutions:
            x = self.relu(convolution(x))
        return x + inputs


def test_a_layer_of_ones_own():
    model = models.Sequential(
        [layers.Input((5, 5, 4)), Residual(4, name="block"), layers.Flatten()]
    )
    assert model.output_shape == (None, 100)
    assert model.count_params() == 2 * (9 * 16 + 4)
    model.compile("sgd", "mse")
    before = model.get_weights()
    x = np.random.default_rng(0).random((8, 5, 5, 4), np.float32)
    model.fit(x, np.zeros((8, 100)), verbose=0)
    assert all((a != b).any() for a, b in zip(before, model.get_weights(), strict=True))
    model.layers[0].trainable = False
    assert model.trainable_weights == []
    assert Residual(4)(x).shape == x.shape


class Own(models.Model):
    """A model of one's own."""

    def __init__(self):
        super().__init__(name="own")
        self.hidden = layers.Dense(4, "relu")
        self.end = layers.Dense(2)

    def call(self, inputs):
        return self.end(self.hidden(inputs))


def test_a_model_of_ones_own():
    model = Own()
    assert not model.built
    with pytest.raises(NotBuiltError, match=r"^Model|^Own 'own' has no input shape yet\."):
        model.graph  # noqa: B018
    model.compile("sgd", "mse")
    model.fit(np.ones((8, 3)), np.ones((8, 2)), verbose=0)
    assert model.output_shape == (None, 2)
    assert [layer.name for layer in model.layers] == [model.hidden.name, model.end.name]
    assert model(np.ones((1, 3))).shape == (1, 2)


def test_models_are_freed_without_the_collector():
    gc.collect()
    gc.disable()
    try:
        model = GRAPHS["nested"]()
        model(np.ones((1, 6, 6, 2)))
        gone = weakref.ref(model)
        del model
        assert gone() is None
    finally:
        gc.enable()


X = layers.Input((4,), name="x")


class Numbers(layers.Layer):
    def call(self, inputs):
        return np.tanh(inputs)


class Nothing(layers.Layer):
    def call(self, inputs):
        return None


class Fresh(layers.Layer):
    def call(self, inputs):
        return layers.Dense(2, name="fresh")(inputs)


REFUSED = [
    (
        lambda: models.Model(3, X),
        ArgumentError,
        "Model needs inputs to be symbolic tensors: what Input() and layers called on it return. "
        "Received inputs=3.",
    ),
    (
        lambda: models.Model(X, None),
        ArgumentError,
        "Model needs outputs to be symbolic tensors: what Input() and layers called on it return. "
        "Received outputs=None.",
    ),
    (
        lambda: models.Model(inputs=X, output=X),
        ArgumentError,
        "Model has no argument 'output'. Did you mean 'outputs'?",
    ),
    (
        lambda: layers.Dense(4, name="d")(X, X),
        ArgumentError,
        "Dense 'd' needs training to be True or False. "
        "Received training=<SymbolicTensor 'x', shape (None, 4)>.",
    ),
    (
        lambda: models.Model([X, X], layers.ReLU()(X)),
        ArgumentError,
        "Model needs inputs that are different. Received one twice.",
    ),
    (
        lambda: models.Model(layers.Input((4,)), layers.ReLU()(X), name="m"),
        ArgumentError,
        "Functional 'm' needs all inputs that its outputs depend on. Received outputs that also "
        "depend on InputLayer 'x'. Add it to inputs.",
    ),
    (
        lambda: models.Model(X, layers.Dense(2, name="d")(layers.Dense(2, name="d")(X)), name="m"),
        ArgumentError,
        "Functional 'm' needs layers of different names. Received 'd' twice. "
        "Give one another with name=.",
    ),
    (
        lambda: small()(layers.Input((5,))),
        ShapeError,
        "Functional 'small' needs inputs of shape (None, 4). Received shape (None, 5).",
    ),
    (
        lambda: models.Sequential([layers.ReLU(name="r")(X)], name="s"),
        ArgumentError,
        "Sequential 's' is made of layers. Received <SymbolicTensor 'r', shape (None, 4)>. "
        "Use Model(inputs, outputs) for layers that were called on tensors.",
    ),
    (
        lambda: Own().get_config(),
        UnsupportedError,
        "Own 'own' needs a get_config of its own: only its class knows how it is made. "
        "Write one, or make the model with Model(inputs, outputs).",
    ),
    (
        lambda: type("Silent", (models.Model,), {})(name="silent").build((None, 4)),
        UnsupportedError,
        "Silent 'silent' needs a call that says how its layers are wired. "
        "Write def call(self, inputs), or use Sequential or Model(inputs, outputs).",
    ),
    (
        lambda: type("Silent", (models.Model,), {})(3),
        ArgumentError,
        "Silent takes no arguments but trainable and name. Received 1 more. "
        "Use Model(inputs, outputs), or call super().__init__() in a subclass.",
    ),
    (
        lambda: layers.Dense(2, name="d")([X, X]),
        ShapeError,
        "Dense 'd' needs one input. Received 2, of shapes (None, 4), (None, 4). "
        "Put them together first: Concatenate()(inputs), Add()(inputs), …",
    ),
    (
        lambda: layers.Add(name="a")([]),
        ArgumentError,
        "Add 'a' needs at least one input. Received []. "
        "Call it on a tensor, or on a list of tensors.",
    ),
    (
        lambda: layers.Add(name="a")([X, np.ones((1, 4))]),
        ArgumentError,
        "Add 'a' needs either symbolic tensors or arrays. Received both.",
    ),
    (
        lambda: layers.Dense(2, name="d").output,
        StateError,
        "Dense 'd' needs to be called before it has an input and an output. "
        "Call it on an Input, or add it to a model whose input shape is known.",
    ),
    (
        lambda: layers.Dense(2, name="d").call(X),
        UnsupportedError,
        "Dense 'd' has no call of its own. Call the layer itself: layer(x).",
    ),
    (
        lambda: layers.Dense(2, name="d").add_weight((3,)),
        UnsupportedError,
        "Dense 'd' cannot have weights of its own: convlet differentiates its own layers, "
        "not Python code. Make it of layers that have them: create Dense, Conv2D, … in "
        "__init__, and call them in call.",
    ),
    (
        lambda: Fresh(name="f")(X),
        StateError,
        "Fresh 'f' needs the layers with weights that it is made of as attributes. Its call "
        "used Dense 'fresh', which is none. Create it in __init__ or build.",
    ),
    (
        lambda: Nothing(name="n")(X),
        UnsupportedError,
        "Nothing 'n' needs its call to return what layers put out. Received NoneType. "
        "Compose it of layers that are called on its inputs.",
    ),
]


@pytest.mark.parametrize(("act", "error", "message"), REFUSED)
def test_refusals(act, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        act()


@pytest.mark.parametrize(
    ("act", "what"),
    [
        (lambda: np.asarray(X), "become an array"),
        (lambda: np.tanh(X), "be computed with"),
        (lambda: X + "1", "be put together with '1'"),
        (lambda: X / X, "be divided by <SymbolicTensor 'x', shape (None, 4)>"),
        (lambda: X / 0, "be divided by 0"),
        (lambda: bool(X), "be true or false"),
        (lambda: list(X), "be gone through"),
        (lambda: X[:, 0], "be cut with [...]"),
        (lambda: Numbers()(X), "be computed with"),
    ],
)
def test_what_has_no_numbers(act, what):
    with pytest.raises(UnsupportedError) as raised:
        act()
    assert re.match(
        rf"^The output of InputLayer '\w+' cannot {re.escape(what)}: it stands for numbers that "
        "come later, and convlet differentiates layers, not Python code. Compose what you need of "
        r"layers: Add, Multiply, Rescaling, Reshape, Cropping2D, …$",
        str(raised.value),
    )


def test_operators():
    a, b = np.array([[1.0, 2.0]]), np.array([[10.0, 20.0]])
    x, y = layers.Input((2,)), layers.Input((2,))
    model = models.Model([x, y], [x + y, x - y, x * y])
    assert [part.tolist() for part in model([a, b])] == [[[11, 22]], [[-9, -18]], [[10, 40]]]


@pytest.mark.parametrize(
    ("compute", "expected"),
    [
        (lambda x: x / 4.0, [[0.25, 0.5]]),
        (lambda x: 2 * x * 2, [[4.0, 8.0]]),
        (lambda x: 1 + x + 1, [[3.0, 4.0]]),
        (lambda x: x - 1, [[0.0, 1.0]]),
        (lambda x: 1 - x, [[0.0, -1.0]]),
        (lambda x: -x, [[-1.0, -2.0]]),
        (lambda x: np.float32(0.5) * x, [[0.5, 1.0]]),
    ],
)
def test_numbers_rescale(compute, expected):
    x = layers.Input((2,))
    model = models.Model(x, compute(x))
    assert model(np.array([[1.0, 2.0]])).tolist() == expected
