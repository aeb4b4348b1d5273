"""Helpers around training, under Keras's names."""

from convlet.rng import set_random_seed
from convlet.utils.numerical import normalize, to_categorical
from convlet.utils.session import clear_session

__all__ = ["clear_session", "normalize", "set_random_seed", "to_categorical"]
