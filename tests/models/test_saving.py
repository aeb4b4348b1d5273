import io
import json
import re
import zipfile

import h5py
import numpy as np
import pytest

from convlet import layers, models
from convlet.errors import ArgumentError, NotBuiltError


@pytest.fixture
def model():
    return models.Sequential(
        [
            layers.Input((6, 6, 1)),
            layers.Conv2D(2, 3, name="first"),
            layers.Conv2D(3, 3, use_bias=False, name="second"),
            layers.Flatten(name="flat"),
            layers.Dense(2, name="last"),
        ],
        name="small",
    )


def read(path, member):
    with zipfile.ZipFile(path) as archive:
        return archive.read(member)


def test_the_archive_is_laid_out_as_keras_does(model, tmp_path):
    path = tmp_path / "model.keras"
    model.save(path)
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["metadata.json", "config.json", "model.weights.h5"]
    config = json.loads(read(path, "config.json"))
    assert (config["module"], config["class_name"]) == ("keras", "Sequential")
    assert config["build_config"] == {"input_shape": [None, 6, 6, 1]}
    first = config["config"]["layers"][1]
    assert (first["module"], first["class_name"]) == ("keras.layers", "Conv2D")
    assert first["registered_name"] is None
    assert first["config"]["kernel_initializer"] == {
        "module": "keras.initializers",
        "class_name": "GlorotUniform",
        "config": {"seed": None, "input_axes": None, "output_axes": None},
        "registered_name": None,
    }
    assert first["build_config"] == {"input_shape": [None, 6, 6, 1]}


def test_weights_lie_where_keras_looks_for_them(model, tmp_path):
    path = tmp_path / "model.keras"
    model.save(path)
    with h5py.File(io.BytesIO(read(path, "model.weights.h5"))) as file:
        groups = {name: list(group["vars"]) for name, group in file["layers"].items()}
        assert groups == {
            "conv2d": ["0", "1"],
            "conv2d_1": ["0"],
            "flatten": [],
            "dense": ["0", "1"],
        }
        np.testing.assert_array_equal(file["layers/conv2d_1/vars/0"], model.layers[1].kernel.value)
        assert file["layers/conv2d_1/vars"].attrs["name"] == "second"


def test_metadata(model, tmp_path):
    path = tmp_path / "model.keras"
    model.class_names = ["no", "yes"]
    model.save(path)
    metadata = json.loads(read(path, "metadata.json"))
    assert metadata["class_names"] == ["no", "yes"]
    assert set(metadata) == {"keras_version", "date_saved", "convlet_version", "class_names"}


def test_the_settings_of_compile_are_saved(model, tmp_path):
    path = tmp_path / "model.keras"
    model.compile("sgd", "mse", metrics=["accuracy"])
    model.save(path)
    saved = json.loads(read(path, "config.json"))["compile_config"]
    assert saved["optimizer"]["class_name"] == "SGD"
    assert (saved["loss"], saved["metrics"]) == ("mse", ["accuracy"])


def test_a_failed_save_leaves_the_old_file(model, tmp_path, monkeypatch):
    path = tmp_path / "model.keras"
    model.save(path)
    before = path.read_bytes()

    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        model.save(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("method", ["save", "save_weights"])
def test_overwrite(model, tmp_path, method):
    suffix = {"save": ".keras", "save_weights": ".weights.h5"}[method]
    path = tmp_path / f"model{suffix}"
    getattr(model, method)(path, overwrite=False)
    message = (
        f"{method} needs filepath to be new. Received filepath={str(path)!r}. "
        "Pass overwrite=True to replace the file."
    )
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        getattr(model, method)(path, overwrite=False)
    getattr(model, method)(path)


@pytest.mark.parametrize(
    ("method", "name", "needed"),
    [
        ("save", "model.h5", "a name that ends in '.keras'"),
        ("save", "model", "a name that ends in '.keras'"),
        ("save", "missing/model.keras", "in a folder that exists"),
        ("save", "folder.keras", "a file, not a folder"),
        ("save_weights", "model.keras", "a name that ends in '.weights.h5'"),
    ],
)
def test_path_refused(model, tmp_path, method, name, needed):
    (tmp_path / "folder.keras").mkdir()
    path = tmp_path / name
    message = f"{method} needs filepath to be {needed}. Received filepath={str(path)!r}."
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        getattr(model, method)(path)


@pytest.mark.parametrize(
    ("method", "name", "when"),
    [
        ("save", "model.keras", "before it is saved"),
        ("save_weights", "model.weights.h5", "before its weights are saved"),
        ("load_weights", "model.weights.h5", "before weights are loaded into it"),
    ],
)
def test_unbuilt(tmp_path, method, name, when):
    model = models.Sequential([layers.Dense(3)], name="later")
    message = (
        f"Sequential 'later' needs to be built {when}. "
        "Give its first layer an input_shape, or call build(input_shape) or fit."
    )
    with pytest.raises(NotBuiltError, match=f"^{re.escape(message)}$"):
        getattr(model, method)(tmp_path / name)
    assert list(tmp_path.iterdir()) == []
