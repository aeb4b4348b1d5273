"""Starting afresh: names are counted from the beginning, and seeds repeat."""

import random

import numpy as np

from convlet import layers, models
from convlet.utils import clear_session, set_random_seed


def test_clear_session_counts_names_afresh():
    for free_memory in (True, False):
        clear_session(free_memory)
        names = [layers.Dense(1).name, layers.Dense(1).name, models.Sequential().name]
        assert names == ["dense", "dense_1", "sequential"]


def test_set_random_seed_repeats_everything_random():
    drawn = []
    for _ in range(2):
        set_random_seed(3)
        model = models.Sequential([layers.Input((4,)), layers.Dense(3)])
        drawn.append((model.get_weights()[0].tolist(), np.random.rand(), random.random()))
    assert drawn[0] == drawn[1]
