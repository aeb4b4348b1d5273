"""Every metric against Keras's results over two batches, and its settings against Keras's."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from convlet import metrics

KERAS = json.loads(Path(__file__).with_name("keras_metrics.json").read_text())
ROWS = [tuple(row) for row in KERAS["rows"]]
SECOND = slice(2, 5)
# Keras forgets these, so that a metric that it reads from a file has the default again.
KEPT_BY_US = {"CosineSimilarity": {"axis"}}


def array(name):
    return np.array(KERAS["arrays"][name], np.float32)


def make(name, settings):
    return getattr(metrics, name)(**settings)


@pytest.mark.parametrize(("name", "settings", "y", "p", "weighted", "result"), ROWS)
def test_results_are_those_of_keras(name, settings, y, p, weighted, result):
    metric = make(name, settings)
    batch = [array(p)] if y is None else [array(y), array(p)]
    weights = array("WHOLE_WEIGHTS" if weighted == "int" else "WEIGHTS") if weighted else None
    metric.update_state(*batch, sample_weight=weights)
    part = None if weights is None else weights[SECOND]
    metric.update_state(*(values[SECOND] for values in batch), sample_weight=part)
    found = metric.result()
    assert isinstance(found, np.ndarray if np.ndim(result) else float)
    np.testing.assert_allclose(found, result, rtol=3e-6, atol=1e-6)


@pytest.mark.parametrize(("name", "settings"), [row[:2] for row in ROWS if row[4] is False])
def test_settings_come_back(name, settings):
    metric = make(name, {**settings, "name": "mine"})
    config = metric.get_config()
    assert set(config) - KEPT_BY_US.get(name, set()) - set(settings) <= set(KERAS["settings"][name])
    expected = dict(settings)
    if name == "AUC" and "thresholds" in settings:
        expected["thresholds"] = sorted(settings["thresholds"])
    assert {setting: config[setting] for setting in settings} == expected
    again = metrics.deserialize(json.loads(json.dumps(metrics.serialize(metric))))
    assert type(again) is type(metric)
    assert again.get_config() == config
    assert again.name == "mine"


@pytest.mark.parametrize(
    ("name", "settings", "y", "p"),
    [row[:4] for row in {row[0]: row for row in ROWS if row[2]}.values()],
)
def test_reset_forgets_everything(name, settings, y, p):
    metric, fresh = make(name, settings), make(name, settings)
    metric.update_state(array(y), array(p))
    metric.reset_state()
    for one in (metric, fresh):
        one.update_state(array(y)[:4], array(p)[:4])
    np.testing.assert_array_equal(metric.result(), fresh.result())


def test_the_table_has_every_metric():
    assert {row[0] for row in ROWS} == {cls.__name__ for cls in metrics._CLASSES.values()}


@pytest.mark.parametrize("name", sorted(metrics._CLASSES))
def test_found_by_name(name):
    cls = metrics._CLASSES[name]
    for settings in [row[1] for row in ROWS if row[0] == cls.__name__][:1]:
        metric = cls(**settings)
        assert type(metrics.get(metrics.serialize(metric))) is cls
        if not settings:
            assert type(metrics.get(name)) is type(metrics.get(cls)) is cls
