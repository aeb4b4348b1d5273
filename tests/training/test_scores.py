"""The names of the figures."""

from __future__ import annotations

from convlet.metrics import Accuracy, Mean
from convlet.training.scores import Scores
from tests.training.small import network


def test_no_two_figures_have_the_same_name():
    scores = Scores([Accuracy(), Accuracy()], [Accuracy(), Accuracy(), Mean("other")])
    assert list(scores.logs()) == [
        "loss",
        "accuracy",
        "accuracy_1",
        "weighted_accuracy",
        "weighted_accuracy_1",
        "other",
    ]


def test_metrics_names():
    assert network(optimizer=None).metrics_names == []
    assert network(metrics=["accuracy"], weighted_metrics=["acc"]).metrics_names == [
        "loss",
        "accuracy",
        "acc",
    ]
