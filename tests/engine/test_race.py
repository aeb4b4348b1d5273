"""The number of threads that is found out by trying: no test here measures time."""

import numpy as np
import pytest

from convlet import engine, layers, losses, models, optimizers
from convlet.engine import program as programs
from convlet.engine.context import Context
from convlet.engine.race import REST, TRIES, Race
from convlet.layers.graph import chain


@pytest.fixture(autouse=True)
def _default_threads(monkeypatch):
    monkeypatch.delenv("CONVLET_THREADS", raising=False)
    yield
    engine.set_threads(None)


def run(race, seconds):
    """Lets a race end; returns the numbers that were tried, in order."""
    tried = []
    while race.winner is None:
        tried.append(race.threads())
        race.record(tried[-1], seconds(tried[-1], len(tried)))
    return tried


@pytest.mark.parametrize(
    ("most", "tried"), [(2, [1, 2]), (3, [1, 2, 3]), (4, [1, 2, 4]), (12, [1, 2, 4, 8, 12])]
)
def test_numbers_are_tried_in_turn(most, tried):
    assert run(Race(most), lambda threads, _: 1 / threads) == tried * (1 + TRIES)


@pytest.mark.parametrize(
    ("seconds", "winner"),
    [
        ({1: 4.0, 2: 2.0, 4: 1.0}, 4),
        ({1: 1.0, 2: 2.0, 4: 3.0}, 1),
        ({1: 4.0, 2: 2.0, 4: 3.0}, 2),
        ({1: 4.0, 2: 2.0, 4: 1.95}, 2),  # four gain too little
        ({1: 1.0, 2: 1.0, 4: 1.0}, 1),
    ],
)
def test_the_fastest_wins_and_fewer_where_it_hardly_matters(seconds, winner):
    race = Race(4)
    run(race, lambda threads, _: seconds[threads])
    assert race.winner == race.threads() == winner


def test_a_slow_start_and_single_disturbances_decide_nothing():
    race = Race(2)
    disturbed = {2, 4, 8}  # the first step with two threads, and two more

    def seconds(threads, number):
        return 50.0 if number in disturbed else 1 / threads

    run(race, seconds)
    assert race.winner == 2


def test_the_winner_is_asked_again_after_a_rest():
    race = Race(8)
    run(race, lambda threads, _: {1: 4.0, 2: 1.0, 4: 2.0, 8: 2.0}[threads])
    tried = []
    for _ in range(REST + 3 * (1 + TRIES) + 1):
        tried.append(race.threads())
        race.record(tried[-1], 1 / tried[-1])
    assert tried[:REST] == [2] * REST
    assert tried[REST:-1] == [1, 2, 4] * (1 + TRIES)
    assert tried[-1] == race.winner == 4


def test_a_number_that_is_no_longer_tried_is_ignored():
    race = Race(8)
    run(race, lambda threads, _: 1.0 + (threads > 1))
    for _ in range(REST):
        race.record(1, 1.0)
    race.record(8, 1e-9)  # a slow caller's, from before the rest
    assert race.threads() == 1
    assert race.winner == 1


@pytest.fixture
def four_cores(monkeypatch):
    monkeypatch.setattr(programs.threads, "_available", lambda: 4)


@pytest.fixture
def steps(monkeypatch):
    """The numbers of threads that steps were asked to take, and a clock on which two are best."""
    asked = []
    time = [0.0]

    def walk(self, table, batch, threads, together=False, **others):
        asked.append(threads)
        time[0] += {1: 3.0, 2: 2.0}.get(threads, 4.0)
        return threads

    monkeypatch.setattr(Context, "run", walk)
    monkeypatch.setattr(programs.Program, "_clock", staticmethod(lambda: time[0]))
    return asked


def network():
    return models.Sequential([layers.Input((8, 8, 1)), layers.Conv2D(4, 3), layers.Flatten()])


def inference(images):
    program = engine.InferenceProgram(chain(network().layers))
    program._multiply_adds = 10_000_000 // images
    x = np.zeros((images, 8, 8, 1), np.float32)
    program.run(x)  # packs weights, too
    return program, lambda: program.run(x)


def training(images):
    program = engine.TrainingProgram(
        chain(network().layers), images, [losses.MeanSquaredError()], optimizers.SGD()
    )
    program._multiply_adds = 10_000_000 // images
    x, y = np.zeros((images, 8, 8, 1), np.float32), np.zeros((images, 144), np.float32)
    program.step([x], [y], np.arange(images))
    return program, lambda: program.step([x], [y], np.arange(images))


@pytest.mark.usefixtures("four_cores")
@pytest.mark.parametrize("make", [inference, training])
def test_a_program_keeps_the_number_with_which_it_is_fastest(make, steps):
    program, step = make(64)
    assert program.chosen_threads == {}
    for _ in range(30):
        step()
    assert set(steps) == {1, 2, 4}
    assert program.chosen_threads == {127: 2}
    assert steps[-5:] == [2] * 5


@pytest.mark.usefixtures("four_cores")
@pytest.mark.parametrize("make", [inference, training])
def test_what_the_user_set_is_not_questioned(make, steps):
    engine.set_threads(3)
    program, step = make(64)
    for _ in range(30):
        step()
    assert set(steps[1:]) == {3}
    assert program.chosen_threads == {}


@pytest.mark.usefixtures("four_cores")
@pytest.mark.parametrize(("multiply_adds", "threads"), [(50_000, 1), (10_000_000, 4)])
def test_what_is_clear_is_not_tried(steps, multiply_adds, threads):
    program, step = training(64)
    program._multiply_adds = multiply_adds
    steps.clear()
    for _ in range(30):
        step()
    assert set(steps) == {threads}
    assert program.chosen_threads == {}


@pytest.mark.usefixtures("four_cores")
def test_a_step_that_got_fewer_helpers_says_nothing(steps, monkeypatch):
    program, step = training(64)
    monkeypatch.setattr(Context, "run", lambda *given, **named: 1)  # all helpers are busy
    for _ in range(100):
        step()
    assert program.chosen_threads == {}
