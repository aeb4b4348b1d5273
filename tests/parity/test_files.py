"""Files from here to Keras and back."""

from __future__ import annotations

import numpy as np
import pytest

import convlet
from tests.engine.graphs_table import GRAPHS
from tests.parity.models_table import ROWS


def data_for(model):
    """Inputs and targets for a model of convlet's, each as it takes them."""
    rng = np.random.default_rng(0)
    xs = [rng.random((4, *shape), np.float32) for shape in model.graph.input_shapes]
    ys = [rng.random((4, *shape), np.float32) for shape in model.graph.output_shapes]
    wiring = model.wiring
    return wiring.input_structure.pack(xs), wiring.output_structure.pack(ys)


def listed(outputs):
    if isinstance(outputs, dict):
        return [outputs[name] for name in sorted(outputs)]
    return list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]


def predicted(model, x):
    return listed(model.predict(x, verbose=0))


def check_same(ours, theirs, rtol=1e-5):
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a, b, rtol=rtol, atol=rtol * np.abs(b).max())


TRAINED = ["residual", "two ends", "nested", "residual with normalization"]


@pytest.mark.parametrize("name", GRAPHS)
def test_keras_predicts_the_same_from_what_is_saved_here(name, keras, tmp_path):
    model = GRAPHS[name]()
    x, _ = data_for(model)
    model.save(tmp_path / "m.keras")
    theirs = keras.models.load_model(tmp_path / "m.keras")
    check_same(predicted(model, x), predicted(theirs, x))
    theirs.set_weights([np.zeros_like(weight) for weight in theirs.get_weights()])
    model.save_weights(tmp_path / "m.weights.h5")
    theirs.load_weights(tmp_path / "m.weights.h5")
    for a, b in zip(theirs.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.filterwarnings("ignore:BatchNormalization")
@pytest.mark.parametrize("name", TRAINED)
def test_keras_goes_on_with_the_training(name, keras, tmp_path):
    model = GRAPHS[name]()
    x, y = data_for(model)
    ends = len(model.outputs)
    model.compile("adamw", ["mse"] * ends if ends > 1 else "mse")
    model.fit(x, y, epochs=2, verbose=0, shuffle=False)
    model.save(tmp_path / "m.keras")
    theirs = keras.models.load_model(tmp_path / "m.keras")
    for each in (model, theirs):
        each.fit(x, y, epochs=3, verbose=0, shuffle=False)
    for weight, a, b in zip(model.weights, model.get_weights(), theirs.get_weights(), strict=True):
        # Without a gradient, as of a bias before a normalization, Adam follows rounding.
        atol = 5e-3 if weight.name == "bias" else 1e-5
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=atol, err_msg=weight.path)


def check_files(ours, theirs, tmp_path):
    """What Keras saves of a model, in each of its forms, is what was read of one of them."""
    weights = ours.get_weights()
    theirs.save(tmp_path / "m.h5")
    theirs.save_weights(tmp_path / "m.weights.h5")
    for file in ("m.h5", "m.weights.h5"):
        ours.set_weights([np.zeros_like(weight) for weight in weights])
        ours.load_weights(tmp_path / file)
        np.testing.assert_equal(ours.get_weights(), weights)
    again = convlet.models.load_model(tmp_path / "m.h5")
    np.testing.assert_equal(again.get_weights(), weights)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_models_of_keras_are_read_here(row, keras, tmp_path):
    theirs = row.build(keras)
    theirs.save(tmp_path / "m.keras")
    ours = convlet.models.load_model(tmp_path / "m.keras")
    x, _ = data_for(ours)
    check_same(predicted(ours, x), predicted(theirs, x))
    check_files(ours, theirs, tmp_path)


@pytest.mark.parametrize(("name", "size"), [("VGG16", 32), ("ResNet50", 32), ("MobileNetV2", 64)])
def test_architectures_of_keras_applications(name, size, keras, tmp_path):
    make = getattr(keras.applications, name)
    arguments = {"weights": None, "input_shape": (size, size, 3)}
    theirs = make(**arguments, classes=5, classifier_activation=None)
    rng = np.random.default_rng(0)
    for layer in theirs.layers:  # statistics that are not those of a new layer
        if isinstance(layer, keras.layers.BatchNormalization):
            gamma, beta, mean, variance = layer.get_weights()
            shift = 0.1 * rng.standard_normal((3, *gamma.shape))
            layer.set_weights([gamma + shift[0], beta + shift[1], mean + shift[2], variance])
    images = rng.random((2, size, size, 3), np.float32)
    theirs.save(tmp_path / "m.keras")
    ours = convlet.models.load_model(tmp_path / "m.keras")
    check_same(predicted(ours, images), predicted(theirs, images), rtol=1e-4)
    check_files(ours, theirs, tmp_path)


def test_layers_of_ones_own(keras, tmp_path):
    def doubled(package):
        class Doubled(package.layers.Layer):
            def __init__(self, **kwargs):
                super().__init__(**kwargs)
                self.second = package.layers.Dense(3)
                self._first = package.layers.Dense(3)
                self.many = [package.layers.Dense(3), package.layers.Dense(3)]

            def build(self, shape):
                for part in (self.second, self._first, *self.many):
                    part.build((None, 3))
                self.built = True

            def call(self, x):
                for part in (*self.many, self._first):
                    x = part(x)
                return self.second(x)

        return Doubled

    x = convlet.Input((3,))
    ours = convlet.Model(x, doubled(convlet)(name="own")(x))
    ours.save(tmp_path / "m.keras")
    theirs = keras.models.load_model(tmp_path / "m.keras", {"Doubled": doubled(keras)})
    data = np.random.default_rng(0).random((2, 3), np.float32)
    check_same(predicted(ours, data), predicted(theirs, data))
    theirs.save(tmp_path / "theirs.keras")
    again = convlet.models.load_model(tmp_path / "theirs.keras", {"Doubled": doubled(convlet)})
    check_same(predicted(again, data), predicted(theirs, data))
