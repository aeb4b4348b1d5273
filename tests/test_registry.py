"""What is found by name, by class, by configuration, or given as it is."""

from __future__ import annotations

import re

import pytest

from convlet import losses
from convlet.errors import ArgumentError, UnknownNameError, UnsupportedError
from convlet.losses import Loss, MeanSquaredError
from convlet.registry import Registry, custom_object, custom_object_scope

REGISTRY = Registry[Loss](
    "loss", "keras.losses", Loss, {"square": MeanSquaredError}, {"sq": "square"}
)


@pytest.mark.parametrize(
    "identifier", ["square", "sq", "MeanSquaredError", MeanSquaredError, MeanSquaredError()]
)
def test_every_way_to_name_it(identifier):
    assert type(REGISTRY.get(identifier)) is MeanSquaredError


def test_serialized_as_keras_does():
    saved = REGISTRY.serialize(MeanSquaredError(name="mine"))
    assert saved == {
        "module": "keras.losses",
        "class_name": "MeanSquaredError",
        "config": {"name": "mine", "reduction": "sum_over_batch_size"},
        "registered_name": None,
    }
    assert REGISTRY.get(saved).name == "mine"


def test_a_function_is_saved_by_keras_with_its_name():
    saved = {"module": "builtins", "class_name": "function", "config": "square"}
    assert type(REGISTRY.deserialize(saved)) is MeanSquaredError
    message = "A saved loss needs class_name to be 'square'. Received class_name='cube'."
    with pytest.raises(UnknownNameError, match=f"^{re.escape(message)}$"):
        REGISTRY.deserialize({**saved, "config": "cube"})


class Refused(Loss):
    def __init__(self):
        raise UnsupportedError("Use the square.")


class Needing(Loss):
    def __init__(self, size, name=None):
        super().__init__(name)


def test_a_refused_name_says_what_to_use_and_is_not_listed():
    registry = Registry[Loss](
        "loss", "keras.losses", Loss, {"square": MeanSquaredError}, refused={"cube": Refused}
    )
    with pytest.raises(UnsupportedError, match=r"^Use the square\.$"):
        registry.get("cube")
    with pytest.raises(UnknownNameError, match=r"^losses\.get needs loss to be 'square'\. "):
        registry.get("cub")


def test_a_name_cannot_stand_for_a_class_that_needs_arguments():
    registry = Registry[Loss]("loss", "keras.losses", Loss, {"needing": Needing})
    message = (
        "losses.get needs loss 'needing' to be an object, for its size. Received the name. "
        "Write Needing(size=...)."
    )
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        registry.get("needing")


@pytest.mark.parametrize(
    ("identifier", "error", "message"),
    [
        (
            "sqare",
            UnknownNameError,
            "compile needs loss to be 'square'. Received loss='sqare'. Did you mean 'square'?",
        ),
        (
            None,
            ArgumentError,
            "compile needs loss to be a name or a Loss object. Received loss=None.",
        ),
    ],
)
def test_messages(identifier, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        REGISTRY.get(identifier, owner="compile")


class Own(MeanSquaredError):
    """A loss of the user's."""


def mine(y_true, y_pred):
    return y_pred - y_true


def test_objects_of_the_users_within_a_scope():
    saved = losses.serialize(Own())
    assert (saved["module"], saved["registered_name"]) == (__name__, "Own")
    with custom_object_scope({"Own": Own}), custom_object_scope({"mine": mine}):
        assert type(losses.get("Own")) is Own
        assert type(losses.deserialize(saved)) is Own
        assert losses.deserialize({**saved, "registered_name": "package>Own"}).name == Own().name
        assert losses.get("mine").function is mine
        function = {"class_name": "function", "config": "mine", "registered_name": "mine"}
        assert losses.deserialize(function).function is mine
        assert custom_object("other", "mine") is mine
    made = losses.custom(mine, mine)
    with custom_object_scope({"mine": made}):
        assert losses.deserialize(function) is made
    with pytest.raises(UnknownNameError):
        losses.deserialize(saved)
    assert custom_object("Own") is None


def test_a_package_that_is_part_of_the_name():
    saved = {"class_name": "Own", "config": {}, "registered_name": "package>Other"}
    with custom_object_scope({"package>Other": Own}):
        assert type(losses.deserialize({**saved, "class_name": "Unknown"})) is Own
