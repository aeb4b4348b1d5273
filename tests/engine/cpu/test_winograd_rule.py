from dataclasses import replace

import pytest

from convlet.engine.cpu.conv2d import Geometry
from convlet.engine.cpu.winograd_rule import (
    EXACT,
    LARGEST_OF_GRADIENTS,
    LARGEST_OF_INFERENCE,
    choose,
    cost,
    cropped,
)
from convlet.engine.plan import NO_HALO

WIDE = Geometry((3, 3), (1, 1), (1, 1), NO_HALO, (24, 24))


def size(geometry, depth=64, columns=64, largest=EXACT, pool=1):
    return choose(geometry, depth, columns, largest, pool).size


def test_wide_layers_go_through_planes():
    assert size(WIDE) == 2
    assert size(WIDE, largest=LARGEST_OF_GRADIENTS) == 4
    assert size(WIDE, largest=LARGEST_OF_INFERENCE) in (4, 5)


@pytest.mark.parametrize("depth", [1, 3])
def test_a_first_layer_has_too_few_channels_to_pay_for_the_transforms(depth):
    assert size(WIDE, depth, 32, LARGEST_OF_INFERENCE) == 0


@pytest.mark.parametrize(
    "change", [{"window": (5, 5)}, {"window": (3, 1)}, {"strides": (2, 1)}, {"dilation": (1, 2)}]
)
def test_other_windows_strides_and_dilations_go_by_the_definition(change):
    assert size(replace(WIDE, **change), largest=LARGEST_OF_INFERENCE) == 0


def test_an_image_smaller_than_a_tile_goes_by_the_definition():
    assert size(replace(WIDE, output=(1, 24)), largest=LARGEST_OF_INFERENCE) == 0


@pytest.mark.parametrize("pool", [1, 2, 3, 4])
def test_training_never_goes_forward_by_tiles_that_could_break_a_tie(pool):
    way = choose(WIDE, 64, 64, EXACT, pool)
    assert way.size in (0, EXACT)
    assert way.fused


def test_a_tile_of_whole_windows_pools_in_registers():
    assert choose(WIDE, 64, 64, EXACT, pool=2).fused
    assert size(WIDE, pool=2) == 2
    assert size(WIDE, pool=3) == 0


def test_inference_may_pool_in_a_pass_of_its_own():
    way = choose(replace(WIDE, output=(10, 10)), 32, 64, LARGEST_OF_INFERENCE, pool=2)
    assert (way.size, way.fused) == (5, False)


@pytest.mark.parametrize("depth", [8, 64, 256])
@pytest.mark.parametrize("columns", [16, 64, 256])
def test_the_way_chosen_costs_no_more_than_any_other(depth, columns):
    way = choose(WIDE, depth, columns, LARGEST_OF_GRADIENTS)
    others = [cost(WIDE.output, depth, columns, other) for other in (0, 2, 3, 4)]
    assert way.cost == min(others)


def test_cropping_leaves_out_what_no_window_pools():
    assert cropped(replace(WIDE, output=(11, 8)), (2, 3)).output == (10, 6)
