"""Checks that many things must pass: a new layer is one more row of a table."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from convlet import layers, models
from convlet.layers import naming


@dataclass(frozen=True)
class LayerCase:
    """A layer with settings and what it must declare; shapes without the batch axis."""

    layer: type[layers.Layer]
    settings: dict[str, Any]
    input_shape: tuple[int, ...]
    output_shape: tuple[int, ...]
    weights: dict[str, tuple[int, ...]] = field(default_factory=dict)
    never_trained: tuple[str, ...] = ()

    def make(self, **more: Any) -> layers.Layer:
        return self.layer(**self.settings, **more)

    def __str__(self) -> str:
        settings = ",".join(f"{name}={value}" for name, value in self.settings.items())
        return f"{self.layer.__name__}({settings})"


def check_layer(case: LayerCase, folder: Path) -> None:
    """Checks a layer's shapes, weights, name, configuration and file."""
    check_shapes(case)
    check_weights(case)
    check_name(case)
    check_config(case)
    check_file(case, folder)


def check_shapes(case: LayerCase) -> None:
    layer = case.make()
    expected = (None, *case.output_shape)
    assert layer.compute_output_shape((None, *case.input_shape)) == expected
    assert not layer.built
    layer.build((7, *case.input_shape))
    assert layer.built
    assert layer.input_shape == (None, *case.input_shape)
    assert layer.output_shape == expected


def check_weights(case: LayerCase) -> None:
    layer = case.make(name="named")
    layer.build((None, *case.input_shape))
    assert {weight.name: weight.shape for weight in layer.weights} == case.weights
    assert [weight.path for weight in layer.weights] == [f"named/{name}" for name in case.weights]
    assert layer.count_params() == sum(int(np.prod(shape)) for shape in case.weights.values())
    check_trainable(case, layer)
    layer.trainable = False
    assert layer.non_trainable_weights == layer.weights
    layer.trainable = True
    check_trainable(case, layer)
    values = [np.full(shape, 0.5) for shape in case.weights.values()]
    layer.set_weights(values)
    np.testing.assert_equal(layer.get_weights(), values)


def check_trainable(case: LayerCase, layer: layers.Layer) -> None:
    never = [weight for weight in layer.weights if weight.name in case.never_trained]
    assert [weight.name for weight in never] == list(case.never_trained)
    assert layer.non_trainable_weights == never
    assert layer.trainable_weights == [weight for weight in layer.weights if weight not in never]


def check_name(case: LayerCase) -> None:
    naming.reset()
    expected = naming.snake_case(case.layer.__name__)
    assert [case.make().name, case.make().name] == [expected, f"{expected}_1"]


def check_config(case: LayerCase) -> None:
    layer = case.make(trainable=False)
    again = type(layer).from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    read = layers.deserialize(json.loads(json.dumps(layers.serialize(layer))))
    assert type(read) is type(layer)
    assert read.get_config() == layer.get_config()


def check_file(case: LayerCase, folder: Path) -> None:
    model = models.Sequential([layers.Input(case.input_shape), case.make()])
    model.save(folder / "model.keras")
    loaded = models.load_model(folder / "model.keras")
    assert loaded.get_config() == model.get_config()
    assert loaded.output_shape == (None, *case.output_shape)
    np.testing.assert_equal(loaded.get_weights(), model.get_weights())
