"""What a walk has for itself: addresses, room that grows, helpers that are given back."""

import ctypes

import numpy as np
import pytest

from convlet import engine
from convlet.engine import context, threads
from convlet.engine.context import NO_BATCH, Context, Phase, Table, address_of
from convlet.engine.cpu import packing as packs
from convlet.engine.cpu.interpreter import AWAY, LINGERING, open_gate
from convlet.engine.cpu.jit import share
from convlet.engine.cpu.packing import packed
from convlet.engine.plan import Plan
from convlet.variable import Variable


@pytest.fixture(autouse=True)
def _default_threads():
    yield
    engine.set_threads(None)


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_an_address_is_told_whether_or_not_an_array_may_be_written(dtype):
    array = np.zeros((2, 3, 4), dtype)
    assert address_of(array[1:]) == array.ctypes.data + array[0].nbytes
    array.flags.writeable = False
    assert address_of(array) == array.ctypes.data


def empty_table(slot_size):
    """A table without calls, for threads that have so much room."""
    plan = Plan(1, training=False)
    plan.slot_size = slot_size
    return Table([], plan)


@pytest.fixture
def packing():
    """A table with something to do that needs no batch."""
    plan = Plan(1, training=False)
    kernel = Variable(np.ones((3, 2)), "kernel")
    plan.keep(kernel)
    packed(plan, kernel, 2, width=16)
    yield Table([Phase("pack", plan.pack_calls)], plan)
    del plan  # until here it owns what the table points to


def test_nobody_helps_where_there_is_nothing_to_do():
    engine.set_threads(2)
    assert Context().run(empty_table(100), NO_BATCH, threads=2) == 1


def test_room_grows_and_is_kept():
    walk = Context()
    walk._allocate(empty_table(100), threads=1, slots=1)
    walk._allocate(empty_table(50), threads=3, slots=3)
    assert walk._slots.shape == (3, 100)
    assert len(walk._frames) == 3
    addresses = walk._addresses
    walk._allocate(empty_table(80), threads=2, slots=1)
    assert walk._addresses is addresses
    assert not walk._slots.any()


def test_helpers_are_given_back_where_a_walk_fails(packing, monkeypatch):
    engine.set_threads(3)

    def fail(*given):
        raise MemoryError

    monkeypatch.setattr(Context, "_allocate", fail)
    with pytest.raises(MemoryError):
        Context().run(packing, NO_BATCH, threads=3)
    assert threads.helpers().claim(2) == 2
    threads.helpers().release(2)


def test_a_walk_makes_do_with_the_helpers_that_are_idle(packing, monkeypatch):
    engine.set_threads(2)
    helpers = threads.Helpers()
    monkeypatch.setattr(context, "helpers", lambda: helpers)
    assert Context().run(packing, NO_BATCH, threads=2) == 2
    claimed = helpers.claim(1)
    assert Context().run(packing, NO_BATCH, threads=2) == 1
    helpers.release(claimed)


class LateHelpers(threads.Helpers):
    """Helpers that come when they are let."""

    def __init__(self):
        super().__init__()
        self.late = []

    def claim(self, count):
        return count

    def release(self, count):
        pass

    def start(self, job):
        self.late.append(job)


def test_nobody_waits_for_a_helper_that_comes_late(monkeypatch):
    """The caller does all tasks itself; who comes afterwards touches nothing, also steps later."""
    helpers = LateHelpers()
    monkeypatch.setattr(context, "helpers", lambda: helpers)
    plan = Plan(1, training=False)
    kernel = Variable(np.ones((3, 2)), "kernel")
    address = packed(plan, kernel, 2, width=16)
    table = Table([Phase("pack", plan.pack_calls)], plan)
    target = np.ctypeslib.as_array((ctypes.c_float * 48).from_address(address)).reshape(3, 16)
    walk = Context()
    for value in (1.0, 2.0):
        kernel.assign(np.full((3, 2), value))
        walk.run(table, NO_BATCH, threads=3)
        assert (target[:, :2] == value).all()
    kernel.assign(np.full((3, 2), 3.0))
    for job in helpers.late:
        job()
    assert len(helpers.late) == 4
    assert (target[:, :2] == 2.0).all()


@pytest.mark.parametrize(
    ("held", "woken"), [(LINGERING, 0), (AWAY, 1), (2 * 6, 1), (2 * 6 + 1, 1), (0, 1)]
)
def test_a_helper_that_looks_out_is_not_woken(held, woken):
    gates = np.array([0, 0, held], np.int64)
    asleep = np.full(3, -1)
    open_gate.compiled(gates.ctypes.data, 2, 7, asleep.ctypes.data)
    assert gates.tolist() == [0, 0, 2 * 7]
    assert asleep.tolist() == [-1, -1, woken]


def test_steps_that_follow_each_other_at_once_are_all_taken(monkeypatch):
    """Helpers that look out and helpers that are woken: each step is whole before the next."""
    engine.set_threads(3)
    plan = Plan(1, training=False)
    kernel = Variable(np.ones((64, 2)), "kernel")
    monkeypatch.setattr(packs, "TASK_FLOATS", 16)
    address = packed(plan, kernel, 2, width=16)
    target = np.ctypeslib.as_array((ctypes.c_float * 1024).from_address(address)).reshape(64, 16)
    table = Table([Phase("pack", plan.pack_calls)], plan)
    assert len(plan.pack_calls) == 64
    walk = Context()
    for step in range(500):
        kernel.assign(np.full((64, 2), step))
        walk.run(table, NO_BATCH, threads=3)
        assert (target[:, :2] == step).all()


@pytest.mark.parametrize("total", [0, 1, 2, 7, 64])
@pytest.mark.parametrize("parts", [1, 2, 3, 8])
def test_shares_are_everything_once_and_nearly_equal(total, parts):
    shares = [share(total, part, parts) for part in range(parts)]
    assert [piece for begin, end in shares for piece in range(begin, end)] == list(range(total))
    sizes = [end - begin for begin, end in shares]
    assert max(sizes) - min(sizes) <= 1
