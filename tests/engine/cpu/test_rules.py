"""The rules by which tiles, and the way back through a pool, are chosen."""

import pytest

from convlet import layers, models
from convlet.engine.cpu import products, sparse
from convlet.engine.cpu.products import tile_shape
from convlet.engine.cpu.simd import ACCUMULATORS, LANES
from convlet.engine.lowering import lower
from convlet.engine.plan import NO_HALO, Plan


@pytest.mark.parametrize("columns", [1, 3, 10, 16, 17, 32, 33, 48, 64, 65, 96, 128, 130, 1000])
@pytest.mark.parametrize("window", [1, 2, 4, 6])
def test_a_tile_covers_whole_windows_and_fits_the_registers(columns, window):
    shape = tile_shape(columns, window)
    assert shape.rows % window == 0
    assert shape.rows * shape.vectors <= ACCUMULATORS
    panels = -(-columns // shape.width)
    # No more than one vector of each panel is filled up with zeros.
    assert panels * shape.width - columns < LANES * (panels + 1)


def test_a_window_must_fit_the_registers():
    assert products.window_fits(4)
    assert not products.window_fits(16)


def lists_of(channels, filters, dilation=1):
    model = models.Sequential(
        [
            layers.Input((20, 20, channels)),
            layers.Conv2D(filters, 3, activation="relu", dilation_rate=dilation),
            layers.MaxPooling2D(2),
        ]
    )
    (op,) = lower(model.graph).ops
    plan = Plan(2, training=True)
    y = op.forward(plan, plan.tensor((20, 20, channels)), NO_HALO)
    return sparse.Lists(plan, op.x, op.codes, y, op.kernel, op.geometry, op.pool)


def test_lists_pay_where_a_window_holds_many_weights():
    lists = lists_of(channels=64, filters=64)
    assert lists.pays_for_weights()
    assert lists.pays_for_input()


def test_lists_do_not_pay_for_a_first_layer_of_gray_images():
    assert lists_of(channels=1, filters=32).pays_for_weights() == (LANES == 1)


def test_dilation_across_takes_the_dense_way():
    lists = lists_of(channels=64, filters=64, dilation=2)
    assert not lists.pays_for_weights()
    assert not lists.pays_for_input()
