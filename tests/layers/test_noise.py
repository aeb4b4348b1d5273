import re

import pytest

from convlet import layers, rng
from convlet.errors import ArgumentError


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: layers.GaussianNoise(1.5),
            "GaussianNoise needs stddev to be a number at least 0 and at most 1. "
            "Received stddev=1.5.",
        ),
        (
            lambda: layers.GaussianDropout(1),
            "GaussianDropout needs rate to be a number at least 0 and below 1. Received rate=1.",
        ),
        (
            lambda: layers.GaussianNoise(0.5, seed=-1),
            "GaussianNoise needs seed to be an integer of at least 0. Received seed=-1.",
        ),
    ],
)
def test_refuses(make, message):
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        make()


def test_the_noise_of_a_dropout_of_as_much():
    assert layers.GaussianDropout(0.2).stddev == pytest.approx(0.5)


def test_seeds_come_from_the_global_sequence():
    rng.set_random_seed(1)
    first, second = layers.GaussianNoise(0.5), layers.GaussianDropout(0.5)
    assert first.seed != second.seed
    rng.set_random_seed(1)
    assert layers.GaussianNoise(0.5).seed == first.seed
    assert first.get_config()["seed"] is None
