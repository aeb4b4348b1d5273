"""Every layer and every activation, through ONNX Runtime."""

from functools import partial

import numpy as np
import pytest

from convlet import activations, layers, models
from convlet.activations.lookup import FUNCTIONS
from convlet.export.activations import ACTIVATIONS, ROWS
from convlet.export.translations import TRANSLATIONS
from tests.export.onnx_files import check_predictions, exported, filled, operations
from tests.layers.test_every_layer import CASES

FORMULAS = [
    *(function for name, function in FUNCTIONS.items() if name not in ("glu", "threshold")),
    partial(activations.threshold, threshold=0.5, default_value=-2),
    partial(activations.celu, alpha=0.5),
    partial(activations.elu, alpha=0.5),
    partial(activations.gelu, approximate=True),
    partial(activations.hard_shrink, threshold=1),
    partial(activations.leaky_relu, negative_slope=1),
    partial(activations.relu, max_value=1),
    partial(activations.relu, negative_slope=0.1, max_value=1.5),
    partial(activations.relu, negative_slope=0.1, threshold=0.5),
    partial(activations.relu, threshold=1, max_value=2),
    partial(activations.soft_shrink, threshold=1),
    partial(activations.softmax, axis=1),
    partial(activations.log_softmax, axis=2),
    partial(activations.sparsemax, axis=1),
    partial(activations.squareplus, b=1),
]
MORE = [
    (layers.AveragePooling2D(3, strides=2, padding="same"), (7, 6, 3)),
    (layers.CenterCrop(3, 9), (6, 8, 2)),
    (layers.Conv1D(4, 3, strides=2, padding="same"), (9, 3)),
    (layers.Conv2D(4, 3, strides=2, padding="same", activation="softmax"), (8, 7, 3)),
    (layers.Conv2DTranspose(3, 2, strides=3), (4, 5, 2)),
    (layers.Conv2DTranspose(3, 3, dilation_rate=2, padding="same"), (6, 5, 2)),
    (layers.Conv2DTranspose(3, 5, strides=2, padding="same"), (4, 5, 2)),
    (layers.DepthwiseConv2D(3, padding="same", dilation_rate=2), (7, 6, 3)),
    (layers.GroupNormalization(2), (4, 6)),
    (layers.MaxPooling1D(3, strides=2, padding="same"), (10, 3)),
    (layers.Normalization(mean=2.0, variance=9.0), (5, 2)),
    (layers.Resizing(3, 5, antialias=True), (9, 8, 3)),
    (layers.Resizing(4, 4, pad_to_aspect_ratio=True, fill_value=7.0), (4, 9, 1)),
    (layers.Resizing(4, 4, crop_to_aspect_ratio=True), (4, 9, 1)),
    (layers.Resizing(7, 5, interpolation="nearest"), (9, 8, 3)),
    (layers.UpSampling2D(3, interpolation="lanczos3"), (4, 3, 2)),
    (layers.UpSampling2D((2, 3)), (4, 3, 2)),
]


KINDS = [
    value
    for value in vars(layers).values()
    if isinstance(value, type) and issubclass(value, layers.Layer)
]


def check(layer, input_shape, folder):
    model = filled(models.Sequential([layers.Input(input_shape), layer]))
    x = np.random.default_rng(1).normal(0.0, 2.0, (3, *input_shape)).astype(np.float32)
    check_predictions(model, exported(model, folder), x)


PREDICTABLE = [case for case in CASES if case.input_shape]  # predict takes no single numbers


@pytest.mark.parametrize("case", PREDICTABLE, ids=str)
def test_every_layer(case, tmp_path):
    check(case.make(), case.input_shape, tmp_path)


@pytest.mark.parametrize(("layer", "input_shape"), MORE, ids=lambda value: str(value)[:40])
def test_further_settings(layer, input_shape, tmp_path):
    check(layer, input_shape, tmp_path)


@pytest.mark.parametrize("function", FORMULAS, ids=str)
def test_every_activation(function, tmp_path):
    check(layers.Activation(function), (5, 4, 3), tmp_path)


def behind_convolutions(kind, *settings):
    x = layers.Input((5, 4, 3))
    parts = [layers.Conv2D(2, 1)(x) for _ in range(2 if kind is layers.Subtract else 3)]
    return models.Model(x, kind(*settings)(parts))


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        *((kind, ()) for kind in KINDS if kind.merges),
        (layers.Concatenate, (1,)),
        (layers.Concatenate, (-2,)),
    ],
)
def test_every_merge(kind, settings, tmp_path):
    model = filled(behind_convolutions(kind, *settings))
    path = exported(model, tmp_path)
    assert operations(path).count("Transpose") == 2  # of the image, and of the result
    check_predictions(model, path, np.random.default_rng(1).random((2, 5, 4, 3), np.float32))


@pytest.mark.parametrize("kind", [layers.Add, layers.Multiply, layers.Maximum])
def test_merges_of_fewer_axes(kind, tmp_path):
    """Where axes are missing, they are those right behind the batch's."""
    image, vector = layers.Input((5, 4, 3)), layers.Input((3,))
    y = kind()([layers.Conv2D(3, 1)(image), vector])
    model = filled(models.Model([image, vector], y))
    rng = np.random.default_rng(1)
    xs = rng.random((2, 5, 4, 3), np.float32), rng.random((2, 3), np.float32)
    check_predictions(model, exported(model, tmp_path), *xs)


def test_nothing_is_left_out():
    assert {*ACTIVATIONS, *ROWS} == set(FUNCTIONS) - {"glu"}
    without = {kind for kind in KINDS if not set(kind.__mro__) & set(TRANSLATIONS)}
    assert without == {layers.Layer, layers.InputLayer}
