import json
import sys
from dataclasses import asdict

import numpy as np
import pytest

import worker
from networks import NETWORKS


@pytest.fixture
def data(tmp_path):
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (70, 28, 28), np.uint8)
    labels = rng.integers(0, 10, 70, np.uint8)
    path = tmp_path / "data.npz"
    np.savez(path, x_train=images, y_train=labels, x_test=images, y_test=labels)
    return str(path)


def samples(capsys, monkeypatch, task):
    monkeypatch.setattr(sys, "argv", ["worker.py", json.dumps(asdict(task))])
    worker.main()
    return json.loads(capsys.readouterr().out)


def task(kind, **settings):
    return worker.Task(kind, "chapter", framework="keras_names:convlet", **settings)


def test_training_is_timed_per_image(capsys, monkeypatch, data):
    measured = samples(capsys, monkeypatch, task("train", images=70, data=data))
    assert list(measured) == ["seconds"]
    assert len(measured["seconds"]) == 1
    assert measured["seconds"][0] > 0


@pytest.mark.parametrize("call", ["lowest", "predict"])
def test_predictions_are_timed(capsys, monkeypatch, call):
    measured = samples(capsys, monkeypatch, task("predict", batch=3, call=call))
    assert list(measured) == ["seconds"]
    assert min(measured["seconds"]) > 0


def test_a_script_leaves_out_its_first_epoch(capsys, monkeypatch, data):
    measured = samples(capsys, monkeypatch, task("script", images=70, epochs=3, data=data))
    assert set(measured) == {"seconds", "total", "resident", "peak"}
    assert len(measured["seconds"]) == 2
    assert len(measured["total"]) == 1
    assert measured["total"][0] > 0
    if measured["peak"]:
        assert len(measured["resident"]) == 3
        assert 0 < max(measured["resident"]) <= measured["peak"][0]


def test_accuracy_is_a_share(capsys, monkeypatch, data):
    (share,) = samples(capsys, monkeypatch, task("accuracy", images=70, epochs=1, data=data))[
        "accuracy"
    ]
    assert 0 <= share <= 1
    assert share * 70 == pytest.approx(round(share * 70))


@pytest.mark.parametrize("name", ["chapter", "cats and dogs"])
def test_random_images_suit_the_network(name):
    x, labels = worker.random_images(NETWORKS[name], 40)
    assert x.shape == (40, *NETWORKS[name].input_shape)
    assert x.dtype == np.float32
    assert 0 <= x.min() < x.max() <= 1
    assert set(labels) <= set(range(NETWORKS[name].classes))
    assert len(set(labels)) > 1


def test_calls_are_timed_at_least_once():
    calls = []
    assert len(worker.durations(lambda: calls.append(1), 0.0)) == len(calls) == 1
