"""What is found by name, by class, by configuration, or given as it is."""

from __future__ import annotations

import re

import pytest

from convlet.errors import ArgumentError, UnknownNameError
from convlet.losses import Loss, MeanSquaredError
from convlet.registry import Registry

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
