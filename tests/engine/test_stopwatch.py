"""The stopwatch: whose times it adds up, with either clock, and that it changes nothing."""

import ctypes

import numpy as np
import pytest

from convlet import engine, layers, losses, models, optimizers
from convlet.engine import threads
from convlet.engine.stopwatch import Stopwatch


@pytest.fixture(autouse=True)
def _two_threads():
    engine.set_threads(2)
    yield
    engine.set_threads(None)


def program_and_batch():
    model = models.Sequential(
        [
            layers.Input((12, 12, 1)),
            layers.Conv2D(8, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(3, activation="softmax"),
        ]
    )
    loss = losses.SparseCategoricalCrossentropy()
    program = engine.TrainingProgram(model.graph, 8, [loss], optimizers.SGD(0.1))
    x = np.random.default_rng(0).random((8, 12, 12, 1), dtype=np.float32)
    return model, program, ([x], [np.zeros(8, np.int32)], np.arange(8))


class TwoPhases:
    """What a stopwatch asks of a table: one call, then two."""

    count, call_count, last_phase = 2, 3, (1, 3)


def walked(*steps):
    """A stopwatch that has measured walks: for each thread its calls, then its waiting."""
    stopwatch, table = Stopwatch(), TwoPhases()
    for rows in steps:
        address, places, clock = stopwatch.begin(table, len(rows))
        assert (places, clock) == (5, threads.clock_address())
        memory = (ctypes.c_int64 * (places * len(rows))).from_address(address)
        memory[:] = [1_000_000 * number for row in rows for number in row]
    return stopwatch, table


def test_milliseconds_are_means_over_threads_and_medians_over_steps():
    step = [[2, 0, 8, 0, 0], [0, 6, 2, 4, 0]]
    stopwatch, table = walked(step, [[1000] * 5] * 2, step)
    times = stopwatch.times(table)
    assert times.calls.tolist() == [1.0, 3.0, 5.0]
    assert times.waiting.tolist() == [2.0, 0.0]


def test_what_helpers_leave_idle_at_the_end_is_waiting_too():
    stopwatch, table = walked([[0, 5, 0, 0, 2], [0, 0, 3, 0, 0]])
    assert stopwatch.times(table).waiting.tolist() == [0.0, (2 + 4) / 2]


def test_steps_of_other_numbers_of_threads_do_not_count():
    stopwatch, table = walked([[9] * 5], [[1, 0, 0, 0, 0], [1, 0, 0, 0, 0]])
    assert stopwatch.threads(table) == 2
    assert stopwatch.times(table).calls.tolist() == [1.0, 0.0, 0.0]


def test_what_was_not_walked_through_has_no_times():
    assert Stopwatch().times(TwoPhases()) is None


@pytest.mark.parametrize("fallback", [False, True])
def test_every_call_and_barrier_is_timed_by_either_clock(monkeypatch, fallback):
    if fallback:
        address = threads.ctypes.cast(threads._python_clock, threads.ctypes.c_void_p).value
        monkeypatch.setattr(threads, "clock_address", lambda: address)
    _, program, batch = program_and_batch()
    program._multiply_adds = 10**9  # so that the second thread is thought worth waking
    with program.timed() as stopwatch:
        for _ in range(5):
            program.step(*batch)
    _, (table,) = program.planned("float32")
    calls, waiting = stopwatch.times(table)
    assert stopwatch.threads(table) == 2
    assert len(calls) == sum(len(phase.calls) for phase in table.phases)
    assert len(waiting) == len(table.phases)
    assert (calls >= 0).all()
    assert 0 < calls.sum() < 60_000
    assert (waiting > 0).any()


def test_timing_changes_no_bit_and_ends():
    results = []
    for timed in (False, True):
        model, program, batch = program_and_batch()
        model.set_weights([np.full_like(weight, 0.01) for weight in model.get_weights()])
        if timed:
            with program.timed() as stopwatch:
                program.step(*batch)
            _, (table,) = program.planned("float32")
            before = stopwatch.times(table)
            program.step(*batch)
            np.testing.assert_equal(stopwatch.times(table), before)
        else:
            program.step(*batch)
            program.step(*batch)
        results.append(model.get_weights())
    assert all(np.array_equal(a, b) for a, b in zip(*results, strict=True))


def test_threads_that_share_a_chunk_are_timed():
    model = models.Sequential([layers.Input((64, 64, 16)), layers.Conv2D(64, 5, padding="same")])
    program = engine.InferenceProgram(model.graph)
    x = np.zeros((1, 64, 64, 16), np.float32)
    program.run(x)
    with program.timed() as stopwatch:
        program.run(x)
    _, (pack, forward) = program.planned("float32")
    assert stopwatch.times(pack) is None  # the weights are the same as before
    assert stopwatch.threads(forward) == 2
    assert stopwatch.times(forward).calls.sum() > 0
