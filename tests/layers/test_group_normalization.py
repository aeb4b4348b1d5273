import re

import pytest

from convlet import layers
from convlet.errors import ArgumentError, ShapeError, UnsupportedError


def test_the_configuration_has_keras_keys_and_defaults():
    config = layers.GroupNormalization(name="gn").get_config()
    assert set(config) == {
        "name", "trainable", "dtype", "groups", "axis", "epsilon", "center", "scale",
        "beta_initializer", "gamma_initializer", "beta_regularizer", "gamma_regularizer",
        "beta_constraint", "gamma_constraint",
    }  # fmt: skip
    assert (config["groups"], config["axis"], config["epsilon"]) == (32, -1, 0.001)


@pytest.mark.parametrize(
    ("groups", "needed"),
    [(0, "at least 1, or -1"), (-2, "at least -1"), (1.5, "at least -1")],
)
def test_groups(groups, needed):
    message = (
        f"GroupNormalization needs groups to be an integer of {needed}. Received groups={groups}."
    )
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        layers.GroupNormalization(groups)


def test_groups_that_do_not_divide_the_channels():
    message = (
        "GroupNormalization 'gn' needs a number of channels that its 32 groups divide. "
        "Received shape (None, 8, 8, 12). Pass groups=1, 2, 3, 4, 6, 12 or -1."
    )
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
        layers.GroupNormalization(name="gn").build((None, 8, 8, 12))


def test_another_axis_than_the_last():
    message = (
        "GroupNormalization 'gn' does not support an axis other than the last yet. "
        "Received axis=1 for an input of shape (None, 8, 8, 32)."
    )
    with pytest.raises(UnsupportedError, match=f"^{re.escape(message)}$"):
        layers.GroupNormalization(axis=1, name="gn").build((None, 8, 8, 32))
