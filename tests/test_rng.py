import random
import re
import threading

import numpy as np
import pytest

from convlet import rng
from convlet.errors import ArgumentError


def draw():
    return rng.next_seed(), random.random(), np.random.rand()


def test_the_same_seed_gives_the_same_sequence():
    rng.set_random_seed(3)
    first = draw(), draw()
    rng.set_random_seed(3)
    assert (draw(), draw()) == first
    assert first[0] != first[1]


def test_another_seed_gives_another_sequence():
    rng.set_random_seed(3)
    first = draw()
    rng.set_random_seed(4)
    assert all(new != old for new, old in zip(draw(), first, strict=True))


def test_without_a_seed_each_source_differs():
    assert rng._SeedSource().next() != rng._SeedSource().next()


def test_seeds_have_63_bits():
    seeds = [rng.next_seed() for _ in range(100)]
    assert min(seeds) >= 0
    assert 1 << 60 < max(seeds) < 1 << 63


def test_generator_gives_the_same_numbers_on_every_machine():
    assert rng.generator(1).integers(1000, size=4).tolist() == [420, 66, 173, 79]


def test_generator_without_a_seed_takes_the_next():
    rng.set_random_seed(3)
    seed = rng.next_seed()
    rng.set_random_seed(3)
    assert rng.generator().random() == rng.generator(seed).random()


def test_seeds_inside_a_with_are_a_sequence_of_their_own():
    rng.set_random_seed(3)
    undisturbed = draw(), draw()
    rng.set_random_seed(3)
    first = draw()
    with rng.seeded(5):
        inside = [rng.next_seed(), rng.next_seed()]
        with rng.seeded(5):
            assert rng.next_seed() == inside[0]
    assert (first, draw()) == undisturbed
    with rng.seeded(5):
        assert [rng.next_seed(), rng.next_seed()] == inside


def test_seeds_inside_a_with_end_with_it_also_by_an_error():
    rng.set_random_seed(3)
    expected = rng.next_seed()
    rng.set_random_seed(3)
    with pytest.raises(KeyError), rng.seeded(5):
        raise KeyError
    assert rng.next_seed() == expected


def test_seeds_inside_a_with_are_not_for_other_threads():
    rng.set_random_seed(3)
    expected = rng.next_seed()
    rng.set_random_seed(3)
    drawn = []
    with rng.seeded(5):
        other = threading.Thread(target=lambda: drawn.append(rng.next_seed()))
        other.start()
        other.join()
    assert drawn == [expected]


@pytest.mark.parametrize(
    ("seed", "needed"),
    [(-1, "an integer of at least 0"), ("7", "an integer of at least 0"), (1 << 32, "below 2**32")],
)
def test_refuses(seed, needed):
    message = f"set_random_seed needs seed to be {needed}. Received seed={seed!r}."
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        rng.set_random_seed(seed)
