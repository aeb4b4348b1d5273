"""The draws of augmentation: spread as they should be, and a function of seed, epoch and image."""

import numpy as np
import pytest

from convlet.engine.reference.draws import Draws, mix

COUNT = 4000


def test_mix_is_splitmix64s():
    """The first numbers of SplitMix64 from the seed 1234567, as its authors' program gives them."""
    state, expected = 1234567, [6457827717110365317, 3203168211198807973, 9817491932198370423]
    for value in expected:
        state = (state + 0x9E3779B97F4A7C15) % 2**64
        assert mix(state) == value


def test_draws_are_uniform():
    draws = Draws(3, 0, range(COUNT))
    for number in range(3):
        values = draws.uniform(number)
        assert values.min() >= 0
        assert values.max() < 1
        assert values.mean() == pytest.approx(0.5, abs=5 / np.sqrt(12 * COUNT))
        counts = np.histogram(values, 16, (0, 1))[0]
        assert ((counts - COUNT / 16) ** 2 / (COUNT / 16)).sum() < 45  # chi-squared, 15 degrees


def test_draws_of_one_image_do_not_hang_together():
    draws = Draws(3, 0, range(COUNT))
    others = [Draws(3, 1, range(COUNT)).uniform(0), Draws(4, 0, range(COUNT)).uniform(0)]
    for other in [draws.uniform(1), np.roll(draws.uniform(0), 1), *others]:
        assert abs(np.corrcoef(draws.uniform(0), other)[0, 1]) < 5 / np.sqrt(COUNT)


def test_a_draw_hangs_on_its_image_alone():
    among_others = Draws(9, 2, [4, 17, 3]).uniform(5)
    assert Draws(9, 2, [17]).uniform(5) == among_others[1]


def test_between_is_scaled():
    draws = Draws(1, 1, range(COUNT))
    np.testing.assert_allclose(draws.between(2, -3.0, 5.0), -3 + 8 * draws.uniform(2))


def test_normal_numbers():
    values = Draws(1, 1, range(COUNT)).normal(0)
    assert values.mean() == pytest.approx(0, abs=5 / np.sqrt(COUNT))
    assert values.var() == pytest.approx(1, abs=5 * np.sqrt(2 / COUNT))
    assert (np.abs(values) < 1.96).mean() == pytest.approx(0.95, abs=0.02)
