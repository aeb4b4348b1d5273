"""The names of the figures."""

from __future__ import annotations

from convlet.metrics import Accuracy, Mean
from convlet.training.scores import OutputScores, Scores
from tests.training.small import network


def test_no_two_figures_have_the_same_name():
    output = OutputScores(
        ["accuracy", Accuracy()], ["accuracy", Accuracy(), Mean("other"), Mean("loss")]
    )
    scores = Scores([output])
    assert list(scores.logs()) == [
        "loss",
        "accuracy",
        "accuracy_1",
        "weighted_accuracy",
        "weighted_accuracy_1",
        "other",
        "loss_1",
    ]


def test_metrics_names():
    assert network(optimizer=None).metrics_names == []
    assert network(metrics=["accuracy"], weighted_metrics=["acc"]).metrics_names == [
        "loss",
        "accuracy",
        "acc",
    ]
