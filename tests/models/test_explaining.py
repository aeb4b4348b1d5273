"""`Model.explain` and `Model.profile`: what they choose, refuse and leave as it was."""

import re

import numpy as np
import pytest

from convlet import engine, layers, models, optimizers
from convlet.errors import ArgumentError, NotBuiltError, NotCompiledError, ShapeError
from convlet.optimizers import schedules


def small(loss=None, optimizer="rmsprop", classes=4, activation="softmax"):
    model = models.Sequential(
        [
            layers.Input((10, 10, 1)),
            layers.Conv2D(8, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(classes, activation=activation),
        ],
        name="small",
    )
    if loss is not None:
        model.compile(optimizer, loss)
    return model


def test_training_is_explained_where_the_model_is_compiled():
    assert not small().explain().training
    assert small("categorical_crossentropy").explain().training
    assert not small("categorical_crossentropy").explain(training=False).training


def test_the_arguments_are_the_programs():
    explanation = small().explain(batch_size=5, dtype="uint8")
    assert (explanation.images, explanation.dtype) == (5, "uint8")
    assert (small().explain().images, small().explain().dtype) == (64, "float32")


def test_explaining_leaves_the_model_free_to_change():
    model = small("categorical_crossentropy")
    model.explain()
    assert not model.optimizer.built
    model.layers[0].trainable = False
    model.explain()
    model.fit(np.zeros((4, 10, 10, 1)), np.eye(4), verbose=0)


def schedule():
    return optimizers.Adam(schedules.ExponentialDecay(0.1, 10, 0.5))


@pytest.mark.parametrize("make_optimizer", [schedule, lambda: optimizers.SGD(0.1, momentum=0.9)])
def test_a_measurement_changes_nothing(make_optimizer):
    model = small("sparse_categorical_crossentropy", make_optimizer())
    x = np.random.default_rng(0).random((12, 10, 10, 1), dtype=np.float32)
    y = np.arange(12) % 4
    model.fit(x, y, verbose=0)

    def state():
        values = [variable.numpy().copy() for variable in model.optimizer.variables]
        return [model.optimizer.iterations, *model.get_weights(), *values]

    before = state()
    model.profile(x, y, batch_size=5, steps=3)
    model.profile(steps=2)
    np.testing.assert_equal(state(), before)


def test_weights_come_back_after_an_interrupt(monkeypatch):
    model = small("sparse_categorical_crossentropy")
    before = model.get_weights()

    def interrupted(program):
        assert not np.array_equal(model.get_weights()[0], before[0])  # by steps that don't count
        raise KeyboardInterrupt

    monkeypatch.setattr(engine.TrainingProgram, "timed", interrupted)
    with pytest.raises(KeyboardInterrupt):
        model.profile()
    np.testing.assert_equal(model.get_weights(), before)


@pytest.mark.parametrize(
    ("loss", "activation"),
    [
        ("categorical_crossentropy", "softmax"),
        ("sparse_categorical_crossentropy", "softmax"),
        ("binary_crossentropy", "sigmoid"),
        ("mean_squared_error", "linear"),
    ],
)
def test_made_up_targets_suit_every_loss(loss, activation):
    explanation = small(loss, activation=activation).profile(batch_size=6, steps=1)
    assert explanation.images == 6
    assert explanation.milliseconds > 0
    assert all(phase.milliseconds is not None for phase in explanation.phases)
    assert explanation.phases[0].name == "pack"
    tasks = [task for op in explanation.operations for task in op.tasks]
    assert all(task.milliseconds is not None for task in tasks)


def test_a_batch_has_no_more_images_than_there_are():
    x = np.zeros((3, 10, 10, 1), np.uint8)
    explanation = small().profile(x, batch_size=8, steps=1)
    assert (explanation.images, explanation.dtype, explanation.training) == (3, "uint8", False)


X = np.zeros((4, 10, 10, 1), np.float32)


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (
            lambda: models.Sequential([layers.Flatten()], name="new").explain(),
            NotBuiltError,
            "Sequential 'new' needs to be built before it is explained. Give its first layer an "
            "input_shape, or call build(input_shape) or fit.",
        ),
        (
            lambda: models.Sequential([layers.Flatten()], name="new").profile(),
            NotBuiltError,
            "Sequential 'new' needs to be built before it is measured. Give its first layer an "
            "input_shape, or call build(input_shape) or fit.",
        ),
        (
            lambda: small().explain(training=True),
            NotCompiledError,
            "explain needs a compiled model. Call compile(optimizer, loss, metrics) first.",
        ),
        (
            lambda: small().profile(training=True),
            NotCompiledError,
            "profile needs a compiled model. Call compile(optimizer, loss, metrics) first.",
        ),
        (
            lambda: small().explain(dtype="float16"),
            ArgumentError,
            "explain needs dtype to be one of 'uint8', 'float32', 'float64'. "
            "Received dtype='float16'. Did you mean 'float64'?",
        ),
        (
            lambda: small().explain(training="yes"),
            ArgumentError,
            "explain needs training to be True or False. Received training='yes'.",
        ),
        (
            lambda: small().explain(batch_size=0),
            ArgumentError,
            "explain needs batch_size to be an integer of at least 1. Received batch_size=0.",
        ),
        (
            lambda: small().profile(steps=0),
            ArgumentError,
            "profile needs steps to be an integer of at least 1. Received steps=0.",
        ),
        (
            lambda: small("categorical_crossentropy").profile(y=np.eye(4)),
            ArgumentError,
            "profile needs images. Received x=None.",
        ),
        (
            lambda: small("categorical_crossentropy").profile(X),
            ArgumentError,
            "profile needs targets. Received y=None.",
        ),
        (
            lambda: small().profile(X[:, :9]),
            ShapeError,
            "profile needs x of shape (samples, 10, 10, 1). Received shape (4, 9, 10, 1).",
        ),
    ],
)
def test_messages(act, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        act()
