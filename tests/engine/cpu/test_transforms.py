import random
from fractions import Fraction

import pytest

from convlet.engine.cpu.transforms import matrices

SIZES = [2, 3, 4, 5]


def product(a, b):
    return [
        [sum(x * y for x, y in zip(row, column, strict=True)) for column in zip(*b, strict=True)]
        for row in a
    ]


def sandwich(left, middle, right):
    return product(product(left, middle), right)


def square(side, draw):
    return [[Fraction(draw.randint(-9, 9)) for _ in range(side)] for _ in range(side)]


def by_element(a, b):
    return [[x * y for x, y in zip(p, q, strict=True)] for p, q in zip(a, b, strict=True)]


def convolution(d, g):
    size = len(d) - 2
    return [
        [sum(d[i + a][j + b] * g[a][b] for a in range(3) for b in range(3)) for j in range(size)]
        for i in range(size)
    ]


@pytest.mark.parametrize("size", SIZES)
def test_the_transforms_are_a_convolution_without_any_rounding(size):
    draw = random.Random(size)
    m = matrices(size)
    d, g = square(size + 2, draw), square(3, draw)
    planes = by_element(sandwich(m["G"], g, m["G^T"]), sandwich(m["B^T"], d, m["B"]))
    assert sandwich(m["A^T"], planes, m["A"]) == convolution(d, g)


@pytest.mark.parametrize("size", SIZES)
def test_the_same_planes_give_both_gradients(size):
    """<conv(d, g), dy> is linear in d and in g: its slopes are the gradients."""
    draw = random.Random(size)
    m = matrices(size)
    d, g, dy = square(size + 2, draw), square(3, draw), square(size, draw)
    dy_planes = sandwich(m["A"], dy, m["A^T"])
    dd = sandwich(m["B"], by_element(sandwich(m["G"], g, m["G^T"]), dy_planes), m["B^T"])
    dg = sandwich(m["G^T"], by_element(sandwich(m["B^T"], d, m["B"]), dy_planes), m["G"])
    value = sum(map(sum, by_element(convolution(d, g), dy)))
    assert sum(map(sum, by_element(dd, d))) == value
    assert sum(map(sum, by_element(dg, g))) == value


def test_size_2_needs_no_numbers_but_ones():
    m = matrices(2)
    assert {abs(entry) for name in ("A", "B^T") for row in m[name] for entry in row} == {0, 1}


def test_size_2_reads_nothing_outside_an_outputs_window():
    """Each plane that an output sums over is made of that output's own inputs."""
    m = matrices(2)
    for output, planes in enumerate(m["A^T"]):
        read = {
            k
            for plane, factor in enumerate(planes)
            if factor
            for k, entry in enumerate(m["B^T"][plane])
            if entry
        }
        assert read == {output, output + 1, output + 2}
