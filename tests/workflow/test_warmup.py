"""Compiling ahead: what is used later is all there."""

import re

import numpy as np
import pytest

from convlet import engine, layers, models, networks
from convlet.engine.cpu import cache
from convlet.errors import ArgumentError, ShapeError
from convlet.workflow import warmup
from convlet.workflow.recipe import Recipe


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("CONVLET_CACHE", str(tmp_path))
    return tmp_path / "kernels" / cache.version()


def small_model(activation="softmax", units=3):
    return models.Sequential(
        [layers.Input((5,)), layers.Dense(4), layers.Dense(units, activation=activation)]
    )


def names(kernels):
    return {kernel.name for kernel in kernels}


def test_all_that_is_needed_is_compiled_once(folder):
    seen = []
    first = warmup.warm_up([small_model()], lambda *numbers: seen.append(numbers))
    assert (first.folder, first.compiled) == (folder, first.kernels)
    assert seen == [(number, first.kernels) for number in range(first.kernels)]
    assert len(list(folder.iterdir())) == first.kernels
    assert first.seconds > 0
    second = warmup.warm_up([small_model()])
    assert (second.folder, second.kernels, second.compiled) == (folder, first.kernels, 0)


@pytest.mark.parametrize("network", list(networks.NETWORKS))
@pytest.mark.parametrize("optimizer", ["rmsprop", "sgd", "adam", "adamw"])
def test_what_the_recipes_train_needs_nothing_else(stripes, network, optimizer):
    ahead = {
        name for model in warmup.named_models([network]) for name in names(warmup.kernels_of(model))
    }
    model = Recipe(network=network, optimizer=optimizer).compiled_model(stripes)
    shape = model.input_shape[1:]
    end = layers.Dense(10, "softmax")
    graph = models.Sequential([layers.Input(shape), *model.layers[:-1], end]).graph
    losses = model._need_compilation("fit").losses
    program = engine.TrainingProgram(graph, 64, losses, model.optimizer)
    assert names(program.kernels(np.dtype("uint8"))) <= ahead


@pytest.mark.parametrize(
    ("activation", "units", "losses"),
    [
        ("softmax", 3, {"losses.loss-softmax-False-False", "losses.loss-softmax-True-False"}),
        (None, 3, {"losses.loss-softmax-False-True", "losses.loss-softmax-True-True"}),
        ("sigmoid", 1, {"losses.loss-sigmoid-False-False"}),
        ("sigmoid", 3, {"losses.loss-sigmoid-False-False"}),
        (None, 1, {"losses.loss-sigmoid-False-True"}),
    ],
)
def test_the_usual_losses_are_those_that_fit_the_output(activation, units, losses):
    kernels = names(warmup.kernels_of(small_model(activation, units)))
    assert {name for name in kernels if name.startswith("losses.loss-")} == losses
    assert {"gather.gather-uint8-False", "gather.gather-float32-False"} <= kernels


def test_softmax_may_be_a_layer():
    model = models.Sequential([layers.Input((5,)), layers.Dense(3), layers.Softmax()])
    assert "losses.loss-softmax-True-False" in names(warmup.kernels_of(model))


def test_a_compiled_model_brings_its_own_loss_and_optimizer():
    model = small_model()
    plain = names(warmup.kernels_of(model))
    model.compile("sgd", "mean_squared_error")
    own = names(warmup.kernels_of(model)) - plain
    assert own == {
        "losses.loss-mean_squared-False-False",
        "rows.apply_gradient_to_rows-softmax-True",
    }


def test_a_model_without_shapes_is_refused():
    message = (
        "warm_up needs built models. Received 'plain', whose input shape is not known. "
        "Put Input(shape) in front of its layers."
    )
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
        warmup.warm_up([models.Sequential([layers.Dense(3)], name="plain")])


def test_a_cache_that_can_not_be_written_to_is_refused(tmp_path, monkeypatch):
    """What is kept among the temporary files instead would not be found in a container."""
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    monkeypatch.setenv("CONVLET_CACHE", str(blocked))
    monkeypatch.setattr(cache.tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(engine.Kernel, "compile", lambda kernel: None)
    message = (
        "warm_up needs a cache that can be written to. "
        f"Received '{blocked / 'kernels' / cache.version()}'. Name another folder in CONVLET_CACHE."
    )
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        warmup.warm_up([small_model()])
