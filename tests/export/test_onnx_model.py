"""Whole models as ONNX files: names, layouts, what is shared and what is inside of what."""

import numpy as np
import onnx
import pytest

from convlet import layers, models
from convlet.errors import UnsupportedError
from convlet.export import IR_VERSION, OPSET
from tests.engine.graphs_table import GRAPHS
from tests.export.onnx_files import check_predictions, exported, filled, operations


@pytest.mark.parametrize("make", GRAPHS.values(), ids=GRAPHS)
def test_graphs(make, tmp_path):
    model = filled(make())
    rng = np.random.default_rng(2)
    xs = [rng.random((3, *shape), np.float32) for shape in model.graph.input_shapes]
    check_predictions(model, exported(model, tmp_path), *xs)


def convnet():
    return models.Sequential(
        [
            layers.Input((12, 12, 3), name="image"),
            layers.Rescaling(1 / 255),
            layers.Conv2D(4, 3, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.MaxPooling2D(2),
            layers.SeparableConv2D(6, 3, activation="silu"),
            layers.ZeroPadding2D(1),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(3, "softmax", name="kind"),
        ]
    )


def test_a_chain_is_transposed_at_its_ends_alone(tmp_path):
    assert operations(exported(filled(convnet()), tmp_path)) == [
        *("Mul", "Add", "Transpose", "Conv", "BatchNormalization", "Relu", "MaxPool"),
        *("Conv", "Conv", "Sigmoid", "Mul", "Pad", "Transpose", "Reshape"),
        *("Gemm", "Softmax", "Identity"),
    ]


def test_versions_names_and_shapes(tmp_path):
    file = onnx.load(exported(convnet(), tmp_path))
    assert (file.ir_version, file.opset_import[0].version) == (IR_VERSION, OPSET) == (8, 17)
    assert file.producer_name == "convlet"
    (image,), (kind,) = file.graph.input, file.graph.output
    assert (image.name, kind.name) == ("image", "kind")
    sizes = [size.dim_param or size.dim_value for size in image.type.tensor_type.shape.dim]
    assert sizes == ["batch", 12, 12, 3]
    assert image.type.tensor_type.elem_type == onnx.TensorProto.FLOAT


def test_pixels_as_bytes(tmp_path):
    model = filled(convnet())
    path = exported(model, tmp_path, input_dtype="uint8")
    x = np.random.default_rng(3).integers(0, 256, (2, 12, 12, 3), np.uint8)
    check_predictions(model, path, x)
    assert onnx.load(path).graph.input[0].type.tensor_type.elem_type == onnx.TensorProto.UINT8


def test_a_shared_layer_is_stored_once(tmp_path):
    x = layers.Input((6,))
    layer = layers.Dense(6)
    model = filled(models.Model(x, layer(layer(x))))
    path = exported(model, tmp_path)
    names = [weight.name for weight in onnx.load(path).graph.initializer]
    assert [name.rpartition("/")[2] for name in names] == ["kernel", "bias"]
    assert operations(path) == ["Gemm", "Gemm", "Identity"]


def test_outputs_of_one_name_are_told_apart(tmp_path):
    """The input itself is an output, too, and one layer makes two."""
    x = layers.Input((4,), name="x")
    layer = layers.Dense(4, name="y")
    y = layer(x)
    model = filled(models.Model(x, [x, y, layer(y)]))
    path = exported(model, tmp_path)
    assert [output.name for output in onnx.load(path).graph.output] == ["x_1", "y", "y_1"]
    check_predictions(model, path, np.ones((2, 4), np.float32))


class Block(layers.Layer):
    """Made of others."""

    def __init__(self):
        super().__init__(name="block")
        self.dense = layers.Dense(3)

    def call(self, inputs):
        return layers.ReLU()(self.dense(inputs))


def test_layers_made_of_layers(tmp_path):
    model = filled(models.Sequential([layers.Input((5,)), Block()]))
    path = exported(model, tmp_path)
    assert operations(path) == ["Gemm", "Relu", "Identity"]
    check_predictions(model, path, np.ones((2, 5), np.float32))


class Doubled(layers.Dense):
    """A subclass is what it is made from."""


def test_subclasses(tmp_path):
    model = filled(models.Sequential([layers.Input((5,)), Doubled(3)]))
    check_predictions(model, exported(model, tmp_path), np.ones((2, 5), np.float32))


class Mystery(layers.Layer):
    """A layer that nobody knows how to compute."""


def test_a_layer_without_translation_is_refused_with_its_path(tmp_path):
    inner = models.Sequential([layers.Input((5,)), Mystery(name="what")], name="inner")
    x = layers.Input((5,))
    model = models.Model(x, inner(x), name="outer")
    with pytest.raises(UnsupportedError) as caught:
        model.export(tmp_path / "m.onnx")
    assert str(caught.value) == (
        "ONNX export needs layers that it can translate. Received Mystery 'inner/what'. "
        "Compose it of other layers, in a call of its own."
    )
    assert list(tmp_path.iterdir()) == []


def test_too_large_a_file(tmp_path, monkeypatch):
    monkeypatch.setattr("convlet.export.onnx_model.LARGEST", 100)
    model = models.Sequential([layers.Input((5,)), layers.Dense(3)], name="model")
    with pytest.raises(UnsupportedError) as caught:
        model.export(tmp_path / "m.onnx")
    assert str(caught.value) == (
        "An ONNX file needs to be smaller than 2 GiB. Received Sequential 'model', whose weights "
        "take 0.0 GiB."
    )
