"""Winograd's way where the cache holds planes for a part of a chunk's tiles: block by block."""

import pytest

from convlet import engine, optimizers
from convlet.engine.cpu import winograd
from convlet.engine.cpu.winograd import PLANES, SUMS
from convlet.layers.graph import chain
from tests.engine.cases import make_case
from tests.engine.comparison import check_bits, check_gradients, check_inference
from tests.engine.networks_table import NETWORKS
from tests.engine.winograd_networks import stack

LARGE = stack((24, 24, 64), ("same", 64), ("max", 2), ("same", 64), batch=4)
SMALL = ["planes, tiles of 4", "planes, tiles that reach back", "planes, pooled twice"]


@pytest.fixture(autouse=True)
def default_threads():
    yield
    engine.set_threads(None)


@pytest.fixture(params=["large", *SMALL])
def network(request, monkeypatch):
    """One whose planes don't fit the cache, and small ones beside a cache for the fewest tiles."""
    if request.param == "large":
        return LARGE
    monkeypatch.setattr(winograd, "BLOCK_FLOATS", 1)
    return NETWORKS[request.param]


def blocks(case):
    """How many blocks each of a training program's calls takes."""
    optimizer = optimizers.SGD()
    program = engine.TrainingProgram(chain(case.layers), 11, [case.loss], optimizer)
    plan, _ = program.planned("float32")
    records = [call.args[0] for call in plan.stages[0].calls if call.args.dtype in (PLANES, SUMS)]
    return [-(-plan.chunk * int(record["tiles"]) // int(record["block"])) for record in records]


def test_several_blocks_are_needed(network):
    assert max(blocks(make_case(network))) > 1


def test_blocks_add_up_to_the_reference(network):
    case = make_case(network)
    check_gradients(case)
    check_inference(case)


def test_blocks_give_the_same_bits_for_any_number_of_threads(network, monkeypatch):
    check_bits(network, monkeypatch)
