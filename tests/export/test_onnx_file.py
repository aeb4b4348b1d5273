"""Files: their metadata, what is refused, and that a wrong one never appears."""

import re
import sys

import numpy as np
import pytest

from convlet import layers, models
from convlet.errors import (
    ArgumentError,
    ExportError,
    MissingExtraError,
    NotBuiltError,
    UnsupportedError,
)
from convlet.export.onnx_graph import Tensor
from convlet.export.translations import TRANSLATIONS
from tests.export.onnx_files import exported, filled, metadata, run


def small(units=3):
    x = layers.Input((4, 4, 1), name="image")
    y = layers.Dense(units, name="kind")(layers.Flatten()(x))
    return filled(models.Model(x, y, name="small"))


def test_metadata(tmp_path):
    model = small()
    image = {
        "name": "image",
        "shape": [None, 4, 4, 1],
        "layout": "NHWC",
        "dtype": "float32",
        "value_range": None,
    }
    assert metadata(exported(model, tmp_path)) == {"inputs": [image]}
    model.class_names = ["a", "b", "c"]
    path = exported(model, tmp_path, value_range=(0, 1))
    image["value_range"] = [0.0, 1.0]
    assert metadata(path) == {"inputs": [image], "class_names": ["a", "b", "c"]}
    path = exported(model, tmp_path, input_dtype="uint8", class_names=("d", "e", "f"))
    image.update(value_range=[0.0, 255.0], dtype="uint8")
    assert metadata(path) == {"inputs": [image], "class_names": ["d", "e", "f"]}


def test_one_output_has_two_class_names(tmp_path):
    path = exported(small(units=1), tmp_path, class_names=["no", "yes"])
    assert metadata(path)["class_names"] == ["no", "yes"]


def test_where_it_is_saved_is_said(tmp_path, capsys):
    path = tmp_path / "m.onnx"
    small().export(path)
    assert capsys.readouterr().out == f"Saved artifact at '{path}'.\n"
    small().export(path, verbose=False)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"class_names": ["a"]},
            "export needs class_names to be a list of 3 texts, or None. Received "
            "class_names=['a'].",
        ),
        (
            {"class_names": "abc"},
            "export needs class_names to be a list of 3 texts, or None. Received "
            "class_names='abc'.",
        ),
        (
            {"value_range": (1, 0)},
            "export needs value_range to be (low, high), the smallest and the largest value of the "
            "inputs, or None. Received value_range=(1, 0).",
        ),
        (
            {"value_range": 255},
            "export needs value_range to be (low, high), the smallest and the largest value of the "
            "inputs, or None. Received value_range=255.",
        ),
        (
            {"samples": np.zeros((2, 4, 4))},
            "export needs samples to be for each input an array of as many samples, of shape "
            "(None, 4, 4, 1). Received samples=[(2, 4, 4)].",
        ),
        (
            {"samples": np.zeros((0, 4, 4, 1))},
            "export needs samples to be for each input an array of as many samples, of shape "
            "(None, 4, 4, 1). Received samples=[(0, 4, 4, 1)].",
        ),
        ({"verbose": 1}, "export needs verbose to be True or False. Received verbose=1."),
    ],
)
def test_arguments_out_of_their_range(options, message, tmp_path):
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        small().export(tmp_path / "m.onnx", **options)
    assert list(tmp_path.iterdir()) == []


def test_samples_of_several_inputs_belong_together(tmp_path):
    a, b = layers.Input((2,)), layers.Input((2,))
    model = models.Model([a, b], layers.Add()([a, b]))
    with pytest.raises(ArgumentError) as caught:
        exported(model, tmp_path, samples=[np.ones((3, 2)), np.ones((2, 2))])
    assert str(caught.value) == (
        "export needs samples to be for each input an array of as many samples, of shape (None, 2) "
        "and (None, 2). Received samples=[(3, 2), (2, 2)]."
    )
    exported(model, tmp_path, samples=[np.ones((3, 2)), np.ones((3, 2))])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"format": "torch"},
            "export does not support format='torch' yet. The only value is 'onnx'.",
        ),
        (
            {"input_signature": [1]},
            "export does not support input_signature=[1] yet. The only value is None.",
        ),
        (
            {"opset_version": 9},
            "export does not support opset_version=9 yet. The only value is 17.",
        ),
    ],
)
def test_settings_of_keras_that_are_not_there(options, message, tmp_path):
    with pytest.raises(UnsupportedError, match=f"^{re.escape(message)}$"):
        small().export(tmp_path / "m.onnx", **options)


def test_a_model_that_is_not_built(tmp_path):
    model = models.Sequential([layers.Dense(3)], name="model")
    with pytest.raises(NotBuiltError) as caught:
        model.export(tmp_path / "m.onnx")
    assert str(caught.value) == (
        "Sequential 'model' needs to be built before it is exported. "
        "Give its first layer an input_shape, or call build(input_shape) or fit."
    )


def test_places_where_no_file_can_be(tmp_path):
    model = small()
    with pytest.raises(ArgumentError, match=r"filepath to be a name that ends in '\.onnx'"):
        model.export(tmp_path / "m.keras")
    with pytest.raises(ArgumentError, match="filepath to be in a folder that exists"):
        model.export(tmp_path / "nowhere" / "m.onnx")
    (tmp_path / "folder.onnx").mkdir()
    with pytest.raises(ArgumentError, match="filepath to be a file, not a folder"):
        model.export(tmp_path / "folder.onnx")
    (tmp_path / "m.onnx").write_text("mine")
    with pytest.raises(ArgumentError, match="Pass overwrite=True to replace the file"):
        model.export(tmp_path / "m.onnx", overwrite=False)
    assert (tmp_path / "m.onnx").read_text() == "mine"
    model.export(tmp_path / "m.onnx", verbose=False)
    assert run(tmp_path / "m.onnx", np.zeros((1, 4, 4, 1), np.float32))[0].shape == (1, 3)


def without_bias(graph, layer, x):
    product = graph.add("MatMul", graph.last(x), graph.constant(layer.kernel.value))
    return Tensor((layer.units,), product)


def of_one_sample(graph, layer, x):
    name = graph.add("MatMul", graph.last(x), graph.constant(layer.kernel.value))
    return Tensor((layer.units,), graph.add("Reshape", name, np.array([1, -1])))


def export_with(translation, folder, monkeypatch, **options):
    monkeypatch.setitem(TRANSLATIONS, layers.Dense, translation)
    model = small()
    model.layers[-1].kernel.assign(np.zeros((16, 3)))
    model.layers[-1].bias.assign([0.5, 2.0, -1.0])
    with pytest.raises(ExportError) as caught:
        exported(model, folder, **options)
    return str(caught.value)


def test_a_file_that_computes_something_else_does_not_appear(tmp_path, monkeypatch):
    message = (
        "ONNX export needs a file that computes what the model computes. Received from ONNX "
        "Runtime for output 'kind' {}. Nothing was written."
    )
    differs = "values that differ by up to 2, where 0.0002 is rounding"
    assert export_with(without_bias, tmp_path, monkeypatch) == message.format(differs)
    differs = "shape (1, 12) in place of (4, 3)"
    assert export_with(of_one_sample, tmp_path, monkeypatch) == message.format(differs)
    assert list(tmp_path.iterdir()) == []


def test_the_old_file_stays_where_the_new_one_is_wrong(tmp_path, monkeypatch):
    (tmp_path / "model.onnx").write_text("old")
    samples = np.ones((2, 4, 4, 1))
    export_with(without_bias, tmp_path, monkeypatch, samples=samples)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]


def test_values_that_are_no_numbers_are_compared_too(tmp_path):
    model = small()
    model.layers[-1].bias.assign([np.nan, np.inf, 0.0])
    found = run(exported(model, tmp_path), np.zeros((1, 4, 4, 1), np.float32))[0]
    np.testing.assert_array_equal(found, [[np.nan, np.inf, 0.0]])


@pytest.mark.parametrize("package", ["onnx", "onnxruntime"])
def test_the_extra_is_named_where_it_is_missing(package, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtraError) as caught:
        small().export(tmp_path / "m.onnx")
    assert str(caught.value) == (
        f"ONNX export needs {package}, which is not installed. "
        "Install it with: pip install 'convlet[onnx]'"
    )
