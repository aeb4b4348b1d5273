import json
import re

import numpy as np
import pytest

from convlet import layers
from convlet.errors import ArgumentError, ShapeError
from convlet.layers import merging
from convlet.layers.symbolic import SymbolicTensor

KINDS = [
    layers.Add,
    layers.Average,
    layers.Concatenate,
    layers.Maximum,
    layers.Minimum,
    layers.Multiply,
    layers.Subtract,
]


def test_none_is_left_out():
    listed = {kind for kind in vars(layers).values() if getattr(kind, "merges", False)}
    assert listed == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_shapes_and_config(kind):
    layer = kind(name="both", trainable=False)
    shapes = [(None, 4, 3), (7, 4, 3)]
    expected = (None, 4, 6) if kind is layers.Concatenate else (None, 4, 3)
    assert layer.compute_output_shape(shapes) == expected
    layer.build(shapes)
    assert layer.input_shape == [(None, 4, 3)] * 2
    assert layer.output_shape == expected
    assert layer.weights == []
    read = layers.deserialize(json.loads(json.dumps(layers.serialize(layer))))
    assert type(read) is kind
    assert read.get_config() == layer.get_config()


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (layers.add, [[11.0, 7.0]]),
        (layers.subtract, [[-9.0, 1.0]]),
        (layers.multiply, [[10.0, 12.0]]),
        (layers.average, [[5.5, 3.5]]),
        (layers.maximum, [[10.0, 4.0]]),
        (layers.minimum, [[1.0, 3.0]]),
        (layers.concatenate, [[1.0, 4.0, 10.0, 3.0]]),
    ],
)
def test_functions(function, expected):
    assert function([np.array([[1.0, 4.0]]), np.array([[10.0, 3.0]])]).tolist() == expected
    assert isinstance(function([layers.Input((2,)), layers.Input((2,))], name="x"), SymbolicTensor)


def test_the_axis_of_concatenate_may_be_given_by_position():
    inputs = [np.array([[[1.0, 4.0]]]), np.array([[[10.0, 3.0]]])]
    assert layers.concatenate(inputs, 1).tolist() == [[[1.0, 4.0], [10.0, 3.0]]]


def test_three_inputs():
    inputs = [np.array([[value]]) for value in (1.0, 2.0, 6.0)]
    assert layers.Average()(inputs).tolist() == [[3.0]]
    assert layers.Multiply()(inputs).tolist() == [[12.0]]
    assert layers.Minimum()(inputs).tolist() == [[1.0]]


def test_sizes_of_one_are_stretched():
    shapes = [(None, 5, 4, 8), (None, 1, 1, 8), (None, 8), (None, 5, 4, 1)]
    assert layers.Multiply().compute_output_shape(shapes) == (None, 5, 4, 8)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: layers.Add(name="a")([layers.Input((4,)), layers.Input((3,))]),
            ShapeError,
            "Add 'a' needs inputs of shapes that fit together, as NumPy stretches them. "
            "Received (None, 4), (None, 3).",
        ),
        (
            lambda: layers.Add(name="a")([layers.Input((4,))]),
            ShapeError,
            "Add 'a' needs a list of at least 2 inputs. Received 1.",
        ),
        (
            lambda: layers.Add(name="a")(layers.Input((4,))),
            ShapeError,
            "Add 'a' needs a list of at least 2 inputs. Received 1.",
        ),
        (
            lambda: layers.Subtract(name="s")([layers.Input((4,))] * 3),
            ShapeError,
            "Subtract 's' needs exactly 2 inputs. Received 3.",
        ),
        (
            lambda: layers.Concatenate(0),
            ArgumentError,
            "Concatenate needs axis to be an axis of a sample. Received axis=0. "
            "Axis 0 is the batch's; axis 1 is the first of a sample.",
        ),
        (
            lambda: layers.Concatenate(name="c")([layers.Input((4, 2)), layers.Input((3, 2))]),
            ShapeError,
            "Concatenate 'c' needs inputs of shapes that differ only in axis -1. "
            "Received (None, 4, 2), (None, 3, 2).",
        ),
        (
            lambda: layers.Concatenate(3, name="c")([layers.Input((4, 2))] * 2),
            ShapeError,
            "Concatenate 'c' needs inputs that have axis 3. Received 3 axes, the batch's included.",
        ),
    ],
)
def test_refusals(call, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        call()


def test_the_base_is_not_public():
    assert not hasattr(layers, merging.Merging.__name__)
