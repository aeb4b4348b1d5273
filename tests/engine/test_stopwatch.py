"""The stopwatch: whose times it adds up, with either clock, and that it changes nothing."""

import numpy as np
import pytest

from convlet import engine, layers, losses, models, optimizers
from convlet.engine import threads
from convlet.engine.cpu.jit import FRAME
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
    program = engine.TrainingProgram(model.layers, (12, 12, 1), 8, loss, optimizers.SGD(0.1))
    x = np.random.default_rng(0).random((8, 12, 12, 1), dtype=np.float32)
    return model, program, (x, np.zeros(8, np.int32), np.arange(8))


def test_milliseconds_are_means_over_threads_and_medians_over_steps():
    stopwatch = Stopwatch()
    frames = np.zeros(3, FRAME)
    for factor in (1_000_000, 1_000_000_000, 2_000_000):
        stopwatch.attach(frames, workers=2, calls=2, phases=1)
        stopwatch._steps[-1][:] = np.array([[2, 0, 4], [0, 6, 0]]) * factor
    assert stopwatch.calls.tolist() == [2.0, 6.0]
    assert stopwatch.waiting.tolist() == [4.0]
    assert frames["times"].tolist() == [*(row.ctypes.data for row in stopwatch._steps[-1]), 0]
    assert frames["clock"].tolist() == [threads.clock_address()] * 3


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
    _, phases = program.planned("float32")
    assert stopwatch.threads == 2
    assert len(stopwatch.calls) == sum(len(phase.calls) for phase in phases)
    assert len(stopwatch.waiting) == len(phases)
    assert (stopwatch.calls >= 0).all()
    assert 0 < stopwatch.calls.sum() < 60_000
    assert (stopwatch.waiting > 0).any()


def test_timing_changes_no_bit_and_ends():
    results = []
    for timed in (False, True):
        model, program, batch = program_and_batch()
        model.set_weights([np.full_like(weight, 0.01) for weight in model.get_weights()])
        if timed:
            with program.timed() as stopwatch:
                program.step(*batch)
            before = stopwatch.calls.copy()
            program.step(*batch)
            assert np.array_equal(stopwatch.calls, before)
            assert not program._frames["times"].any()
        else:
            program.step(*batch)
            program.step(*batch)
        results.append(model.get_weights())
    assert all(np.array_equal(a, b) for a, b in zip(*results, strict=True))
