import re

import numpy as np
import pytest

from convlet import validation
from convlet.errors import ArgumentError, UnknownNameError, UnsupportedError


def test_fix_follows_the_message():
    message = validation.bad_argument("fit", "epochs", "an integer", "5", "Write epochs=5.")
    assert message == "fit needs epochs to be an integer. Received epochs='5'. Write epochs=5."


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [("rmsprob", "Did you mean 'RMSprop'?"), ("SGD", "Did you mean 'sgd'?"), ("xyz", "")],
)
def test_did_you_mean(name, suggestion):
    assert validation.did_you_mean(name, ["RMSprop", "sgd", "adam"]) == suggestion


def test_one_of():
    assert validation.one_of("Conv2D", "padding", "same", ["same", "valid"]) == "same"


@pytest.mark.parametrize(
    ("value", "choices", "message"),
    [
        (
            "vald",
            ["same", "valid"],
            "Conv2D needs padding to be one of 'same', 'valid'. Received padding='vald'. "
            "Did you mean 'valid'?",
        ),
        (3, ["same"], "Conv2D needs padding to be 'same'. Received padding=3."),
    ],
)
def test_one_of_refuses(value, choices, message):
    with pytest.raises(UnknownNameError, match=f"^{re.escape(message)}$"):
        validation.one_of("Conv2D", "padding", value, choices)


@pytest.mark.parametrize("value", [3, np.int64(3), np.uint8(3)])
def test_integer(value):
    result = validation.integer("Dense", "units", value)
    assert type(result) is int
    assert result == 3


@pytest.mark.parametrize("value", [0, -1, 2.0, "3", None, True, (3,)])
def test_integer_refuses(value):
    message = f"Dense needs units to be an integer of at least 1. Received units={value!r}."
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        validation.integer("Dense", "units", value)


def test_integer_without_a_minimum():
    assert validation.integer("Softmax", "axis", -1, minimum=None) == -1
    message = "Softmax needs axis to be an integer. Received axis='x'."
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        validation.integer("Softmax", "axis", "x", minimum=None)


@pytest.mark.parametrize("value", [3, (3, 3), [3, np.int32(3)]])
def test_integer_pair(value):
    assert validation.integer_pair("Conv2D", "strides", value) == (3, 3)


@pytest.mark.parametrize("value", [0, (3,), (3, 3, 3), (1, 0), "33", (1.0, 1), {1, 2}, None])
def test_integer_pair_refuses(value):
    message = (
        "Conv2D needs strides to be an integer or 2 integers, each at least 1. "
        f"Received strides={value!r}."
    )
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        validation.integer_pair("Conv2D", "strides", value)


@pytest.mark.parametrize("value", [3, (3,), [np.int32(3)]])
def test_integers_of_one_axis(value):
    assert validation.integers("Conv1D", "strides", value, 1) == (3,)


@pytest.mark.parametrize("value", [0, (3, 3), (), (0,), "3", 1.0, None])
def test_integers_of_one_axis_refuses(value):
    message = f"Conv1D needs strides to be an integer of at least 1. Received strides={value!r}."
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        validation.integers("Conv1D", "strides", value, 1)


@pytest.mark.parametrize("value", [0, 0.5, np.float32(0.5), np.int8(0)])
def test_number(value):
    result = validation.number("Dropout", "rate", value, minimum=0, below=1)
    assert type(result) is float
    assert result == value


@pytest.mark.parametrize("value", [-0.1, 1, float("nan"), float("inf"), "0.5", None, True])
def test_number_refuses(value):
    message = f"Dropout needs rate to be a number at least 0 and below 1. Received rate={value!r}."
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        validation.number("Dropout", "rate", value, minimum=0, below=1)


@pytest.mark.parametrize(
    ("bounds", "needed"),
    [
        ({}, "a number"),
        ({"above": 0}, "a number above 0"),
        ({"above": 0.5, "maximum": 1}, "a number above 0.5 and at most 1"),
    ],
)
def test_number_names_its_bounds(bounds, needed):
    with pytest.raises(ArgumentError, match=f"rate to be {needed}. Received"):
        validation.number("SGD", "rate", "fast", **bounds)


@pytest.mark.parametrize(
    ("value", "bounds"), [(0, {"above": 0}), (1.5, {"maximum": 1}), (1, {"below": 1})]
)
def test_number_keeps_its_bounds(value, bounds):
    with pytest.raises(ArgumentError):
        validation.number("SGD", "rate", value, **bounds)


def test_boolean():
    assert validation.boolean("Conv2D", "use_bias", False) is False
    message = "Conv2D needs use_bias to be True or False. Received use_bias=0."
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        validation.boolean("Conv2D", "use_bias", 0)


def test_shape():
    assert validation.shape("Input", "shape", [None, np.int64(28), 1]) == (None, 28, 1)


@pytest.mark.parametrize(
    ("value", "fix"),
    [(28, " Write (28,) for a single size."), ((28, 0), ""), ("28", ""), ((2.0,), "")],
)
def test_shape_refuses(value, fix):
    message = (
        "Input needs shape to be a tuple of sizes, each an integer of at least 1 or None. "
        f"Received shape={value!r}.{fix}"
    )
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        validation.shape("Input", "shape", value)


def test_unsupported():
    validation.unsupported("Conv2D", "groups", 1, only=1)
    message = "Conv2D does not support groups=2 yet. The only value is 1."
    with pytest.raises(UnsupportedError, match=f"^{re.escape(message)}$"):
        validation.unsupported("Conv2D", "groups", 2, only=1)


@pytest.mark.parametrize(
    ("sizes", "fix"),
    [
        ((28, 28), "Add the channel axis: x[..., None] has shape (batch, 28, 28, 1)."),
        ((784,), "Reshape to (-1, 28, 28, 1) first."),
        ((3072,), "Reshape to (-1, 32, 32, 3) first."),
        ((10,), ""),
        ((1,), ""),
        ((60000, 28, 28, 1), "Leave the number of images out of the shape: (28, 28, 1)."),
        ((2, 3, 4, 5, 6), ""),
    ],
)
def test_image_axes_fix(sizes, fix):
    assert validation.image_axes_fix(sizes) == fix


@pytest.mark.parametrize(
    ("sizes", "fix"),
    [
        ((100,), "Add the channel axis: x[..., None] has shape (batch, 100, 1)."),
        ((28, 28, 3), "Reshape to (-1, 784, 3) first, or use the 2D layer."),
        ((), ""),
        ((2, 3, 4, 5), ""),
    ],
)
def test_sequence_axes_fix(sizes, fix):
    assert validation.sequence_axes_fix(sizes) == fix
