"""Metrics in training: those that give several figures, and those of yes and no."""

from __future__ import annotations

import numpy as np

from convlet import callbacks, metrics, utils
from tests.training.small import images, network


def test_a_metric_of_several_figures_is_in_logs_history_files_and_the_bar(tmp_path, capsys):
    x, y = images()
    targets = utils.to_categorical(y)
    scores = [metrics.F1Score(), metrics.AUC(), metrics.Precision(thresholds=[0.25, 0.75])]
    model = network(loss="categorical_crossentropy", metrics=scores)
    path = tmp_path / "log.csv"
    history = model.fit(x, targets, epochs=2, callbacks=[callbacks.CSVLogger(path)]).history
    assert list(history) == ["loss", "f1_score", "auc", "precision"]
    assert [len(figures) for figures in history["f1_score"]] == [3, 3]
    assert [len(figures) for figures in history["precision"]] == [2, 2]
    assert f" - f1_score: {np.mean(history['f1_score'][-1]):.4f} - auc" in capsys.readouterr().out
    assert str(history["f1_score"][0]) in path.read_text()

    evaluated = model.evaluate(x, targets, verbose=0, return_dict=True)
    predicted = model.predict(x, verbose=0)
    np.testing.assert_allclose(evaluated["f1_score"], metrics.F1Score()(targets, predicted))
    assert evaluated["auc"] == metrics.AUC()(targets, predicted)
