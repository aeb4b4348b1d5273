import numpy as np
import pytest

from convlet.activations.lookup import FUNCTIONS, describe
from convlet.engine.reference import activations
from tests.engine.differences import central_differences, random_like
from tests.keras_activations import ACTIVATIONS, DY, inputs

X = np.random.default_rng(0).standard_normal((3, 4, 2, 5)) * 2
SETTINGS = [
    *[(name, {}) for name in sorted(FUNCTIONS.keys() - {"glu", "threshold"})],
    ("celu", {"alpha": 0.5}),
    ("elu", {"alpha": 2.0}),
    ("gelu", {"approximate": True}),
    ("hard_shrink", {"threshold": 1.25}),
    ("leaky_relu", {"negative_slope": 0.5}),
    ("log_softmax", {"axis": 1}),
    ("relu", {"max_value": 1.5}),
    ("relu", {"negative_slope": 0.25}),
    ("relu", {"threshold": 0.75}),
    ("relu", {"max_value": 2.0, "negative_slope": 0.125, "threshold": 0.5}),
    ("soft_shrink", {"threshold": 1.25}),
    ("softmax", {"axis": 1}),
    ("sparsemax", {"axis": 2}),
    ("squareplus", {"b": 0.5}),
    ("threshold", {"threshold": 0.25, "default_value": -1.0}),
]


def complete(name, given):
    """All arguments, as the engine gives them."""
    return {**describe(FUNCTIONS[name]).settings, **given}


@pytest.mark.parametrize(("name", "given"), SETTINGS)
def test_gradients_are_those_of_central_differences(name, given):
    settings = complete(name, given)

    def forward(x):
        return activations.forward(name, x, **settings)

    dy = random_like(np.random.default_rng(1), forward, X)
    expected = central_differences(forward, X, dy)
    np.testing.assert_allclose(activations.backward(name, dy, X, **settings), expected, atol=1e-6)


@pytest.mark.parametrize(("name", "arguments", "values", "gradients"), ACTIVATIONS)
def test_gradients_are_those_of_keras(name, arguments, values, gradients):
    x = inputs(name)[np.newaxis]
    dx = activations.backward(name, DY[np.newaxis], x, **complete(name, arguments))
    np.testing.assert_allclose(dx[0], gradients, rtol=2e-6, atol=1e-6)


def test_every_function_has_a_gradient():
    assert activations.ACTIVATIONS.keys() == FUNCTIONS.keys() - {"glu"}


@pytest.mark.parametrize(
    ("name", "given"), [row for row in SETTINGS if "axis" not in complete(*row)]
)
def test_kinks_are_where_the_slope_jumps(name, given):
    settings = complete(name, given)
    grid = np.arange(-8.0, 8.0, 1 / 64)
    ahead, behind = (
        activations.backward(name, np.ones_like(grid), grid + step, **settings)
        for step in (1e-9, -1e-9)
    )
    jumps = grid[np.abs(ahead - behind) > 1e-3]
    assert set(jumps) == set(activations.ACTIVATIONS[name].kinks(**settings))
