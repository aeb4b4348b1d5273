"""Inference programs: several threads on one image, several callers at once, packed weights."""

import re
import threading

import numpy as np
import pytest

from convlet import engine, layers, losses, models, optimizers
from convlet.engine import inference, threads
from convlet.engine.inference import Walk, walk
from convlet.engine.plan import Plan
from convlet.errors import ShapeError
from convlet.layers.graph import chain
from tests.engine.cases import make_case
from tests.engine.networks_table import NETWORKS


@pytest.fixture(autouse=True)
def _default_threads():
    yield
    engine.set_threads(None)


@pytest.fixture
def eager(monkeypatch):
    """Has all threads share every chunk, however little work there is."""
    monkeypatch.setattr(inference, "SHARED_WORK_PER_THREAD", 0.001)
    monkeypatch.setattr(inference, "BUSY", 2)


@pytest.fixture
def model():
    return models.Sequential(
        [
            layers.Input((12, 12, 1)),
            layers.Conv2D(20, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(40, activation="relu"),
            layers.Dense(5, activation="softmax"),
        ]
    )


def images(count, dtype=np.float32):
    generator = np.random.default_rng(count)
    return generator.integers(0, 255, (count, 12, 12, 1)).astype(dtype)


def program_of(model):
    return engine.InferenceProgram(model.graph)


@pytest.mark.parametrize(
    ("images", "most", "threads", "multiply_adds", "expected"),
    [
        (1, 32, 1, 10**9, Walk(1, 1, False)),
        (1, 32, 2, 3_000_000, Walk(1, 1, False)),  # the chapter's network: waiting costs more
        (1, 1, 2, 200_000_000, Walk(1, 2, True)),
        (2, 1, 2, 200_000_000, Walk(1, 2, False)),  # a chunk for each
        (3, 1, 2, 200_000_000, Walk(1, 2, True)),  # a thread would idle while the third is walked
        (5, 1, 2, 200_000_000, Walk(1, 2, False)),
        (3, 32, 4, 200_000_000, Walk(3, 4, True)),
        (3, 32, 4, 2_000_000, Walk(1, 3, False)),
        (1, 32, 8, 35_000_000, Walk(1, 3, True)),  # no more threads than have work
        (256, 32, 2, 3_000_000, Walk(32, 2, False)),
        (40, 32, 2, 3_000_000, Walk(20, 2, False)),
    ],
)
def test_threads_share_chunks_where_there_are_few_and_large_ones(
    images, most, threads, multiply_adds, expected
):
    assert walk(images, most, threads, multiply_adds) == expected


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("name", NETWORKS)
def test_shared_chunks_give_the_same_bits(name, monkeypatch):
    case = make_case(NETWORKS[name])
    program = engine.InferenceProgram(chain(case.layers))
    engine.set_threads(1)
    alone = program.run(case.x)
    monkeypatch.setattr(program, "_multiply_adds", 10**9)
    for count in (2, 3):
        engine.set_threads(count)
        for _ in range(3):
            assert program.run(case.x).tobytes() == alone.tobytes()
            assert program.run(case.x[:1]).tobytes() == alone[:1].tobytes()


def test_weights_are_packed_once_until_they_change(model, monkeypatch):
    program = program_of(model)
    packed = []
    pack = program._pack
    monkeypatch.setattr(program, "_pack", lambda *given: (packed.append(1), pack(*given)))
    x = images(3)
    first = program.run(x)
    program.run(x)
    assert len(packed) == 1
    model.set_weights([weight * 2 for weight in model.get_weights()])
    assert not np.array_equal(program.run(x), first)
    assert len(packed) == 2


def test_a_training_step_changes_predictions(model):
    program = program_of(model)
    x = images(8)
    before = program.run(x)
    training = engine.TrainingProgram(
        model.graph,
        8,
        [losses.SparseCategoricalCrossentropy()],
        optimizers.SGD(0.5),
    )
    training.step([x], [np.arange(8, dtype=np.int32) % 5], np.arange(8))
    after = program.run(x)
    assert not np.array_equal(after, before)
    assert np.array_equal(after, program_of(model).run(x))


def test_predictions_go_where_they_are_wanted(model):
    program = program_of(model)
    x = images(4)
    out = np.zeros((6, 5), np.float32)
    assert program.run(x, out[1:5]).base is out
    assert np.array_equal(out[1:5], program.run(x))
    assert not out[[0, 5]].any()


def read_only(shape):
    array = np.zeros(shape, np.float32)
    array.flags.writeable = False
    return array


@pytest.mark.parametrize(
    ("out", "received"),
    [
        (np.zeros((4, 4), np.float32), "shape (4, 4), float32"),
        (np.zeros((4, 5)), "shape (4, 5), float64"),
        (np.zeros((4, 10), np.float32)[:, ::2], "shape (4, 5), float32"),
        (read_only((4, 5)), "shape (4, 5), float32"),
    ],
)
def test_a_place_that_does_not_fit_is_refused(model, out, received):
    message = (
        "InferenceProgram needs out to be a writable, C-contiguous float32 array of shape (4, 5). "
        f"Received {received}. Use np.empty((4, 5), np.float32)."
    )
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
        program_of(model).run(images(4), out)


def test_read_only_images_are_read(model):
    x = images(3)
    expected = program_of(model).run(x)
    x.flags.writeable = False
    assert np.array_equal(program_of(model).run(x), expected)


def test_nothing_is_compiled_or_planned_twice(model, monkeypatch):
    program = program_of(model)
    program.run(images(1))
    monkeypatch.setattr(inference, "Plan", None)  # to make another would fail
    for count in (1, 2, 7, 64):
        program.run(images(count))


def test_a_program_has_no_room_for_gradients(model, monkeypatch):
    plans = []

    class Watched(Plan):
        def __init__(self, *given, **named):
            super().__init__(*given, **named)
            plans.append(self)

    monkeypatch.setattr(inference, "Plan", Watched)
    program = program_of(model)
    program.run(images(40))
    assert len(plans) == 2  # one image, to choose the chunk; and the chunk
    assert all(plan.gradient_size == 0 and not plan.gradients for plan in plans)


@pytest.mark.parametrize("size", [12, 60, 200])
def test_a_chunk_stays_in_the_cache_where_an_image_does(size):
    model = models.Sequential([layers.Input((size, size, 3)), layers.Conv2D(8, 3)])
    program = engine.InferenceProgram(model.graph)
    program.run(np.zeros((2, size, size, 3), np.float32))
    (compiled,) = program._tables.values()
    assert program._chunk == 1 or compiled.plan.slot_size <= inference.CACHE_FLOATS


def run_all(jobs):
    """Runs functions at the same time, some times over; returns what they raised."""
    failures = []
    barrier = threading.Barrier(len(jobs))

    def repeat(job):
        try:
            barrier.wait(timeout=60)
            for _ in range(20):
                job()
        except BaseException as error:
            failures.append(error)

    callers = [threading.Thread(target=repeat, args=(job,), daemon=True) for job in jobs]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(timeout=60)
    assert not any(caller.is_alive() for caller in callers)
    return failures


@pytest.mark.parametrize("shared", [False, True])
def test_callers_of_one_program_at_once(model, shared, request, monkeypatch):
    """Small and large batches, several types of numbers, while another model is trained."""
    if shared:
        request.getfixturevalue("eager")
    program = program_of(model)
    other = models.Sequential.from_config(model.get_config())
    training = engine.TrainingProgram(
        chain(other.layers),
        16,
        [losses.SparseCategoricalCrossentropy()],
        optimizers.SGD(0.01),
    )
    y = np.arange(16, dtype=np.int32) % 5
    batches = [
        images(count, dtype) for count in (1, 3, 70) for dtype in (np.uint8, np.float32, np.float64)
    ]
    engine.set_threads(1)
    expected = [program.run(x) for x in batches]
    engine.set_threads(3)
    monkeypatch.setattr(program, "_multiply_adds", 10**9)
    monkeypatch.setattr(training, "_multiply_adds", 10**9)

    def predict(x, y):
        np.testing.assert_array_equal(program.run(x), y)

    jobs = [lambda x=x, y=y: predict(x, y) for x, y in zip(batches, expected, strict=True)]
    jobs.append(lambda: training.step([images(16)], [y], np.arange(16)))
    assert run_all(jobs) == []
    assert threads.helpers().claim(2) == 2  # all were given back
    threads.helpers().release(2)
