"""Stages: chunks that wait for what is computed of the whole batch, and go on where they were."""

import numpy as np
import pytest
from numba import carray

from convlet import engine
from convlet.engine.calls import Label
from convlet.engine.context import NO_BATCH, Context, Phase, Table, stage_phases
from convlet.engine.cpu import cache, jit
from convlet.engine.cpu.simd import floats_at
from convlet.engine.plan import Plan

CHUNKS = 5
RECORD = np.dtype([("place", np.int64), ("partial", np.int64), ("shared", np.int64)])


@jit.specialised(RECORD)
def begin():
    """A chunk keeps its number plus 1 in its slot, and adds it to the sum."""

    def kernel(args, batch, frame):
        op, f = carray(args, 1)[0], carray(frame, 1)[0]
        carray(floats_at(f.slot + 4 * op.place), 1)[0] = f.task + 1
        carray(floats_at(f.gradients + 4 * op.partial), 1)[0] = f.task + 1

    return kernel


@jit.specialised(RECORD)
def reduce():
    """The sum over the chunks."""

    def kernel(args, batch, frame):
        op, b, f = carray(args, 1)[0], carray(batch, 1)[0], carray(frame, 1)[0]
        total = np.float32(0.0)
        for chunk in range(b.images):
            address = f.gradients + chunk * f.gradient_bytes + 4 * op.partial
            total += carray(floats_at(address), 1)[0]
        carray(floats_at(op.shared), 1)[0] = total

    return kernel


@jit.specialised(RECORD)
def finish():
    """What a chunk kept, beside the sum."""

    def kernel(args, batch, frame):
        op, f = carray(args, 1)[0], carray(frame, 1)[0]
        kept = carray(floats_at(f.slot + 4 * op.place), 1)[0]
        total = carray(floats_at(op.shared), 1)[0]
        carray(floats_at(f.gradients + 4 * op.partial), 1)[0] = 100 * total + kept

    return kernel


@pytest.fixture
def plan(monkeypatch):
    """A plan with one call made once between two of the chunks; its kernels are not kept."""
    monkeypatch.setattr(cache, "read", lambda name: None)
    monkeypatch.setattr(cache, "write", lambda name, data: cache.Path())
    plan = Plan(1, training=True)
    plan.of(Label("sum", "a sum over the batch"), "forward")
    fields = {"place": plan.reserve(1), "partial": plan.partial(1), "shared": plan.shared(1)}
    plan.run(begin(), RECORD, **fields)
    plan.once(reduce(), RECORD, **fields)
    plan.run(finish(), RECORD, **fields)
    yield plan
    engine.set_threads(None)


def test_calls_for_the_whole_batch_lie_between_stages_of_the_chunks(plan):
    phases = [(phase.name, phase.chunked, len(phase.calls)) for phase in stage_phases(plan)]
    assert phases == [("chunks 1", True, 1), ("batch 1", False, 1), ("chunks 2", True, 1)]
    (part,) = plan.parts[1:]
    assert part.calls == [call for stage in plan.stages for call in stage.calls]


def test_a_plan_without_them_has_one_stage():
    plan = Plan(1, training=True)
    plan.run(begin(), RECORD)
    plan.run(begin(), RECORD)
    assert stage_phases(plan) == [Phase("chunks", plan.stages[0].calls, chunked=True)]


def test_partial_sums_lie_beside_the_gradients(plan):
    before = plan.gradient_size
    assert plan.partial(7) == before
    assert plan.gradient_size >= before + 7
    assert plan.gradients == []


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_chunks_find_what_they_left_and_what_the_batch_made_of_it(plan, threads):
    engine.set_threads(threads)
    table = Table(stage_phases(plan), plan)
    gradients = np.zeros((CHUNKS, plan.gradient_size), np.float32)
    batch = [*NO_BATCH]
    batch[jit.BATCH.names.index("images") - 1] = CHUNKS
    batch[jit.BATCH.names.index("chunk") - 1] = 1
    place = (gradients.ctypes.data, gradients.strides[0])
    walk = Context()
    for _ in range(50):
        walk.run(table, tuple(batch), threads, gradients=place)
        assert gradients[:, 0].tolist() == [1501, 1502, 1503, 1504, 1505]
        gradients[:] = 0.0
    assert len(walk._slots) == CHUNKS


def test_stages_around_a_pause_have_names_of_their_own(plan):
    plan.pause()
    plan.run(finish(), RECORD)
    assert [phase.name for phase in stage_phases(plan)] == [
        "chunks 1",
        "batch 1",
        "chunks 2",
        "chunks 3",
    ]
