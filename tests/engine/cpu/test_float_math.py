"""The float32 polynomials beside float64, in units in the last place."""

import numba
import numpy as np
import pytest
from scipy import special

from convlet.engine.cpu import float_math
from convlet.engine.cpu.elementwise import FORMULAS, apply, apply_slope
from convlet.engine.cpu.jit import FAST_MATH
from convlet.engine.cpu.noise import disturb

EVERYWHERE = np.concatenate(
    [np.linspace(-110, 95, 100_001), np.logspace(-30, 1, 10_001), -np.logspace(-30, 1, 10_001)]
).astype(np.float32)


def over(function, x):
    """The function of each number, as a loop that LLVM vectorises."""

    @numba.njit(fastmath=set(FAST_MATH), error_model="numpy")
    def loop(x, y):
        for i in range(len(x)):
            y[i] = function(x[i])

    y = np.empty_like(x)
    loop(x, y)
    return y


def softplus(x):
    return np.logaddexp(0, x)


@pytest.mark.parametrize(
    ("name", "true", "x", "most"),
    [
        ("exp", np.exp, EVERYWHERE, 1.1),
        ("expm1_of_negative", np.expm1, EVERYWHERE[EVERYWHERE <= 0], 1.1),
        ("log1p_of_share", np.log1p, EVERYWHERE[(EVERYWHERE >= 0) & (EVERYWHERE <= 1)], 2.0),
        ("log", np.log, EVERYWHERE[EVERYWHERE > 1e-37], 2.0),
        ("tanh", np.tanh, EVERYWHERE, 2.6),
        ("sigmoid", special.expit, EVERYWHERE, 2.5),
        ("softplus", softplus, EVERYWHERE, 2.6),
        ("normal_cdf", special.ndtr, EVERYWHERE[EVERYWHERE > -2], 6),
    ],
)
def test_units_in_the_last_place(name, true, x, most):
    with np.errstate(over="ignore"):
        expected = true(x.astype(np.float64))
        y = over(getattr(float_math, name), x).astype(np.float64)
        rounded = expected.astype(np.float32)
    finite = np.isfinite(rounded)
    unit = np.spacing(np.maximum(np.abs(rounded[finite]), np.finfo(np.float32).tiny))
    assert (y[~finite] == rounded[~finite]).all()
    assert (np.abs(y[finite] - expected[finite]) / unit).max() < most


@pytest.mark.parametrize(
    ("name", "limits"),
    [
        ("exp", [np.nan, 0.0, np.inf, 1.0]),
        ("tanh", [np.nan, -1.0, 1.0, 0.0]),
        ("sigmoid", [np.nan, 0.0, 1.0, 0.5]),
        ("softplus", [np.nan, 0.0, np.inf, np.float32(np.log(2))]),
    ],
)
def test_limits(name, limits):
    x = np.array([np.nan, -np.inf, np.inf, 0.0], np.float32)
    np.testing.assert_array_equal(over(getattr(float_math, name), x), limits)


def test_the_far_tail_of_the_normal_distribution():
    x = np.linspace(-12, -2, 1001).astype(np.float32)
    expected = special.ndtr(x.astype(np.float64))
    np.testing.assert_allclose(over(float_math.normal_cdf, x), expected, rtol=1e-5)


def test_normal_numbers_of_the_least_and_the_most_bits():
    @numba.njit
    def normal(draw):
        return float_math.normal(draw)

    largest = np.sqrt(64 * np.log(2))
    assert normal(np.uint64(0x400000)) == pytest.approx(largest, rel=1e-6)
    assert normal(np.uint64(0x80400000)) == pytest.approx(-largest, rel=1e-6)
    assert abs(normal(np.uint64(2**64 - 1))) < 1e-6


@pytest.mark.parametrize(
    "kernel",
    [
        *[family(name) for name in FORMULAS for family in (apply, apply_slope)],
        *map(disturb, ("drop", "add", "multiply")),
    ],
    ids=lambda kernel: kernel.name,
)
def test_no_activation_calls_the_c_library(kernel):
    """A call computes one number at a time, however wide vectors are."""
    module = kernel.optimised()
    called = [f.name for f in module.functions if f.is_declaration]
    assert [name for name in called if not name.startswith("llvm.")] == []
