"""Intervals against published values and by simulation."""

import numpy as np
import pytest

from convlet.workflow.intervals import Interval, difference, student_t, wilson


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [  # Newcombe (1998), table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_against_published_values(successes, trials, low, high):
    interval = wilson(successes, trials)
    assert interval.value == successes / trials
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=5e-5)
    assert interval.method == "Wilson over test images"


def test_wilson_stays_within_zero_and_one():
    assert 0 <= wilson(0, 10).low < 1e-15
    assert 1 - 1e-15 < wilson(10, 10).high <= 1


def test_student_t_against_a_table():
    interval = student_t([0.1, 0.2, 0.3])  # t(2) = 4.3027, s = 0.1
    half = 4.3027 * 0.1 / np.sqrt(3)
    assert interval.value == pytest.approx(0.2)
    assert interval.high == pytest.approx(0.2 + half, abs=1e-5)
    assert interval.low == 0  # cut off: 0.2 - half is negative
    assert interval.method == "Student t over seeds"


def test_student_t_covers_the_mean_as_often_as_it_says():
    samples = np.random.default_rng(5).normal(0.5, 0.01, (2000, 3))
    intervals = [student_t(sample.tolist()) for sample in samples]
    covered = np.mean([interval.low <= 0.5 <= interval.high for interval in intervals])
    assert covered == pytest.approx(0.95, abs=0.015)


def test_difference_against_a_published_value():
    interval = difference(wilson(56, 70), wilson(48, 80))  # Newcombe (1998), table II, method 10
    assert (interval.low, interval.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_difference_of_the_other_order_is_the_mirror_image():
    first, second = Interval(0.9, 0.8, 0.95, "m"), Interval(0.7, 0.65, 0.8, "m")
    there, back = difference(first, second), difference(second, first)
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))
