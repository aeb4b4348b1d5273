import json
import re

import numpy as np
import pytest

from convlet import initializers, rng
from convlet.errors import ArgumentError, ShapeError, UnknownNameError, UnsupportedError
from convlet.initializers.scaling import _fans
from convlet.layers import Dense

KERNEL = (3, 3, 64, 128)
FAN_IN = 3 * 3 * 64
FAN_AVERAGE = 3 * 3 * (64 + 128) / 2

# name, variance, bound of the absolute value (a truncated normal reaches 2 standard deviations of
# the normal it is cut from, which are 2 / 0.8796 of its own)
SCALED = [
    ("glorot_uniform", 1 / FAN_AVERAGE, np.sqrt(3)),
    ("glorot_normal", 1 / FAN_AVERAGE, 2 / 0.8796),
    ("he_uniform", 2 / FAN_IN, np.sqrt(3)),
    ("he_normal", 2 / FAN_IN, 2 / 0.8796),
    ("lecun_uniform", 1 / FAN_IN, np.sqrt(3)),
    ("lecun_normal", 1 / FAN_IN, 2 / 0.8796),
    ("random_uniform", 0.05**2 / 3, np.sqrt(3)),
    ("random_normal", 0.05**2, 6),
    ("truncated_normal", (0.05 * 0.87962566) ** 2, 2 / 0.8796),
]


@pytest.mark.parametrize(("name", "variance", "bound"), SCALED)
def test_random_values(name, variance, bound):
    values = initializers.get(name)(KERNEL)
    assert values.shape == KERNEL
    deviation = np.sqrt(variance)
    assert values.std() == pytest.approx(deviation, rel=0.01)
    assert abs(values.mean()) < 0.02 * deviation
    assert 0.98 * min(bound, 4) * deviation < abs(values).max() <= bound * 1.0001 * deviation


@pytest.mark.parametrize(("name", "value"), [("zeros", 0.0), ("ones", 1.0), ("constant", 0.0)])
def test_one_value(name, value):
    np.testing.assert_array_equal(initializers.get(name)((2, 3)), np.full((2, 3), value))


@pytest.mark.parametrize(
    ("shape", "fans"),
    [((), (1, 1)), ((5,), (5, 5)), ((4, 7), (4, 7)), ((3, 2, 5, 7), (30, 42))],
)
def test_fans(shape, fans):
    assert _fans(shape) == fans


@pytest.mark.parametrize("distribution", ["uniform", "truncated_normal", "untruncated_normal"])
@pytest.mark.parametrize("mode", ["fan_in", "fan_out", "fan_avg"])
def test_variance_scaling(mode, distribution):
    values = initializers.VarianceScaling(3.0, mode, distribution)((200, 600))
    n = {"fan_in": 200, "fan_out": 600, "fan_avg": 400}[mode]
    assert values.var() == pytest.approx(3.0 / n, rel=0.02)


@pytest.mark.parametrize("initializer", ["zeros", "he_normal", "orthogonal", "identity"])
def test_dtypes(initializer):
    assert initializers.get(initializer)((3, 3)).dtype == np.float32
    assert initializers.get(initializer)((3, 3), dtype="float64").dtype == np.float64


def test_identity():
    np.testing.assert_array_equal(initializers.Identity(3.0)((2, 3)), [[3, 0, 0], [0, 3, 0]])


def test_fans_of_other_axes():
    scaling = initializers.VarianceScaling(1.0, "fan_in", "uniform", 3, [1, 2], [0])
    values = scaling((500, 4, 25))
    assert values.var() == pytest.approx(1 / 100, rel=0.02)
    alone = initializers.VarianceScaling(1.0, "fan_in", "uniform", 3, input_axes=[0])
    usual = initializers.VarianceScaling(1.0, "fan_in", "uniform", 3)
    np.testing.assert_array_equal(alone((5, 6)), usual((5, 6)))


@pytest.mark.parametrize("shape", [(7, 4), (4, 7), (3, 2, 2, 5)])
def test_orthogonal(shape):
    values = initializers.Orthogonal(2.0)(shape)
    assert values.shape == shape
    matrix = values.reshape(-1, shape[-1])
    small = matrix.T @ matrix if len(matrix) >= shape[-1] else matrix @ matrix.T
    np.testing.assert_allclose(small, 4 * np.eye(len(small)), atol=1e-5)


def test_every_orthogonal_matrix_is_as_likely():
    """Signs of a corner: QR alone would make it always negative."""
    corners = [initializers.Orthogonal(seed=seed)((3, 3))[0, 0] for seed in range(200)]
    assert 70 < sum(corner > 0 for corner in corners) < 130
    assert abs(np.mean(corners)) < 0.15


def halves(shape, dtype=None):
    return np.full(shape, 0.5, dtype)


def test_a_function():
    layer = Dense(2, kernel_initializer=halves)
    layer.build((None, 3))
    np.testing.assert_array_equal(layer.kernel.value, np.full((3, 2), 0.5))
    saved = initializers.serialize(layer.kernel_initializer)
    assert (saved["class_name"], saved["config"]) == ("function", "halves")


def test_an_array():
    layer = Dense(2, bias_initializer=np.array([1.0, 2.0]))
    layer.build((None, 3))
    assert layer.bias.numpy().tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("normal", initializers.RandomNormal),
        ("uniform", initializers.RandomUniform),
        ("one", initializers.Ones),
        ("zero", initializers.Zeros),
        ("IdentityInitializer", initializers.Identity),
        ("OrthogonalInitializer", initializers.Orthogonal),
        ("HeNormal", initializers.HeNormal),
    ],
)
def test_further_names(name, kind):
    assert type(initializers.get(name)) is kind


def test_short_names_are_the_classes():
    assert initializers.he_normal is initializers.HeNormal
    assert initializers.zeros is initializers.Zeros


@pytest.mark.parametrize("name", [name for name, *_ in SCALED])
def test_seeds(name):
    cls = type(initializers.get(name))
    np.testing.assert_array_equal(cls(seed=3)((4, 5)), cls(seed=3)((4, 5)))
    assert (cls(seed=3)((4, 5)) != cls(seed=4)((4, 5))).any()
    rng.set_random_seed(1)
    first, second = cls()((4, 5)), cls()((4, 5))
    rng.set_random_seed(1)
    np.testing.assert_array_equal(cls()((4, 5)), first)
    assert (first != second).any()


@pytest.mark.parametrize(
    "initializer",
    [
        initializers.Constant(0.5),
        initializers.HeNormal(seed=3),
        initializers.Identity(0.5),
        initializers.LecunUniform(3, [0], [1]),
        initializers.Orthogonal(2.0, seed=3),
        initializers.RandomNormal(1.0, 2.0, seed=3),
        initializers.RandomUniform(-1.0, 2.0),
        initializers.TruncatedNormal(1.0, 2.0),
        initializers.VarianceScaling(2.0, "fan_out", "uniform", seed=3),
        initializers.Zeros(),
    ],
    ids=lambda initializer: type(initializer).__name__,
)
def test_config_round_trip(initializer):
    again = initializers.get(json.loads(json.dumps(initializers.serialize(initializer))))
    assert type(again) is type(initializer)
    assert again.get_config() == initializer.get_config()
    assert initializers.get(initializer) is initializer


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (
            lambda: initializers.Identity()((3, 3, 1, 1)),
            ShapeError,
            "Identity needs the shape of a matrix. Received shape (3, 3, 1, 1). "
            "Use it for the kernel of a Dense layer.",
        ),
        (
            lambda: initializers.Orthogonal()((3,)),
            ShapeError,
            "Orthogonal needs a shape of at least 2 axes. Received shape (3,). "
            "Use it for a kernel.",
        ),
        (
            lambda: initializers.get(halves)((2,)) + initializers.get(np.ones(3))((2,)),
            ShapeError,
            "The initializer 'given_array' needs to return values of the weight's shape (2,). "
            "Received shape (3,).",
        ),
        (
            lambda: initializers.get("stft"),
            UnsupportedError,
            "initializers.STFT is not supported: convlet has no layers for spectrograms. "
            "Received the name. Compute the values in NumPy, and pass the array.",
        ),
        (
            lambda: initializers.GlorotNormal(input_axes=1),
            ArgumentError,
            "GlorotNormal needs input_axes to be a list of integers, or None. "
            "Received input_axes=1.",
        ),
    ],
)
def test_messages(act, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        act()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: initializers.Constant("1"),
            "Constant needs value to be a number. Received value='1'.",
        ),
        (
            lambda: initializers.HeNormal(seed=-1),
            "HeNormal needs seed to be an integer of at least 0. Received seed=-1.",
        ),
        (
            lambda: initializers.RandomNormal(stddev=-1),
            "RandomNormal needs stddev to be a number at least 0. Received stddev=-1.",
        ),
        (
            lambda: initializers.RandomUniform(1, 0),
            "RandomUniform needs maxval to be a number at least 1. Received maxval=0.",
        ),
        (
            lambda: initializers.VarianceScaling(scale=0),
            "VarianceScaling needs scale to be a number above 0. Received scale=0.",
        ),
    ],
)
def test_refuses(make, message):
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        make()


def test_misspelt_name():
    with pytest.raises(UnknownNameError, match=r"Did you mean 'glorot_uniform'\?$"):
        initializers.get("glorot_unifrm")


def test_neither_name_nor_initializer():
    message = (
        "Dense needs initializer to be a name, a function or an Initializer object. "
        "Received initializer=3."
    )
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        initializers.get(3, owner="Dense")
