"""Files that Keras wrote, which `tests/data/make_keras_files.py` has made."""

from pathlib import Path

import h5py
import numpy as np
import pytest

from convlet import layers, models
from tests.models.test_saving import read

FOLDER = Path(__file__).parents[1] / "data" / "keras"
FILES = ["branches.keras", "branches.h5", "later.keras", "nested.keras", "nested.h5"]
FILES += ["stack.keras", "stack.h5"]


def arrays(name, kind):
    """Inputs ("x"), targets ("y"), predictions or weights that belong to a file."""
    with np.load(FOLDER / f"{name.split('.')[0]}.npz") as saved:
        return [saved[key] for key in saved.files if key.startswith(kind)]


def given(values):
    return values if len(values) > 1 else values[0]


def listed(outputs):
    return [outputs[key] for key in sorted(outputs)] if isinstance(outputs, dict) else [outputs]


@pytest.mark.parametrize("name", FILES)
def test_predictions_are_those_of_keras(name):
    model = models.load_model(FOLDER / name)
    predictions = listed(model.predict(given(arrays(name, "x")), verbose=0))
    for ours, theirs in zip(predictions, arrays(name, "prediction"), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", ["branches.keras", "branches.h5", "stack.keras", "stack.h5"])
def test_training_goes_on_as_in_keras(name):
    model = models.load_model(FOLDER / name)
    assert model.optimizer.iterations == 3
    targets = arrays(name, "y")
    if len(targets) > 1:
        targets = [dict(zip(("kind", "size"), targets, strict=True))]
    model.fit(given(arrays(name, "x")), targets[0], epochs=2, shuffle=False, verbose=0)
    for ours, theirs in zip(model.get_weights(), arrays(name, "weight"), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("name", FILES)
def test_what_is_not_compiled(name):
    assert not models.load_model(FOLDER / name, compile=False).compiled


def test_the_settings_of_compile():
    model = models.load_model(FOLDER / "stack.keras")
    assert model.optimizer.get_config()["learning_rate"] == pytest.approx(0.01)
    assert model.loss["config"]["label_smoothing"] == pytest.approx(0.1)
    assert model.metrics_names == ["loss", "accuracy", "top_k_categorical_accuracy"]


@pytest.mark.parametrize("suffix", [".keras", ".h5", ".weights.h5"])
def test_weights_alone(suffix):
    model = models.load_model(FOLDER / "nested.keras")
    weights = model.get_weights()
    model.set_weights([np.zeros_like(weight) for weight in weights])
    model.load_weights(FOLDER / f"nested{suffix}")
    np.testing.assert_equal(model.get_weights(), weights)


def test_layers_keep_their_names_and_places():
    model = models.load_model(FOLDER / "nested.keras")
    assert [layer.name for layer in model.layers[1:]] == ["inner", "part"]
    assert isinstance(model.get_layer("part"), models.Sequential)
    assert model.outputs[0].node.layer is model.get_layer("inner")


@pytest.mark.parametrize("name", ["stack", "nested", "branches"])
def test_what_is_saved_here_has_the_same_layout(name, tmp_path):
    models.load_model(FOLDER / f"{name}.keras").save(tmp_path / "ours.keras")
    layouts = []
    for path in (FOLDER / f"{name}.keras", tmp_path / "ours.keras"):
        (tmp_path / "weights.h5").write_bytes(read(path, "model.weights.h5"))
        found = {}
        with h5py.File(tmp_path / "weights.h5") as file:
            file.visititems(lambda key, item, to=found: to.update({key: getattr(item, "shape", 0)}))
        layouts.append(found)
    theirs, ours = layouts
    assert ours == theirs


def test_layers_by_name():
    model = models.Sequential(
        [layers.Input((6, 6, 2)), layers.Conv2D(3, 3, name="conv2d"), layers.Dense(7, name="other")]
    )
    before = model.layers[1].get_weights()
    model.load_weights(FOLDER / "stack.h5", by_name=True)
    whole = models.load_model(FOLDER / "stack.h5")
    np.testing.assert_equal(model.layers[0].get_weights(), whole.get_layer("conv2d").get_weights())
    np.testing.assert_equal(model.layers[1].get_weights(), before)
