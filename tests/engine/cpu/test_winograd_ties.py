"""Ties in a pool behind Winograd's way, of weights and images with all their digits.

Where rows or columns are equal the outputs are the same bits, and the pool picks the element that
the definition picks. Equal outputs on a diagonal come from different planes and may differ in their
last bits: then the pool may pick either, and no gradient of a weight shows which.
"""

import numpy as np
import pytest

from convlet import engine, losses, optimizers
from convlet.engine.cpu import conv2d
from convlet.engine.cpu.products import PRODUCT
from convlet.engine.cpu.winograd import PLANES
from convlet.engine.cpu.winograd_rule import Way
from convlet.layers import Conv2D, Dense, Flatten, MaxPooling2D
from convlet.layers.graph import chain
from tests.engine.cases import Case, built
from tests.engine.comparison import check_gradients
from tests.engine.network import Network

HEIGHT, WIDTH, CHANNELS, FILTERS, IMAGES = 12, 34, 16, 32, 8
POOLED = ((HEIGHT - 2) // 2, (WIDTH - 2) // 2, FILTERS)


def pattern(name):
    """Images of random numbers that repeat along an axis or a diagonal."""
    generator = np.random.default_rng(1)
    rows, columns = np.arange(HEIGHT)[:, None], np.arange(WIDTH)[None, :]
    which = {
        "constant areas": rows // 6 * WIDTH + columns // 6,
        "equal rows": columns + 0 * rows,
        "equal columns": rows + 0 * columns,
        "columns that differ in every tile's last row": np.where(rows % 4 == 3, columns, rows),
        "diagonals": rows - columns + WIDTH,
        "rising diagonals": rows + columns,
    }[name]
    values = generator.standard_normal((IMAGES, HEIGHT * WIDTH, CHANNELS))
    return np.ascontiguousarray(values[:, which], np.float32)


def case_of(name):
    """A pooled convolution with biases of zero, and a classifier."""
    network = Network(
        (HEIGHT, WIDTH, CHANNELS),
        lambda: [
            Conv2D(FILTERS, 3, activation="relu"),
            MaxPooling2D(2),
            Flatten(),
            Dense(3, activation="softmax"),
        ],
    )
    y = np.eye(3, dtype=np.float32)[np.arange(IMAGES) % 3]
    index = np.arange(IMAGES, dtype=np.int64)
    return Case(built(network), losses.CategoricalCrossentropy(), pattern(name), y, index, None)


def by_the_definition(geometry, depth, columns, largest, pool=1):
    """What ``choose`` says where Winograd's way doesn't pay."""
    return Way(0, 1.0, 1.0)


def pool_codes(case):
    """Which element of each window the pool picks, and whether Winograd's way led there."""
    program = engine.TrainingProgram(chain(case.layers), 4 * IMAGES, [case.loss], optimizers.SGD())
    plan, _ = program.planned("float32")
    assert plan.chunk == IMAGES
    calls = [call for call in plan.stages[0].calls if call.args.dtype in (PLANES, PRODUCT)]
    before = [layer.get_weights() for layer in case.layers]
    program.step([case.x], [case.y], case.index)
    for layer, weights in zip(case.layers, before, strict=True):
        layer.set_weights(weights)
    first = int(calls[0].args["codes"][0])
    codes = program._context._slots[0][first : first + IMAGES * np.prod(POOLED)].view(np.int32)
    return codes.reshape(IMAGES, *POOLED).copy(), calls[0].args.dtype == PLANES


def codes_both_ways(case, monkeypatch):
    """The codes by Winograd's way and by the definition."""
    codes, by_planes = pool_codes(case)
    assert by_planes
    with monkeypatch.context() as patch:
        patch.setattr(conv2d, "choose", by_the_definition)
        plain, by_planes = pool_codes(case)
    assert not by_planes
    return codes, plain


@pytest.mark.parametrize(
    "name",
    [
        "constant areas",
        "equal rows",
        "equal columns",
        "columns that differ in every tile's last row",
    ],
)
def test_ties_of_rows_and_columns_pick_what_the_definition_picks(name, monkeypatch):
    codes, plain = codes_both_ways(case_of(name), monkeypatch)
    assert (codes == plain).all()


@pytest.mark.parametrize(("name", "tied"), [("diagonals", {0, 3}), ("rising diagonals", {1, 2})])
def test_on_a_diagonal_one_of_the_equal_elements_is_picked(name, tied, monkeypatch):
    codes, plain = codes_both_ways(case_of(name), monkeypatch)
    differing = codes != plain
    assert differing.mean() < 0.5
    assert set(np.unique(codes[differing])) <= tied
    assert set(np.unique(plain[differing])) <= {min(tied)}


@pytest.mark.parametrize(
    "name", ["constant areas", "equal rows", "equal columns", "diagonals", "rising diagonals"]
)
def test_gradients_do_not_show_which_of_equal_elements_was_picked(name):
    check_gradients(case_of(name))
