"""Where pixels between pixels and outside of images come from."""

import numpy as np
import pytest

from convlet.engine.reference.sampling import affine_transform, sample, within

ROW = np.array([1.0, 2.0, 3.0]).reshape(1, 1, 3, 1)


@pytest.mark.parametrize(
    ("fill_mode", "expected"),
    [
        ("reflect", [2, 3, 3, 2, 1, 1, 2, 3, 3, 2, 1, 1, 2]),
        ("wrap", [2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2]),
        ("nearest", [1, 1, 1, 1, 1, 1, 2, 3, 3, 3, 3, 3, 3]),
        ("constant", [9, 9, 9, 9, 9, 1, 2, 3, 9, 9, 9, 9, 9]),
    ],
)
def test_fill_modes(fill_mode, expected):
    u = np.arange(-5.0, 8.0).reshape(1, 1, 13)
    for interpolation in ("nearest", "bilinear"):
        y = sample(ROW, np.zeros_like(u), u, interpolation, fill_mode, 9.0)
        assert y.ravel().tolist() == expected


def test_one_pixel_stands_for_all_outside():
    assert within(np.arange(-3, 4), 1, "reflect").tolist() == [0] * 7


def test_nearest_rounds_halves_away_from_zero():
    u = np.array([-0.5, -0.4, 0.4, 0.5, 1.5]).reshape(1, 1, 5)
    y = sample(ROW, np.zeros_like(u), u, "nearest", "constant", 9.0)
    assert y.ravel().tolist() == [9.0, 1.0, 1.0, 2.0, 3.0]


def test_bilinear_is_linear_between_pixels_and_towards_the_fill_value():
    u = np.array([-0.25, 0.25, 1.5, 2.5]).reshape(1, 1, 4)
    y = sample(ROW, np.zeros_like(u), u, "bilinear", "constant", 9.0)
    assert y.ravel().tolist() == [3.0, 1.25, 2.5, 6.0]
    v = np.full((1, 1, 4), 0.5)
    y = sample(np.concatenate([ROW, 3 * ROW], axis=1), v, np.abs(u), "bilinear", "nearest")
    assert y.ravel().tolist() == [2.5, 2.5, 5.0, 6.0]


def test_a_matrix_transposes():
    x = np.arange(18.0).reshape(1, 3, 3, 2)
    matrix = np.array([[0.0, 1.0, 0.0, 1.0, 0.0, 0.0]])
    y = affine_transform(x, matrix, "bilinear", "nearest")
    np.testing.assert_array_equal(y, x.transpose(0, 2, 1, 3))
