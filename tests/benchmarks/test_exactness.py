import re
import sys

import numpy as np
import pytest

import exactness
from convlet.engine import reference
from networks import NETWORKS, Conv, Dense, Network, Pool
from sides import keras_names

TINY = Network((6, 6, 3), (Conv(4), Pool()), (Dense(3, "softmax"),))
TINY_BINARY = Network((6, 6, 3), (Conv(4), Pool()), (Dense(1, "sigmoid"),))


@pytest.fixture(params=[TINY, TINY_BINARY], ids=["softmax", "sigmoid"])
def training(request):
    x, labels = exactness.images(request.param, 40)
    return keras_names.training("convlet", "float32", request.param, x, labels, 5, 0)


@pytest.fixture
def _tiny(monkeypatch):
    monkeypatch.setattr(exactness, "NETWORKS", {"tiny": TINY})
    monkeypatch.setattr(exactness, "BATCHES", {"tiny": 5})


def test_every_network_has_a_batch():
    assert exactness.BATCHES.keys() == NETWORKS.keys()


def test_digits_are_for_networks_that_read_them(datasets_folder):
    x, labels = exactness.images(NETWORKS["chapter"], 7)
    assert (x.shape, x.dtype, x.max(), labels.tolist()) == (
        (7, 28, 28, 1), np.float32, 1.0, [5, 0, 4, 1, 9, 2, 1],
    )  # fmt: skip


def test_the_worst_tensor_counts_relative_to_its_largest_element():
    expected = [np.array([10.0, -100.0]), np.array([1.0])]
    assert exactness.worst_error([np.array([12.0, -100.0]), np.array([1.0])], expected) == 0.02
    assert exactness.worst_error([np.array([12.0, -100.0]), np.array([0.5])], expected) == 0.5


def test_gradients_are_taken_and_weights_left(training):
    before = training.model.get_weights()
    loss = exactness.loss_of(training.network)
    y = loss.prepare(training.y[:5], training.y.shape[1:])
    gradients = exactness.engine_gradients(training, training.x[:5], y)
    expected = reference.gradients(training.model.layers, training.x[:5], y, loss)[2]
    assert exactness.worst_error(gradients, expected) < 1e-5
    np.testing.assert_equal(training.model.get_weights(), before)


def test_errors_are_those_of_float32(training):
    found = exactness.errors(training, exactness.away_from_kinks(training, 0))
    assert 0 < found.engine < 1e-5
    assert 0 < found.numpy < 1e-5


def test_images_near_kinks_are_passed_over(training, monkeypatch):
    monkeypatch.setattr(exactness, "AWAY", 1e-3)
    chosen = exactness.away_from_kinks(training, 3)
    distances = reference.kink_distances(training.model.layers, training.x)
    away = [position for position in range(3, 40) if distances[position] > 1e-3]
    assert chosen.tolist() == away[:5]
    assert len(away) < 37


def test_too_few_images_are_reported(training, monkeypatch):
    monkeypatch.setattr(exactness, "AWAY", 1.0)
    message = (
        "exactness.py needs 5 images that keep away from kinks. Received 0 among 37. "
        "Raise CANDIDATES."
    )
    with pytest.raises(SystemExit, match=f"^{re.escape(message)}$"):
        exactness.away_from_kinks(training, 3)


@pytest.mark.usefixtures("_tiny")
def test_the_command_prints_both_tables(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["benchmarks/exactness.py", "--only", "tiny", "--steps", "10"])
    exactness.main()
    printed = capsys.readouterr()
    header = "|  | batch | at the start | NumPy | after 10 steps | NumPy |"
    assert printed.out.count(header) == 2
    assert (
        len(re.findall(r"^\| tiny \| 5 \|( \d\.\de-\d\d \|){4}$", printed.out, re.MULTILINE)) == 2
    )
    assert "- command: `python benchmarks/exactness.py --only tiny --steps 10`" in printed.out
    assert printed.err.count("tiny, ") == 2
