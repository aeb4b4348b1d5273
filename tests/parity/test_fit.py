"""`fit`, `evaluate` and `predict`: what they return, over epochs whose last batch is smaller."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import convlet
from tests.parity.comparison import Package, compare_array, compare_arrays, named_weights

SAMPLES, CLASSES = 10, 3


def network(k: Package) -> Any:
    """A small classifier with statistics of its own."""
    return k.models.Sequential(
        [
            k.Input((6, 6, 2)),
            k.layers.Conv2D(4, 3, activation="relu", kernel_regularizer="l2"),
            k.layers.BatchNormalization(),
            k.layers.GlobalAveragePooling2D(),
            k.layers.Dense(CLASSES, activation="softmax"),
        ]
    )


def compiled(k: Package) -> dict[str, Any]:
    """The arguments of `compile`, some metrics weighted."""
    return {
        "optimizer": k.optimizers.SGD(0.05, momentum=0.9),
        "loss": "sparse_categorical_crossentropy",
        "metrics": ["accuracy"],
        "weighted_metrics": [k.metrics.SparseCategoricalCrossentropy(name="crossentropy")],
    }


def weights() -> Any:
    """A weight for each sample."""
    return np.linspace(0.5, 2, SAMPLES).astype(np.float32)


CASES: dict[str, Any] = {
    "plain": lambda k: {},
    "sample weights": lambda k: {"sample_weight": weights()},
    "class weights": lambda k: {"class_weight": {0: 0.5, 1: 2.0, 2: 1.0}},
    "a validation split": lambda k: {"validation_split": 0.3},
    "a schedule": lambda k: {
        "callbacks": [k.callbacks.LearningRateScheduler(lambda epoch, rate: rate * 0.5)]
    },
    "a plateau": lambda k: {
        "validation_split": 0.3,
        "callbacks": [k.callbacks.ReduceLROnPlateau(patience=1, min_delta=10.0)],
    },
    "an early end": lambda k: {
        "callbacks": [k.callbacks.EarlyStopping("loss", patience=1, min_delta=10.0)]
    },
    "steps": lambda k: {"steps_per_epoch": 2},
}


@pytest.mark.filterwarnings("ignore::convlet.errors.StatisticsWarning")  # few steps
@pytest.mark.filterwarnings("ignore::convlet.errors.DataWarning")  # "steps": the data end early
@pytest.mark.parametrize("case", CASES)
def test_a_training_is_the_training_of_keras(case, keras):
    draw = np.random.default_rng(3)
    x = draw.normal(size=(SAMPLES, 6, 6, 2)).astype(np.float32)
    y = draw.integers(0, CLASSES, SAMPLES)
    results = []
    start = [
        value + 0.1 * draw.normal(size=value.shape) for value in network(convlet).get_weights()
    ]
    for k in (convlet, keras):
        model = network(k)
        model.set_weights(start)
        model.compile(**compiled(k))
        options = {"batch_size": 4, "epochs": 4, "shuffle": False, "verbose": 0}
        history = model.fit(x, y, **options, **CASES[case](k))
        figures = {
            "evaluate": model.evaluate(x, y, batch_size=4, verbose=0),
            "weighted": model.evaluate(x, y, batch_size=4, verbose=0, sample_weight=weights()),
            "predict": model.predict(x, batch_size=4, verbose=0),
        }
        arrays = {name: np.asarray(value) for name, value in figures.items()}
        results.append((history, arrays, named_weights(model)))
    (ours, figures, model), (theirs, expected, judge) = results
    assert ours.epoch == theirs.epoch
    assert sorted(ours.history) == sorted(theirs.history)
    for name, values in theirs.history.items():
        compare_array(name, np.asarray(ours.history[name]), np.asarray(values))
    compare_arrays(figures, expected, 1e-4)
    compare_arrays(model, judge, 1e-4)
